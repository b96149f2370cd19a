package study

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/study/source"
)

// expect reads the claims and finds the cells that they speak of.
func (d *decoder) expect(n *source.Node, s *Study) {
	claims := d.part(n, "expect", source.List, "[test_error(lr=0.1) < test_error(lr=1)]")
	if claims == nil {
		return
	}
	if len(claims.Items) > maxClaims {
		d.Add(claims.At, "there are %d claims; %d are possible", len(claims.Items), maxClaims)
		return
	}
	d.onAxis = placesOf(s.Cells)
	sound := len(d.List) == 0 // else cells may not be what they were meant to be
	for _, item := range claims.Items {
		if item.Kind != source.Scalar || item.Tag != "!!str" {
			d.Add(item.At, "a claim is a line of text, %s; found %v", claimExample, item)
			continue
		}
		c := &claimParser{decoder: d, from: item, text: item.Text, Expectation: Expectation{Text: strings.TrimSpace(item.Text)}}
		c.read()
		for side, t := range []*Term{&c.Lhs, &c.Rhs} {
			if !c.failed && !d.incomplete && t.Measure != "" {
				c.resolve(side, t, s, sound)
			}
		}
		s.Expect = append(s.Expect, c.Expectation)
	}
}

// resolve gives a term its places, of which one cell has all; several may with
// best.
func (c *claimParser) resolve(side int, t *Term, s *Study, sound bool) {
	for _, w := range c.places[side] {
		p, ok := c.place(w, s)
		if !ok {
			return
		}
		if slices.ContainsFunc(t.Where, func(q Place) bool { return q.Axis == p.Axis }) {
			c.fault(w.atName, "axis %s is given twice", p.Axis)
			return
		}
		t.Where = append(t.Where, p)
	}
	cells := s.Matching(*t)
	at := c.starts[side]
	switch {
	case len(cells) == 0 && len(c.places[side]) == 0:
		return // no cells at all, which has an error of its own
	case len(cells) == 0:
		c.fault(at, "no cell has %s together; exclude leaves it out, or no grid makes it", places(t.Where))
	case len(cells) > 1 && !t.Best:
		c.fault(at, "%d cells match %s; %s", len(cells), t.Measure, c.apart(cells, t, s))
	case sound:
		c.means(at, t, cells, s)
	}
}

func places(where []Place) string {
	var words []string
	for _, p := range where {
		words = append(words, p.String())
	}
	return strings.Join(words, ", ")
}

// Matching lists the cells that a term speaks of: one, or with Best at least
// one. A cell that has all places of the term and no further axes goes before
// those that have further ones, which blocks of also make.
func (s *Study) Matching(t Term) []*Cell {
	var cells, exact []*Cell
	for i := range s.Cells {
		c := &s.Cells[i]
		if slices.ContainsFunc(t.Where, func(p Place) bool { return c.label(p.Axis) != p.Label }) {
			continue
		}
		cells = append(cells, c)
		if len(c.Axes) == len(t.Where) {
			exact = append(exact, c)
		}
	}
	if len(exact) == 1 && !t.Best {
		return exact
	}
	return cells
}

// label is the cell's place on an axis, or "" where it is on none.
func (c *Cell) label(axis string) string {
	i := slices.IndexFunc(c.Axes, func(v AxisValue) bool { return v.Axis == axis })
	if i < 0 {
		return ""
	}
	return c.Axes[i].Label
}

// place finds the axis and the label that an argument means: by the label as
// legends have it, or by a number of the same size.
func (c *claimParser) place(w argument, s *Study) (Place, bool) {
	short := shortNames(s.Axes)
	axis := ""
	for _, a := range s.Axes {
		if a == w.name || axis == "" && short[a] == w.name {
			axis = a
		}
	}
	if axis == "" {
		hint := source.Suggest(w.name, append(slices.Clone(s.Axes), "epoch", "layer"))
		switch {
		case hint != "":
		case len(s.Axes) > 0:
			hint = "; the axes are " + source.Join(s.Axes)
		default:
			hint = "; the study has none"
		}
		c.fault(w.atName, "unknown axis %q%s", w.name, hint)
		return Place{}, false
	}
	values := c.onAxis[axis]
	var labels []string
	for _, v := range values {
		labels = append(labels, v.Label)
	}
	i := slices.Index(labels, w.value)
	if number, err := strconv.ParseFloat(strings.ReplaceAll(w.value, "_", ""), 64); i < 0 && err == nil {
		i = slices.IndexFunc(values, func(v AxisValue) bool { return v.is(number) })
	}
	if i < 0 {
		c.fault(w.atValue, "axis %s has no %s%s", axis, quoteFound(w.value), nearestLabel(w.value, labels))
		return Place{}, false
	}
	return Place{axis, labels[i]}, true
}

// is says whether the value is a number, or has the label of one.
func (v AxisValue) is(number float64) bool {
	switch x := v.Value.(type) {
	case int:
		return float64(x) == number
	case float64:
		return x == number
	}
	x, err := strconv.ParseFloat(v.Label, 64)
	return err == nil && x == number
}

// placesOf lists what the cells have on each axis, without repeats.
func placesOf(cells []Cell) map[string][]AxisValue {
	places := map[string][]AxisValue{}
	seen := map[Place]bool{}
	for i := range cells {
		for _, v := range cells[i].Axes {
			if p := (Place{v.Axis, v.Label}); !seen[p] {
				seen[p] = true
				places[v.Axis] = append(places[v.Axis], v)
			}
		}
	}
	return places
}

// nearestLabel ends a message about a value that an axis does not have.
func nearestLabel(value string, labels []string) string {
	if v, err := strconv.ParseFloat(value, 64); err == nil {
		near, least := "", math.Inf(1)
		for _, l := range labels {
			if x, err := strconv.ParseFloat(l, 64); err == nil && math.Abs(x-v) < least {
				near, least = l, math.Abs(x-v)
			}
		}
		if near != "" {
			return source.DidYouMean(near)
		}
	}
	if hint := source.Suggest(value, labels); hint != "" {
		return hint
	}
	if len(labels) > 12 {
		labels = append(slices.Clone(labels[:12]), "...")
	}
	return "; there are " + source.Join(labels)
}

// apart says what would tell the cells of a term from each other.
func (c *claimParser) apart(cells []*Cell, t *Term, s *Study) string {
	var open []string
	for _, a := range s.Axes {
		named := slices.ContainsFunc(t.Where, func(p Place) bool { return p.Axis == a })
		differs := slices.ContainsFunc(cells, func(x *Cell) bool { return x.label(a) != cells[0].label(a) })
		if !named && differs {
			open = append(open, a)
		}
	}
	if len(open) == 0 {
		return fmt.Sprintf("they differ in what is no axis (%s and %s), so no claim can name one", cells[0].Label, cells[1].Label)
	}
	first := cells[0].label(open[0])
	if first == "" {
		first = cells[1].label(open[0])
	}
	return fmt.Sprintf("name %s too, as in %s=%s, or write best", strings.Join(open, " and "), open[0], first)
}

// means refuses a measure that one of its cells does not have.
func (c *claimParser) means(at int, t *Term, cells []*Cell, s *Study) {
	m, _ := measureOf(t.Measure)
	for _, cell := range cells {
		config := &cell.Config
		of := ""
		if len(s.Cells) > 1 {
			of = " of cell " + cell.Label
		}
		layers := len(config.Hidden) + 1
		switch why := config.lacks(t.Measure); {
		case why != "":
			c.fault(at, "there is no %s%s: %s", t.Measure, of, why)
		case t.Best && len(cells) > 1 && config.lacks(s.Select) != "":
			c.fault(at, "best is chosen by %s, which there is not%s: %s", s.Select, of, config.lacks(s.Select))
		case t.Epoch >= 0 && config.measured(t.Epoch) != "":
			c.fault(at, "there is no %s at epoch %d%s: %s", t.Measure, t.Epoch, of, config.measured(t.Epoch))
		case m.Layered && !config.Log.Layers:
			c.fault(at, "there is no %s%s: log.layers is false", t.Measure, of)
		case t.Layer > layers:
			c.fault(at, "there is no layer %d%s, which has %d of weights", t.Layer, of, layers)
		case t.Epoch == 0 && (t.Measure == "gradient" || t.Measure == "update"):
			c.fault(at, "there is no %s at epoch 0, before the first step", t.Measure)
		}
		if c.failed {
			return
		}
	}
}
