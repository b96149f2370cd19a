package report

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/report/stat"
)

// shape is how a measure changes along x in one line of a plot, as far as a test by units says so.
type shape struct {
	line   string // its name
	word   string // rises, falls, peaks at ..., first falls, then rises, no trend seen; "" where nothing can be said
	p      float64
	clear  bool   // word holds after Holm's correction for all the lines
	method string // what was tested
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
		for layer := 1; layer <= len(c.Config.Hidden)+1; layer++ {
			t.Layer = layer
			all = append(all, plotPoint{c, t, float64(layer)})
		}
	}
	return all
}

// shapes tests how the first measure changes in each line, corrected for the number of lines. There are none along
// epochs, or words.
func (p plot) shapes(ctx context.Context) (all []shape, err error) {
	t := p.f.Measures[0]
	if p.f.X == study.Epoch || p.f.X != study.Layer && p.x.values == nil || len(p.f.Measures) > 1 {
		return nil, nil
	}
	var ps []float64
	for _, l := range p.rows {
		s, err := p.shape(ctx, p.points(l, t))
		if err != nil {
			return nil, err
		}
		s.line = strings.Trim(l.panel+", "+l.label, ", ")
		all, ps = append(all, s), append(ps, s.p)
	}
	for i, holm := range stat.Holm(ps) {
		all[i].clear, all[i].p = holm < 0.05, holm
		if !all[i].clear && all[i].word != "" {
			all[i].word = "shows no trend"
			if all[i].method != "trend" {
				all[i].word = ""
			}
		}
	}
	return all, nil
}

// shape tests one line: a peak inside, else a trend, else its ends. p is corrected for that.
func (p plot) shape(ctx context.Context, points []plotPoint) (shape, error) {
	none := shape{p: 1}
	if len(points) < 3 || points[0].term.Stat == "sd" {
		return none, nil
	}
	var cells []*verdict.Cell
	var terms []study.Term
	var x []float64
	for _, q := range points {
		cells, terms, x = append(cells, q.cell.Cell), append(terms, q.term), append(x, q.x)
	}
	inside, err := p.peak(ctx, points)
	if err != nil || inside.p < 0.05 {
		return inside, err
	}
	if points[0].term.Stat == "" {
		y, err := p.r.Along(ctx, terms, cells)
		if err != nil {
			return none, err
		}
		if d := stat.Trend(x, y); len(y) >= 6 && d.CI.Known() {
			return shape{word: direction(d.Mean), p: min(1, 2*d.P), method: "trend"}, nil
		}
	}
	last := len(points) - 1
	d, err := p.r.between(ctx, terms[last], terms[0], points[last].cell, points[0].cell)
	if err != nil || !d.CI.Known() || math.IsNaN(d.P) {
		return none, err
	}
	return shape{word: direction(d.Mean), p: min(1, 2*d.P), method: "ends"}, nil
}

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
		e, err := p.r.of(ctx, q.term, q.cell)
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
		worst := 0.0
		for _, end := range []int{0, last} {
			d, err := p.r.between(ctx, points[at].term, points[end].term, points[at].cell, points[end].cell)
			if err != nil {
				return none, err
			}
			if !d.CI.Known() || math.IsNaN(d.P) || sign*d.Mean <= 0 {
				return none, nil
			}
			worst = max(worst, d.P)
		}
		word := "first falls, then rises"
		if sign > 0 {
			word = "first rises, then falls"
			if !strings.HasPrefix(quantity(points[at].term).name, test.name) {
				word = "peaks at " + p.placeWords(points[at])
			}
		}
		if s := (shape{word: word, p: min(1, 4*float64(len(points)-2)*worst), method: "peak"}); s.p < 0.05 {
			return s, nil
		}
	}
	return none, nil
}

// tested says how the shapes were tested.
func tested(shapes []shape) string {
	methods := map[string]string{"trend": "rank correlation by unit", "ends": "the last place against the first",
		"peak": "the place inside against both ends"}
	var names []string
	for _, s := range shapes {
		if name := methods[s.method]; s.method != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	holm := ""
	if len(shapes) > 1 {
		holm = ", Holm for " + fmt.Sprint(len(shapes)) + " lines"
	}
	return " Shapes are tested by " + strings.Join(names, "; ") + holm + "."
}

// titleOf says what is seen where tests carry it for every line, else what is drawn.
func (p plot) titleOf(shapes []shape) string {
	what, along := sentence(p.measureNames()), p.alongWords()
	drawn := fmt.Sprintf("%s by %s", what, listed(p.drawnAxes()))
	if len(shapes) == 0 || slices.ContainsFunc(shapes, func(s shape) bool { return s.word == "" }) {
		return drawn
	}
	same := !slices.ContainsFunc(shapes, func(s shape) bool { return s.word != shapes[0].word })
	peaks := strings.HasPrefix(shapes[0].word, "peaks")
	switch {
	case same && peaks:
		return what + " " + shapes[0].word
	case same:
		return fmt.Sprintf("%s %s %s", what, shapes[0].word, along)
	case len(shapes) <= 3:
		var each []string
		for _, s := range shapes {
			each = append(each, s.line+" "+s.word)
		}
		return fmt.Sprintf("%s %s: %s", what, along, strings.Join(each, "; "))
	}
	return drawn
}

// alongWords name the axis that a shape goes along.
func (p plot) alongWords() string {
	switch p.f.X {
	case study.Layer:
		return "from layer to layer"
	case study.Parameters:
		return "with the number of weights"
	}
	return "with " + axisWords(p.f.X)
}

// drawnAxes are the axes that a reader sees.
func (p plot) drawnAxes() []string {
	names := []string{axisWords(p.f.X)}
	if p.lines.name != "" && len(p.lines.labels) > 1 {
		names = append(names, axisWords(p.lines.name))
	}
	if p.f.Panels != "" {
		names = append(names, axisWords(p.f.Panels))
	}
	return names
}
