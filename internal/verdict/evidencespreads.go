package verdict

import (
	"context"
	"math"
	"slices"

	"nightshift/report/stat"
)

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
		if least, most := operands[0].limits(); !math.IsInf(most-least, 0) { // what lies between 0 and 1 has an SD of 1/2 at most
			e.Difference.CI.Hi = math.Max(e.Mean, math.Min(e.Difference.CI.Hi, (most-least)/2))
		}
		e.Difference = e.Difference.Times(operands[0].factor())
	}
	e.OverUnits = e.Difference
	e.Warnings = slices.Concat(ratio.Warnings, designWarnings(e.Design))
	if !scale.CI.Known() && e.problem == "" && len(ratio.Warnings) > 0 {
		e.problem = ratio.Warnings[0]
	}
	return e, nil
}

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
