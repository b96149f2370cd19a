package report

import (
	"cmp"
	"context"
	"math"
	"slices"

	"nightshift/internal/metric"
	"nightshift/internal/study"
	"nightshift/report/figure"
)

// add draws a measure of a line.
func (p plot) add(ctx context.Context, panel *figure.Panel, l plotLine, t study.Term, at, of int) error {
	s := figure.Series{Label: l.label, Line: true, Style: figure.Style{Colour: l.style, Dash: l.style, Marker: l.style}}
	if of > 1 {
		s.Label = titled(l.label, p.short(t))
		s.Style = figure.Style{Colour: l.style, Dash: at, Marker: at}
		if p.lines.name == "" {
			s.Style.Colour = at
		}
	}
	marks := at == 0 && t.Measure != "diverged"
	if l.layer > 0 {
		t.Layer = l.layer
	}
	var err error
	switch {
	case p.f.X == study.Epoch:
		for _, c := range p.chosen(l) {
			err = cmp.Or(err, p.r.ReadEpochs(ctx, c.Cell), p.alongEpochs(ctx, &s, c, t))
			if marks {
				panel.Marks = append(panel.Marks, c.stopped(s.Style)...)
			}
		}
	case p.f.X == study.Layer:
		for _, c := range p.chosen(l) {
			err = cmp.Or(err, p.alongLayers(ctx, &s, c, t))
		}
	default:
		err = p.alongCells(ctx, &s, l, t)
		if marks && t.Stat != "share" {
			for _, c := range p.chosen(l) {
				panel.Marks = append(panel.Marks, c.marks(p.place(c), s.Style)...)
			}
		}
	}
	if err == nil && len(s.Means)+len(s.Repeats) > 0 {
		panel.Series = append(panel.Series, s)
	}
	return err
}

// short names a measure beside others of its unit: by its split.
func (p plot) short(t study.Term) string {
	if _, split := spelling(t); split != "" && t.Stat == "" {
		return splitNamed(split).long()
	}
	return quantity(t).name
}

// chosen are the cells of a line, one for each place on x: the best on validation where it is asked for.
func (p plot) chosen(l plotLine) []*cell {
	if !p.choosesBest() {
		return l.cells
	}
	var cells []*cell
	for _, g := range p.choices(l) {
		if c := p.r.choose(slices.DeleteFunc(g.cells, func(c *cell) bool { return !p.choosable[c] })); c != nil {
			cells = append(cells, c)
		}
	}
	return cells
}

// choices are the cells of a line by their places on x.
func (p plot) choices(l plotLine) []group {
	return groupsBy(l.cells, func(c *cell) string {
		return titled(l.panel, l.label, c.shortPlace(p.x.name))
	})
}

// tuned finds out what the places choose the best from, so that all have as many configurations, and says what was left out.
func (p *plot) tuned() (warnings []string) {
	if !p.choosesBest() {
		return nil
	}
	var all []group
	for _, l := range p.rows {
		all = append(all, p.choices(l)...)
	}
	kept, among, why := alike(all, func(c *cell) string { return p.b.where(c, p.x.name, p.lines.name, p.f.Panels) })
	p.among = among
	p.choosable = map[*cell]bool{}
	for _, g := range kept {
		for _, c := range g.cells {
			p.choosable[c] = true
		}
	}
	if why != "" {
		warnings = append(warnings, why)
	}
	return warnings
}

// joinsNothing says that no two cells differ in the place along x alone, so that a line between them would be along other axes,
// too.
func (p plot) joinsNothing() bool { return !p.choosesBest() && p.b.isConfounded(p.x.name) }

// differAlong says whether cells of one line differ along x alone. Along a key that is no axis of the study, or the parameters,
// axes change with it.
func (p plot) differAlong(cells []*cell) bool {
	if _, ok := p.b.axis(p.x.name); !ok || p.choosesBest() {
		return true
	}
	return !slices.ContainsFunc(cells, func(c *cell) bool { return p.b.where(c, p.x.name) != p.b.where(cells[0], p.x.name) })
}

// alongCells has a point for each cell of a line.
func (p plot) alongCells(ctx context.Context, s *figure.Series, l plotLine, t study.Term) error {
	if p.x.values == nil || p.f.Theory != nil || p.joinsNothing() || !p.differAlong(l.cells) { // theory is the line there
		s.Line = false
	}
	for _, c := range p.chosen(l) {
		e, err := p.r.statistic(ctx, t, c)
		if err != nil {
			return err
		}
		x := p.place(c)
		if len(c.Finished()) > 1 {
			x = p.beside(x, l)
		}
		c.addMeasured(s, e, x, t)
	}
	return nil
}

// addMeasured puts a statistic of the cell and the values of its runs, of several, at a place along x.
func (c *cell) addMeasured(s *figure.Series, e measured, x float64, t study.Term) {
	for i, v := range e.values {
		if len(e.values) > 1 {
			s.Repeats = append(s.Repeats, figure.Repeat{Name: c.seedName(e.of[i]), Points: []figure.XY{{X: x, Y: v}},
				Origin: c.origin(t)})
		}
	}
	if e.has() {
		s.Means = append(s.Means, c.pointOf(e.estimate, x, t))
	}
}

// beside moves a line a little, so that the bars of several do not lie on each other.
func (p plot) beside(x float64, l plotLine) float64 {
	n, at := 0, 0
	for _, other := range p.rows {
		if other.panel == l.panel {
			if other.label == l.label {
				at = n
			}
			n++
		}
	}
	shift := float64(at) - float64(n-1)/2
	switch h := p.horizontal(); {
	case h.Categories != nil:
		return x + 0.5*shift/float64(n)
	case h.Log && !spanTwofold(p.x.values):
		return x // what is next to nothing on other axes would be as wide as this one
	case h.Log:
		return x * math.Pow(1.04, shift)
	default:
		return x + 0.008*shift*(slices.Max(p.x.values)-slices.Min(p.x.values))
	}
}

// spanTwofold says whether some positive value is at least twice another.
func spanTwofold(values []float64) bool {
	positive := slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return v <= 0 })
	return len(positive) > 1 && slices.Max(positive) >= 2*slices.Min(positive)
}

// alongLayers has a point for each layer of a cell.
func (p plot) alongLayers(ctx context.Context, s *figure.Series, c *cell, t study.Term) error {
	for layer := 1; layer <= lastLayer(c, t.Measure); layer++ {
		t.Layer = layer
		e, err := p.r.statistic(ctx, t, c)
		if err != nil {
			return err
		}
		c.addMeasured(s, e, float64(layer), t)
	}
	return nil
}

// alongEpochs has a line for each run of a cell and their mean; of a statistic of several runs that alone.
func (p plot) alongEpochs(ctx context.Context, s *figure.Series, c *cell, t study.Term) error {
	m := quantity(t)
	s.Style.Marker = figure.Circle
	if t.Stat == "" {
		var failed error
		examples := 0
		if part, of, ok := metric.Parse(t.Measure); ok {
			examples = c.examples(splitNamed(part), measures[of.Name])
		}
		line := c.overEpochs(m, examples, func(one run) []figure.XY {
			points, err := p.r.epochs(ctx, one, t)
			failed = cmp.Or(failed, err)
			return points
		})
		s.Band, s.Means, s.Repeats = true, line.Means, line.Repeats
		for i := range s.Means {
			s.Means[i].Origin = c.origin(t)
		}
		for i := range s.Repeats {
			s.Repeats[i].Origin = c.origin(t)
		}
		return failed
	}
	s.Band = true
	epochs, err := p.r.measuredEpochs(ctx, []*cell{c})
	if err != nil {
		return err
	}
	for _, epoch := range epochs {
		t.Epoch = epoch
		e, err := p.r.statistic(ctx, t, c)
		if err != nil {
			return err
		}
		if e.has() {
			s.Means = append(s.Means, c.pointOf(e.estimate, float64(epoch), t))
		}
	}
	return nil
}

// epochs are the values of a run after each epoch that was measured.
func (r *results) epochs(ctx context.Context, one run, t study.Term) (points []figure.XY, err error) {
	m := quantity(t)
	if part, of, ok := metric.Parse(t.Measure); ok {
		for _, e := range one.Measured {
			if v := measures[of.Name].of(splitNamed(part).epoch(e)); v.Valid {
				points = append(points, figure.XY{X: float64(e.Epoch), Y: v.V * m.scale})
			}
		}
		return points, nil
	}
	layers, err := r.Layers(ctx, one)
	of, _ := metric.LayerNamed(t.Measure)
	for _, l := range layers {
		if l.Layer == t.Layer-1 {
			points = append(points, figure.XY{X: float64(l.Epoch), Y: l.At(of) * m.scale})
		}
	}
	return points, err
}

// measuredEpochs are those after which some run of the cells was measured.
func (r *results) measuredEpochs(ctx context.Context, cells []*cell) (epochs []int, err error) {
	for _, c := range cells {
		if err := r.ReadEpochs(ctx, c.Cell); err != nil {
			return nil, err
		}
		for _, one := range c.Runs {
			for _, e := range one.Measured {
				epochs = append(epochs, e.Epoch)
			}
		}
		slices.Sort(epochs)
		epochs = slices.Compact(epochs)
	}
	return epochs, nil
}
