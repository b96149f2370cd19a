package stat

import (
	"fmt"
	"math"
)

// DecomposeCrossed estimates bias and variance as Decompose does, where every
// training set has the same S initialisations: two-way random effects at each test
// point, averaged. With the mean squares A of sets, B of initialisations and AB of
// the rest,
//
//	data = (A - AB)/S,  init = (B - AB)/K,  interaction = AB,  variance = their sum
//	bias² = (f̄ - truth)² - (A + B - AB)/(KS)
//
// Nothing is clipped. The nested formula would give a variance that is too low by
// init/S and a bias² that is too high by it. Standard errors are jackknifed over
// training sets and over initialisations, and their variances added; with two
// initialisations there is none over them, and with one the bias² holds the whole
// effect of the initialisation: both are said.
func DecomposeCrossed(f [][][]float64, truth []float64, noise float64) (Decomposition, error) {
	if err := rectangular(f, len(truth)); err != nil {
		return Decomposition{}, err
	}
	K, S := len(f), len(f[0])
	if S == 1 {
		d, err := Decompose(f, truth, noise)
		d.Kind = Crossed
		d.Warnings = append(d.Warnings,
			"one initialisation on all training sets: its effect is part of the bias²; nested seeds would tell them apart")
		return d, err
	}
	overSets := jackknife(K, func(skip int) []float64 { return crossedParts(f, truth, noise, skip, -1) })
	overInits := overSets
	d := Decomposition{Kind: Crossed, Sets: K, Inits: S, Noise: noise}
	if S >= LeastUnits {
		overInits = jackknife(S, func(skip int) []float64 { return crossedParts(f, truth, noise, -1, skip) })
	} else {
		d.Warnings = append(d.Warnings, "two initialisations: the error bars are over training sets alone")
	}
	if K < LeastUnits {
		d.Warnings = append(d.Warnings, fmt.Sprintf("%d training sets only: no error bars", K))
	}
	parts := make([]Estimate, len(overSets))
	for p, e := range overSets {
		parts[p] = e
		if S >= LeastUnits && K >= LeastUnits {
			u, v := e.SE*e.SE, overInits[p].SE*overInits[p].SE
			parts[p].SE, parts[p].DF = math.Sqrt(u+v), satterthwaite([]float64{u, v}, []float64{e.DF, overInits[p].DF})
			parts[p].left = [][]float64{e.left[0], overInits[p].left[0]}
		}
	}
	d.Bias2, d.Variance, d.Risk, d.Data, d.Init, d.Interaction = parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]
	return d, nil
}

// crossedParts gives bias², variance, risk, data, init and interaction without one
// training set and one initialisation (-1 for all).
func crossedParts(f [][][]float64, truth []float64, noise float64, skipSet, skipInit int) []float64 {
	var kept [][][]float64
	for k := range f {
		if k == skipSet {
			continue
		}
		var row [][]float64
		for s := range f[k] {
			if s != skipInit {
				row = append(row, f[k][s])
			}
		}
		kept = append(kept, row)
	}
	K, S, n := float64(len(kept)), float64(len(kept[0])), float64(len(truth))
	y := make([][]float64, len(kept))
	for k := range y {
		y[k] = make([]float64, len(kept[k]))
	}
	var sets, inits, rest, off2 float64
	for i, t := range truth {
		for k := range kept {
			for s := range kept[k] {
				y[k][s] = kept[k][s][i]
			}
		}
		a, b, ab, mean := meanSquares(y)
		sets, inits, rest = sets+a/n, inits+b/n, rest+ab/n
		off2 += (mean - t) * (mean - t) / n
	}
	data, init := (sets-rest)/S, (inits-rest)/K
	variance := data + init + rest
	bias2 := off2 - (sets+inits-rest)/(K*S)
	return []float64{bias2, variance, noise + bias2 + variance, data, init, rest}
}
