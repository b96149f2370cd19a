package report

import (
	"slices"
	"strings"
)

// group is a set of cells that share their place on some axes.
type group struct {
	label string // of the shared places; "" if there is but one group
	cells []*cell
}

// groups splits cells by their place on the axes that are not named in except.
func (b *block) groups(cells []*cell, except ...string) []group {
	return groupsBy(cells, func(c *cell) string { return b.where(c, except...) })
}

// groupsOn splits cells by their place on some axes or keys.
func groupsOn(cells []*cell, names ...string) []group {
	return groupsBy(cells, func(c *cell) string { return c.shortPlaces(names) })
}

// groupsBy splits cells by a label, in the order in which labels come.
func groupsBy(cells []*cell, label func(*cell) string) []group {
	var all []group
	at := map[string]int{}
	for _, c := range cells {
		label := label(c)
		i, ok := at[label]
		if !ok {
			i = len(all)
			at[label] = i
			all = append(all, group{label: label})
		}
		all[i].cells = append(all[i].cells, c)
	}
	return all
}

// where words the cell's place on the axes that vary in the block, apart from
// those named.
func (b *block) where(c *cell, except ...string) string {
	var places []string
	for _, x := range b.axes {
		if place := c.shortPlace(x.name); place != "" && !slices.Contains(except, x.name) {
			places = append(places, place)
		}
	}
	return strings.Join(places, ", ")
}
