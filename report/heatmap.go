package report

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// heatMaps draws a measure as colours over two axes.
func heatMaps(ctx context.Context, r *results, b *block, f study.Figure) ([]figure.Figure, error) {
	x, err := r.mapAxis(ctx, b.cells, f.X)
	if err != nil {
		return nil, err
	}
	y, err := r.mapAxis(ctx, b.cells, f.Y)
	if err != nil {
		return nil, err
	}
	t := f.Measures[0]
	if len(x.labels) < 2 || len(y.labels) < 2 || f.X == f.Y {
		return nil, nil
	}
	by := []string{f.Panels}
	if !t.Best {
		by = append(by, b.freeAxes(b.cells, f.X, f.Y, f.Panels)...)
	}
	groups, omitted := b.shownPanels(r, groupsOn(b.cells, by...), figure.MaxPanels)
	drawn := figure.Figure{Name: b.file(fileName("heat", t.Measure, study.Last(f.X), study.Last(f.Y)))}
	m := quantity(t)
	h := &heatMap{r: r, x: x, y: y, term: t, measure: m, low: math.Inf(1), high: math.Inf(-1)}
	for _, g := range groups {
		p, err := h.panel(ctx, g)
		if err != nil {
			return nil, err
		}
		if len(p.Cells) > 0 {
			drawn.Panels = append(drawn.Panels, p)
		}
	}
	if h.low > h.high {
		return nil, nil
	}
	for i := range drawn.Panels {
		drawn.Panels[i].Colour = figure.Axis{Label: m.label(""), Log: h.low > 0 && h.high > figure.Steep*h.low}
	}
	drawn.Columns = figure.Columns(len(drawn.Panels))
	drawn.Title = fmt.Sprintf("Map of %s by %s and %s%s", m.name, axisWords(f.X), axisWords(f.Y), b.title)
	drawn.Statement = h.statement()
	drawn.Key = "Colour: " + whatIsShown(t) + " over " + unitsOf(h.cells)
	if drawn.Key += "."; h.two {
		drawn.Key += " Where runs fall into two groups: their median."
	}
	if slices.ContainsFunc(h.cells, func(c *cell) bool { return len(c.With(store.Diverged))+len(c.With(store.Pruned)) > 0 }) {
		drawn.Key += " Hatched: runs diverged or were pruned; the colour is that of the others."
	}
	if t.Best {
		drawn.Key += " At each place the cell that validation chooses."
	}
	drawn.Alt = fmt.Sprintf("Heat map, %s: %s over %s and %s. %s", number.Count(len(drawn.Panels), "panel"), m.name, axisWords(f.X),
		axisWords(f.Y), drawn.Statement)
	drawn.Warnings = slices.Concat(omitted, b.warnings(h.cells))
	return []figure.Figure{drawn}, nil
}

// mapAxis is an axis of a map: of the cells, or what they have measured.
func (r *results) mapAxis(ctx context.Context, cells []*cell, name string) (axis, error) {
	x := axis{name: name}
	most := 0
	for _, c := range cells {
		most = max(most, len(c.Config.Hidden)+1)
	}
	switch name {
	case study.Layer:
		for layer := 1; layer <= most; layer++ {
			x.labels, x.values = append(x.labels, fmt.Sprint(layer)), append(x.values, float64(layer))
		}
		return x, nil
	case study.Epoch:
		epochs, err := r.measuredEpochs(ctx, cells)
		for _, epoch := range epochs {
			x.labels, x.values = append(x.labels, fmt.Sprint(epoch)), append(x.values, float64(epoch))
		}
		return x, err
	}
	return sorted(newAxis(cells, name)), nil
}

// sorted has the numbers of an axis in their order.
func sorted(x axis) axis {
	if x.values == nil {
		return x
	}
	order := stat.Ascending(x.values)
	x.labels, x.values = stat.Picked(x.labels, order), stat.Picked(x.values, order)
	return x
}

// heatMap is a measure over two axes in the making.
type heatMap struct {
	r         *results
	x, y      axis
	term      study.Term
	measure   measure
	cells     []*cell // that are drawn
	low, high float64 // of all values
	ended     int     // cells with runs that diverged or were pruned
	two       bool    // a cell has two outcomes, and its median is shown
}

// panel has a rectangle for each place.
func (h *heatMap) panel(ctx context.Context, g group) (figure.Panel, error) {
	p := figure.Panel{Title: g.label, X: figure.Axis{Label: axisWords(h.x.name), Column: h.x.name, Categories: h.x.labels},
		Y: figure.Axis{Label: axisWords(h.y.name), Column: h.y.name, Categories: h.y.labels}}
	for i := range h.x.labels {
		for j := range h.y.labels {
			c, t := h.at(g, i, j)
			if c == nil {
				continue
			}
			e, err := h.r.statistic(ctx, t, c)
			if err != nil {
				return p, err
			}
			one := figure.Cell{X: float64(i), Y: float64(j), Value: math.NaN(), Interval: noInterval, Ended: ended(c), Origin: c.origin(t)}
			if e.has() {
				h.two = h.two || e.outcomes.Two
				one.Value, one.N, one.Unit, one.Interval = e.middle(), e.N, e.Unit, e.CI
				one.Text, one.Note = number.Plain(one.Value), h.measure.words(e.estimate)+", "+e.Unit
				h.low, h.high = min(h.low, one.Value), max(h.high, one.Value)
			}
			if one.Ended != "" {
				h.ended++
				one.Note = strings.Trim(one.Note+fmt.Sprintf("; %d of %d %s", len(c.With(store.Status(one.Ended))), len(c.Runs), one.Ended),
					"; ")
			}
			if e.has() || one.Ended != "" {
				p.Cells, h.cells = append(p.Cells, one), append(h.cells, c)
			}
		}
	}
	return p, nil
}

// at is the cell in a place, and what is measured of it there.
func (h *heatMap) at(g group, i, j int) (*cell, study.Term) {
	t := h.term
	cells := g.cells
	for _, place := range []struct {
		axis
		at int
	}{{h.x, i}, {h.y, j}} {
		switch place.name {
		case study.Layer:
			t.Layer = int(place.values[place.at])
		case study.Epoch:
			t.Epoch = int(place.values[place.at])
		default:
			cells = slices.DeleteFunc(slices.Clone(cells), func(c *cell) bool { return place.index(c) != place.at })
		}
	}
	return h.r.chosenOf(cells), t
}

// chosenOf is the only one of some cells, or the one that validation chooses.
func (r *results) chosenOf(cells []*cell) *cell {
	if len(cells) == 1 {
		return cells[0]
	}
	return r.choose(cells)
}

// ended says whether runs of the cell ended before their training did.
func ended(c *cell) figure.Ended {
	for _, e := range []figure.Ended{figure.Diverged, figure.Pruned} {
		if len(c.With(store.Status(e))) > 0 {
			return e
		}
	}
	return ""
}

// statement says what range the colours have, and how many cells are hatched.
func (h *heatMap) statement() string {
	text := nothingToAverage
	if h.low <= h.high {
		text = fmt.Sprintf("%s lies between %s and %s in %s; over %s.", sentence(h.measure.name), h.measure.quantity(h.low),
			h.measure.quantity(h.high), number.Count(len(h.cells), "cell"), unitsOf(h.cells))
	}
	if h.ended > 0 {
		text += fmt.Sprintf(" In %s runs diverged or were pruned.", number.Count(h.ended, "cell"))
	}
	return text
}
