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

// deadUnits is the measure of a layer that the figure of dead units is about, and deadKind the name of that.
const (
	deadUnits = "dead"
	deadKind  = "dead"
)

// mostEnds is how many runs a study may have for the ends of all of them to be drawn.
const mostEnds = 10_000

// dead shows how many hidden units no training example can move any more over the epochs, layer by layer, and the final share of
// them against the test error.
func dead(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	wanted := plotOf(study.Epoch, deadUnits)
	wanted.Kind = deadKind
	if b.deepest() > 1 {
		wanted.Panels = study.Layer
	} else {
		wanted.Measures[0].Layer = 1
	}
	if rate, ok := b.axis(lrAxis); ok && len(rate.labels) <= defaultLines {
		wanted.Lines = lrAxis
	}
	all, err := plots(ctx, r, b, wanted)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	f := all[0]
	var flat []string
	f.Panels = slices.DeleteFunc(f.Panels, func(p figure.Panel) bool {
		if p.Highest() > 0 {
			return false
		}
		flat = append(flat, p.Title)
		return true
	})
	switch n := len(flat); {
	case len(f.Panels) == 0:
		if slices.ContainsFunc(b.cells, func(c *cell) bool { return c.Config.Log.Layers && len(c.Finished()) > 0 }) {
			r.omit(b, "dead units: no unit died")
		}
		return nil, nil
	case n > 0:
		f.Warnings = append(f.Warnings, fmt.Sprintf("Left out of these: %s in which no unit died (%s).", number.Count(n, "panel"),
			strings.Join(flat, "; ")))
	}
	ends, cells := newPlot(r, b, wanted), b.cells
	if len(r.Runs) > mostEnds {
		ends.limit()
		if cells = ends.cells(); len(cells) < len(b.cells) {
			f.Warnings = append(f.Warnings, "The last panel has the runs of the cells that the others show.")
		}
	}
	end, dots, err := ends.deadAtTheEnd(ctx, cells)
	if err != nil {
		return nil, err
	}
	title, then := "Dead units over the epochs", ""
	if dots > 0 {
		f.Panels = append(f.Panels, end)
		title += ", and the test " + b.quality().name + " at the end"
		then = fmt.Sprintf(", then test %s against the final share of %s", b.quality().name, number.Count(dots, "run"))
	}
	f.Columns = figure.Columns(len(f.Panels))
	f.Name = b.file("dead")
	f.Title = title + b.title
	f.Key = strings.Replace(f.Key, "thin lines: single", "thin lines and dots: single", 1) +
		" Dead: slope 0 on every training example."
	f.Alt = fmt.Sprintf("Line plot, %s: share of dead hidden units against epoch%s. %s", number.Count(len(f.Panels), "panel"), then,
		f.Statement)
	return []figure.Figure{f}, nil
}

// deepest is the most hidden layers of a cell.
func (b *block) deepest() (most int) {
	for _, c := range b.cells {
		most = max(most, len(c.Config.Hidden))
	}
	return most
}

// omit notes a figure in which nothing is to be seen.
func (r *results) omit(b *block, why string) {
	if text := why + b.title; !slices.Contains(r.omitted, text) {
		r.omitted = append(r.omitted, text)
	}
}

// deadAtTheEnd has a dot for each finished run of some cells, its test error against its last share of dead units, and says how
// many there are.
func (p plot) deadAtTheEnd(ctx context.Context, cells []*cell) (panel figure.Panel, dots int, err error) {
	m := p.b.quality()
	panel = figure.Panel{Title: "At the end", X: figure.Axis{Label: "final share of dead units (%)", Zero: true, Most: percent},
		Y: m.axis(test.name)}
	for _, c := range cells {
		style := max(0, p.lines.index(c))
		s := figure.Series{Label: p.lineLabel(c), Style: figure.Style{Colour: style, Marker: style}}
		values, of := final(c.Finished(), test, m)
		for i, one := range of {
			share, ok, failed := p.r.deadShare(ctx, c, one)
			if err = cmp.Or(err, failed); ok {
				s.Repeats = append(s.Repeats, figure.Repeat{Name: c.Label + ", " + c.seedName(one),
					Points: []figure.XY{{X: share, Y: values[i]}}})
			}
		}
		if len(s.Repeats) > 0 {
			panel.Series = append(panel.Series, s)
			dots += len(s.Repeats)
		}
	}
	return panel, dots, err
}

// deadShare is the percentage of all the hidden units of a run that is dead at its end; false where that was not measured.
func (r *results) deadShare(ctx context.Context, c *cell, one run) (share float64, ok bool, err error) {
	units := 0
	for i, width := range c.Config.Hidden {
		points, err := r.epochs(ctx, one, study.Term{Measure: deadUnits, Layer: i + 1})
		if err != nil || len(points) == 0 {
			return 0, false, err
		}
		units += width
		share += points[len(points)-1].Y * float64(width)
	}
	return share / float64(max(units, 1)), units > 0, nil
}
