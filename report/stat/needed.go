package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

const (
	power     = 0.8
	mostUnits = 1_000_000 // units beyond which a plan is none
)

// SeedsNeeded gives the number of units, or pairs, with which a two-sided t test
// at alpha finds a true difference delta 80 times of 100, where its SD over units
// is sd: by the noncentral t distribution. It says no where a million would not
// be enough.
func SeedsNeeded(delta, sd, alpha float64) (n int, ok bool) {
	if delta == 0 || !isFinite(delta) || !isFinite(sd) {
		return 0, false
	}
	return smallest(LeastUnits, func(n int) bool { return Power(delta, sd, alpha, n) >= power })
}

// Power gives the probability that a two-sided t test of n units at alpha finds a
// difference delta whose SD over units is sd.
func Power(delta, sd, alpha float64, n int) float64 {
	if sd == 0 {
		return 1
	}
	df := float64(n - 1)
	critical := quantileT(df, 1-alpha)
	shift := math.Abs(delta) / sd * math.Sqrt(float64(n))
	if shift > 30 {
		return 1
	}
	t := distuv.NoncentralT{Nu: df, Mu: shift}
	return 1 - t.CDF(critical) + t.CDF(-critical)
}

// AnytimeNeeded gives the number of units after which the evidence is projected
// to reach 1/alpha in four of five cases: the smallest n with E >= 1/alpha at
// |delta| - 0.84 sd/√n.
func AnytimeNeeded(delta, sd, alpha float64) (n int, ok bool) {
	if delta == 0 || !isFinite(delta) || !isFinite(sd) {
		return 0, false
	}
	return smallest(2, func(n int) bool {
		m := math.Abs(delta) - distuv.UnitNormal.Quantile(power)*sd/math.Sqrt(float64(n))
		return m > 0 && AnytimeHalf(n, sd*sd, alpha) <= m
	})
}

// SmallestDecidable gives the smallest difference that n units of this SD decide
// 80 times of 100: at a fixed n, or anytime.
func SmallestDecidable(sd, alpha float64, n int, anytime bool) float64 {
	if n < LeastUnits || sd == 0 {
		return math.NaN()
	}
	if anytime {
		return AnytimeHalf(n, sd*sd, alpha) + distuv.UnitNormal.Quantile(power)*sd/math.Sqrt(float64(n))
	}
	lo, hi := 0.0, sd
	for Power(hi, sd, alpha, n) < power {
		lo, hi = hi, 2*hi
	}
	for hi-lo > 1e-6*sd {
		if middle := (lo + hi) / 2; Power(middle, sd, alpha, n) < power {
			lo = middle
		} else {
			hi = middle
		}
	}
	return hi
}

// smallest finds the first n from which on a condition holds.
func smallest(from int, holds func(n int) bool) (int, bool) {
	hi := from
	for !holds(hi) {
		if hi *= 2; hi > mostUnits {
			return 0, false
		}
	}
	lo := max(from, hi/2)
	for lo < hi {
		if middle := (lo + hi) / 2; holds(middle) {
			hi = middle
		} else {
			lo = middle + 1
		}
	}
	return lo, true
}
