package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"nightshift/internal/metric"
	"nightshift/internal/store"
	"nightshift/report/figure"
)

// selection is what configurations are chosen by: a measure on the validation
// split, never on test.
func (r *results) selection(b *block) measure {
	split, m, known := metric.Parse(r.study.Select)
	if known && split == valid.name && (m.Regression || !b.cells[0].regression()) {
		return measures[m.Name]
	}
	return b.quality()
}

// choose picks the cell with the best mean on validation, or nil if no cell has
// a validation split. A cell of which a run diverged is picked only if that is
// true of all of them: its mean speaks of the survivors.
func (r *results) choose(b *block, cells []*cell) *cell {
	m := r.selection(b)
	var best *cell
	bestMean, bestClean := math.Inf(1), false
	for _, c := range cells {
		s := c.describe(valid, m)
		if s.N == 0 {
			continue
		}
		clean := len(c.with(store.Diverged)) == 0
		if best == nil || clean && !bestClean || clean == bestClean && s.Mean < bestMean {
			best, bestMean, bestClean = c, s.Mean, clean
		}
	}
	return best
}

// shownPanels are the groups that a figure has room for: those with the best
// cells on validation. It says so where some are left out.
func (b *block) shownPanels(r *results, groups []group) (shown []group, warnings []string) {
	if len(groups) <= figure.MaxPanels {
		return groups, nil
	}
	return b.best(r, groups, figure.MaxPanels), []string{fmt.Sprintf(
		"%d of %d panels are shown, those with the best cells on validation; the table has all.", figure.MaxPanels, len(groups))}
}

// best keeps the groups that hold the best cells on validation, in their old
// order; of those without a finished run the ones that were trained furthest.
func (b *block) best(r *results, groups []group, most int) []group {
	others := slices.Clone(groups)
	kept := map[string]bool{}
	for len(kept) < most {
		var cells []*cell
		for _, g := range others {
			cells = append(cells, g.cells...)
		}
		c := r.choose(b, cells)
		if c == nil {
			c = slices.MaxFunc(cells, func(x, y *cell) int { return cmp.Compare(x.furthest(), y.furthest()) })
		}
		at := slices.IndexFunc(others, func(g group) bool { return slices.Contains(g.cells, c) })
		kept[others[at].label] = true
		others = slices.Delete(others, at, at+1)
	}
	return slices.DeleteFunc(slices.Clone(groups), func(g group) bool { return !kept[g.label] })
}

// first keeps the n best cells on validation, in their old order.
func (b *block) first(r *results, cells []*cell, n int) []*cell {
	others := slices.Clone(cells)
	kept := map[*cell]bool{}
	for len(kept) < n {
		c := r.choose(b, others)
		if c == nil {
			c = others[0]
		}
		kept[c] = true
		others = slices.DeleteFunc(others, func(o *cell) bool { return o == c })
	}
	return slices.DeleteFunc(slices.Clone(cells), func(c *cell) bool { return !kept[c] })
}

// furthest is the last epoch that one of the cell's runs got to.
func (c *cell) furthest() int {
	last := 0
	for _, r := range c.runs {
		last = max(last, r.Epochs)
	}
	return last
}
