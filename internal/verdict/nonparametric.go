package verdict

import (
	"context"

	"nightshift/internal/study"
	"nightshift/report/stat"
)

// Nonparametric are tests of a difference of two cells that do not suppose that it is normal,
// to be held beside the t test. They are over the units that both cells have.
type Nonparametric struct {
	SignFlip, Wilcoxon stat.Test
	Above              stat.Superiority // of a run of the first cell over one of the second
}

// Nonparametric tests two cells in a measure; no where they have not five units in common, or where
// units share examples of one pool, which these tests suppose that they do not.
func (r *Results) Nonparametric(ctx context.Context, a, b *Cell, measure string) (t Nonparametric, ok bool, err error) {
	var runs [][]stat.Run
	var both []Operand
	for _, c := range []*Cell{a, b} {
		o, err := r.measure(ctx, study.Term{Number: 1, Measure: measure, Epoch: -1}, c)
		if err != nil {
			return t, false, err
		}
		runs, both = append(runs, o.units()), append(both, o)
	}
	if poolRatio(both, stat.Classify(runs[0])) != 0 {
		return t, false, nil
	}
	d := stat.UnitsOf([]float64{1, -1}, runs...).Sums
	if len(d) < 5 {
		return t, false, nil
	}
	values := func(of []stat.Run) []float64 { return unitMeans(of, stat.Classify(of)) }
	t.SignFlip, t.Wilcoxon = stat.SignFlip(d, stat.Draws, stat.FixedRandom()), stat.Wilcoxon(d)
	t.Above = stat.ProbabilityAbove(values(runs[0]), values(runs[1]))
	return t, true, nil
}
