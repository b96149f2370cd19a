package report

import (
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/study"
)

// block is the part of a study whose cells can be compared in one figure: the
// same data set and the same axes, and no two cells of one place.
type block struct {
	name  string // "" if it is the only one
	title string // " (name)" or ""
	cells []*cell
	axes  []axis // those that have more than one value
}

// axis is one dimension of a block with its values in the order written.
type axis struct {
	name   string
	labels []string
	values []float64 // of each label; nil if they are not numbers
	paired bool      // its rows set several keys and speak for themselves
}

func blocks(cells []*cell) []*block {
	byKey := map[string]*block{}
	var all []*block
	taken := map[string]bool{} // places on axes of the newest version
	for _, c := range cells {
		if !c.Former {
			taken[c.places()] = true
		}
	}
	for _, c := range cells {
		key := fmt.Sprintf("%s %t", c.Config.Data.Set, c.Data.Regression)
		for _, a := range c.Axes {
			key += "\n" + a.Axis
		}
		if c.Former && taken[c.places()] {
			key += "\nformer" // beside the cell that has its place now it would be taken for a part of it
		}
		b := byKey[key]
		if b == nil {
			b = &block{}
			byKey[key] = b
			all = append(all, b)
		}
		b.cells = append(b.cells, c)
	}
	names := map[string]int{}
	for _, b := range all {
		for i, a := range b.cells[0].Axes {
			if x := newAxis(b.cells, i, a.Axis); len(x.labels) > 1 {
				b.axes = append(b.axes, x)
			}
		}
		if len(all) > 1 {
			set := b.cells[0].Config.Data.Set
			if c := b.cells[0]; c.Former && taken[c.places()] {
				set += "-earlier"
			}
			if names[set]++; names[set] > 1 {
				set = fmt.Sprintf("%s-%d", set, names[set])
			}
			b.name, b.title = set, " ("+set+")"
		}
	}
	return all
}

// places are those of the cell on all axes.
func (c *cell) places() string {
	text := ""
	for _, a := range c.Axes {
		text += a.Axis + "=" + a.Label + "\n"
	}
	return text
}

func newAxis(cells []*cell, at int, name string) axis {
	x := axis{name: name}
	numeric := true
	for _, c := range cells {
		v := c.Axes[at]
		if slices.Contains(x.labels, v.Label) {
			continue
		}
		x.labels = append(x.labels, v.Label)
		x.paired = v.Value == nil
		number, ok := v.Value.(float64)
		numeric = numeric && ok
		x.values = append(x.values, number)
	}
	if !numeric {
		x.values = nil
	}
	return x
}

// on gives the index of the cell's label on the axis, or -1.
func (x axis) on(c *cell) int {
	return slices.Index(x.labels, c.on(x.name))
}

// on gives the cell's label on the axis of that name.
func (c *cell) on(name string) string {
	for _, a := range c.Axes {
		if a.Axis == name {
			return a.Label
		}
	}
	return ""
}

// axis finds one of the block's axes by its name.
func (b *block) axis(names ...string) (axis, bool) {
	for _, x := range b.axes {
		if slices.Contains(names, x.name) {
			return x, true
		}
	}
	return axis{}, false
}

// group is a set of cells that share their place on some axes.
type group struct {
	label string // of the shared places; "" if there is but one group
	cells []*cell
}

// groups splits cells by their place on the axes that are not named in except.
func (b *block) groups(cells []*cell, except ...string) []group {
	var all []group
	at := map[string]int{}
	for _, c := range cells {
		label := b.where(c, except...)
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
		if !slices.Contains(except, x.name) {
			places = append(places, c.place(x.name))
		}
	}
	return strings.Join(places, ", ")
}

// place words the cell's position on one axis; the rows of a paired axis speak
// for themselves.
func (c *cell) place(name string) string {
	for _, a := range c.Axes {
		if a.Axis == name {
			return placeLabel(a)
		}
	}
	return ""
}

// placeLabel is the label of a paired row, or the last word of a key with its value.
func placeLabel(a study.AxisValue) string {
	if a.Value == nil {
		return a.Label
	}
	return a.Axis[strings.LastIndex(a.Axis, ".")+1:] + "=" + a.Label
}

// lines is the axis whose values become lines of one panel, with no more than
// most of them: a paired one if there is one, else one of words, else one of
// numbers, and the last of several. The zero axis stands for none.
func (b *block) lines(most int, except ...string) axis {
	rank := func(x axis) int {
		switch {
		case x.paired:
			return 3
		case x.values == nil:
			return 2
		}
		return 1
	}
	var chosen axis
	best := 0
	for _, x := range b.axes {
		if len(x.labels) <= most && !slices.Contains(except, x.name) && rank(x) >= best {
			chosen, best = x, rank(x)
		}
	}
	return chosen
}

// file names a figure of the block.
func (b *block) file(kind string) string {
	if b.name == "" {
		return kind
	}
	return kind + "-" + b.name
}
