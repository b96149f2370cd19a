package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/store"
)

// figures is what a report shows, in this order. A builder gives the figures of
// its kind that the data can support, which may be none.
var figures = []struct {
	name  string
	build func(context.Context, *results, *block) ([]Figure, error)
}{
	{"pairs", pairs},
	{"lr", learningRates},
	{"curves", curves},
	{"seeds", seeds},
	{"bias-variance", biasVariance},
}

// build makes all the figures of a study.
func (r *results) build(ctx context.Context) ([]Figure, error) {
	var all []Figure
	for _, kind := range figures {
		for _, b := range r.blocks {
			some, err := kind.build(ctx, r, b)
			if err != nil {
				return nil, fmt.Errorf("figure %s: %w", kind.name, err)
			}
			all = append(all, some...)
		}
	}
	return all, nil
}

// maxPanels is what one figure can show legibly.
const maxPanels = 12

// columns is how many panels stand side by side.
func columns(panels int) int {
	if panels == 4 {
		return 2
	}
	return min(panels, 3)
}

// lines is the axis whose values become lines of one panel, with no more than
// most of them: a paired one if there is one, else one of words, else one of
// numbers, and the last of several. The zero axis stands for none.
func (b *block) lines(most int, except ...string) axis {
	rank := func(x axis) int {
		switch {
		case x.paired:
			return 3
		case x.values == nil:
			return 2
		}
		return 1
	}
	var chosen axis
	best := 0
	for _, x := range b.axes {
		if len(x.labels) <= most && !slices.Contains(except, x.name) && rank(x) >= best {
			chosen, best = x, rank(x)
		}
	}
	return chosen
}

// file names a figure of the block.
func (b *block) file(kind string) string {
	if b.name == "" {
		return kind
	}
	return kind + "-" + b.name
}

// doubts are the warnings that hold for whatever is computed from some cells.
func doubts(cells []*cell) []string {
	var all []string
	diverged, failed, unfinished, total, alone, two := 0, 0, 0, 0, 0, 0
	for _, c := range cells {
		total += len(c.runs)
		diverged += len(c.with(store.Diverged))
		failed += len(c.with(store.Failed))
		done := len(c.finished())
		unfinished += len(c.runs) - done - len(c.with(store.Diverged)) - len(c.with(store.Failed))
		if done == 1 {
			alone++
		} else if done == 2 {
			two++
		}
	}
	if diverged > 0 {
		all = append(all, fmt.Sprintf("%d of %d runs diverged; means are those of the others.", diverged, total))
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
		all = append(all, fmt.Sprintf("%s with two finished runs only: the intervals are very wide and may be cut off.", plural(two, "cell")))
	}
	return all
}

// across warns when means are taken over data seeds and other seeds at once.
func across(cells []*cell) []string {
	for _, c := range cells {
		if v := c.varied(); slices.Contains(v, "data") && len(v) > 1 {
			return []string{fmt.Sprintf("Averaged across the seeds of %s: the interval treats all runs as independent.", strings.Join(v, " and "))}
		}
	}
	return nil
}

// mixed warns when cells minimise different losses.
func mixed(cells []*cell) []string {
	kind := func(c *cell) string { return c.config.Loss + " " + c.config.Reduction }
	if slices.ContainsFunc(cells, func(c *cell) bool { return kind(c) != kind(cells[0]) }) {
		return []string{"Cells minimise different losses, whose values cannot be compared with each other; errors can."}
	}
	return nil
}

// repeatsOf words how many runs lie behind each mean.
func repeatsOf(cells []*cell) string {
	least, most := len(cells[0].finished()), 0
	for _, c := range cells {
		least, most = min(least, len(c.finished())), max(most, len(c.finished()))
	}
	if least == most {
		return plural(least, "run")
	}
	return fmt.Sprintf("%d to %d runs", least, most)
}
