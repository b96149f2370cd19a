package study

import (
	"math"
	"slices"
	"strconv"
)

// axisNamed is the axis of a name, which is all of it or its last word; "" where there is none.
func (s *Study) axisNamed(name string) string {
	short := shortNames(s.Axes)
	axis := ""
	for _, a := range s.Axes {
		if a == name || axis == "" && short[a] == name {
			axis = a
		}
	}
	return axis
}

// PlaceOf is where a cell stands on an axis or, of a key that is no axis of the study, the value that it has;
// false where it has neither. axes are those of the cell, all those of the study.
func PlaceOf(axis string, all []string, axes []AxisValue, c *Config) (AxisValue, bool) {
	if at := slices.IndexFunc(axes, func(v AxisValue) bool { return v.Axis == axis }); at >= 0 {
		return axes[at], true
	}
	k := keys.Find(axis)
	if k == nil || slices.Contains(all, axis) {
		return AxisValue{}, false
	}
	v, ok := (&state{config: *c}).get(k)
	if !ok {
		return AxisValue{}, false
	}
	a := &assignment{key: k, value: v}
	text := label(a, 4)
	if chosen, ok := v.(Chosen); ok { // with all that it has, of which nothing was written
		for name := range chosen.Params {
			chosen.Written = append(chosen.Written, name)
		}
		slices.Sort(chosen.Written)
		a.value = chosen
		text = label(a, 4)
	}
	return AxisValue{axis, text, plainValue(a, text)}, true
}

// Number is the value as a number: that of a plain axis, or the label of a row that is one; NaN for words. The full
// batch is larger than any other.
func (v AxisValue) Number() float64 {
	if v.Axis == "batch" && v.Label == "full" {
		return math.Inf(1)
	}
	switch x := v.Value.(type) {
	case int:
		return float64(x)
	case float64:
		return x
	}
	x, err := strconv.ParseFloat(v.Label, 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// valuesOn lists what the cells have on an axis or of a key, in their order.
func (s *Study) valuesOn(axis string) []AxisValue {
	var values []AxisValue
	seen := map[string]bool{}
	for i := range s.Cells {
		if v, ok := PlaceOf(axis, s.Axes, s.Cells[i].Axes, &s.Cells[i].Config); ok && !seen[v.Label] {
			seen[v.Label] = true
			values = append(values, v)
		}
	}
	return values
}

// Shows says whether a cell is one of those that the figure is about: at a place that it asks for, and on every axis
// that it names. all are the axes of the study.
func (f Figure) Shows(all []string, axes []AxisValue, c *Config) bool {
	for _, w := range f.Where {
		if v, ok := PlaceOf(w.Axis, all, axes, c); !ok || !slices.Contains(w.Labels, v.Label) {
			return false
		}
	}
	for _, axis := range f.axes() {
		if _, ok := PlaceOf(axis, all, axes, c); !ok {
			return false
		}
	}
	return true
}

// Plain says which of some cells have no further axes than others of them, as blocks of also add: those are what a
// figure is about that does not name these axes.
func Plain(cells [][]AxisValue) []bool {
	sets := map[string]map[string]bool{}
	key := func(axes []AxisValue) (names string) {
		for _, a := range axes {
			names += a.Axis + "\n"
		}
		return names
	}
	for _, axes := range cells {
		set := map[string]bool{}
		for _, a := range axes {
			set[a.Axis] = true
		}
		sets[key(axes)] = set
	}
	plain := map[string]bool{}
	for k, set := range sets {
		plain[k] = true
		for _, other := range sets {
			if len(other) < len(set) && within(other, set) {
				plain[k] = false
			}
		}
	}
	list := make([]bool, len(cells))
	for i, axes := range cells {
		list[i] = plain[key(axes)]
	}
	return list
}

// within says whether a set has nothing that another does not have.
func within(set, other map[string]bool) bool {
	for name := range set {
		if !other[name] {
			return false
		}
	}
	return true
}

// axes are those of cells that the figure names.
func (f Figure) axes() []string {
	return slices.DeleteFunc([]string{f.X, f.Y, f.Lines, f.Panels, f.By},
		func(a string) bool { return a == "" || slices.Contains(otherAxes(), a) })
}

// NamesAxes says whether the figure says what it is drawn along.
func (f Figure) NamesAxes() bool { return f.X+f.Y+f.Lines+f.Panels+f.By != "" }

// along says whether the figure names one of its axes so.
func (f Figure) along(name string) bool {
	return slices.Contains([]string{f.X, f.Y, f.Lines, f.Panels, f.By}, name)
}
