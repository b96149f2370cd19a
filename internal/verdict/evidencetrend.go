package verdict

import (
	"context"
	"math"
	"slices"

	"nightshift/report/stat"
)

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
		e.Difference.CI, e.Difference.Narrow = e.CI.Clip(-1, 1), e.Narrow.Clip(-1, 1) // as correlations are
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
