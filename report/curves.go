package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
)

// curves shows training and test error, and the loss, over the epochs.
func curves(_ context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	var all []figure.Figure
	quality := b.quality()
	for _, m := range []measure{quality, measures["loss"]} {
		if m.name == "loss" && b.lossIs(quality) {
			continue
		}
		if f, ok := b.curves(r, m); ok {
			all = append(all, f)
		}
	}
	return all, nil
}

// lossIs says whether the loss of every finished run is just that measure.
func (b *block) lossIs(m measure) bool {
	for _, c := range b.cells {
		for _, run := range c.Finished() {
			if m.of(run.Train) != run.Train.Loss {
				return false
			}
		}
	}
	return true
}

// curves shows one measure of training and test over the epochs.
func (b *block) curves(r *results, m measure) (figure.Figure, bool) {
	var drawn []*cell
	for _, c := range b.cells {
		if len(c.curves(m)) > 0 {
			drawn = append(drawn, c)
		}
	}
	if len(drawn) == 0 {
		return figure.Figure{}, false
	}
	f := figure.Figure{
		Name:  b.file("curves-" + strings.ToLower(m.name)),
		Title: "Training and test " + m.name + " over the epochs" + b.title,
	}
	inner := b.lines(3) // of training and test each
	panels, omitted := b.shownPanels(r, b.groups(drawn, inner.name))
	if len(omitted) > 0 {
		drawn = nil
		for _, g := range panels {
			drawn = append(drawn, g.cells...)
		}
	}
	f.Columns = figure.Columns(len(panels))
	for _, g := range panels {
		f.Panels = append(f.Panels, curvesPanel(g, inner, m))
	}
	figure.UseLog(f.Panels, figure.Steep, figure.Point.Mean)
	f.Warnings = slices.Concat(omitted, b.warnings(drawn), twoOutcomes(drawn, test, m))
	if m.name == "loss" {
		f.Warnings = append(f.Warnings, mixed(drawn)...)
	}
	if c := b.uneven(drawn); c > 0 {
		f.Warnings = append(f.Warnings, "In "+number.Count(c, "cell")+
			" the runs stopped at different epochs: the mean is drawn as far as all of them go.")
	}
	f.Key = "Solid: test. Dashed: training. Line: mean; band: its 95" + number.Space + "% interval over " + unitsOf(drawn) +
		"; thin lines: single runs; ×: diverged" + b.prunedKey() + "." + medianKey(f.Panels)
	f.Statement = b.endings(r, drawn, m)
	f.Alt = fmt.Sprintf("Line plot, %s: %s of training and test against epoch for %s. %s",
		number.Count(len(f.Panels), "panel"), m.name, number.Count(len(drawn), "cell"), f.Statement)
	return f, true
}

// curvesPanel has the curves of some cells; those at different places on the
// inner axis are told apart.
func curvesPanel(g group, inner axis, m measure) figure.Panel {
	p := figure.Panel{Title: g.label, X: figure.Axis{Label: "epoch", Whole: true}, Y: m.axis("")}
	for _, c := range g.cells {
		all := c.curves(m)
		for i, s := range all {
			s.Style.Colour = s.Style.Dash // alone in its panel, each split has a colour
			if inner.name != "" {
				s.Style.Colour = inner.on(c)
				s.Label = c.place(inner.name) + ", " + s.Label
			}
			if i == 0 {
				p.Marks = append(p.Marks, c.stopped(s.Style)...)
			}
			p.Series = append(p.Series, s)
		}
	}
	return p
}

// curves are the cell's training and test series of a measure; those of which
// nothing was measured are left out.
func (c *cell) curves(m measure) []figure.Series {
	var all []figure.Series
	for i, s := range []split{test, train} {
		series := c.overEpochs(m, c.examples(s, m), func(r run) []figure.XY {
			var points []figure.XY
			for _, e := range r.Measured {
				if v := m.of(s.epoch(e)); v.Valid {
					points = append(points, figure.XY{X: float64(e.Epoch), Y: v.V * m.scale})
				}
			}
			return points
		})
		series.Label, series.Style = s.long(), figure.Style{Dash: i}
		if len(series.Repeats) > 0 {
			all = append(all, series)
		}
	}
	return all
}

// uneven counts the cells whose finished runs have different lengths.
func (b *block) uneven(cells []*cell) int {
	n := 0
	for _, c := range cells {
		done := c.Finished()
		if slices.ContainsFunc(done, func(r run) bool { return r.Epochs != done[0].Epochs }) {
			n++
		}
	}
	return n
}

// endings says where the curves end: at the cell that validation chooses, or at the only one.
func (b *block) endings(r *results, cells []*cell, m measure) string {
	c := r.choose(cells)
	text := "At the end: "
	if len(cells) == 1 {
		c = cells[0]
	} else if c != nil {
		text = fmt.Sprintf("Chosen on validation, %s: ", c.Label)
	}
	if c == nil {
		return "There is no validation split, so no cell is singled out; the table has the final values of all."
	}
	var parts []string
	for _, part := range []split{train, test} {
		if e := c.estimate(part, m); e.N > 0 {
			parts = append(parts, fmt.Sprintf("%s %s %s", part.long(), m.name, m.words(e)))
		}
	}
	if len(parts) == 0 {
		return "No run has finished with a result that could be averaged."
	}
	return text + strings.Join(parts, ", ") + "; over " + unitsOf([]*cell{c}) + "."
}
