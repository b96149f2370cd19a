package study

import (
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/study/source"
)

// everywhere refuses a claim that goes over no axes, or whose terms are not told
// apart at their places.
func (c *claimParser) everywhere(s *Study) {
	if c.instances > maxInstances {
		c.failed = true // as was said of the first claim with which there are so many
		return
	}
	var open []string
	var first *claimTerm
	places := 0
	for _, t := range c.terms() {
		axes := t.openAxes(t.cells)
		switch {
		case t.Best:
			c.fault(t.start, "best chooses among the cells that everywhere goes through; leave one of the two out")
		case len(axes) > 0 && first == nil:
			open, first = axes, t
		case len(axes) > 0 && !slices.Equal(axes, open):
			c.fault(t.start, "%s leaves %s open and %s %s; everywhere goes over axes that all of them leave open",
				first.spelled(),
				source.Join(open), t.spelled(), source.Join(axes))
		}
		if c.failed {
			return
		}
	}
	if first == nil {
		c.fault(0, "everywhere goes over the axes that a claim leaves out, and this one leaves none out")
		return
	}
	common := map[string]int{} // terms that have a cell at a place
	terms := 0
	for _, t := range c.terms() {
		if len(t.openAxes(t.cells)) == 0 {
			continue
		}
		terms++
		for place, cells := range byPlace(t.cells, open) {
			if c.single(t, cells, s); c.failed {
				return
			}
			common[place]++
			places++
		}
	}
	if c.instances += places; c.instances > maxInstances {
		c.fault(0, "with this claim, everywhere goes over more than %d cells", maxInstances)
		return
	}
	for _, n := range common {
		if n == terms {
			return
		}
	}
	c.fault(first.start, "no place on %s has a cell of every term", source.Join(open))
}

// byPlace sorts cells by what they have on some axes.
func byPlace(cells []*Cell, axes []string) map[string][]*Cell {
	at := map[string][]*Cell{}
	for _, c := range cells {
		key := c.placeKey(axes)
		at[key] = append(at[key], c)
	}
	return at
}

// placeKey is a text that is the same for cells at one place on the axes.
func (c *Cell) placeKey(axes []string) string {
	var b strings.Builder
	for _, axis := range axes {
		b.WriteString(strconv.Quote(c.label(axis)))
	}
	return b.String()
}

// openAxes lists the axes that a term does not name and on which the cells that
// it matches differ.
func (t Term) openAxes(cells []*Cell) []string {
	var open []string
	for _, c := range cells {
		for _, v := range slices.Concat(c.Axes, cells[0].Axes) {
			named := v.Axis == t.Axis || slices.ContainsFunc(t.Where, func(p Place) bool { return p.Axis == v.Axis })
			if !named && c.label(v.Axis) != cells[0].label(v.Axis) && !slices.Contains(open, v.Axis) {
				open = append(open, v.Axis)
			}
		}
	}
	slices.Sort(open)
	return open
}

// Instances lists what a claim says everywhere: one claim for each place, on the
// axes that it leaves open, at which every term has a cell. Of any other claim
// it is the claim itself. Where both sides would be the same there is nothing to
// claim.
func (s *Study) Instances(e Expectation) []Expectation {
	if !e.Everywhere {
		return []Expectation{e}
	}
	terms := slices.Concat(e.Lhs.Terms, e.Rhs.Terms)
	var open []string
	var along []*Cell                              // of the first term with open axes
	have := make([]map[string][]*Cell, len(terms)) // nil for a term that names all of its axes
	for i, t := range terms {
		cells := s.Matching(t)
		axes := t.openAxes(cells)
		if len(axes) == 0 {
			continue
		}
		if open == nil {
			open, along = axes, cells
		}
		have[i] = byPlace(cells, open)
	}
	var all []Expectation
	seen := map[string]bool{}
	for _, c := range along {
		key := c.placeKey(open)
		if seen[key] {
			continue
		}
		seen[key] = true
		missing := slices.ContainsFunc(have, func(at map[string][]*Cell) bool { return at != nil && len(at[key]) == 0 })
		if one := e.at(c, open, have); !missing && !one.trivial() {
			all = append(all, one)
		}
	}
	return all
}

// at is the claim at the place that a cell has on the open axes, of the terms that
// have cells by place.
func (e Expectation) at(c *Cell, open []string, have []map[string][]*Cell) Expectation {
	e.Everywhere = false
	i := 0
	for _, x := range []*Expr{&e.Lhs, &e.Rhs} {
		x.Terms = slices.Clone(x.Terms)
		for j := range x.Terms {
			t := &x.Terms[j]
			t.Where = slices.Clone(t.Where)
			for _, axis := range open {
				if have[i] != nil {
					t.Where = append(t.Where, Place{axis, c.label(axis)})
				}
			}
			i++
		}
	}
	e.Text = e.String()
	return e
}

// trivial says whether the terms of a claim cancel, so that its sides differ by a
// number whatever was measured.
func (e Expectation) trivial() bool {
	sum := map[string]float64{}
	for side, x := range []Expr{e.Lhs, e.Rhs} {
		for _, t := range x.Terms {
			t.Where = slices.Clone(t.Where)
			slices.SortFunc(t.Where, func(p, q Place) int { return strings.Compare(p.Axis, q.Axis) })
			sum[t.Statistic()] += t.Number * float64(1-2*side)
		}
	}
	for _, v := range sum {
		if v != 0 {
			return false
		}
	}
	return true
}
