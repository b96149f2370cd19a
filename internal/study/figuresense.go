package study

import (
	"slices"

	"nightshift/internal/study/source"
)

// shows refuses a measure that the figure cannot show whatever the cells are, and gives the term its layer and epoch.
func (c *claimParser) shows(t *claimTerm, f *Figure) {
	m, _ := measureOf(spelled(t.Measure))
	name := t.spelled()
	if at := c.space(); at < len(c.text) {
		c.fault(at, "%q follows a measure that ends before it", c.text[at:])
	}
	switch {
	case t.Stat == "trend":
		c.fault(0, "a figure shows the measure itself along x; its title says what the trend is")
	case len(t.args) > 0:
		c.fault(t.args[0].atName, "the cells of a figure stand under where, as in where: {%s: %s}", t.args[0].name, t.args[0].value)
	case t.Layer > 0 && f.Layer > 0 || t.Epoch >= 0 && f.Epoch >= 0:
		c.fault(t.start, "where says the layer or the epoch of %s already", name)
	case m.Layered && t.Layer == 0 && f.Layer == 0 && !f.along(Layer):
		c.fault(t.start, "%s is of a layer; say of which, as in where: {layer: 1}, or draw it along layer", name)
	case m.Layered && f.along(Layer) && t.Layer+f.Layer > 0:
		c.fault(t.start, "the figure goes along layer, so it names no layer")
	case !m.Layered && f.along(Layer):
		c.fault(t.start, "%s is not of a layer, so no figure of it goes along layer", name)
	case f.along(Epoch) && (m.Whole || t.alone()):
		c.fault(t.start, "%s is of the whole training, so no figure of it goes along epoch", name)
	case f.along(Epoch) && t.Epoch >= 0 || f.along(Epoch) && f.Epoch >= 0:
		c.fault(t.start, "the figure goes along epoch, so it names no epoch")
	case (m.Whole || t.alone()) && f.Epoch >= 0:
		c.fault(t.start, "%s is of the whole training, not of an epoch", name)
	}
	if m.Layered {
		t.Layer = max(t.Layer, f.Layer)
	}
	t.Epoch = max(t.Epoch, f.Epoch)
}

// shown refuses a figure of no cell, and one of a measure that none of its cells has.
func (d *decoder) shown(f *Figure, n *source.Node, s *Study) {
	if len(s.Cells) == 0 { // which has an error of its own
		return
	}
	cells := s.Shown(*f)
	if len(cells) == 0 {
		d.Add(n.At, "no cell has what figure %s asks for together", f.Kind)
		return
	}
	for _, t := range f.Measures {
		why := ""
		for _, c := range cells {
			if why = c.Config.lacksTerm(t); why == "" {
				break
			}
		}
		if why != "" {
			d.Add(n.At, "there is no %s for figure %s: %s", t.spelled(), f.Kind, why)
		}
	}
}

// Shown lists the cells that a figure is about.
func (s *Study) Shown(f Figure) []*Cell {
	var cells []*Cell
	var axes [][]AxisValue
	for i := range s.Cells {
		if c := &s.Cells[i]; f.Shows(s.Axes, c.Axes, &c.Config) {
			cells, axes = append(cells, c), append(axes, c.Axes)
		}
	}
	if f.NamesAxes() {
		plain, at := Plain(axes), -1
		cells = slices.DeleteFunc(cells, func(*Cell) bool { at++; return !plain[at] })
	}
	return cells
}

// lacksTerm says why a configuration has no such measure; "" if it has, where the night logs it.
func (c *Config) lacksTerm(t Term) string {
	if why := c.lacks(t.Measure); why != "" {
		return why
	}
	if t.Epoch >= 0 {
		return c.measured(t.Epoch)
	}
	return ""
}

// Lacks says what a figure needs that the study will not have, though nothing is wrong with the request: layers that are
// not logged, an axis with one value; "" for nothing.
func (s *Study) Lacks(f Figure) string {
	cells := s.Shown(f)
	for _, t := range f.Measures {
		m, _ := measureOf(spelled(t.Measure))
		if (m.Weights || t.kind() == distances || t.kind() == barriers) && s.Keep.Weights == "none" {
			return t.spelled() + " is of kept weights, and none are kept; say keep: {weights: final}"
		}
		if m.Layered && !m.Weights && !slices.ContainsFunc(cells, func(c *Cell) bool { return c.Config.Log.Layers }) {
			return t.spelled() + " is of layers, and log.layers is false"
		}
		if m.Layered && t.Layer > 0 && !slices.ContainsFunc(cells, func(c *Cell) bool { return t.Layer <= len(c.Config.Hidden)+1 }) {
			return "no network that it shows has so many layers"
		}
	}
	for _, axis := range f.axes() {
		labels := map[string]bool{}
		for _, c := range cells {
			v, _ := PlaceOf(axis, s.Axes, c.Axes, &c.Config)
			labels[v.Label] = true
		}
		if len(labels) == 1 {
			return "all that it shows has one value of " + axis
		}
	}
	return ""
}
