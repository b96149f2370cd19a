package report

import (
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/store"
)

// warnings are those that hold for whatever is computed from the drawn
// ones of the block's cells.
func (b *block) warnings(drawn []*cell) []string {
	var all []string
	diverged, failed, unfinished, total, alone, two := 0, 0, 0, 0, 0, 0
	var pruned, hidden []run // of those drawn, and of the other cells
	for _, c := range b.cells {
		if !slices.Contains(drawn, c) {
			hidden = append(hidden, c.With(store.Pruned)...)
			continue
		}
		total += len(c.Runs)
		diverged += len(c.With(store.Diverged))
		failed += len(c.With(store.Failed))
		pruned = append(pruned, c.With(store.Pruned)...)
		done := len(c.Finished())
		unfinished += len(c.Runs) - done - len(c.With(store.Diverged)) - len(c.With(store.Failed)) - len(c.With(store.Pruned))
		if done == 1 {
			alone++
		} else if done == 2 {
			two++
		}
	}
	if diverged > 0 {
		all = append(all, fmt.Sprintf("%d of %d runs diverged; means are those of the others.", diverged, total))
	}
	if len(pruned) > 0 {
		all = append(all, fmt.Sprintf("%d of %d runs were pruned after %s; means are those of runs that were trained to the end.",
			len(pruned), total, lastEpochs(pruned)))
	}
	if len(hidden) > 0 {
		all = append(all, fmt.Sprintf("Of cells that are not shown here, %s %s pruned after %s.",
			plural(len(hidden), "run"), was(len(hidden)), lastEpochs(hidden)))
	}
	if failed > 0 {
		all = append(all, fmt.Sprintf("%d of %d runs failed and are missing here.", failed, total))
	}
	if unfinished > 0 {
		all = append(all, fmt.Sprintf("%d of %d runs have not finished yet.", unfinished, total))
	}
	if alone > 0 {
		all = append(all, fmt.Sprintf("%s with one finished run only: no interval is drawn.", plural(alone, "cell")))
	}
	if two > 0 {
		all = append(all, fmt.Sprintf("%s with two finished runs only: the intervals are very wide and may be cut off.",
			plural(two, "cell")))
	}
	return all
}

// lastEpochs words how far some runs came: epoch 2, epoch 2 or 6.
func lastEpochs(runs []run) string {
	var epochs []int
	for _, r := range runs {
		epochs = append(epochs, r.Epochs)
	}
	slices.Sort(epochs)
	var list []string
	for _, e := range slices.Compact(epochs) {
		list = append(list, fmt.Sprint(e))
	}
	return "epoch " + strings.Join(list, " or ")
}

func was(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}

// prunedKey explains the sign of pruned runs where there are any.
func (b *block) prunedKey() string {
	if slices.ContainsFunc(b.cells, func(c *cell) bool { return len(c.With(store.Pruned)) > 0 }) {
		return "; bar: pruned"
	}
	return ""
}

// prunedMarks explains it where it stands for a cell.
func (b *block) prunedMarks() string {
	if key := b.prunedKey(); key != "" {
		return key + ", all runs or as many as it says"
	}
	return ""
}

// across warns when means are taken over data seeds and other seeds at once.
func across(cells []*cell) []string {
	for _, c := range cells {
		if v := c.Varied(); slices.Contains(v, "data") && len(v) > 1 {
			streams := strings.Join(v, " and ")
			return []string{"Averaged across the seeds of " + streams + ": the interval treats all runs as independent."}
		}
	}
	return nil
}

// mixed warns when cells minimise different losses.
func mixed(cells []*cell) []string {
	kind := func(c *cell) string { return c.Config.Loss + " " + c.Config.Reduction }
	if slices.ContainsFunc(cells, func(c *cell) bool { return kind(c) != kind(cells[0]) }) {
		return []string{"Cells minimise different losses, whose values cannot be compared with each other; errors can."}
	}
	return nil
}

// repeatsOf words how many runs lie behind each mean.
func repeatsOf(cells []*cell) string {
	least, most := 0, 0
	for _, c := range cells {
		if n := len(c.Finished()); n > 0 { // the others have no mean
			most = max(most, n)
			if least == 0 || n < least {
				least = n
			}
		}
	}
	if least == most {
		return plural(least, "run")
	}
	return fmt.Sprintf("%d to %d runs", least, most)
}
