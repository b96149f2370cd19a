package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/metric"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/figure"
)

// How many lines one panel can have that no study asks for by name, and how many at all.
const (
	usualLines  = 6
	linesAtMost = 14
)

// plot is measures along an axis in the making.
type plot struct {
	r     *results
	b     *block
	f     study.Figure
	x     axis       // along cells; without values where they are words, without labels along epochs and layers
	lines axis       // whose values are lines; the zero axis stands for none
	rows  []plotLine // every line of every panel
}

// plotLine is one line of a panel: cells along x, or the one cell whose epochs or layers it goes along.
type plotLine struct {
	panel, label string
	style        int // index of the line among those of its axis
	layer        int // that it is of where lines or panels are layers; else 0
	cells        []*cell
}

// plots draws measures against an axis.
func plots(ctx context.Context, r *results, b *block, f study.Figure) ([]figure.Figure, error) {
	p := newPlot(r, b, f)
	omitted := p.limit()
	drawn := figure.Figure{Name: b.file(fileName(p.fileWords()...))}
	for _, terms := range p.unitsOfTerms() {
		panels, err := p.panels(ctx, terms)
		if err != nil {
			return nil, err
		}
		drawn.Panels = append(drawn.Panels, panels...)
	}
	if !slices.ContainsFunc(drawn.Panels, hasPoints) || p.x.name != "" && p.reached() < 2 {
		return nil, nil
	}
	drawn.Columns = figure.Columns(len(drawn.Panels))
	shareScales(drawn.Panels)
	if f.Log != nil {
		for i, panel := range drawn.Panels {
			drawn.Panels[i].Y.Log = slices.Contains(f.Log, "y") && panel.Highest() > 0
		}
	}
	drawn.Warnings = slices.Concat(omitted, b.warnings(p.cells()))
	if err := p.words(ctx, &drawn); err != nil {
		return nil, err
	}
	return []figure.Figure{drawn}, nil
}

// reached counts the places along x at which a run was not pruned.
func (p plot) reached() int {
	labels := map[string]bool{}
	for _, c := range p.cells() {
		if len(c.With(store.Pruned)) < len(c.Runs) {
			labels[c.on(p.x.name)] = true
		}
	}
	return len(labels)
}

// newPlot chooses what lines and panels are.
func newPlot(r *results, b *block, f study.Figure) plot {
	p := plot{r: r, b: b, f: f}
	if f.X != study.Epoch && f.X != study.Layer {
		p.x = newAxis(b.cells, f.X)
	}
	fixed := []string{f.X, f.Lines, f.Panels}
	if f.Lines != "" && f.Lines != study.Layer {
		p.lines = newAxis(b.cells, f.Lines)
	} else if f.Lines == "" && !p.best() {
		if open := b.open(b.cells, fixed...); len(open) > 0 {
			p.lines = b.lines(usualLines/len(f.Measures), b.axesExcept(open)...)
			fixed = append(fixed, p.lines.name)
		}
	}
	var open []string // axes that tell panels apart besides the one that is named
	if !p.best() {
		open = b.open(b.cells, fixed...)
	}
	for _, c := range b.cells {
		for _, line := range p.linesOf(c, open) {
			at := slices.IndexFunc(p.rows, func(l plotLine) bool { return l.panel == line.panel && l.label == line.label })
			if at < 0 || p.x.name == "" && !p.best() {
				p.rows = append(p.rows, line)
			} else {
				p.rows[at].cells = append(p.rows[at].cells, c)
			}
		}
	}
	p.order()
	return p
}

// linesOf are the lines that a cell is on: one, or one for each of its layers.
func (p plot) linesOf(c *cell, open []string) (lines []plotLine) {
	line := plotLine{label: p.lineLabel(c), style: max(0, p.lines.on(c)), panel: p.panelLabel(c, open), cells: []*cell{c}}
	if p.f.Lines != study.Layer && p.f.Panels != study.Layer {
		return []plotLine{line}
	}
	for layer := 1; layer <= len(c.Config.Hidden)+1; layer++ {
		one := line
		one.layer = layer
		name := fmt.Sprintf("layer %d", layer)
		if p.f.Lines == study.Layer {
			one.label, one.style = name, layer-1
		} else {
			one.panel = strings.TrimSuffix(name+", "+one.panel, ", ")
		}
		lines = append(lines, one)
	}
	return lines
}

// best says whether one cell is chosen at each place.
func (p plot) best() bool {
	return slices.ContainsFunc(p.f.Measures, func(t study.Term) bool { return t.Best })
}

// open are the axes on which cells differ that are at the same place on all of some axes.
func (b *block) open(cells []*cell, fixed ...string) (names []string) {
	for _, x := range b.axes {
		if slices.Contains(fixed, x.name) {
			continue
		}
		seen := map[string]string{}
		for _, c := range cells {
			key := ""
			for _, f := range fixed {
				key += "\n" + c.on(f)
			}
			for _, other := range names {
				key += "\n" + c.on(other)
			}
			label := c.on(x.name)
			if old, met := seen[key]; met && old != label {
				names = append(names, x.name)
				break
			}
			seen[key] = label
		}
	}
	return names
}

// axesExcept are the names of the block's axes that are not among some.
func (b *block) axesExcept(names []string) (others []string) {
	for _, x := range b.axes {
		if !slices.Contains(names, x.name) {
			others = append(others, x.name)
		}
	}
	return others
}

func (p plot) lineLabel(c *cell) string {
	if p.lines.name == "" {
		return ""
	}
	return c.bare(p.lines.name)
}

func (p plot) panelLabel(c *cell, open []string) string {
	var places []string
	for _, name := range append([]string{p.f.Panels}, open...) {
		if place := c.bare(name); place != "" {
			places = append(places, place)
		}
	}
	return strings.Join(places, ", ")
}

// order sorts the cells of each line along x, and the lines of numbers by these.
func (p *plot) order() {
	at := func(c *cell) float64 { return p.place(c) }
	for _, l := range p.rows {
		slices.SortStableFunc(l.cells, func(a, b *cell) int { return cmp.Compare(at(a), at(b)) })
	}
	if p.lines.values != nil {
		slices.SortStableFunc(p.rows, func(a, b plotLine) int {
			return cmp.Compare(p.lines.values[a.style], p.lines.values[b.style])
		})
		for i := range p.rows { // colours in the order of numbers
			n := 0
			for _, v := range p.lines.values {
				if v < p.lines.values[p.lines.on(p.rows[i].cells[0])] {
					n++
				}
			}
			p.rows[i].style = n
		}
	}
}

// place is where a cell stands along x: at its number, or at the index of its word.
func (p plot) place(c *cell) float64 {
	switch at := p.x.on(c); {
	case p.x.name == "" || at < 0:
		return 0
	case p.x.values != nil:
		return p.x.values[at]
	default:
		return float64(at)
	}
}

// unitsOfTerms groups the measures by what can share an axis.
func (p plot) unitsOfTerms() (groups [][]study.Term) {
	for _, t := range p.f.Measures {
		name := func(t study.Term) string { n, _ := spelling(t); return n + quantity(t).unit() }
		at := slices.IndexFunc(groups, func(g []study.Term) bool { return name(g[0]) == name(t) })
		if at < 0 {
			groups = append(groups, []study.Term{t})
		} else {
			groups[at] = append(groups[at], t)
		}
	}
	return groups
}

// panels draws some measures of one unit in as many panels as there are.
func (p plot) panels(ctx context.Context, terms []study.Term) (all []figure.Panel, err error) {
	for _, label := range p.panelLabels() {
		panel := figure.Panel{Title: label, X: p.horizontal(), Y: axisOf(terms, p.b.cells)}
		if len(p.unitsOfTerms()) > 1 {
			panel.Title = strings.TrimPrefix(label+", "+common(terms), ", ")
		}
		kinds := map[string]bool{}
		for _, l := range p.rows {
			if l.panel != label {
				continue
			}
			kinds[lossKind(l.cells[0])] = true
			for i, t := range terms {
				if err := p.add(ctx, &panel, l, t, i, len(terms)); err != nil {
					return nil, err
				}
			}
		}
		if name, _ := spelling(terms[0]); name == "loss" && len(kinds) > 1 {
			panel.Y.Label += " of different losses"
		}
		if at := slices.Index(p.x.labels, p.f.Mark); at >= 0 && p.x.values != nil {
			panel.References = append(panel.References, figure.Reference{At: p.x.values[at], Upright: true, Label: p.f.Mark})
		}
		if hasPoints(panel) || len(panel.Marks) > 0 {
			all = append(all, panel)
		}
	}
	return all, nil
}

func (p plot) panelLabels() (labels []string) {
	for _, l := range p.rows {
		if !slices.Contains(labels, l.panel) {
			labels = append(labels, l.panel)
		}
	}
	return labels
}

// lossKind is what a cell minimises.
func lossKind(c *cell) string { return c.Config.Loss + " " + c.Config.Reduction }

func hasPoints(p figure.Panel) bool {
	return slices.ContainsFunc(p.Series, func(s figure.Series) bool { return len(s.Means)+len(s.Repeats) > 0 })
}

// horizontal is the axis along which the plot goes.
func (p plot) horizontal() figure.Axis {
	switch {
	case p.f.X == study.Epoch:
		return figure.Axis{Label: "epoch", Column: study.Epoch, Whole: true, Log: slices.Contains(p.f.Log, "x")}
	case p.x.name == "":
		return figure.Axis{Label: "layer", Column: study.Layer, Whole: true, Room: 0.05}
	case p.x.values == nil:
		return figure.Axis{Label: axisWords(p.x.name), Column: p.x.name, Categories: p.x.labels}
	}
	a := figure.Axis{Label: axisWords(p.x.name), Column: p.x.name, Ticks: p.x.values, Log: wide(p.x.values)}
	if p.x.name == lrAxis {
		a.Log = slices.Min(p.x.values) >= 0 && slices.Max(p.x.values) > 0
	}
	if p.f.Log != nil {
		a.Log = slices.Contains(p.f.Log, "x") && slices.Max(p.x.values) > 0
	}
	return a
}

// wide says whether numbers, none negative, span more than a decade beside zeros.
func wide(values []float64) bool {
	least := math.Inf(1)
	for _, v := range values {
		if v < 0 {
			return false
		}
		if v > 0 {
			least = min(least, v)
		}
	}
	return slices.Max(values) > 10*least
}

// axisWords are what labels call an axis.
func axisWords(name string) string {
	words := map[string]string{lrAxis: "learning rate", "data.train": "training examples", study.Parameters: "weights and biases"}
	if long, ok := words[name]; ok {
		return long
	}
	return strings.ReplaceAll(study.Last(name), "_", " ")
}

// add draws a measure of a line.
func (p plot) add(ctx context.Context, panel *figure.Panel, l plotLine, t study.Term, at, of int) error {
	s := figure.Series{Label: l.label, Line: true, Style: figure.Style{Colour: l.style, Dash: l.style, Marker: l.style}}
	if of > 1 {
		s.Label = strings.TrimPrefix(l.label+", "+p.short(t), ", ")
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
			err = cmp.Or(err, p.alongEpochs(ctx, &s, c, t))
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
	if !p.best() {
		return l.cells
	}
	var cells []*cell
	for at := 0; at < len(l.cells); {
		end := at
		for end < len(l.cells) && p.place(l.cells[end]) == p.place(l.cells[at]) {
			end++
		}
		if c := p.r.choose(l.cells[at:end]); c != nil {
			cells = append(cells, c)
		}
		at = end
	}
	return cells
}

// alongCells has a point for each cell of a line.
func (p plot) alongCells(ctx context.Context, s *figure.Series, l plotLine, t study.Term) error {
	if p.x.values == nil {
		s.Line = false
	}
	for _, c := range p.chosen(l) {
		e, err := p.r.of(ctx, t, c)
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
	case h.Log:
		return x * math.Pow(1.04, shift)
	default:
		return x + 0.008*shift*(slices.Max(p.x.values)-slices.Min(p.x.values))
	}
}

// alongLayers has a point for each layer of a cell.
func (p plot) alongLayers(ctx context.Context, s *figure.Series, c *cell, t study.Term) error {
	for layer := 1; layer <= len(c.Config.Hidden)+1; layer++ {
		t.Layer = layer
		e, err := p.r.of(ctx, t, c)
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
	s.Style.Marker = 0
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
	for _, epoch := range measuredEpochs([]*cell{c}) {
		t.Epoch = epoch
		e, err := p.r.of(ctx, t, c)
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
func measuredEpochs(cells []*cell) (epochs []int) {
	for _, c := range cells {
		for _, one := range c.Runs {
			for _, e := range one.Measured {
				epochs = append(epochs, e.Epoch)
			}
		}
	}
	slices.Sort(epochs)
	return slices.Compact(epochs)
}

// fileWords are those that name the file of the plot.
func (p plot) fileWords() []string {
	words := []string{"plot"}
	for _, t := range p.f.Measures {
		name, split := spelling(t)
		if t.Stat == "" {
			words = append(words, split)
		}
		words = append(words, name)
	}
	return append(words, study.Last(p.f.X))
}

// shareScales makes axes of the same label all logarithmic or all linear: logarithmic where values span more than one
// can see on a linear axis.
func shareScales(panels []figure.Panel) {
	least, most, negative := map[string]float64{}, map[string]float64{}, map[string]bool{}
	for _, p := range panels {
		for _, s := range p.Series {
			for _, m := range s.Means {
				label := p.Y.Label
				if m.Y < 0 || m.Y == 0 && p.Y.Most > 0 { // shares of 0 are as good as others
					negative[label] = true
				}
				if old, met := least[label]; m.Y > 0 && (!met || m.Y < old) {
					least[label] = m.Y
				}
				most[label] = max(most[label], m.Y)
			}
		}
	}
	for i, p := range panels {
		if low := least[p.Y.Label]; low > 0 && !negative[p.Y.Label] && most[p.Y.Label] > figure.Steep*low {
			panels[i].Y.Log = true
		}
	}
}

// cells are all that the plot is about, without those that were not chosen.
func (p plot) cells() (cells []*cell) {
	for _, l := range p.rows {
		cells = append(cells, p.chosen(l)...)
	}
	return cells
}
