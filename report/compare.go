package report

import (
	"fmt"
	"math"
	"slices"

	"nightshift/internal/study"
	"nightshift/report/stat"
)

// compare holds the best of some cells on validation against each of the
// others, paired by seed, with p values adjusted for their number.
func compare(r *results, b *block, cells []*cell, names []string, m measure) (string, []string) {
	best := r.choose(cells)
	if best == nil || len(cells) < 2 {
		return "", nil
	}
	var against []int
	var differences []stat.Difference
	var ps []float64
	for i, c := range cells {
		if c == best {
			continue
		}
		d := pairedDifference(c, best, m)
		if d.N < 2 {
			continue
		}
		against = append(against, i)
		differences = append(differences, d)
		if math.IsNaN(d.P) {
			d.P = 1
		}
		ps = append(ps, d.P)
	}
	if len(differences) == 0 {
		return "", []string{"Fewer than two seeds are shared by the configurations: they cannot be compared seed by seed."}
	}
	adjusted := stat.Holm(ps)
	text := ""
	name := names[slices.Index(cells, best)]
	for k, d := range differences {
		if k == 4 {
			text += fmt.Sprintf("%d more comparisons are left out here. ", len(differences)-k)
			break
		}
		text += fmt.Sprintf("%s minus %s: %s (%s; paired over %s; %s). ",
			sentence(names[against[k]]), name, m.points(d.Mean), interval(d.CI), plural(d.N, "seed"),
			significance(d, adjusted[k], len(ps)))
	}
	var warnings []string
	for k, d := range differences {
		for _, w := range d.Warnings {
			warnings = append(warnings, fmt.Sprintf("%s minus %s: %s.", sentence(names[against[k]]), name, w))
		}
	}
	if differences[0].N < 5 {
		warnings = append(warnings, fmt.Sprintf("The comparison rests on %s.", plural(differences[0].N, "seed")))
	}
	return text + fmt.Sprintf("%s; configurations were chosen on validation.", sentence(plural(len(ps), "comparison"))), warnings
}

// significance words the p value of one of several differences, where it says more
// than the interval.
func significance(d stat.Difference, p float64, comparisons int) string {
	switch {
	case d.CI.Contains(0):
		return "the interval includes zero: undecided"
	case math.IsNaN(d.P):
		return "the same in every pair"
	case comparisons > 1:
		return "Holm p = " + number(p)
	}
	return "p = " + number(p)
}

// pairedDifference is the difference in the final test measure, seed by seed, over the
// seeds that both cells finished.
func pairedDifference(x, y *cell, m measure) stat.Difference {
	of := map[study.Seeds]float64{}
	values, runs := final(y.Finished(), test, m)
	for i, r := range runs {
		of[r.Seeds()] = values[i]
	}
	var a, b []float64
	values, runs = final(x.Finished(), test, m)
	for i, r := range runs {
		if v, ok := of[r.Seeds()]; ok {
			a, b = append(a, values[i]), append(b, v)
		}
	}
	return stat.Paired(a, b)
}
