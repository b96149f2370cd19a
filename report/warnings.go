package report

import (
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// warnings are those that hold for whatever is computed from the drawn
// ones of the block's cells.
func (b *block) warnings(drawn []*cell) []string {
	drawn = once(drawn)
	var all []string
	if diverged, total := divergedOf(drawn); diverged > 0 {
		all = append(all, fmt.Sprintf("%d of %d runs diverged; %s.", diverged, total,
			meansAre("those of the others", diverged < total)))
		all = append(all, withFailures(drawn)...)
	}
	return slices.Concat(all, b.missing(drawn), designWarnings(drawn))
}

// shareWarnings are those of shares of runs, among which the diverged ones count.
func (b *block) shareWarnings(drawn []*cell) []string {
	drawn = once(drawn)
	var all []string
	if diverged, total := divergedOf(drawn); diverged > 0 {
		all = append(all, fmt.Sprintf("%d of %d runs diverged and %s as not having the property.", diverged, total,
			verb(diverged, "counts", "count")))
	}
	return append(all, b.missing(drawn)...)
}

// divergedOf counts the runs of some cells that diverged, and all.
func divergedOf(cells []*cell) (diverged, total int) {
	for _, c := range cells {
		diverged, total = diverged+len(c.With(store.Diverged)), total+len(c.Runs)
	}
	return diverged, total
}

// once are the cells without repetitions.
func once(cells []*cell) (all []*cell) {
	seen := map[*cell]bool{}
	for _, c := range cells {
		if !seen[c] {
			seen[c], all = true, append(all, c)
		}
	}
	return all
}

// mostNamed is how many cells whose runs failed are named one by one.
const mostNamed = 3

// missing says which runs of the drawn cells, and which pruned ones of others, have no result.
func (b *block) missing(drawn []*cell) []string {
	var all []string
	failed, unfinished, total := 0, 0, 0
	var of []string          // the cells whose runs failed
	var pruned, hidden []run // of those drawn, and of the other cells
	for _, c := range b.cells {
		if !slices.Contains(drawn, c) {
			hidden = append(hidden, c.With(store.Pruned)...)
			continue
		}
		total += len(c.Runs)
		if n := len(c.With(store.Failed)); n > 0 {
			failed += n
			of = append(of, fmt.Sprintf("%d of %s", n, c.Label))
		}
		pruned = append(pruned, c.With(store.Pruned)...)
		done := len(c.Finished())
		unfinished += len(c.Runs) - done - len(c.With(store.Diverged)) - len(c.With(store.Failed)) - len(c.With(store.Pruned))
	}
	if len(pruned) > 0 {
		all = append(all, fmt.Sprintf("%d of %d runs %s pruned after %s; %s.", len(pruned), total,
			verb(len(pruned), "was", "were"), lastEpochs(pruned),
			meansAre("those of runs that were trained to the end", len(pruned) < total)))
	}
	if len(hidden) > 0 {
		all = append(all, fmt.Sprintf("Of cells that are not shown here, %s %s pruned after %s.",
			number.Count(len(hidden), "run"), verb(len(hidden), "was", "were"), lastEpochs(hidden)))
	}
	if failed > 0 {
		where := strings.Join(of, "; ")
		if len(of) > mostNamed {
			where = fmt.Sprintf("of %d cells", len(of))
		}
		all = append(all, fmt.Sprintf("%d of %d runs failed and %s missing here: %s.", failed, total, verb(failed, "is", "are"), where))
	}
	if unfinished > 0 {
		all = append(all, fmt.Sprintf("%d of %d runs %s not finished yet.", unfinished, total, verb(unfinished, "has", "have")))
	}
	return all
}

// designWarnings say where the seeds of some cells allow no interval, or less of one.
func designWarnings(cells []*cell) []string {
	var all []string
	alone, copied, two, narrow, copies, out := 0, 0, 0, 0, 0, 0
	for _, c := range cells {
		d := c.design()
		switch n := d.Units(); {
		case n == 1 && len(d.Copies) > 0:
			copied++
		case n == 1:
			alone++
		case n == 2 && d.Kind != stat.Crossed:
			two++
		}
		if d.Kind == stat.Crossed && min(d.Units(), len(d.Sets[0])) == 2 {
			narrow++
		}
		copies += len(d.Copies)
		out += len(d.LeftOut)
	}
	add := func(n int, format string) {
		if n > 0 {
			all = append(all, fmt.Sprintf(format, number.Count(n, "cell")))
		}
	}
	add(alone, "%s with one finished run only: no interval is drawn.")
	add(copied, "%s with one network only, trained more than once to the same bits: no repeat, no interval.")
	add(two, "%s with two repeats only: no interval is drawn below three.")
	add(narrow, "%s with two seeds of one stream: where it matters much, the interval covers 87 to 89"+number.Space+
		"%% instead of 95.")
	if copies > 0 && copied == 0 {
		all = append(all, fmt.Sprintf("%s of the same network as another one of its cell: counted once.",
			number.Count(copies, "run")))
	}
	if out > 0 {
		all = append(all, fmt.Sprintf("%s outside of the largest complete block of seeds left out of the means.",
			number.Count(out, "run")))
	}
	return all
}

// twoOutcomes names the cells whose runs fall into two groups.
func twoOutcomes(cells []*cell, s split, m measure) []string {
	const most = 3
	var all []string
	n := 0
	for _, c := range cells {
		if e := c.estimate(s, m); e.outcomes.Two {
			if n++; n <= most {
				all = append(all, fmt.Sprintf("%s, %s %s: %s.", c.Label, s.long(), m.name, m.words(e)))
			}
		}
	}
	if n > most {
		all = append(all, fmt.Sprintf("Two outcomes in %s more; the table has them.", number.Count(n-most, "cell")))
	}
	return all
}

// testKey says where intervals of test errors are over the test examples, too.
func testKey(cells []*cell) string {
	for _, c := range cells {
		if c.tested.Examples > 0 {
			return ", and over the test examples"
		}
	}
	return ""
}

// hasIntervals says whether an interval is drawn in one of the panels.
func hasIntervals(panels []figure.Panel) bool {
	for _, p := range panels {
		for _, s := range p.Series {
			if slices.ContainsFunc(s.Means, func(m figure.Point) bool { return m.Interval.Known() }) {
				return true
			}
		}
	}
	return false
}

// medianKey explains the medians of a figure where there are any.
func medianKey(panels []figure.Panel) string {
	for _, p := range panels {
		for _, s := range p.Series {
			if slices.ContainsFunc(s.Means, func(m figure.Point) bool { return m.Median }) {
				return " Where runs fall into two groups: their median (in outlines), without an interval."
			}
		}
	}
	return ""
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

// verb is the form of a verb for so many things.
func verb(n int, one, more string) string {
	if n == 1 {
		return one
	}
	return more
}

// mixed warns when cells minimise different losses.
func mixed(cells []*cell) []string {
	if slices.ContainsFunc(cells, func(c *cell) bool { return minimised(c) != minimised(cells[0]) }) {
		return []string{"Cells minimise different losses, whose values cannot be compared with each other; errors can."}
	}
	return nil
}

// meansAre says of which runs means are; where there are none, that there is no mean.
func meansAre(of string, some bool) string {
	if some {
		return "means are " + of
	}
	return "so there is no mean"
}
