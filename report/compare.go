package report

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/verdict"
	"nightshift/report/stat"
)

// comparison is the best of some cells on validation against the others, on test.
type comparison struct {
	r     *results
	cells []*cell
	names []string
	best  int // of the cells
	m     measure
}

// contrast is one of the others with its difference from the best.
type contrast struct {
	at int
	estimate
	holm float64 // p value, corrected for the number of contrasts
}

// compare words how the best of some cells on validation does on test against each
// of the others: differences over the units that both have, corrected for their
// number by Holm's method, the probability of each rank, and by how much the choice
// flatters. Cells had the same number of configurations behind them, or there is no
// fair comparison: see fair.
func compare(ctx context.Context, r *results, cells []*cell, names []string, m measure) (text string, warnings []string,
	err error) {
	best := r.choose(cells)
	if best == nil || len(cells) < 2 {
		return "", nil, nil
	}
	c := comparison{r, cells, names, slices.Index(cells, best), m}
	contrasts, warnings, err := c.differences(ctx)
	if err != nil {
		return "", nil, err
	}
	for k, d := range contrasts {
		if k == 4 {
			text += fmt.Sprintf("%d more comparisons are left out here. ", len(contrasts)-k)
			break
		}
		text += fmt.Sprintf("%s minus %s: %s. ", sentence(names[d.at]), names[c.best], c.words(d, len(contrasts)))
	}
	if len(contrasts) > 0 {
		ranks, err := c.ranks(ctx)
		if err != nil {
			return "", nil, err
		}
		text += ranks + fmt.Sprintf("%s; configurations were chosen on validation. ",
			sentence(number.Count(len(contrasts), "comparison")))
	}
	gap, err := c.optimism(ctx)
	return text + gap, warnings, err
}

// differences are the cells that can be compared with the best. Warnings name the others.
func (c comparison) differences(ctx context.Context) (contrasts []contrast, warnings []string, err error) {
	var ps []float64
	best := c.cells[c.best]
	tooFew := map[string][]string{} // names of those with too few units, by these
	for at, other := range c.cells {
		if at == c.best {
			continue
		}
		d, err := c.r.difference(ctx, other, best, c.m)
		if err != nil {
			return nil, nil, err
		}
		both := fmt.Sprintf("%s and %s", sentence(c.names[at]), c.names[c.best])
		switch {
		case d.outcomes.Two:
			warnings = append(warnings, both+" are not compared by their means: one of them has two outcomes.")
			continue
		case !d.CI.Known():
			tooFew[d.Unit] = append(tooFew[d.Unit], c.names[at])
			continue
		case other.lost() > 0:
			warnings = append(warnings, fmt.Sprintf("%s are not compared by their means: %s of %s.", both, other.lostWords(),
				c.names[at]))
			continue
		case best.lost() > 0:
			warnings = append(warnings, fmt.Sprintf("%s are not compared by their means: %s of %s.", both, best.lostWords(),
				c.names[c.best]))
			continue
		case d.N < 5:
			warnings = append(warnings, fmt.Sprintf("%s: the comparison rests on %s only.", both, number.Count(d.N, "repeat")))
		}
		contrasts, ps = append(contrasts, contrast{at: at, estimate: d}), append(ps, d.P)
	}
	for k, p := range stat.Holm(ps) {
		contrasts[k].holm = p
	}
	for _, unit := range slices.Sorted(maps.Keys(tooFew)) {
		are := " is"
		if len(tooFew[unit]) > 1 {
			are = " are"
		}
		warnings = append(warnings, fmt.Sprintf("%s%s not compared with %s: %s, and an interval takes three repeats.",
			sentence(strings.Join(tooFew[unit], "; ")), are, c.names[c.best], unit))
	}
	return contrasts, warnings, nil
}

// words say the difference of one of the others with its unit and what follows.
func (c comparison) words(d contrast, comparisons int) string {
	p := "p " + number.P(d.holm)
	if comparisons > 1 {
		p = "Holm " + p
	}
	switch {
	case number.Constant(d.Mean, d.CI):
		p = "no test where nothing varies"
	case d.holm >= 0.05:
		p += ", undecided"
	}
	over := ""
	if units := d.Unit; units != unitsOf(c.cells) { // else the reader knows
		over = " over " + units
	}
	return fmt.Sprintf("%s%s, %s", c.m.change(d.estimate), over, p)
}

// ranks words the probability of the first rank of each cell on test, where there are
// few of them.
func (c comparison) ranks(ctx context.Context) (string, error) {
	const most = 6
	if len(c.cells) > most {
		return "", nil
	}
	var cells []*verdict.Cell
	for _, one := range c.cells {
		cells = append(cells, one.Cell)
	}
	p, examples, err := c.r.Ranks(ctx, cells, test.name+"_"+c.m.key)
	if err != nil || p == nil {
		return "", err
	}
	over := "units"
	if examples > 0 {
		over = "units and test examples"
	}
	text := ""
	for i, name := range c.names {
		if i > 0 {
			text += ", "
		}
		text += name + " " + probability(p[i][0])
	}
	return fmt.Sprintf("Probability of the lowest test %s: %s (bootstrap over %s, 10,000 draws). ", c.m.name, text, over), nil
}

// probability words what a bootstrap says, which is never sure.
func probability(p float64) string {
	switch {
	case p < 0.01:
		return "below 1" + number.Space + "%"
	case p > 0.99:
		return "above 99" + number.Space + "%"
	}
	return number.Rounded(percent*p, 0) + number.Space + "%"
}

// optimism words how far test lies above validation at the best cell, which was
// chosen because validation was low there.
func (c comparison) optimism(ctx context.Context) (string, error) {
	of, err := c.r.Optimism(ctx, c.cells[c.best].Cell)
	gap := c.m.scaled(of)
	if err != nil || gap.N == 0 {
		return "", err
	}
	return fmt.Sprintf("Optimism of the choice, test minus validation of %s: %s.", c.names[c.best], c.m.change(gap)), nil
}

// difference is x less y on test at the end of the training, over the units that
// both have, or by Welch's t where they share none.
func (r *results) difference(ctx context.Context, x, y *cell, m measure) (estimate, error) {
	d, err := r.Compare(ctx, x.Cell, y.Cell, test.name+"_"+m.key)
	return m.scaled(d), err
}

// sameSeeds says whether the finished runs of all cells have the same seeds, one by one.
func sameSeeds(cells []*cell) bool {
	for _, c := range cells[1:] {
		if !slices.EqualFunc(c.Finished(), cells[0].Finished(), func(a, b run) bool { return a.Seeds() == b.Seeds() }) {
			return false
		}
	}
	return true
}

// distinctCells leaves out those that train the same networks as one before.
func distinctCells(cells []*cell) []*cell {
	of := map[*verdict.Cell]*cell{}
	var all []*verdict.Cell
	for _, c := range cells {
		of[c.Cell], all = c, append(all, c.Cell)
	}
	var distinct []*cell
	for _, c := range verdict.Distinct(all) {
		distinct = append(distinct, of[c])
	}
	return distinct
}

// fair gives the indices of what had the most configurations to choose from, and says
// why the others are left out: the best of six is better than one by the choice alone.
func fair(names []string, configurations []int) (kept []int, why string) {
	var others []string
	most := 0
	for _, n := range configurations {
		most = max(most, n)
	}
	for i, n := range configurations {
		if n == most {
			kept = append(kept, i)
		} else {
			others = append(others, fmt.Sprintf("%s had %s to choose from", names[i], number.Count(n, "configuration")))
		}
	}
	if len(others) == 0 {
		return kept, ""
	}
	if len(others) > 4 {
		others = append(others[:4], fmt.Sprintf("%d more had fewer, too", len(others)-4))
	}
	against := "the others"
	if len(kept) == 1 {
		against = names[kept[0]]
	}
	return kept, fmt.Sprintf("Not compared as tuned: %s, %s %d.", strings.Join(others, ", "), against, most)
}

// alike lets groups that have different numbers of configurations choose among those that all of them have, where these are at
// least two and half of the most that a group has. Otherwise the groups with the most are kept. It says what was done, and among
// how many they choose where some have more; 0 where none has.
func alike(groups []group, configuration func(*cell) string) (kept []group, among int, why string) {
	had := map[string]int{}
	names, configurations := make([]string, len(groups)), make([]int, len(groups))
	for i, g := range groups {
		of := groupsBy(g.cells, configuration)
		names[i], configurations[i] = g.label, len(of)
		for _, one := range of {
			had[one.label]++
		}
	}
	most, common := slices.Max(append(configurations, 0)), 0
	for _, n := range had {
		if n == len(groups) {
			common++
		}
	}
	if slices.Min(append(configurations, most)) == most || common < 2 || 2*common < most {
		at, why := fair(names, configurations)
		return stat.Picked(groups, at), 0, why
	}
	for _, g := range groups {
		g.cells = slices.DeleteFunc(slices.Clone(g.cells), func(c *cell) bool { return had[configuration(c)] < len(groups) })
		kept = append(kept, g)
	}
	return kept, common, fmt.Sprintf("Each is chosen among the %d configurations that all have; up to %d more, which some lack, are "+
		"left out.", common, most-common)
}

// amongWords end a title about places that choose among so many configurations where some have more: with those it may be
// another.
func amongWords(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", among the %d configurations that all have", n)
}
