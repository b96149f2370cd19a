package report

import (
	"fmt"
	"slices"
	"strings"
)

// block is the part of a study whose cells can be compared in one figure: the
// same data set and the same axes, and no two cells of one place.
type block struct {
	name  string // "" if it is the only one
	title string // " (name)" or ""
	cells []*cell
	axes  []axis // those that have more than one value
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

// lineAxis is the axis whose values become lines of one panel, with no more than
// most of them: a paired one if there is one, else one of words, else one of
// numbers, and the last of several. The zero axis stands for none.
func (b *block) lineAxis(most int, except ...string) axis {
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
