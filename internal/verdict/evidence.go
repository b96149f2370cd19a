package verdict

import (
	"context"
	"fmt"
	"math"
	"slices"

	"nightshift/internal/number"
	"nightshift/internal/store"
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
	e.deceives(operands)
	if e.Examples > 0 && len(operands) > 1 && e.CI.Lo == e.CI.Hi && !copied(operands) {
		e.least = 3 / float64(e.Examples)
	}
	return e, nil
}

// deceives notes where runs have two outcomes, of which a mean says nothing.
func (e *evidence) deceives(operands []Operand) {
	if at := e.TwoOutcomes(); at >= 0 {
		o := e.Outcomes[at]
		e.problem = fmt.Sprintf("%s has two outcomes, %d runs around %s and %d around %s, and its mean is true of neither; "+
			"a claim can be about the share of either", operands[at].Cell.Label, o.Low, digits(o.LowMedian), o.High, digits(o.HighMedian))
	}
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
				e.looks[i] = stat.Rate(d, stat.Outputs{Runs: d.N * len(runs[0]) / len(e.units.Sums), Examples: wrong[0].Examples, Mean: d.Mean})
			}
		}
	} else {
		e.looks = stat.Anytime(e.units.Sums)
		for i, d := range e.looks {
			if outputs := x.first(d.N).outputs(factors, runs); outputs != nil {
				e.looks[i] = stat.WithExamples(d, outputs...)
			}
		}
	}
	if len(e.looks) == 0 {
		return e, false, nil
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
	e.deceives(operands)
	return e, true, nil
}

// shares is the evidence on one share of runs, or on the difference of two.
func (r *Results) shares(_ context.Context, operands []Operand) (evidence, error) {
	e := evidence{}
	var runs [][]stat.Run
	var designs []stat.Design
	together := true
	for _, o := range operands {
		units := o.units()
		design := stat.Classify(units)
		runs, designs = append(runs, units), append(designs, design)
		together = together && design.Kind == stat.Together
		if design.Kind == stat.OneNetwork {
			e.problem = "one network: no repeat"
		}
	}
	e.Design, e.Unit = designs[0], UnitWords(designs[0])
	e.Difference = stat.Over(nil, 0)
	first := operands[0].factor()
	switch {
	case e.problem != "":
	case !together && len(operands) == 1:
		// Runs that share a training set are no independent trials.
		d, _ := stat.Mean(runs[0])
		units := designs[0].Units()
		e.Difference = stat.Rate(d, stat.Outputs{Runs: len(runs[0]) / units, Examples: units, Mean: d.Mean}).Times(first)
	case !together:
		e.Difference, e.Design = stat.Combination([]float64{first, operands[1].factor()}, runs...)
		e.Unit = UnitWords(e.Design)
	case len(operands) == 1:
		p := proportion(runs[0], designs[0], first)
		e.Difference = p.Over(0)
	case first == -operands[1].factor() && allShared(runs[0], runs[1]):
		rows, _ := stat.Shared(runs...)
		x, y := make([]bool, len(rows[0])), make([]bool, len(rows[0]))
		for k := range x {
			x[k], y[k] = runs[0][rows[0][k]].Value > 0, runs[1][rows[1][k]].Value > 0
		}
		e.Difference = stat.Count(x, y).Difference().Times(first)
	default:
		x, y := proportion(runs[0], designs[0], first), proportion(runs[1], designs[1], -operands[1].factor())
		e.Difference = stat.Proportions(x, y)
	}
	e.OverUnits = e.Difference
	e.Warnings = slices.Concat(e.Difference.Warnings, designWarnings(e.Design))
	for _, o := range operands {
		if n := o.diverged(); n > 0 && o.property != nil {
			e.Warnings = append(e.Warnings, fmt.Sprintf("%s of %s diverged and count as not having the property",
				number.Count(n, "run"),
				o.Cell.Label))
		}
	}
	e.looks = []stat.Difference{e.Difference}
	return e, nil
}

// diverged counts the operand's runs that diverged.
func (o Operand) diverged() (n int) {
	for _, one := range o.runs {
		if one.Status == store.Diverged {
			n++
		}
	}
	return n
}

// proportion counts the distinct runs with the property.
func proportion(runs []stat.Run, d stat.Design, factor float64) stat.Proportion {
	p := stat.Proportion{Factor: factor}
	for _, set := range d.Sets {
		for _, i := range set {
			p.Trials++
			if runs[i].Value > 0 {
				p.Hits++
			}
		}
	}
	return p
}

// allShared says whether two cells have the same seeds.
func allShared(x, y []stat.Run) bool {
	rows, _ := stat.Shared(x, y)
	return len(x) == len(y) && len(rows[0]) == len(x)
}

// spreads is the evidence on the SD of one cell, or on the ratio of two.
func (r *Results) spreads(_ context.Context, operands []Operand) (evidence, error) {
	e := evidence{}
	var values [][]float64
	for i, o := range operands {
		units := o.units()
		design := stat.Classify(units)
		if i == 0 {
			e.Design, e.Unit = design, UnitWords(design)
		}
		if design.Kind == stat.OneNetwork {
			e.problem = "one network: no repeat"
		}
		values = append(values, unitMeans(units, design))
	}
	factor := math.Abs(operands[0].factor())
	var ratio stat.Ratio
	if len(operands) == 1 {
		ratio = stat.SpreadOver(values[0], 1, operands[0].splitSize())
		e.level = func(v float64) float64 { return 2 * math.Log(v/factor) }
	} else {
		other := math.Abs(operands[1].factor())
		ratio = stat.SpreadRatio(values[0], values[1], min(operands[0].splitSize(), operands[1].splitSize()))
		e.border = other / factor
		e.level = func(float64) float64 { return 2 * math.Log(other/factor) }
	}
	scale := ratio.Difference
	if operands[0].factor() < 0 { // the sides are the other way round
		scale = scale.Negate()
		level := e.level
		e.level = func(v float64) float64 { return -level(-v) }
	}
	e.looks = []stat.Difference{scale}
	e.Difference = stat.Difference{Method: "jackknife of log variances", Assumes: ratio.Assumes, N: ratio.N, Mean: ratio.Value,
		CI: ratio.CI, Narrow: unknown, P: ratio.P, SE: math.NaN(), DF: math.NaN(), T: math.NaN()}
	if len(operands) == 1 {
		e.Difference = e.Difference.Times(operands[0].factor())
	}
	e.OverUnits = e.Difference
	e.Warnings = slices.Concat(ratio.Warnings, designWarnings(e.Design))
	if !scale.CI.Known() && e.problem == "" && len(ratio.Warnings) > 0 {
		e.problem = ratio.Warnings[0]
	}
	return e, nil
}

var unknown = stat.Interval{Lo: math.NaN(), Hi: math.NaN()}

// unitMeans averages the runs of each unit.
func unitMeans(runs []stat.Run, d stat.Design) []float64 {
	means := make([]float64, d.Units())
	for u, set := range d.Sets {
		for _, i := range set {
			means[u] += runs[i].Value / float64(len(set))
		}
	}
	return means
}

// trend is the evidence on a rank correlation with an axis, unit by unit.
func (r *Results) trend(_ context.Context, operands []Operand) (evidence, error) {
	o := operands[0]
	e := evidence{}
	var axis []float64
	for _, a := range o.along {
		axis = append(axis, a.Cell.number(o.Axis))
	}
	rows, shared := sharedUnits(o.along)
	e.Design = stat.Classify(shared)
	e.Unit = UnitWords(e.Design)
	y := placesByUnit(o.along, rows, e.Design)
	if e.Design.Kind == stat.Crossed {
		runs := make([][]stat.Run, len(axis))
		for place, a := range o.along {
			runs[place] = a.units()
		}
		for k := range shared {
			along := make([]float64, len(axis))
			for place := range axis {
				along[place] = runs[place][rows[place][k]].Value
			}
			if rank := stat.Spearman(axis, along).Value; !math.IsNaN(rank) {
				shared[k].Value = rank
			}
		}
		e.Difference, _ = stat.Mean(shared)
	} else {
		e.Difference = stat.Trend(axis, y)
	}
	e.Difference = e.Difference.Times(o.factor())
	e.OverUnits = e.Difference
	e.looks = []stat.Difference{e.Difference}
	e.Warnings = slices.Concat(e.Difference.Warnings, designWarnings(e.Design))
	if !e.CI.Known() && len(e.Difference.Warnings) > 0 {
		e.problem = e.Difference.Warnings[0]
	}
	return e, nil
}

// sharedUnits finds the runs that all operands have: where they are in each, and their seeds.
func sharedUnits(along []Operand) (rows [][]int, shared []stat.Run) {
	var runs [][]stat.Run
	for _, a := range along {
		runs = append(runs, a.units())
	}
	rows, _ = stat.Shared(runs...)
	shared = make([]stat.Run, len(rows[0]))
	for k := range shared {
		shared[k].Seeds = runs[0][rows[0][k]].Seeds
	}
	return rows, shared
}

// placesByUnit averages the runs of each unit at each operand, y[unit][operand].
func placesByUnit(along []Operand, rows [][]int, d stat.Design) [][]float64 {
	y := make([][]float64, d.Units())
	for u := range y {
		y[u] = make([]float64, len(along))
	}
	for place, a := range along {
		runs := a.units()
		for u, set := range d.Sets {
			for _, k := range set {
				y[u][place] += runs[rows[place][k]].Value / float64(len(set))
			}
		}
	}
	return y
}
