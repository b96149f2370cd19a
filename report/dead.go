package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/figure"
)

// deadShares are the percentages of the hidden units that are dead over the
// epochs, by run.
type deadShares map[string][]figure.XY

// deadMeasure is the percentage of the hidden units that is dead.
var deadMeasure = measure{name: "share of dead units", scale: percent}

// dead shows how many hidden units no training example can move any more over
// the epochs, and the final share of them against the test error.
func dead(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	shares, err := r.deadShares(ctx, b)
	if err != nil || shares == nil {
		return nil, err
	}
	m := b.quality()
	f := figure.Figure{Name: b.file("dead")}
	f.Title = "Dead units over the epochs, and the test " + m.name + " at the end" + b.title
	inner, byRate := b.axis(lrAxis)
	if !byRate || len(inner.labels) > 6 {
		inner = b.lines(6)
	}
	groups := b.groups(b.cells, inner.name)
	if most := figure.MaxPanels - 1; len(groups) > most {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%d of %d panels over the epochs are shown, "+
			"those with the best cells on validation; the last panel has all cells.", most, len(groups)))
		groups = b.best(r, groups, most)
	}
	for _, g := range groups {
		if p := shares.overEpochs(g, inner); len(p.Series) > 0 {
			f.Panels = append(f.Panels, p)
		}
	}
	end, dots := shares.atTheEnd(b, inner)
	if dots > 0 {
		f.Panels = append(f.Panels, end)
	}
	if len(f.Panels) == 0 {
		return nil, nil
	}
	f.Columns = figure.Columns(len(f.Panels))
	f.Warnings = slices.Concat(f.Warnings, b.warnings(b.cells))
	f.Statement = b.mostDead(shares)
	f.Key = "Line: mean; band: its 95" + number.Space + "% interval over " + unitsOf(b.cells) +
		"; thin lines and dots: single runs; ×: diverged" + b.prunedKey() + "." + medianKey(f.Panels) +
		" Dead: slope 0 on every training example, counted over the hidden layers."
	f.Alt = fmt.Sprintf("Line plot, %s: share of dead hidden units against epoch, then test %s against the final share of %s. %s",
		number.Count(len(f.Panels), "panel"), m.name, number.Count(dots, "run"), f.Statement)
	return []figure.Figure{f}, nil
}

// deadShares are those of a block's runs, or nil where no unit is dead.
func (r *results) deadShares(ctx context.Context, b *block) (deadShares, error) {
	shares := deadShares{}
	some := false
	for _, c := range b.cells {
		for _, one := range c.Runs {
			layers, err := r.Layers(ctx, one)
			if err != nil {
				return nil, err
			}
			shares[one.ID] = c.deadShare(layers)
			some = some || slices.ContainsFunc(shares[one.ID], func(q figure.XY) bool { return q.Y > 0 })
		}
	}
	if !some {
		r.nothingToSee(b, "dead units: no unit died")
		return nil, nil
	}
	return shares, nil
}

// nothingToSee notes a figure in which nothing is to be seen, where runs were measured for it.
func (r *results) nothingToSee(b *block, why string) {
	measured := slices.ContainsFunc(b.cells, func(c *cell) bool { return c.Config.Log.Layers && len(c.Finished()) > 0 })
	if text := why + b.title; measured && !slices.Contains(r.flat, text) {
		r.flat = append(r.flat, text)
	}
}

// overEpochs has the shares of some cells over the epochs.
func (shares deadShares) overEpochs(g group, inner axis) figure.Panel {
	p := figure.Panel{Title: g.label, X: figure.Axis{Label: "epoch", Whole: true},
		Y: figure.Axis{Label: "dead hidden units (%)", Zero: true, Most: 100}}
	for _, c := range g.cells {
		s := c.overEpochs(deadMeasure, 0, func(one run) []figure.XY { return slices.Clone(shares[one.ID]) })
		s.Label, s.Style = c.lineOf(inner)
		if len(s.Repeats) > 0 {
			p.Series = append(p.Series, s)
			p.Marks = append(p.Marks, c.stopped(s.Style)...)
		}
	}
	return p
}

// atTheEnd has a dot for each finished run, its test error against its last
// share, and says how many there are.
func (shares deadShares) atTheEnd(b *block, inner axis) (p figure.Panel, dots int) {
	m := b.quality()
	p = figure.Panel{Title: "At the end", X: figure.Axis{Label: "final share of dead units (%)", Zero: true, Most: 100},
		Y: m.axis(test.name)}
	for _, c := range b.cells {
		s := figure.Series{}
		s.Label, s.Style = c.lineOf(inner)
		s.Style.Marker, s.Style.Dash = s.Style.Colour, 0
		values, of := final(c.Finished(), test, m)
		for i, one := range of {
			if share, ok := shares.last(one); ok {
				s.Repeats = append(s.Repeats, figure.Repeat{Name: c.Label + ", " + c.seedName(one),
					Points: []figure.XY{{X: share, Y: values[i]}}})
			}
		}
		if len(s.Repeats) > 0 {
			p.Series = append(p.Series, s)
			dots += len(s.Repeats)
		}
	}
	return p, dots
}

// last is the share of a run after its last measured epoch.
func (shares deadShares) last(one run) (share float64, ok bool) {
	line := shares[one.ID]
	if len(line) == 0 {
		return 0, false
	}
	return line[len(line)-1].Y, true
}

// deadShare is the percentage of all the hidden units that is dead, by epoch.
func (c *cell) deadShare(layers []store.Layer) []figure.XY {
	var line []figure.XY
	units := 0
	for _, width := range c.Config.Hidden {
		units += width
	}
	for _, l := range layers {
		if l.Layer >= len(c.Config.Hidden) {
			continue
		}
		if len(line) == 0 || line[len(line)-1].X != float64(l.Epoch) {
			line = append(line, figure.XY{X: float64(l.Epoch), Y: 0})
		}
		line[len(line)-1].Y += 100 * l.Dead * float64(c.Config.Hidden[l.Layer]) / float64(units)
	}
	return line
}

// mostDead words where the most and the fewest units die.
func (b *block) mostDead(shares deadShares) string {
	type end struct {
		cell *cell
		estimate
	}
	var ends []end
	for _, c := range b.cells {
		var values []float64
		var of []run
		for _, one := range c.Finished() {
			if share, ok := shares.last(one); ok {
				values, of = append(values, share), append(of, one)
			}
		}
		if len(values) > 0 {
			ends = append(ends, end{c, over(of, values, deadMeasure, 0)})
		}
	}
	if len(ends) == 0 {
		return "No run has finished, so there is no final share of dead units."
	}
	by := func(a, b end) int { return cmp.Compare(a.Mean, b.Mean) }
	most, least := slices.MaxFunc(ends, by), slices.MinFunc(ends, by)
	text := fmt.Sprintf("At the end the largest share of hidden units is dead at %s: %s", most.cell.Label,
		deadMeasure.words(most.estimate))
	if most.cell != least.cell {
		text += fmt.Sprintf("; the smallest at %s: %s", least.cell.Label, deadMeasure.words(least.estimate))
	}
	return text + "; over " + unitsOf([]*cell{most.cell, least.cell}) + "."
}
