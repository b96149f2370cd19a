package report

import (
	"fmt"
	"math"
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

// blocks groups cells by data set and axes.
func blocks(cells []*cell) []*block {
	earlier := replaced(cells)
	all := blocksBy(cells, func(c *cell) string {
		key := ""
		for _, a := range c.Axes {
			key += "\n" + a.Axis
		}
		if n := earlier[c]; n > 0 {
			key += fmt.Sprintf("\nformer %d", n) // beside another cell at its place it would be taken for a part of it
		}
		return key
	})
	nameBlocks(all, earlier)
	return all
}

// replaced numbers the cells of former versions whose place another cell has now, those of one place from 1.
func replaced(cells []*cell) map[*cell]int {
	taken, earlier := map[string]int{}, map[*cell]int{}
	for _, c := range cells {
		if !c.Former {
			taken[c.places()] = 1
		}
	}
	for _, c := range cells {
		if place := c.places(); c.Former {
			earlier[c] = taken[place]
			taken[place]++
		}
	}
	return earlier
}

// places are those of the cell on all axes.
func (c *cell) places() string {
	text := ""
	for _, a := range c.Axes {
		text += a.Axis + "=" + a.Label + "\n"
	}
	return text
}

// blocksBy groups cells by data set, task and a key.
func blocksBy(cells []*cell, key func(*cell) string) []*block {
	byKey := map[string]*block{}
	var all []*block
	for _, c := range cells {
		key := fmt.Sprintf("%s %t %s", c.Config.Data.Set, c.Data.Regression, key(c))
		b := byKey[key]
		if b == nil {
			b = &block{}
			byKey[key] = b
			all = append(all, b)
		}
		b.cells = append(b.cells, c)
	}
	for _, b := range all {
		b.findAxes()
	}
	return all
}

// findAxes finds the axes on which the cells differ.
func (b *block) findAxes() {
	for _, name := range axesOf(b.cells) {
		if x := newAxis(b.cells, name); len(x.labels) > 1 {
			b.axes = append(b.axes, x)
		}
	}
}

// nameBlocks names blocks, of several, by their data set or by the axes that the others of it do not have, and those of cells of
// earlier versions as such.
func nameBlocks(all []*block, earlier map[*cell]int) {
	if len(all) < 2 {
		return
	}
	taken := map[string]int{}
	for _, b := range all {
		set := b.cells[0].Config.Data.Set
		b.name, b.title = fileName(set), " ("+set+")" // a stored configuration may name any
		var own []string
		for _, name := range axesOf(b.cells) {
			if !slices.ContainsFunc(all, func(o *block) bool {
				return o != b && o.cells[0].Config.Data.Set == set && slices.Contains(axesOf(o.cells), name)
			}) {
				own = append(own, name)
			}
		}
		alone := !slices.ContainsFunc(all, func(o *block) bool { return o != b && o.cells[0].Config.Data.Set == set })
		if !alone && len(own) > 0 {
			b.name, b.title = fileName(own...), " (by "+listed(shortened(own))+")"
			if x := newAxis(b.cells, own[0]); len(own) == 1 && len(x.labels) == 1 {
				b.name, b.title = fileName(own[0], x.labels[0]), fmt.Sprintf(" (%s %s)", shortened(own)[0], x.labels[0])
			}
		}
		if earlier[b.cells[0]] > 0 {
			b.name, b.title = b.name+"-earlier", strings.TrimSuffix(b.title, ")")+", earlier version)"
		}
		taken[b.name]++
		if n := taken[b.name]; n > 1 {
			b.name, b.title = fmt.Sprintf("%s-%d", b.name, n), fmt.Sprintf("%s, %d)", strings.TrimSuffix(b.title, ")"), n)
		}
	}
}

// axesOf lists the axes that some of the cells are on.
func axesOf(cells []*cell) (names []string) {
	for _, c := range cells {
		for _, a := range c.Axes {
			if !slices.Contains(names, a.Axis) {
				names = append(names, a.Axis)
			}
		}
	}
	return names
}

// shortened are the last words of the names of axes.
func shortened(names []string) (short []string) {
	for _, name := range names {
		short = append(short, study.Last(name))
	}
	return short
}

// fileName makes the name of a file of words.
func fileName(words ...string) string {
	name := strings.ToLower(strings.Join(words, "-"))
	name = strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, name)
	parts := strings.FieldsFunc(name, func(r rune) bool { return r == '-' })
	return strings.Join(parts, "-")
}

// newAxis has what cells have on an axis of the study, or of a key, or how many parameters their networks have.
func newAxis(cells []*cell, name string) axis {
	x := axis{name: name}
	for _, c := range cells {
		v, ok := c.at(name)
		if !ok || slices.Contains(x.labels, v.Label) {
			continue
		}
		x.labels = append(x.labels, v.Label)
		x.paired = v.Value == nil
		x.values = append(x.values, v.Number())
	}
	if slices.ContainsFunc(x.values, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }) {
		x.values = nil
	}
	return x
}

// at is the cell's place on an axis of the study, the value of a key, or its number of parameters.
func (c *cell) at(axis string) (study.AxisValue, bool) {
	if axis == study.Parameters {
		n := c.Runs[0].Parameters
		return study.AxisValue{Axis: axis, Label: fmt.Sprint(n), Value: n}, n > 0
	}
	return study.PlaceOf(axis, c.axes, c.Axes, &c.Config)
}

// on gives the index of the cell's label on the axis, or -1.
func (x axis) on(c *cell) int {
	return slices.Index(x.labels, c.on(x.name))
}

// on gives the cell's label on the axis of that name.
func (c *cell) on(name string) string {
	v, _ := c.at(name)
	return v.Label
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
	return groupsBy(cells, func(c *cell) string { return b.where(c, except...) })
}

// groupsOn splits cells by their place on some axes or keys.
func groupsOn(cells []*cell, names ...string) []group {
	return groupsBy(cells, func(c *cell) string {
		var places []string
		for _, name := range names {
			if place := c.bare(name); place != "" {
				places = append(places, place)
			}
		}
		return strings.Join(places, ", ")
	})
}

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
		if place := c.bare(x.name); place != "" && !slices.Contains(except, x.name) {
			places = append(places, place)
		}
	}
	return strings.Join(places, ", ")
}

// place words the cell's position on one axis; words of a paired axis speak for themselves, bare numbers do not.
func (c *cell) place(name string) string {
	v, ok := c.at(name)
	if !ok {
		return ""
	}
	return placeLabel(v)
}

// bare is the place without the name of the axis where the label is a word that speaks for itself.
func (c *cell) bare(name string) string {
	v, ok := c.at(name)
	if words := []string{"true", "false", "none", "full"}; ok && math.IsNaN(v.Number()) && !slices.Contains(words, v.Label) {
		return v.Label
	}
	return c.place(name)
}

// placeLabel is the label of a paired row, or the last word of a key with its value.
func placeLabel(a study.AxisValue) string {
	if a.Value == nil && math.IsNaN(a.Number()) {
		return a.Label
	}
	return study.Last(a.Axis) + "=" + a.Label
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
