package report

import (
	"context"
	"fmt"
	"math"
	"slices"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// Of parallel coordinates: axes, and the share of the cells that have colour.
const (
	mostCoordinates = 9
	bestShare       = 0.1
)

// parallel draws each cell as a line over all axes that ends in its error on validation, with the best in colour.
func parallel(_ context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	m := r.selection(b)
	var drawn []*cell
	for _, c := range b.cells {
		if !c.Former && c.estimate(valid, m).N > 0 && !slices.ContainsFunc(b.axes, func(x axis) bool { return x.index(c) < 0 }) {
			drawn = append(drawn, c)
		}
	}
	axes := b.axes[:min(len(b.axes), mostCoordinates)]
	if len(drawn) < leastRanked || len(axes) < 2 {
		return nil, nil
	}
	if r.choose(drawn) == nil { // which ranks them
		return nil, nil
	}
	slices.SortStableFunc(drawn, func(x, y *cell) int { return r.rank[x] - r.rank[y] })
	best := max(1, int(bestShare*float64(len(drawn))))
	f := figure.Figure{Name: b.file("parallel"), Columns: 1, Panels: []figure.Panel{b.coordinates(axes, drawn, best, m)}}
	f.Title = fmt.Sprintf("%s, and which are best on validation%s", sentence(number.Count(len(drawn), "configuration")), b.title)
	first := drawn[0]
	f.Statement = fmt.Sprintf("The best of %s on validation is %s: there %s, %s.", number.Count(len(drawn), "cell"),
		b.where(first), m.named(m.name, first.estimate(valid, m)),
		b.quality().named("test "+b.quality().name, first.estimate(test, b.quality())))
	f.Key = "Each line: a cell, from value to value of the axes, ending at its mean on validation, low at the bottom."
	f.Alt = fmt.Sprintf("Parallel coordinates of %s over %s. %s", number.Count(len(drawn), "cell"),
		number.Count(len(axes), "axis"), f.Statement)
	f.Warnings = b.warnings(drawn)
	if n := len(b.cells) - len(drawn); n > 0 {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%s without a result on validation left out.", number.Count(n, "cell")))
	}
	if n := len(b.axes); n > len(axes) {
		f.Warnings = append(f.Warnings, fmt.Sprintf("The first %d of %d axes are shown.", len(axes), n))
	}
	return []figure.Figure{f}, nil
}

// coordinates draws ranked cells as lines, of which so many of the best have colour.
func (b *block) coordinates(axes []axis, ranked []*cell, best int, m measure) figure.Panel {
	p := figure.Panel{X: figure.Axis{Label: "axis", Categories: make([]string, len(axes)+1), Room: 0.06 * float64(len(axes)+1)},
		Y: figure.Axis{Label: "from low to high", Ticks: []float64{-1}, Room: 0.04}}
	var ends []coordinate
	for i, x := range axes {
		p.X.Categories[i] = study.ShortName(x.name)
		ends = append(ends, newCoordinate(x))
	}
	p.X.Categories[len(axes)] = m.label(valid.long())
	last := errorCoordinate(ranked, m)
	line := func(c *cell) []figure.XY {
		var points []figure.XY
		for i, x := range axes {
			points = append(points, figure.XY{X: float64(i), Y: ends[i].place[x.index(c)]})
		}
		return append(points, figure.XY{X: float64(len(axes)), Y: last(c.estimate(valid, m).Mean)})
	}
	others := figure.Series{Label: "other cells", Style: figure.Style{Colour: figure.Black}}
	top := figure.Series{Label: fmt.Sprintf("best %d on validation", best), Style: figure.Style{Colour: figure.Blue}}
	winner := figure.Series{Label: "best on validation", Line: true, Style: figure.Style{Colour: figure.Vermilion}}
	for i, c := range slices.Backward(ranked) { // the best are drawn last
		one := figure.Repeat{Name: b.where(c), Points: line(c)}
		switch {
		case i == 0:
			for _, q := range one.Points {
				winner.Means = append(winner.Means, figure.Point{X: q.X, Y: q.Y, Interval: noInterval})
			}
		case i < best:
			top.Repeats = append(top.Repeats, one)
		default:
			others.Repeats = append(others.Repeats, one)
		}
	}
	p.Series = append(p.Series, others)
	if best > 1 {
		p.Series = append(p.Series, top)
	}
	p.Series = append(p.Series, winner, labelsOf(axes, ends, ranked, m, last))
	return p
}

// coordinate is where the values of an axis stand, from 0 to 1.
type coordinate struct{ place []float64 }

// newCoordinate places numbers by their size, or its logarithm where they span more than a decade, and words evenly.
func newCoordinate(x axis) (s coordinate) {
	values := x.values
	if values == nil {
		for i := range x.labels {
			values = append(values, float64(i))
		}
	}
	lo, hi := slices.Min(values), slices.Max(values)
	if wide := lo > 0 && hi >= 10*lo; wide {
		values = slices.Clone(values)
		for i, v := range values {
			values[i] = math.Log(v)
		}
		lo, hi = math.Log(lo), math.Log(hi)
	}
	for _, v := range values {
		s.place = append(s.place, fraction(v, lo, hi))
	}
	return s
}

// Labels of an axis stand so far from each other at least; numbers of very many values, which were drawn, further.
const (
	labelRoom     = 0.06
	drawnRoom     = 0.2
	mostOfOneGrid = 12 // values, beyond which they are taken for drawn
)

// labelDistance is how far labels stand from each other.
func (s coordinate) labelDistance() float64 {
	if len(s.place) > mostOfOneGrid {
		return drawnRoom
	}
	return labelRoom
}

// labelled are the values whose labels have room: both ends, and what lies far enough from those that have one.
func (s coordinate) labelled() []int {
	order := stat.Ascending(s.place)
	order = append(order[len(order)-1:], order[:len(order)-1]...)
	var all []int
	for _, k := range order {
		if !slices.ContainsFunc(all, func(other int) bool { return math.Abs(s.place[k]-s.place[other]) < s.labelDistance() }) {
			all = append(all, k)
		}
	}
	return all
}

// fraction is where a value stands between two others, from 0 to 1; in the middle where these are one.
func fraction(v, lo, hi float64) float64 {
	if hi <= lo {
		return 0.5
	}
	return (v - lo) / (hi - lo)
}

// errorCoordinate places an error between the lowest and the highest of some cells, by its logarithm where they span more
// than a decade.
func errorCoordinate(cells []*cell, m measure) func(float64) float64 {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, c := range cells {
		v := c.estimate(valid, m).Mean
		lo, hi = math.Min(lo, v), math.Max(hi, v)
	}
	if lo > 0 && hi > 10*lo {
		return func(v float64) float64 { return fraction(math.Log(v), math.Log(lo), math.Log(hi)) }
	}
	return func(v float64) float64 { return fraction(v, lo, hi) }
}

// labelsOf are the values of the axes beside their places, and both ends of the error.
func labelsOf(axes []axis, ends []coordinate, cells []*cell, m measure, place func(float64) float64) figure.Series {
	s := figure.Series{Style: figure.Style{Colour: figure.Black, Marker: figure.Diamond}}
	add := func(x, y float64, text string) {
		s.Repeats = append(s.Repeats, figure.Repeat{Name: text, Note: text, Points: []figure.XY{{X: x, Y: y}}})
	}
	for i, x := range axes {
		for _, k := range ends[i].labelled() {
			label := x.labels[k]
			if len(x.values) > mostOfOneGrid {
				label = number.Plain(x.values[k])
			}
			add(float64(i), ends[i].place[k], label)
		}
	}
	worst, best := cells[0], cells[0]
	for _, c := range cells {
		if c.estimate(valid, m).Mean > worst.estimate(valid, m).Mean {
			worst = c
		}
		if c.estimate(valid, m).Mean < best.estimate(valid, m).Mean {
			best = c
		}
	}
	for _, c := range slices.Compact([]*cell{best, worst}) {
		v := c.estimate(valid, m).Mean
		add(float64(len(axes)), place(v), m.quantity(v))
	}
	return s
}
