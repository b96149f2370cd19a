package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Wilson gives the score interval of a proportion, k hits in n trials. It
// answers how far another test set of the same size could have moved an error
// rate, which an interval over seeds does not.
func Wilson(k, n int) Interval {
	if n == 0 {
		return unknown
	}
	z := distuv.UnitNormal.Quantile((1 + level) / 2)
	N := float64(n)
	p := float64(k) / N
	centre := (p + z*z/(2*N)) / (1 + z*z/N)
	half := z * math.Sqrt(p*(1-p)/N+z*z/(4*N*N)) / (1 + z*z/N)
	return Interval{max(0, centre-half), min(1, centre+half)}
}
