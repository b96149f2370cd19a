package verdict

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"nightshift/internal/metric"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/report/stat"
)

// Selection is the metric of the validation split that cells like this one are
// chosen by, never one of test.
func (r *Results) Selection(c *Cell) metric.Metric {
	split, m, known := metric.Parse(r.Study.Select)
	if known && split == "valid" && (m.Regression || !c.Regression()) {
		return m
	}
	return c.Quality()
}

// Quality is the metric by which cells are compared: it means the same whatever
// loss they minimise.
func (c *Cell) Quality() metric.Metric {
	name := "error"
	if c.Regression() {
		name = "mse"
	}
	m, _ := metric.Named(name)
	return m
}

// Choose picks the cell with the best mean over units on validation, or nil if no cell
// has a validation split. A cell of which a run diverged is picked only if that is
// true of all of them: its mean speaks of the survivors.
func (r *Results) Choose(cells []*Cell) *Cell { return r.chooseOf(cells, every) }

// Ranked orders cells as Choose does, the best first, without those that have no mean on validation.
func (r *Results) Ranked(cells []*Cell) []*Cell {
	best, _ := r.ranked(cells, every)
	return best
}

// chooseOf is Choose by those runs that keep lets through.
func (r *Results) chooseOf(cells []*Cell, keep filter) *Cell {
	if best, _ := r.ranked(cells, keep); len(best) > 0 {
		return best[0]
	}
	return nil
}

// ranked orders cells as Choose does, the best first; of equal ones the first stays
// first. Those without a mean on validation are apart.
func (r *Results) ranked(cells []*Cell, keep filter) (best, without []*Cell) {
	if len(cells) == 0 {
		return nil, nil
	}
	m := r.Selection(cells[0])
	means, clean := map[*Cell]float64{}, map[*Cell]bool{}
	for _, c := range cells {
		var runs []stat.Run
		for i := range c.Runs {
			one := &c.Runs[i]
			if v := one.Valid.At(m); one.Status == store.Done && keep(c, one) && isFinite(v) {
				runs = append(runs, stat.Run{Seeds: stat.Seeds(one.Seeds()), Digest: one.Digest, Value: v.V})
			}
		}
		if len(runs) == 0 {
			without = append(without, c)
			continue
		}
		mean, _ := stat.Mean(runs)
		best, means[c], clean[c] = append(best, c), mean.Mean, len(c.With(store.Diverged)) == 0
	}
	slices.SortStableFunc(best, func(a, b *Cell) int {
		if clean[a] != clean[b] {
			return cmp.Compare(fromBool(clean[b]), fromBool(clean[a]))
		}
		return cmp.Compare(means[a], means[b])
	})
	return best, without
}

// unevenChoice says that one side of a claim is the best of more configurations than the other: the best of six is better
// than that of one by the choice alone.
func unevenChoice(operands []Operand) string {
	if len(operands) != 2 || !operands[0].Best || !operands[1].Best {
		return ""
	}
	left, right := len(Distinct(operands[0].candidates)), len(Distinct(operands[1].candidates))
	if left == right {
		return ""
	}
	return fmt.Sprintf("the left side is the best of %s, the right of %d: more to choose from is an advantage of its own",
		number.Count(left, "configuration"), right)
}

func fromBool(b bool) int {
	if b {
		return 1
	}
	return 0
}

// isFinite says whether there is a number that has a mean.
func isFinite(v store.Number) bool {
	return v.Valid && !math.IsNaN(v.V) && !math.IsInf(v.V, 0)
}
