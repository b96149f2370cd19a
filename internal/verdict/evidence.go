package verdict

import (
	"context"
	"fmt"
	"math"
	"slices"

	"nightshift/internal/number"
	"nightshift/report/stat"
)

// evidence is what the runs say about the quantity of a claim, the sum of its terms.
type evidence struct {
	Estimate
	looks   []stat.Difference       // that verdicts go by: one, or one for each look
	level   func(v float64) float64 // a number of the claim on the scale of looks; nil where that is its own
	problem string                  // why there is nothing to decide
	least   float64                 // what another sample could show where all runs agree; 0 for nothing
	border  float64                 // of a ratio: what it is held against, in place of the claim's number
	units   stat.Units              // after each of which there is a look
	spends  bool                    // looks share alpha among them: there is no anytime-valid form
}

// form is a way to get evidence from operands.
type form func(context.Context, []Operand) (evidence, error)

// formOf picks the form of a claim by what its terms are; problem says why there is
// none.
func (r *Results) formOf(c claim, operands []Operand) (f form, problem string) {
	kinds := map[string]int{}
	for _, o := range operands {
		switch {
		case o.isShare():
			kinds["share"]++
		case o.Stat == "sd" || o.Stat == "trend" || o.Stat == "" || o.ofPairs():
			kinds[o.Stat]++
		default:
			kinds["decomposition"]++
		}
	}
	switch n := len(operands); {
	case kinds["share"] > 0 && kinds[""] > 0:
		return nil, "a share of runs and a measure of each run cannot be compared"
	case len(kinds) > 1:
		return nil, "terms of different kinds cannot be compared"
	case c.Relation == "reproduces":
		return nil, "" // has a way of its own
	case kinds["share"] > 2:
		return nil, "no more than two shares can be compared"
	case kinds["share"] > 0:
		return r.shares, ""
	case kinds["sd"] > 2,
		kinds["sd"] == 2 && (c.Relation == "=" || c.number() != 0 || operands[0].factor()*operands[1].factor() > 0):
		return nil, "two spreads are compared by < or > as a ratio, and nothing is added to them"
	case kinds["sd"] > 0:
		return r.spreads, ""
	case kinds["trend"] > 1:
		return nil, "a trend is held against a number"
	case n == kinds["trend"]:
		return r.trend, ""
	case n == kinds["decomposition"]:
		return r.decompositions, ""
	case operands[0].ofPairs():
		return r.pairs, ""
	}
	return r.means, ""
}

// means is the evidence on a sum of means at a fixed number of units.
func (r *Results) means(ctx context.Context, operands []Operand) (evidence, error) {
	e := evidence{}
	var err error
	if e.Estimate, err = r.sum(ctx, signed(operands)); err != nil {
		return e, err
	}
	e.looks = []stat.Difference{e.Difference}
	e.warnOutcomes(operands)
	if e.Examples > 0 && len(operands) > 1 && e.CI.Lo == e.CI.Hi && !copied(operands) {
		e.least = 3 / float64(e.Examples)
	}
	return e, nil
}

// warnOutcomes notes where runs have two outcomes, of which a mean says nothing.
func (e *evidence) warnOutcomes(operands []Operand) {
	if at := e.TwoOutcomes(); at >= 0 {
		o := e.Outcomes[at]
		e.problem = fmt.Sprintf("%s has two outcomes, %s, and its mean is true of neither; a claim can be about the share of either",
			operands[at].Cell.Label, operands[at].groups(o))
	}
}

// groups says how many runs of an operand are around which of two values, in the unit that they are shown in.
func (o Operand) groups(of stat.Outcomes) string {
	s := scaleOf([]Operand{o})
	low, high := s.factor*of.LowMedian, s.factor*of.HighMedian
	write := number.Plain
	if write(low) == write(high) {
		write = number.Digits(s.factor*of.Median, stat.Interval{Lo: low, Hi: high})
	}
	return fmt.Sprintf("%s around %s and %d around %s", number.Count(of.Low, "run"), write(low)+s.unit, of.High, write(high)+s.unit)
}

// signed gives the operands with the factors of the left side minus the right.
func signed(operands []Operand) []Operand {
	all := slices.Clone(operands)
	for i := range all {
		all[i].Number, all[i].Right = all[i].factor(), false
	}
	return all
}

// factorsOf gives the factors and the runs of operands.
func factorsOf(operands []Operand) (factors []float64, runs [][]stat.Run) {
	for _, o := range operands {
		factors, runs = append(factors, o.Number), append(runs, o.units())
	}
	return factors, runs
}

// anytime is the evidence on a sum of means after each unit, which is valid however
// often one looks; ok is false of what has no such form.
func (r *Results) anytime(ctx context.Context, operands []Operand) (e evidence, ok bool, err error) {
	operands = signed(operands)
	factors, runs := factorsOf(operands)
	x, err := r.examples(ctx, operands)
	if err != nil {
		return e, false, err
	}
	e.units = stat.UnitsOf(factors, runs...)
	if x.errors != nil && x.common {
		var wrong []stat.Wrong
		for _, of := range x.errors {
			wrong = append(wrong, of.Wrong)
		}
		e.looks = e.units.Errors(wrong...)
		if len(operands) == 1 && factors[0] == 1 {
			for i, d := range e.looks {
				e.looks[i] = stat.Rate(d, stat.Outputs{Runs: d.N * len(runs[0]) / len(e.units.Sums),
					Examples: wrong[0].Examples, Mean: d.Mean})
			}
		}
	} else {
		e.looks = stat.Anytime(e.units.Sums)
		for i, d := range e.looks {
			part := x.of(e.units.Runs(d.N))
			if outputs := part.outputs(factors, part.runs); outputs != nil {
				e.looks[i] = stat.WithExamples(d, outputs...)
			}
		}
	}
	if len(e.looks) == 0 {
		return e, false, nil
	}
	if ratio := poolRatio(operands, e.units.Design); ratio > 0 {
		for i, d := range e.looks {
			e.looks[i] = stat.OnePool(d, ratio)
		}
	}
	e.Difference, e.OverUnits, e.Design = stat.Last(e.looks), e.units.Newest(), e.units.Design
	if len(operands) == 1 {
		if factors[0] == 1 {
			operands[0].clip(&e.Difference)
			operands[0].clip(&e.OverUnits)
		}
		var warning string
		e.looks, warning = stat.OneCell(e.looks)
		e.Warnings = append(e.Warnings, warning)
	}
	for _, o := range operands {
		e.Outcomes = append(e.Outcomes, o.outcomes())
	}
	e.warnOutcomes(operands)
	return e, true, nil
}

// unknown is the interval where there is none.
var unknown = stat.Interval{Lo: math.NaN(), Hi: math.NaN()}
