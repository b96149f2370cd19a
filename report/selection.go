package report

import (
	"cmp"
	"fmt"
	"slices"

	"nightshift/internal/verdict"
)

// selection is what configurations are chosen by: a measure on the validation
// split, never on test.
func (r *results) selection(b *block) measure { return measures[r.Selection(b.cells[0].Cell).Name] }

// choose picks the cell with the best mean on validation, or nil if no cell has
// a validation split.
func (r *results) choose(cells []*cell) *cell {
	if r.rank == nil {
		r.rankAll()
	}
	var best *cell
	for _, c := range cells {
		if at, ok := r.rank[c]; ok && (best == nil || at < r.rank[best]) {
			best = c
		}
	}
	return best
}

// rankAll ranks all cells at once, since figures choose among the same ones again and again. Classifications and
// regressions, which are never in one choice, are ranked apart.
func (r *results) rankAll() {
	r.rank = map[*cell]int{}
	at := map[*verdict.Cell]*cell{}
	var classes, regressions []*verdict.Cell
	for _, c := range r.cells {
		at[c.Cell] = c
		if c.Regression() {
			regressions = append(regressions, c.Cell)
		} else {
			classes = append(classes, c.Cell)
		}
	}
	for _, kind := range [][]*verdict.Cell{classes, regressions} {
		for i, c := range r.Ranked(kind) {
			r.rank[at[c]] = i
		}
	}
}

// unchosen says why validation chooses none of some cells.
func (r *results) unchosen(cells []*cell) string {
	if slices.ContainsFunc(cells, func(c *cell) bool { return c.Config.Data.Valid != 0 }) {
		return "No run has finished with a result on validation"
	}
	return "There is no validation split"
}

// soFar ends what is concluded while runs of the block are not over.
func (b *block) soFar() string {
	if slices.ContainsFunc(b.cells, func(c *cell) bool { return c.Open() > 0 }) {
		return ", so far"
	}
	return ""
}

// shownPanels are the groups that a figure has room for: those with the best
// cells on validation. It says so where some are left out.
func (b *block) shownPanels(r *results, groups []group, most int) (shown []group, warnings []string) {
	if len(groups) <= most {
		return groups, nil
	}
	return b.bestGroups(r, groups, most), []string{fmt.Sprintf(
		"%d of %d panels are shown, %s; the table has all.", most, len(groups), r.preferred())}
}

// preferred says which of many things are shown.
func (r *results) preferred() string {
	best := "those that are best on validation"
	if r.choose(r.cells) == nil {
		best = "those that were trained furthest"
	}
	if len(r.claimed) > 0 {
		return "those that claims name, then " + best
	}
	return best
}

// bestGroups keeps the groups with cells that claims name, then those that hold the best cells on validation, in their old
// order; of those without a finished run the ones that were trained furthest.
func (b *block) bestGroups(r *results, groups []group, most int) []group {
	others := slices.Clone(groups)
	kept := map[string]bool{}
	for _, g := range groups {
		if len(kept) < most && slices.ContainsFunc(g.cells, func(c *cell) bool { return r.claimed[c.Label] }) {
			kept[g.label] = true
			others = slices.DeleteFunc(others, func(o group) bool { return o.label == g.label })
		}
	}
	for len(kept) < most {
		var cells []*cell
		for _, g := range others {
			cells = append(cells, g.cells...)
		}
		c := r.choose(cells)
		if c == nil {
			c = slices.MaxFunc(cells, func(x, y *cell) int { return cmp.Compare(x.furthest(), y.furthest()) })
		}
		at := slices.IndexFunc(others, func(g group) bool { return slices.Contains(g.cells, c) })
		kept[others[at].label] = true
		others = slices.Delete(others, at, at+1)
	}
	return slices.DeleteFunc(slices.Clone(groups), func(g group) bool { return !kept[g.label] })
}

// bestCells keeps so many cells at most, in their old order: those that claims name, then those that are best on validation, then
// those that were trained furthest.
func (r *results) bestCells(cells []*cell, most int) []*cell {
	if len(cells) <= most {
		return cells
	}
	if r.rank == nil {
		r.rankAll()
	}
	place := func(c *cell) int {
		at, ranked := r.rank[c]
		switch {
		case r.claimed[c.Label]:
			return -1
		case !ranked:
			return len(r.cells)
		}
		return at
	}
	sorted := slices.SortedStableFunc(slices.Values(cells), func(x, y *cell) int {
		at, other := place(x), place(y)
		if at == other && at == len(r.cells) {
			return cmp.Compare(y.furthest(), x.furthest())
		}
		return cmp.Compare(at, other)
	})
	kept := map[*cell]bool{}
	for _, c := range sorted[:most] {
		kept[c] = true
	}
	return slices.DeleteFunc(slices.Clone(cells), func(c *cell) bool { return !kept[c] })
}

// furthest is the last epoch that one of the cell's runs got to.
func (c *cell) furthest() int {
	last := 0
	for _, r := range c.Runs {
		last = max(last, r.Epochs)
	}
	return last
}
