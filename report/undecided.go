package report

import (
	"context"
	"math"
	"slices"

	"nightshift/internal/study"
	"nightshift/internal/verdict"
)

// judge holds the claims of the study against its results, and keeps those that stay open: no title says what they leave
// undecided.
func (r *results) judge(ctx context.Context) ([]verdict.Verdict, error) {
	verdicts, err := r.Verdicts(ctx, r.declared)
	for _, v := range verdicts {
		if v.Outcome == verdict.Undecided && !math.IsNaN(v.P) { // it was tested
			r.open = append(r.open, v)
		}
	}
	return verdicts, err
}

// leavesOpen says whether a claim that is undecided asks which of some cells has more of a quantity, or how this goes along an
// axis on which all of them are: a test of the figure's own, which is corrected for less, does not answer it.
func (r *results) leavesOpen(t study.Term, cells ...*cell) bool {
	among := func(one *verdict.Cell) bool {
		return slices.ContainsFunc(cells, func(c *cell) bool { return c.Cell == one })
	}
	return slices.ContainsFunc(r.open, func(v verdict.Verdict) bool {
		of := v.Operands
		if v.Relation != "<" && v.Relation != ">" || v.Number != 0 {
			return false
		}
		if len(of) == 1 && of[0].Stat == "trend" {
			trend := of[0].Term
			trend.Stat = ""
			return sameQuantity(trend, t) && !slices.ContainsFunc(cells, func(c *cell) bool { return !slices.Contains(v.Cells, c.Cell) })
		}
		return len(of) == 2 && of[0].Number == of[1].Number && of[0].Cell != of[1].Cell &&
			!slices.ContainsFunc(of, func(o verdict.Operand) bool { return !sameQuantity(o.Term, t) || !among(o.Cell) })
	})
}

// sameQuantity says whether two terms are of the same measure, or the same statistic of it, wherever that is taken.
func sameQuantity(a, b study.Term) bool {
	return a.Measure == b.Measure && a.Stat == b.Stat && a.Layer == b.Layer && a.Epoch == b.Epoch && a.Relation == b.Relation &&
		a.Bound == b.Bound
}

// onTest is the measure at the end of the training, on the test split.
func (m measure) onTest() study.Term { return study.Term{Measure: test.name + "_" + m.key, Epoch: -1} }
