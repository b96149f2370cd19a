package stat

import (
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Draws is the number of draws at which the ends of a bootstrap interval are steady.
const Draws = 10_000

// FixedRandom gives the same random numbers each time it is called, so that the same database gives the same report.
func FixedRandom() *rand.Rand { return rand.New(rand.NewPCG(1, 1)) }

// Bootstrap is a statistic with its values on resampled data.
type Bootstrap struct {
	Method  string
	Assumes string
	N       int // units that were resampled
	Value   float64
	Draws   []float64 // sorted
}

// Resample draws n of the n units of x with replacement, again and again. Below ten
// units it is narrower than what it stands for (by √((n-1)/n) for a mean), so t is
// used there.
func Resample(x []float64, statistic func([]float64) float64, draws int, r *rand.Rand) Bootstrap {
	b := Bootstrap{Method: "bootstrap", Assumes: "units are independent", N: len(x), Value: math.NaN()}
	if len(x) == 0 {
		return b
	}
	b.Value = statistic(slices.Clone(x))
	sample := make([]float64, len(x))
	for range draws {
		for i := range sample {
			sample[i] = x[r.IntN(len(x))]
		}
		b.Draws = append(b.Draws, statistic(sample))
	}
	slices.Sort(b.Draws)
	return b
}

// ResampleStrata draws within each stratum, such as the runs of each task or of
// each factorial cell; the statistic gets all strata.
func ResampleStrata(x [][]float64, statistic func([][]float64) float64, draws int, r *rand.Rand) Bootstrap {
	b := Bootstrap{Method: "stratified bootstrap",
		Assumes: "units are independent within strata, and the strata are given", Value: statistic(x)}
	sample := make([][]float64, len(x))
	for s := range x {
		b.N += len(x[s])
		sample[s] = make([]float64, len(x[s]))
	}
	for range draws {
		for s := range x {
			for i := range sample[s] {
				sample[s][i] = x[s][r.IntN(len(x[s]))]
			}
		}
		b.Draws = append(b.Draws, statistic(sample))
	}
	slices.Sort(b.Draws)
	return b
}

// Percentile gives the central interval of the draws. Below three units there is
// none.
func (b Bootstrap) Percentile(level float64) Interval {
	return b.between((1-level)/2, (1+level)/2)
}

func (b Bootstrap) between(lo, hi float64) Interval {
	if b.N < LeastUnits || len(b.Draws) == 0 {
		return unknown
	}
	return Interval{stat.Quantile(lo, stat.Empirical, b.Draws, nil), stat.Quantile(hi, stat.Empirical, b.Draws, nil)}
}

// SE is the standard deviation of the draws.
func (b Bootstrap) SE() float64 { return sd(b.Draws) }
