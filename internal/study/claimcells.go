package study

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Matching lists the cells that a term is about: one; with Best at least one; for a trend those with a number on its axis. A
// cell on all places of the term without further axes is preferred to cells with further axes, which blocks of also make.
func (s *Study) Matching(t Term) []*Cell {
	named := len(t.Where)
	if t.Axis != "" {
		named++
	}
	var cells, exact []*Cell
	for i := range s.Cells {
		c := &s.Cells[i]
		if slices.ContainsFunc(t.Where, func(p Place) bool { return c.label(p.Axis) != p.Label }) ||
			t.Axis != "" && c.label(t.Axis) == "" {
			continue
		}
		cells = append(cells, c)
		if len(c.Axes) == named {
			exact = append(exact, c)
		}
	}
	switch {
	case t.Axis != "":
		if len(exact) > 0 {
			cells = exact
		}
		slices.SortStableFunc(cells, func(a, b *Cell) int { return cmp.Compare(a.on(t.Axis), b.on(t.Axis)) })
	case len(exact) == 1 && !t.Best:
		return exact
	}
	return cells
}

// axis is the cell's place on an axis; the zero value where it is on none.
func (c *Cell) axis(name string) AxisValue {
	if i := slices.IndexFunc(c.Axes, func(v AxisValue) bool { return v.Axis == name }); i >= 0 {
		return c.Axes[i]
	}
	return AxisValue{}
}

// label is the cell's place on an axis, or "" where it is on none.
func (c *Cell) label(axis string) string { return c.axis(axis).Label }

// on is the number that the cell has on an axis, NaN for a word or where it is on no place.
func (c *Cell) on(axis string) float64 { return c.axis(axis).Number() }

// distinguishingAxes says what would tell the cells of a term from each other; or is what else
// could be done.
func distinguishingAxes(cells []*Cell, t Term, s *Study, or string) string {
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
	return fmt.Sprintf("name %s too, as in %s=%s%s", strings.Join(open, " and "), open[0], first, or)
}
