package study

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"

	"nightshift/mlp"
)

// cells expands the blocks: base, then axes, then rules, then exclude. Cells
// of the same configuration are merged into the first, with the seeds of all.
func (d *decoder) cells(blocks []block) []Cell {
	var cells []Cell
	place := map[[sha256.Size]byte]int{} // of each configuration in cells
	merged := map[int]map[Seeds]bool{}   // the seeds of cells that were merged
	labelled := map[string]bool{}
	short := shortNames(d.axisNames)
	for n, b := range blocks {
		if !d.fits(b) {
			continue
		}
		words := ""
		if n > 0 {
			words = b.describe()
		}
		first := len(cells)
		for e := range d.expand(b, short) {
			id := identity(&e.Config, fmt.Sprintf("%#v", e.Config.Data))
			i, known := place[id]
			if known {
				if merged[i] == nil {
					merged[i] = map[Seeds]bool{}
					cells[i].Seeds = add(nil, cells[i].Seeds, merged[i])
				}
				cells[i].Seeds = add(cells[i].Seeds, e.Seeds, merged[i])
			} else {
				i = len(cells)
				place[id] = i
				e.distinguish(words, labelled)
				cells = append(cells, e.Cell)
			}
			for _, v := range e.values {
				if known && i >= first {
					v.mergedInto = cells[i].Label
				} else {
					v.kept = true
				}
			}
		}
	}
	if !d.incomplete {
		d.unmatched(blocks)
		d.ineffective(blocks)
	}
	return cells
}

// distinguish labels a cell of an added block with words, what the block sets: instead of its label where it has no axes, and
// behind it where another cell has the same.
func (c *Cell) distinguish(words string, labelled map[string]bool) {
	switch {
	case words == "":
	case len(c.Axes) == 0:
		c.Label = words
	case labelled[c.Label]:
		c.Label += ", " + words
	}
	labelled[c.Label] = true
}

// fits refuses a grid too large to be looked at.
func (d *decoder) fits(b block) bool {
	n := 1.0
	for _, together := range b.dimensions() {
		n *= float64(len(b.axes[together[0]].values))
	}
	d.cellCount += n
	d.runCount += n * float64(len(b.seeds))
	switch {
	case n > maxCells:
		d.Add(b.at, "the grid has %.0f cells; %d are possible", n, maxCells)
	case n*float64(len(b.seeds)) > MaxRuns:
		d.Add(b.at, "the grid has %.0f cells of %d seeds; %d runs are possible", n, len(b.seeds), MaxRuns)
	case d.cellCount > maxCells:
		d.Add(b.at, "with this block the study has %.0f cells; %d are possible", d.cellCount, maxCells)
	case d.runCount > MaxRuns:
		d.Add(b.at, "with this block the study has %.0f runs; %d are possible", d.runCount, MaxRuns)
	default:
		return true
	}
	d.incomplete = true
	return false
}

// add appends those of the seeds that are not there already.
func add(list, seeds []Seeds, have map[Seeds]bool) []Seeds {
	for _, s := range seeds {
		if !have[s] {
			have[s] = true
			list = append(list, s)
		}
	}
	return list
}

// expanded is a cell with its places on the axes.
type expanded struct {
	Cell
	values []*axisValue
}

// dimensions lists the axes by their numbers, those that are sampled together
// as one at the place of the first of them.
func (b block) dimensions() [][]int {
	var list [][]int
	sampled := -1
	for i, a := range b.axes {
		switch {
		case !a.sampled:
			list = append(list, []int{i})
		case sampled < 0:
			sampled = len(list)
			list = append(list, []int{i})
		default:
			list[sampled] = append(list[sampled], i)
		}
	}
	return list
}

// expand lists the cells of one block, the last axis varying fastest.
func (d *decoder) expand(b block, short map[string]string) iter.Seq[expanded] {
	return func(yield func(expanded) bool) { d.expandTo(b, short, yield) }
}

func (d *decoder) expandTo(b block, short map[string]string, yield func(expanded) bool) {
	base := newState()
	base.look = d.look
	base.applyAll(b.data)
	base.applyAll(b.base)
	everywhere := map[problem]bool{}
	for _, p := range base.problems() {
		everywhere[p] = true
	}
	dimensions := b.dimensions()
	at := make([]int, len(b.axes)) // place on each axis
	for {
		var values []*axisValue
		var sets []*assignment
		s := base.clone()
		for i, a := range b.axes {
			v := a.values[at[i]]
			values = append(values, v)
			sets = append(sets, v.sets...)
			if a.paired {
				s.labels[a.name] = v.Label
			}
		}
		slices.SortStableFunc(sets, func(a, b *assignment) int { return cmp.Compare(a.level(), b.level()) })
		s.applyAll(sets)
		if !d.ruledOut(s, b) {
			if !yield(expanded{d.cell(s, b, values, short, everywhere), values}) {
				return
			}
		}
		k := len(dimensions) - 1
		for ; k >= 0; k-- {
			next := at[dimensions[k][0]] + 1
			if next == len(b.axes[dimensions[k][0]].values) {
				next = 0
			}
			for _, i := range dimensions[k] {
				at[i] = next
			}
			if next > 0 {
				break
			}
		}
		if k < 0 {
			return
		}
	}
}

// ordered says whether seeds of the order change what is trained: they shuffle
// the examples into batches, and drop units.
func (s *state) ordered() bool {
	return s.config.Batch > 0 || s.config.Dropout != mlp.Dropout{}
}

// cell makes the cell of a state, at values of the axes of its block, and reports what is impossible in it. What is so
// everywhere is that of the base.
func (d *decoder) cell(s *state, b block, values []*axisValue, short map[string]string, everywhere map[problem]bool) Cell {
	c := Cell{Config: s.config, Seeds: b.seeds}
	for _, v := range values {
		c.Axes = append(c.Axes, v.AxisValue)
	}
	c.Label = cellLabel(values, func(i int) bool { return b.axes[i].paired }, short)
	if b.orders != nil && !s.ordered() && !d.reported[fmt.Sprint(*b.orders)] {
		d.reported[fmt.Sprint(*b.orders)] = true
		d.Add(*b.orders, "with batch: full and no dropout, seeds of the order change nothing, so these runs would be copies "+
			"of one another (cell %s)", c.Label)
	}
	for _, p := range s.problems() {
		cell := " (cell " + c.Label + ")"
		if everywhere[p] {
			cell = ""
		}
		d.reportProblem(p, s, b, values, cell)
	}
	return c
}

// ruledOut applies the rules to a cell and says whether it is excluded.
func (d *decoder) ruledOut(s *state, b block) bool {
	for _, r := range b.rules {
		if s.meets(r.when) {
			r.matched = true
			s.applyAll(r.sets)
		}
	}
	for _, a := range s.decidedBy {
		a.effective = true
	}
	out := false
	for _, e := range b.excludes {
		if s.meets(e.when) {
			e.matched = true
			out = true
		}
	}
	return out
}
