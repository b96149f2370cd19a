package report

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/report/stat"
)

// shape is how a measure changes along x in one line of a plot, as far as a test by units says so.
type shape struct {
	of     string     // what is measured
	term   study.Term // the same as claims have it
	line   string     // its name
	panel  string     // that it is in
	word   string     // rises, falls, peaks at ..., has two outcomes at ..., shows no trend; "" where nothing can be said
	p      float64
	method string  // what was tested; "" for nothing
	rests  []*cell // on whose differences it rests
	apart  bool    // the last place differs from the first, whatever a trend says
}

// plotPoint is a place of a line: a cell, and what is measured there.
type plotPoint struct {
	cell *cell
	term study.Term
	x    float64
}

// points are the places of a line, in the order of x.
func (p plot) points(l plotLine, t study.Term) (all []plotPoint) {
	if l.layer > 0 {
		t.Layer = l.layer
	}
	for _, c := range p.chosen(l) {
		if p.f.X != study.Layer {
			all = append(all, plotPoint{c, t, p.place(c)})
			continue
		}
		for layer := 1; layer <= lastLayer(c, t.Measure); layer++ {
			t.Layer = layer
			all = append(all, plotPoint{c, t, float64(layer)})
		}
	}
	return all
}

// shapes tests how each measure changes in each line, corrected for the number of both. There are none along epochs, or
// words.
func (p plot) shapes(ctx context.Context) (all []shape, err error) {
	if p.f.X == study.Epoch || p.f.X != study.Layer && p.x.values == nil {
		return nil, nil
	}
	var ps []float64
	var of []int
	for _, t := range p.f.Measures {
		for _, l := range p.rows {
			s, err := p.shape(ctx, p.points(l, t))
			if err != nil {
				return nil, err
			}
			s.of, s.term, s.line, s.panel = quantity(t).name, t, l.label, l.panel
			if all = append(all, s); s.method != "" {
				ps, of = append(ps, s.p), append(of, len(all)-1)
			}
		}
	}
	for k, holm := range stat.Holm(ps) {
		s := &all[of[k]]
		if s.p = holm; holm < 0.05 && !p.r.leavesOpen(s.term, s.rests...) {
			continue
		}
		if s.word = ""; s.method == "trend" && holm >= 0.05 && !s.apart {
			s.word = "shows no trend"
		}
	}
	return all, nil
}

// shape tests one line: a peak inside, else a trend, else its ends. p is corrected for that.
func (p plot) shape(ctx context.Context, points []plotPoint) (shape, error) {
	none := shape{p: 1}
	var drawn []*cell
	for _, q := range points {
		drawn = append(drawn, q.cell)
	}
	if len(points) < 3 || points[0].term.Stat == "sd" || p.b.isConfounded(p.x.name) || !p.differAlong(drawn) || someLost(points) {
		return none, nil
	}
	var cells []*verdict.Cell
	var terms []study.Term
	var x []float64
	for _, q := range points {
		cells, terms, x = append(cells, q.cell.Cell), append(terms, q.term), append(x, q.x)
	}
	if s, err := p.constant(ctx, points); err != nil || s.word != "" {
		return s, err
	}
	inside, err := p.peak(ctx, points)
	if err != nil || inside.p < 0.05 {
		return inside, err
	}
	last := len(points) - 1
	ends := []*cell{points[0].cell, points[last].cell}
	if points[0].term.Stat == "" {
		for _, end := range []plotPoint{points[0], points[last]} {
			e, err := p.r.statistic(ctx, end.term, end.cell)
			if err != nil {
				return none, err
			}
			if e.outcomes.Two {
				return shape{word: "has two outcomes at " + p.placeWords(end), p: 1}, nil
			}
		}
		y, err := p.r.Along(ctx, terms, cells)
		if err != nil {
			return none, err
		}
		if d := stat.Trend(x, y); p.tellsTrends(len(y)) && d.CI.Known() {
			apart, err := p.r.termDifference(ctx, terms[last], terms[0], points[last].cell, points[0].cell)
			return shape{word: direction(d.Mean), p: min(1, 2*d.P), method: "trend", rests: ends,
				apart: err == nil && apart.tested() && apart.P < 0.05}, err
		}
	}
	d, err := p.r.termDifference(ctx, terms[last], terms[0], points[last].cell, points[0].cell)
	if err != nil || !d.tested() {
		return none, err
	}
	return shape{word: direction(d.Mean) + " " + p.fromToWords(points[0], points[last]), p: min(1, 2*d.P), method: "ends",
		rests: ends}, nil
}

// tellsTrends says whether a trend of so many units could be told at all, corrected for the lines that are tested: its p value is
// 2^(1-units) at least, times 2 since a peak is asked for, too.
func (p plot) tellsTrends(units int) bool {
	return units >= 6 && 2*math.Pow(2, float64(1-units))*float64(len(p.f.Measures)*len(p.rows)) < 0.05
}

// someLost says that runs of a place have no result at the end, so that what is measured there is of the others alone. Among
// shares runs that diverged count.
func someLost(points []plotPoint) bool {
	return slices.ContainsFunc(points, func(q plotPoint) bool {
		lost := q.cell.lost()
		if q.term.Stat == "share" || q.term.Measure == "diverged" {
			lost -= len(q.cell.With(store.Diverged))
		}
		return q.term.Epoch < 0 && lost > 0
	})
}

// constant says that every run measured the same at every place.
func (p plot) constant(ctx context.Context, points []plotPoint) (shape, error) {
	first := 0.0
	for i, q := range points {
		e, err := p.r.statistic(ctx, q.term, q.cell)
		if err != nil || !e.has() || i > 0 && e.Mean != first {
			return shape{p: 1}, err
		}
		for _, v := range e.values {
			if v != e.Mean {
				return shape{p: 1}, nil
			}
		}
		first = e.Mean
	}
	return shape{word: "stays at " + quantity(points[0].term).quantity(first), p: 1}, nil
}

// direction words a change by its sign.
func direction(v float64) string {
	if v < 0 {
		return "falls"
	}
	return "rises"
}

// peak asks whether the measure is larger, or smaller, at one place inside than at both ends. p is corrected for the
// number of places that it could be, and for the trend that is asked for else.
func (p plot) peak(ctx context.Context, points []plotPoint) (shape, error) {
	none := shape{p: 1}
	means := make([]float64, len(points))
	for i, q := range points {
		e, err := p.r.statistic(ctx, q.term, q.cell)
		if err != nil || !e.has() {
			return none, err
		}
		means[i] = e.Mean
	}
	last := len(points) - 1
	for _, sign := range []float64{1, -1} {
		at := 0
		for i := range means {
			if sign*means[i] > sign*means[at] {
				at = i
			}
		}
		if at == 0 || at == last {
			continue
		}
		worst, err := p.pFromEnds(ctx, points, at, sign)
		if err != nil {
			return none, err
		}
		word := "first falls, then rises"
		if sign > 0 {
			word = "first rises, then falls"
			if !strings.HasPrefix(quantity(points[at].term).name, test.name) {
				word = "peaks at " + p.placeWords(points[at])
			}
		}
		if s := (shape{word: word, p: min(1, 4*float64(len(points)-2)*worst), method: "peak",
			rests: []*cell{points[0].cell, points[at].cell, points[last].cell}}); s.p < 0.05 {
			return s, nil
		}
	}
	return none, nil
}

// pFromEnds is the larger p value of the differences of a place inside from both ends; 1 where one is not on that side.
func (p plot) pFromEnds(ctx context.Context, points []plotPoint, at int, sign float64) (worst float64, err error) {
	for _, end := range []int{0, len(points) - 1} {
		d, err := p.r.termDifference(ctx, points[at].term, points[end].term, points[at].cell, points[end].cell)
		if err != nil {
			return 1, err
		}
		if !d.tested() || sign*d.Mean <= 0 {
			return 1, nil
		}
		worst = max(worst, d.P)
	}
	return worst, nil
}

// shapeTests says how the shapes were tested.
func shapeTests(shapes []shape) string {
	methods := map[string]string{"trend": "rank correlation by unit", "ends": "the last place against the first",
		"peak": "the place inside against both ends"}
	var names []string
	tested := 0
	for _, s := range shapes {
		if s.method == "" {
			continue
		}
		tested++
		if name := methods[s.method]; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	holm := ""
	if tested > 1 {
		holm = ", Holm for " + fmt.Sprint(tested) + " of them"
	}
	return " Shapes are tested by " + strings.Join(names, "; ") + holm + "."
}
