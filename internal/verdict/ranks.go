package verdict

import (
	"context"
	"slices"

	"nightshift/internal/study"
	"nightshift/report/stat"
)

// Ranks gives p[cell][rank], the probability that a cell has a rank by its mean of a
// measure, 0 the smallest: by a bootstrap over units, together where all cells have
// the same seeds, and over the test examples where their outputs are stored; examples
// is their number, 0 where it is over units alone. It is nil where a cell has fewer
// than three units. The draws of the bootstrap are always the same.
func (r *Results) Ranks(ctx context.Context, cells []*Cell, measure string) (p [][]float64, examples int, err error) {
	var operands []Operand
	var designs []stat.Design
	var values [][]float64
	together := true
	for _, c := range cells {
		o, err := r.measure(ctx, study.Term{Number: 1, Measure: measure, Epoch: -1}, c)
		if err != nil {
			return nil, 0, err
		}
		design := stat.Classify(o.units())
		if design.Units() < LeastUnits {
			return nil, 0, nil
		}
		operands, designs, values = append(operands, o), append(designs, design), append(values, o.values)
		together = together && slices.EqualFunc(o.runs, operands[0].runs, func(a, b *Run) bool { return a.Seeds() == b.Seeds() })
	}
	if together {
		designs = designs[:1]
	}
	x, err := r.examples(ctx, operands)
	if err != nil {
		return nil, 0, err
	}
	if x.errors == nil || !x.common {
		return stat.RankProbabilitiesOf(values, designs, stat.Draws, stat.FixedRandom()), 0, nil
	}
	var wrong []stat.Wrong
	for _, e := range x.errors {
		wrong = append(wrong, e.Wrong)
	}
	return stat.RankProbabilities(wrong, designs, stat.Draws, stat.FixedRandom()), wrong[0].Examples, nil
}
