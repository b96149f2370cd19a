package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/report/figure"
)

// usualLR is the learning rate at which pairs are compared as they are written,
// or the one of the grid next to it.
const usualLR = 0.1

// pairs compares outputs and losses, such as sigmoid+mse and softmax+ce, by
// their errors over the epochs: at one learning rate for all, and at the
// learning rate that validation chooses for each.
func pairs(_ context.Context, r *results, b *block) ([]figure.Figure, error) {
	kind := func(c *cell) string { return c.config.Output + "+" + c.config.Loss }
	inner, ok := b.pairAxis(kind)
	m := b.quality()
	if !ok || m.name != "error" {
		return nil, nil
	}
	f := figure.Figure{Name: b.file("pairs"), Columns: 2}
	var drawn []*cell

	lr, swept := b.axis(lrAxis)
	swept = swept && lr.values != nil && positive(lr.values)
	common := b.cells
	title := "As written"
	if swept {
		at := slices.MinFunc(lr.values, func(a, b float64) int {
			return cmp.Compare(math.Abs(math.Log(a/usualLR)), math.Abs(math.Log(b/usualLR)))
		})
		common = slices.DeleteFunc(slices.Clone(b.cells), func(c *cell) bool { return lr.values[lr.on(c)] != at })
		title = fmt.Sprintf("As written: the same learning rate, %s", figure.Brief(at))
	}
	// Where all else is equal too: the first place, of those with the most pairs that have finished.
	finished := func(g group) (n int) {
		for _, c := range oneEach(inner, g.cells) {
			n += min(1, len(c.finished()))
		}
		return n
	}
	common = oneEach(inner, slices.MaxFunc(b.groups(common, inner.name, lrAxis), func(x, y group) int { return cmp.Compare(finished(x), finished(y)) }).cells)
	if rest := b.where(common[0], inner.name, lrAxis); rest != "" {
		title += ", " + rest
	}
	if p := comparison(title, inner, common, m); len(p.Series) > 0 {
		f.Panels = append(f.Panels, p)
		drawn = append(drawn, common...)
	}

	var tuned []*cell
	var names, choices []string
	for _, label := range inner.labels {
		var cells []*cell
		for _, c := range b.cells {
			if c.on(inner.name) == label {
				cells = append(cells, c)
			}
		}
		if c := r.choose(b, cells); c != nil {
			tuned = append(tuned, c)
			names = append(names, label)
			choices = append(choices, strings.TrimSpace(label+" "+b.where(c, inner.name)))
		}
	}
	if len(b.axes) > 1 && len(tuned) > 1 {
		if p := comparison("Tuned on validation: "+strings.Join(choices, "; "), inner, tuned, m); len(p.Series) > 0 {
			f.Panels = append(f.Panels, p)
			drawn = append(drawn, tuned...)
		}
	}
	if len(f.Panels) == 0 {
		return nil, nil
	}
	figure.UseLog(f.Panels, figure.Steep, figure.Point.Mean)
	f.Columns = len(f.Panels)
	f.Title = "Test error over the epochs: " + strings.Join(inner.labels, " against ") + b.title

	if len(tuned) == 2 {
		f.Title = verdict(r, b, tuned, inner.name, m) + b.title
	}

	text, doubtful := "", []string(nil)
	if len(tuned) > 1 {
		for i, c := range tuned {
			d := c.describe(test, m)
			text += fmt.Sprintf("%s: %s (%s). ", choices[i], m.quantity(d.Mean), interval(d.CI))
		}
		comparisons, few := compare(r, b, tuned, names, m)
		text, doubtful = "Test error, each as validation chooses: "+text+comparisons, few
	} else {
		for _, c := range common {
			d := c.describe(test, m)
			text += fmt.Sprintf("%s: %s (%s). ", c.on(inner.name), m.quantity(d.Mean), interval(d.CI))
		}
		text = "Final test error: " + text + "Nothing is tuned: that takes a validation split, and finished runs of every pair."
	}
	f.Statement = strings.TrimSpace(text)
	f.Warnings = slices.Concat(b.warnings(drawn), across(drawn), doubtful)
	f.Key = "Line: mean of " + repeatsOf(drawn) + "; band: 95 % t interval over seeds; thin lines: single runs; ×: diverged" + b.prunedKey() + ". Errors, not losses: the losses have different units."
	f.Alt = fmt.Sprintf("Line plot, %s: test error against epoch for %s. %s", plural(len(f.Panels), "panel"), strings.Join(inner.labels, ", "), f.Statement)
	return []figure.Figure{f}, nil
}

// verdict words how two pairs compare, each as validation chooses.
func verdict(r *results, b *block, tuned []*cell, axis string, m measure) string {
	best := r.choose(b, tuned)
	other := tuned[0]
	if other == best {
		other = tuned[1]
	}
	name, against := best.on(axis), other.on(axis)
	switch d := paired(other, best, m); {
	case d.CI.Lo > 0:
		return fmt.Sprintf("Tuned, %s ends %s of test error below %s", name, m.points(d.Mean), against)
	case d.CI.Hi < 0:
		return fmt.Sprintf("Tuned, %s ends %s of test error above %s, though better on validation", name, m.points(-d.Mean), against)
	}
	return fmt.Sprintf("Tuned, %s against %s is undecided", name, against)
}

// pairAxis is the axis that sets outputs and losses: the paired one if there are several.
func (b *block) pairAxis(kind func(*cell) string) (axis, bool) {
	var chosen axis
	for _, x := range b.axes {
		kinds := map[string]string{}
		sets := true
		for _, c := range b.cells {
			k := c.on(x.name)
			if old, ok := kinds[k]; ok && old != kind(c) {
				sets = false
			}
			kinds[k] = kind(c)
		}
		different := map[string]bool{}
		for _, k := range kinds {
			different[k] = true
		}
		if sets && len(different) > 1 && (chosen.name == "" || x.values == nil) {
			chosen = x
		}
	}
	return chosen, chosen.name != ""
}

// oneEach keeps the first cell of each value of an axis.
func oneEach(x axis, cells []*cell) []*cell {
	var kept []*cell
	for _, c := range cells {
		if !slices.ContainsFunc(kept, func(k *cell) bool { return k.on(x.name) == c.on(x.name) }) {
			kept = append(kept, c)
		}
	}
	return kept
}

// comparison draws the test curves of some cells in one panel.
func comparison(title string, inner axis, cells []*cell, m measure) figure.Panel {
	p := figure.Panel{Title: title, X: figure.Axis{Label: "epoch", Whole: true}, Y: m.axis(test.name)}
	for _, c := range cells {
		at := inner.on(c)
		for _, s := range c.curves(m) {
			if s.Label == test.name {
				s.Label, s.Style = c.on(inner.name), figure.Style{Colour: at, Dash: at}
				p.Series = append(p.Series, s)
			}
		}
	}
	return p
}
