package study

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/nearest"
	"nightshift/internal/study/source"
)

// expect reads the claims and finds the cells that they are about.
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
	open := 0                 // parentheses of a claim that commas have taken apart on its line, which is told once
	for i, item := range claims.Items {
		if open > 0 && item.At.Line == claims.Items[i-1].At.Line {
			open += strings.Count(item.Text, "(") - strings.Count(item.Text, ")")
			continue
		}
		if item.Kind != source.Scalar || item.Tag != "!!str" {
			d.Add(item.At, "a claim is a line of text, %s; found %v", claimExample, item)
			continue
		}
		c := &claimParser{decoder: d, from: item, text: item.Text, Expectation: Expectation{Text: strings.TrimSpace(item.Text)}}
		open = 0
		c.read()
		if c.failed {
			open = max(0, strings.Count(item.Text, "(")-strings.Count(item.Text, ")"))
		} else {
			c.sense()
		}
		if !c.failed && !d.incomplete {
			c.resolve(s, sound)
		}
		s.Expect = append(s.Expect, c.Expectation)
	}
}

// terms lists those of both sides.
func (c *claimParser) terms() []*claimTerm { return slices.Concat(c.sides[0], c.sides[1]) }

// resolve gives the terms their places, and looks whether what they say of their
// cells can mean anything.
func (c *claimParser) resolve(s *Study, sound bool) {
	for side, x := range []*Expr{&c.Lhs, &c.Rhs} {
		for _, t := range c.sides[side] {
			c.locate(t, s)
			x.Terms = append(x.Terms, t.Term)
		}
	}
	if c.failed || len(s.Cells) == 0 { // which has an error of its own
		return
	}
	if c.trivial() {
		c.fault(c.atSum[0], "the terms cancel, so nothing that is measured decides the claim")
	} else if c.Everywhere {
		c.everywhere(s)
	}
	for _, t := range c.terms() {
		if !c.Everywhere && !c.failed {
			c.single(t, t.cells, s)
		}
		if sound && !c.failed {
			c.checkMeasured(t, s)
		}
		if sound && !c.failed {
			c.enough(t, s)
		}
	}
}

// locate finds the places of a term, of which some cell has all, and the axis of
// a trend.
func (c *claimParser) locate(t *claimTerm, s *Study) {
	for _, a := range t.args {
		p, ok := c.place(a, s)
		if !ok {
			return
		}
		if slices.ContainsFunc(t.Where, func(q Place) bool { return q.Axis == p.Axis }) {
			c.fault(a.atName, "axis %s is given twice", p.Axis)
			return
		}
		t.Where = append(t.Where, p)
	}
	if t.Stat == "trend" {
		if t.Axis = c.axis(t.along, s); t.Axis == "" {
			return
		}
		for i, p := range t.Where {
			if p.Axis == t.Axis {
				c.fault(t.args[i].atName, "the trend goes along %s, so its measure names no %s", t.Axis, t.Axis)
				return
			}
		}
	}
	if t.cells = s.Matching(t.Term); len(t.cells) == 0 && len(s.Cells) > 0 {
		where := places(t.Where)
		if t.Stat == "trend" {
			where = strings.TrimPrefix(where+" and a place on "+t.Axis, " and ")
		}
		c.fault(t.start, "no cell has %s together; exclude leaves it out, or no grid makes it", where)
	}
}

// single refuses a term of several cells that nothing tells apart. Those of a
// trend have to be on places of their own.
func (c *claimParser) single(t *claimTerm, cells []*Cell, s *Study) {
	what := t.spelled()
	if t.Stat == "trend" {
		for i := range cells[1:] {
			if pair := cells[i : i+2]; pair[0].label(t.Axis) == pair[1].label(t.Axis) {
				c.fault(t.start, "two cells match %s at %s=%s; %s", what, t.Axis, pair[0].label(t.Axis),
					distinguishingAxes(pair, t.Term, s, ""))
				return
			}
		}
	} else if len(cells) > 1 && !t.Best {
		or := ", or write best"
		if c.Everywhere {
			or = ""
		}
		c.fault(t.start, "%d cells match %s; %s", len(cells), what, distinguishingAxes(cells, t.Term, s, or))
	}
}

// spelled is the name of what the term measures.
func (t Term) spelled() string {
	if t.Measure == "" {
		return t.Stat
	}
	return spelled(t.Measure)
}

func places(where []Place) string {
	var words []string
	for _, p := range where {
		words = append(words, p.String())
	}
	return strings.Join(words, ", ")
}

// place finds the axis and the label that an argument means: by the label as
// legends have it, or by a number of the same size.
func (c *claimParser) place(w argument, s *Study) (Place, bool) {
	axis := c.axis(w, s)
	if axis == "" {
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

// axis finds the axis of a name, which is all of it or its last word; "" after a
// mistake.
func (c *claimParser) axis(w argument, s *Study) string {
	axis := s.axisNamed(w.name)
	if axis == "" {
		hint := nearest.Suggest(w.name, append(slices.Clone(s.Axes), "epoch", "layer"))
		switch {
		case hint != "":
		case len(s.Axes) > 0:
			hint = "; the axes are " + source.Join(s.Axes)
		default:
			hint = "; the study has none"
		}
		c.fault(w.atName, "unknown axis %q%s", w.name, hint)
	}
	return axis
}

// is says whether the value is a number, or has the label of one.
func (v AxisValue) is(number float64) bool {
	return v.Number() == number
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
			return nearest.DidYouMean(near)
		}
	}
	if hint := nearest.Suggest(value, labels); hint != "" {
		return hint
	}
	if len(labels) > 12 {
		labels = append(slices.Clone(labels[:12]), "...")
	}
	return "; there are " + source.Join(labels)
}
