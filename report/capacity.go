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
func capacity(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	x, ok := b.axis(capacityAxes...)
	if !ok || len(x.values) < 3 {
		return nil, nil
	}
	m := b.quality()
	measuredOn := valid
	if !slices.ContainsFunc(b.cells, func(c *cell) bool { return c.estimate(valid, m).N > 0 }) {
		measuredOn = test
	}
	wanted := plotOf(x.name, measuredOn.name+"_"+m.key, train.name+"_"+m.key)
	all, err := plots(ctx, r, b, wanted)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	f := all[0]
	f.Name = b.file("capacity")
	f.Title = fmt.Sprintf("%s and training %s against %s%s", sentence(measuredOn.long()), m.name, x.name, b.title)
	p := newPlot(r, b, wanted)
	if measuredOn.name == valid.name {
		p.markChosen(f.Panels, m)
	}
	f.Statement = b.gaps(r, x, measuredOn, m, p.cells())
	f.Alt = fmt.Sprintf("Line plot, %s: %s and training %s against %s. %s", number.Count(len(f.Panels), "panel"),
		measuredOn.long(), m.name, x.name, f.Statement)
	return []figure.Figure{f}, nil
}

// markChosen marks the best cell on validation of each line.
func (p plot) markChosen(panels []figure.Panel, m measure) {
	for _, l := range p.rows {
		at := slices.IndexFunc(panels, func(panel figure.Panel) bool { return panel.Title == l.panel })
		if c := p.r.choose(l.cells); c != nil && at >= 0 {
			best := c.estimate(valid, m).point(p.beside(p.place(c), l))
			best.Interval = noInterval
			panels[at].Series = append(panels[at].Series, figure.Series{Label: "best on validation",
				Style: figure.Style{Colour: figure.Black, Marker: figure.OutlinedSquare}, Means: []figure.Point{best}})
		}
	}
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
	slices.SortFunc(line, func(a, b *cell) int { return cmp.Compare(x.values[x.index(a)], x.values[x.index(b)]) })
	var parts []string
	drawn := slices.Compact([]*cell{line[0], like, line[len(line)-1]})
	for _, c := range drawn {
		gap, under, above := c.gap(on, train, m), c.estimate(train, m), c.estimate(on, m)
		if gap.N == 0 {
			continue
		}
		text := fmt.Sprintf("at %s the training %s is %s and the %s %s %s, a gap of %s", c.place(x.name), m.name,
			m.quantity(under.Mean), on.long(), m.name, m.quantity(above.Mean), m.change(gap))
		if under.outcomes.Two || above.outcomes.Two { // of which neither a mean nor a gap would show either
			text = fmt.Sprintf("at %s the median training %s is %s and the median %s %s %s, of two outcomes", c.place(x.name), m.name,
				m.quantity(under.outcomes.Median), on.long(), m.name, m.quantity(above.outcomes.Median))
		}
		if c == best {
			text += ", the best on validation"
		}
		parts = append(parts, text)
	}
	text := strings.Join(parts, "; ") + "; over " + unitsOf(drawn) + ", on these splits."
	if rest := b.where(like, x.name); rest != "" {
		return sentence(rest) + ": " + text
	}
	return sentence(text)
}
