package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
)

// capacity shows training and validation error against the size of the network:
// where both are high it underfits, where they part it overfits.
func capacity(_ context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	x, ok := b.axis(capacityAxes...)
	if !ok || len(x.values) < 3 {
		return nil, nil
	}
	m := b.quality()
	measuredOn := valid
	if !slices.ContainsFunc(b.cells, func(c *cell) bool { return c.estimate(valid, m).N > 0 }) {
		measuredOn = test
	}
	f := figure.Figure{Name: b.file("capacity")}
	f.Title = fmt.Sprintf("%s and training %s against %s%s", sentence(measuredOn.long()), m.name, x.name, b.title)
	inner := b.lines(3, x.name) // of two splits each
	groups, omitted := b.shownPanels(r, b.groups(b.cells, x.name, inner.name))
	var drawn []*cell
	for _, g := range groups {
		if p, points := b.capacityPanel(r, g, x, inner, measuredOn); points > 0 {
			f.Panels = append(f.Panels, p)
			drawn = append(drawn, g.cells...)
		}
	}
	if len(f.Panels) == 0 {
		return nil, nil
	}
	f.Columns = figure.Columns(len(f.Panels))
	figure.UseLog(f.Panels, figure.Steep, figure.Point.Mean)
	f.Warnings = slices.Concat(omitted, b.warnings(drawn), twoOutcomes(drawn, measuredOn, m))
	f.Statement = b.gaps(r, x, measuredOn, m, drawn)
	f.Key = fmt.Sprintf("Solid: %s. Dashed: training. Line: mean; band: its 95"+number.Space+"%% interval over %s; "+
		"dots: single runs; × at the top: how many of the runs diverged%s.%s",
		measuredOn.long(), unitsOf(drawn), b.prunedMarks(), medianKey(f.Panels))
	f.Alt = fmt.Sprintf("Line plot, %s: %s and training %s against %s. %s", number.Count(len(f.Panels), "panel"),
		measuredOn.long(),
		m.name, x.name, f.Statement)
	return []figure.Figure{f}, nil
}

// capacityPanel has the training error and that on another split for each place
// of its cells on the other axes, and what validation chooses. It says how many
// means there are.
func (b *block) capacityPanel(r *results, g group, x, inner axis, measuredOn split) (p figure.Panel, means int) {
	m := b.quality()
	p = figure.Panel{Title: g.label, X: x.sizes(), Y: m.axis("")}
	for _, line := range b.groups(g.cells, x.name) {
		for i, s := range []split{measuredOn, train} {
			series := line.against(x, s, m)
			series.Style, series.Label = figure.Style{Colour: i, Dash: i}, s.long()
			if inner.name != "" {
				series.Style.Colour = inner.on(line.cells[0])
				series.Label = line.cells[0].place(inner.name) + ", " + s.long()
			}
			means += len(series.Means)
			p.Series = append(p.Series, series)
		}
		style := p.Series[len(p.Series)-2].Style
		if c := r.choose(line.cells); c != nil && measuredOn.name == valid.name {
			best := c.estimate(valid, m).point(x.values[x.on(c)])
			best.Interval = noInterval
			p.Series = append(p.Series, figure.Series{Label: "best on validation",
				Style: figure.Style{Colour: figure.Black, Marker: 5}, Means: []figure.Point{best}})
		}
		for _, c := range line.cells {
			p.Marks = append(p.Marks, c.marks(x.values[x.on(c)], style)...)
		}
	}
	return p, means
}

// gaps words how far the two errors are apart at the smallest, the chosen and
// the largest network, run by run.
func (b *block) gaps(r *results, x axis, on split, m measure, cells []*cell) string {
	best := r.choose(cells)
	like := best
	if like == nil {
		like = cells[0]
	}
	var line []*cell // that differ from the best in size only
	for _, c := range cells {
		if b.where(c, x.name) == b.where(like, x.name) && c.estimate(on, m).N > 0 {
			line = append(line, c)
		}
	}
	if len(line) == 0 {
		return "No cell has finished runs."
	}
	slices.SortFunc(line, func(a, b *cell) int { return cmp.Compare(x.values[x.on(a)], x.values[x.on(b)]) })
	var parts []string
	drawn := slices.Compact([]*cell{line[0], like, line[len(line)-1]})
	for _, c := range drawn {
		gap := c.gap(on, train, m)
		if gap.N == 0 {
			continue
		}
		text := fmt.Sprintf("at %s the training %s is %s and the %s %s %s, a gap of %s", c.place(x.name), m.name,
			m.quantity(c.estimate(train, m).middle()), on.long(), m.name, m.quantity(c.estimate(on, m).middle()), m.change(gap))
		if c == best {
			text += ", the best on validation"
		}
		parts = append(parts, text)
	}
	text := strings.Join(parts, "; ") + "; over " + unitsOf(drawn) + "."
	if rest := b.where(like, x.name); rest != "" {
		return sentence(rest) + ": " + text
	}
	return sentence(text)
}
