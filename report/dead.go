package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"nightshift/internal/store"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// dead shows how many hidden units no training example can move any more over
// the epochs, and the final share of them against the test error.
func dead(ctx context.Context, r *results, b *block) ([]figure.Figure, error) {
	shares := map[string][]figure.XY{} // percent of the hidden units over the epochs, by run
	some := false
	for _, c := range b.cells {
		for _, one := range c.runs {
			layers, err := r.layers(ctx, one)
			if err != nil {
				return nil, err
			}
			shares[one.ID] = c.deadShare(layers)
			some = some || slices.ContainsFunc(shares[one.ID], func(q figure.XY) bool { return q.Y > 0 })
		}
	}
	if !some {
		return nil, nil
	}
	m := b.quality()
	f := figure.Figure{Name: b.file("dead"), Title: "Dead units over the epochs, and the test " + m.name + " at the end" + b.title}
	inner, byRate := b.axis(lrAxis)
	if !byRate || len(inner.labels) > 6 {
		inner = b.lines(6)
	}
	groups := b.groups(b.cells, inner.name)
	if most := figure.MaxPanels - 1; len(groups) > most {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%d of %d panels over the epochs are shown, those with the best cells on validation; the last panel has all cells.", most, len(groups)))
		groups = b.best(r, groups, most)
	}
	against := figure.Panel{Title: "At the end", X: figure.Axis{Label: "final share of dead units (%)", Zero: true, Most: 100}, Y: m.axis(test.name)}
	for _, g := range groups {
		p := figure.Panel{Title: g.label, X: figure.Axis{Label: "epoch", Whole: true}, Y: figure.Axis{Label: "dead hidden units (%)", Zero: true, Most: 100}}
		for _, c := range g.cells {
			s := c.overEpochs(func(one run) []figure.XY { return slices.Clone(shares[one.ID]) })
			s.Label, s.Style = c.lineOf(inner)
			if len(s.Repeats) == 0 {
				continue
			}
			p.Series = append(p.Series, s)
			p.Marks = append(p.Marks, c.stopped(s.Style)...)
		}
		if len(p.Series) > 0 {
			f.Panels = append(f.Panels, p)
		}
	}
	dots := 0
	for _, c := range b.cells {
		s := figure.Series{}
		s.Label, s.Style = c.lineOf(inner)
		s.Style.Marker, s.Style.Dash = s.Style.Colour, 0
		values, of := final(c.finished(), test, m)
		for i, one := range of {
			if line := shares[one.ID]; len(line) > 0 {
				at := line[len(line)-1].Y
				s.Repeats = append(s.Repeats, figure.Repeat{Name: c.label + ", " + c.seeds(one), Points: []figure.XY{{X: at, Y: values[i]}}})
				dots++
			}
		}
		if len(s.Repeats) > 0 {
			against.Series = append(against.Series, s)
		}
	}
	if len(against.Series) > 0 {
		f.Panels = append(f.Panels, against)
	}
	if len(f.Panels) == 0 {
		return nil, nil
	}
	f.Columns = figure.Columns(len(f.Panels))
	f.Warnings = slices.Concat(f.Warnings, b.warnings(b.cells), across(b.cells))
	f.Statement = b.mostDead(shares)
	f.Key = "Line: mean of " + repeatsOf(b.cells) + "; band: 95 % t interval over seeds; thin lines and dots: single runs; ×: diverged" + b.prunedKey() +
		". Dead: slope 0 on every training example, counted over the hidden layers."
	f.Alt = fmt.Sprintf("Line plot, %s: share of dead hidden units against epoch, then test %s against the final share of %s. %s",
		plural(len(f.Panels), "panel"), m.name, plural(dots, "run"), f.Statement)
	return []figure.Figure{f}, nil
}

// deadShare is the percentage of all the hidden units that is dead, by epoch.
func (c *cell) deadShare(layers []store.Layer) []figure.XY {
	var line []figure.XY
	units := 0
	for _, width := range c.config.Hidden {
		units += width
	}
	for _, l := range layers {
		if l.Layer >= len(c.config.Hidden) {
			continue
		}
		if len(line) == 0 || line[len(line)-1].X != float64(l.Epoch) {
			line = append(line, figure.XY{X: float64(l.Epoch), Y: 0})
		}
		line[len(line)-1].Y += 100 * l.Dead * float64(c.config.Hidden[l.Layer]) / float64(units)
	}
	return line
}

// mostDead words where the most and the fewest units die.
func (b *block) mostDead(shares map[string][]figure.XY) string {
	type end struct {
		cell *cell
		stat.Sample
	}
	var ends []end
	for _, c := range b.cells {
		var values []float64
		for _, one := range c.finished() {
			if line := shares[one.ID]; len(line) > 0 {
				values = append(values, line[len(line)-1].Y)
			}
		}
		if len(values) > 0 {
			ends = append(ends, end{c, stat.Describe(values)})
		}
	}
	if len(ends) == 0 {
		return "No run has finished, so there is no final share of dead units."
	}
	by := func(a, b end) int { return cmp.Compare(a.Mean, b.Mean) }
	words := func(e end) string {
		return fmt.Sprintf("%s %% of the hidden units (%s; %s)", number(e.Mean), interval(e.CI), plural(e.N, "run"))
	}
	most, least := slices.MaxFunc(ends, by), slices.MinFunc(ends, by)
	text := fmt.Sprintf("At the end the most are dead at %s: %s", most.cell.label, words(most))
	if most.cell != least.cell {
		text += fmt.Sprintf("; the fewest at %s: %s", least.cell.label, words(least))
	}
	return text + "."
}
