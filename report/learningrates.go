package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/report/figure"
	"nightshift/report/stat"
)

const lrAxis = "lr"

// learningRates shows the final test error against the learning rate, one line
// for each place on the other axes.
func learningRates(_ context.Context, r *results, b *block) ([]figure.Figure, error) {
	x, ok := b.axis(lrAxis)
	if !ok || x.values == nil || !slices.ContainsFunc(b.cells, func(c *cell) bool { return c.describe(test, b.quality()).N > 0 }) {
		return nil, nil
	}
	m := b.quality()
	f := figure.Figure{Name: b.file("lr"), Title: "Test " + m.name + " against learning rate" + b.title}
	groups := b.groups(b.cells, lrAxis)

	inner := b.lines(6, lrAxis)
	panels := b.groups(b.cells, lrAxis, inner.name)
	if len(panels) > figure.MaxPanels {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%d of %d panels are shown, those with the best cells on validation; the table has all.", figure.MaxPanels, len(panels)))
		panels = b.best(r, panels, figure.MaxPanels)
	}
	f.Columns = figure.Columns(len(panels))
	for _, g := range panels {
		p := figure.Panel{Title: g.label, X: figure.Axis{Label: "learning rate", Log: positive(x.values), Ticks: x.values}, Y: m.axis(test.name)}
		lines := b.groups(g.cells, lrAxis)
		for i, line := range lines {
			look, label := figure.Style{}, ""
			if inner.name != "" {
				at := inner.on(line.cells[0])
				look, label = figure.Style{Colour: at, Dash: at, Marker: at}, line.cells[0].place(inner.name)
			}
			s := figure.Series{Label: label, Style: look, Line: true}
			for _, c := range line.cells {
				at := x.values[x.on(c)]
				if p.X.Log { // beside each other, not on top of each other
					at *= math.Pow(1.04, float64(i)-float64(len(lines)-1)/2)
				}
				values, of := final(c.finished(), test, m)
				for k, v := range values {
					s.Repeats = append(s.Repeats, figure.Repeat{Name: c.seeds(of[k]), Points: []figure.XY{{X: at, Y: v}}})
				}
				if d := stat.Describe(values); d.N > 0 {
					s.Means = append(s.Means, figure.Point{X: at, Y: d.Mean, Interval: d.CI})
				}
				p.Marks = append(p.Marks, c.marks(at, look)...)
			}
			slices.SortFunc(s.Means, func(a, b figure.Point) int { return cmp.Compare(a.X, b.X) })
			p.Series = append(p.Series, s)
		}
		f.Panels = append(f.Panels, p)
	}
	f.Warnings = append(f.Warnings, b.warnings(b.cells)...)
	f.Warnings = append(f.Warnings, across(b.cells)...)
	var bests []string
	f.Statement, bests, f.Warnings = b.tuned(r, groups, x, f.Warnings)
	if len(bests) > 0 && len(bests) <= 3 {
		f.Title = "Best learning rate on validation: " + strings.Join(bests, ", ") + b.title
	}
	f.Key = "Markers: mean and 95 % t interval over seeds; dots: single runs; × at the top: how many of the runs diverged" + b.prunedMarks() + "."
	if level, ok := b.cells[0].chance(); ok {
		f.Key += fmt.Sprintf(" Naming the most frequent class every time has an error of %s.", m.quantity(level*m.scale))
		for i, p := range f.Panels {
			if p.Highest() > level*m.scale/2 { // else the line would squeeze the data
				none := stat.Interval{Lo: math.NaN(), Hi: math.NaN()}
				f.Panels[i].Series = append(p.Series, figure.Series{
					Label: "always the most frequent class", Style: figure.Style{Colour: figure.Black, Dash: 2, Marker: -1}, Line: true,
					Means: []figure.Point{{X: slices.Min(x.values), Y: level * m.scale, Interval: none}, {X: slices.Max(x.values), Y: level * m.scale, Interval: none}},
				})
			}
		}
	}
	f.Alt = fmt.Sprintf("Plot of the test %s against the learning rate for %s. %s", m.name, plural(len(groups), "configuration"), f.Statement)
	return []figure.Figure{f}, nil
}

// tuned words the choice of a learning rate in each group and compares the
// groups at their choices.
func (b *block) tuned(r *results, groups []group, x axis, warnings []string) (text string, bests, doubts []string) {
	m := b.quality()
	var winners []*cell
	var names []string
	for _, g := range groups {
		c := r.choose(b, g.cells)
		if c == nil {
			continue
		}
		winners = append(winners, c)
		name := g.label
		if name == "" {
			name = "the only configuration"
		}
		names = append(names, name)
		at := x.values[x.on(c)]
		d := c.describe(test, m)
		bests = append(bests, strings.TrimSuffix(figure.Brief(at)+" for "+g.label, " for "))
		if len(groups) <= 4 {
			text += fmt.Sprintf("%s: lr %s is best on validation, test %s %s (%s; %s). ", sentence(name), figure.Brief(at), m.name, m.quantity(d.Mean), interval(d.CI), plural(d.N, "run"))
		}
		if at == slices.Min(x.values) || at == slices.Max(x.values) {
			warnings = append(warnings, fmt.Sprintf("%s: the best learning rate, %s, lies on the edge of the grid; a wider grid may find a better one.", sentence(name), figure.Brief(at)))
		}
	}
	if len(winners) == 0 {
		return "There is no validation split, so no learning rate is chosen.", nil, warnings
	}
	if len(groups) > 4 {
		best := r.choose(b, winners)
		d := best.describe(test, m)
		text = fmt.Sprintf("Best on validation of %s: %s, test %s %s (%s; %s). ", plural(len(groups), "configuration"), best.label, m.name, m.quantity(d.Mean), interval(d.CI), plural(d.N, "run"))
	}
	comparison, few := compare(r, b, winners, names, m)
	return text + comparison, bests, append(warnings, few...)
}

// chance is the error of naming the most frequent class of the test split every time.
func (c *cell) chance() (float64, bool) {
	if c.regression() || len(c.data.TestLabels) == 0 {
		return 0, false
	}
	counts := map[int32]int{}
	most := 0
	for _, label := range c.data.TestLabels {
		counts[label]++
		most = max(most, counts[label])
	}
	return 1 - float64(most)/float64(len(c.data.TestLabels)), true
}

func positive(values []float64) bool { return slices.Min(values) > 0 }
