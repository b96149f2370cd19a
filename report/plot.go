package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// How many lines one panel can have that no study asks for by name, and how many at all.
const (
	defaultLines = 6
	linesAtMost  = 14
)

// plot is measures along an axis in the making.
type plot struct {
	r         *results
	b         *block
	f         study.Figure
	x         axis           // along cells; without values where they are words, without labels along epochs and layers
	lines     axis           // whose values are lines; the zero axis stands for none
	rows      []plotLine     // every line of every panel
	choosable map[*cell]bool // what places choose from, where the best is shown
	among     int            // configurations that all places have to choose from, where some have more; else 0
}

// plotLine is one line of a panel: cells along x, or the one cell whose epochs or layers it goes along.
type plotLine struct {
	panel, label string
	loss         string // that is minimised, where a measure is of it and the cells have several; else ""
	style        int    // index of the line among those of its axis
	layer        int    // that it is of where lines or panels are layers; else 0
	cells        []*cell
}

// plots draws measures against an axis.
func plots(ctx context.Context, r *results, b *block, f study.Figure) ([]figure.Figure, error) {
	p := newPlot(r, b, f)
	omitted := append(p.limit(), p.tuned()...)
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
	if f.X == study.Epoch {
		ownEpochs(drawn.Panels)
	}
	if f.Log != nil {
		for i, panel := range drawn.Panels {
			drawn.Panels[i].Y.Log = slices.Contains(f.Log, "y") && panel.Highest() > 0
		}
	}
	drawn.Warnings = slices.Concat(omitted, p.warnings())
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
			labels[c.axisLabel(p.x.name)] = true
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
	} else if f.Lines == "" && !p.choosesBest() {
		if open := b.freeAxes(b.cells, fixed...); len(open) > 0 {
			p.lines = b.lineAxis(defaultLines/len(f.Measures), b.axesExcept(open)...)
			fixed = append(fixed, p.lines.name)
		}
	}
	var open []string // axes that tell panels apart besides the one that is named
	if !p.choosesBest() {
		open = b.freeAxes(b.cells, fixed...)
	}
	several := ofLoss(f.Measures) && len(mixed(b.cells)) > 0
	for _, c := range b.cells {
		for _, line := range p.linesOf(c, open) {
			if several {
				line.loss = minimised(c)
				line.panel = titled(line.panel, line.loss)
			}
			at := slices.IndexFunc(p.rows, func(l plotLine) bool { return l.panel == line.panel && l.label == line.label })
			if at < 0 || p.x.name == "" && !p.choosesBest() {
				p.rows = append(p.rows, line)
			} else {
				p.rows[at].cells = append(p.rows[at].cells, c)
			}
		}
	}
	p.order()
	return p
}

// lastLayer is the number of a cell's last layer that a measure is drawn of. What activations are like is said of hidden units:
// outputs are probabilities, which cannot be compared with them.
func lastLayer(c *cell, measure string) int {
	last := len(c.Config.Hidden) + 1
	if slices.Contains([]string{"mean", "sd", "saturated", deadUnits}, measure) {
		last--
	}
	return last
}

// linesOf are the lines that a cell is on: one, or one for each of its layers.
func (p plot) linesOf(c *cell, open []string) (lines []plotLine) {
	line := plotLine{label: p.lineLabel(c), style: max(0, p.lines.index(c)), panel: p.panelLabel(c, open), cells: []*cell{c}}
	if p.f.Lines != study.Layer && p.f.Panels != study.Layer {
		return []plotLine{line}
	}
	for layer := 1; layer <= lastLayer(c, p.f.Measures[0].Measure); layer++ {
		one := line
		one.layer = layer
		name := fmt.Sprintf("layer %d", layer)
		if p.f.Lines == study.Layer {
			one.label, one.style = name, layer-1
		} else {
			one.panel = titled(name, one.panel)
		}
		lines = append(lines, one)
	}
	return lines
}

// choosesBest says whether one cell is chosen at each place.
func (p plot) choosesBest() bool {
	return slices.ContainsFunc(p.f.Measures, func(t study.Term) bool { return t.Best })
}

// freeAxes are the axes on which cells differ that are at the same place on all of some axes.
func (b *block) freeAxes(cells []*cell, fixed ...string) (names []string) {
	for _, x := range b.axes {
		if slices.Contains(fixed, x.name) {
			continue
		}
		seen := map[string]string{}
		for _, c := range cells {
			key := ""
			for _, f := range fixed {
				key += "\n" + c.axisLabel(f)
			}
			for _, other := range names {
				key += "\n" + c.axisLabel(other)
			}
			label := c.axisLabel(x.name)
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

// lineLabel is the place of a cell on the axis of the lines; "" where there is none.
func (p plot) lineLabel(c *cell) string {
	if p.lines.name == "" {
		return ""
	}
	return c.shortPlace(p.lines.name)
}

// panelLabel is the place of a cell on the axis of the panels, and on the open axes, which neither x nor lines show.
func (p plot) panelLabel(c *cell, open []string) string {
	return c.shortPlaces(append([]string{p.f.Panels}, open...))
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
				if v < p.lines.values[p.lines.index(p.rows[i].cells[0])] {
					n++
				}
			}
			p.rows[i].style = n
		}
	}
}

// place is where a cell stands along x: at its number, or at the index of its word.
func (p plot) place(c *cell) float64 {
	switch at := p.x.index(c); {
	case p.x.name == "" || at < 0:
		return 0
	case p.x.values != nil:
		return p.x.values[at]
	default:
		return float64(at)
	}
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

// ofShares says whether all that is drawn are shares of runs, among which those that diverged count.
func (p plot) ofShares() bool {
	return !slices.ContainsFunc(p.f.Measures, func(t study.Term) bool { return t.Stat != "share" && t.Measure != "diverged" })
}

// warnings are those of the cells that are drawn.
func (p plot) warnings() []string {
	switch {
	case !p.ofShares():
		return p.b.warnings(p.cells())
	case p.f.Measures[0].Measure == "diverged":
		return p.b.missing(once(p.cells()))
	}
	return p.b.shareWarnings(p.cells())
}

// units words what one repeat is, and how many there are.
func (p plot) units() string {
	if !p.ofShares() {
		return unitsOf(p.cells())
	}
	var designs []stat.Design
	for _, c := range p.cells() {
		if d := stat.Classify(runsOf(append(c.Finished(), c.With(store.Diverged)...), nil)); d.Units() > 0 {
			designs = append(designs, d)
		}
	}
	return verdict.UnitWords(designs...)
}

// cells are all that the plot is about, without those that were not chosen.
func (p plot) cells() (cells []*cell) {
	for _, l := range p.rows {
		cells = append(cells, p.chosen(l)...)
	}
	return cells
}
