package report

import "slices"

// filterAxis is an axis of the study by which a reader chooses what the page shows.
type filterAxis struct {
	Name   string
	Values []filterValue
}

// filterValue is a place on the axis: its label alone, and as other labels have it ("lr=0.1"), both as figures show them.
type filterValue struct {
	Label, Place string
	whole        string // label
}

// filterAxes are those of all cells that have more than one value.
func (r *results) filterAxes() []filterAxis {
	var all []filterAxis
	at := map[string]int{}
	seen := map[[2]string]bool{}
	short := r.shortLabels()
	for _, c := range r.cells {
		for _, a := range c.Axes {
			i, known := at[a.Axis]
			if !known {
				i = len(all)
				at[a.Axis] = i
				all = append(all, filterAxis{Name: a.Axis})
			}
			if key := [2]string{a.Axis, a.Label}; !seen[key] {
				seen[key] = true
				all[i].Values = append(all[i].Values, filterValue{short.Replace(a.Label), short.Replace(placeLabel(a)), a.Label})
			}
		}
	}
	return slices.DeleteFunc(all, func(a filterAxis) bool { return len(a.Values) < 2 })
}

// filterPlaces are those of a cell on the axes, −1 on one that it has not.
func (c *cell) filterPlaces(axes []filterAxis) []int {
	all := make([]int, len(axes))
	for i, a := range axes {
		all[i] = -1
		for _, on := range c.Axes {
			if on.Axis == a.Name {
				all[i] = slices.IndexFunc(a.Values, func(v filterValue) bool { return v.whole == on.Label })
			}
		}
	}
	return all
}
