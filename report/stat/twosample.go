package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Superiority is the probability that a run of one cell is above one of another.
type Superiority struct {
	Method string  // of its p value
	N      int     // of the smaller sample
	Value  float64 // P(X > Y), equal values half
	U      float64 // Mann-Whitney
	P      float64 // of equal distributions, two-sided
}

// superiorityExact is the number of values up to which the exact distribution is used.
const superiorityExact = 60

// ProbabilityAbove gives P(X > Y) = U/(nm) of two independent samples with the p
// value of the Mann-Whitney test: exact, ties included, up to 60 values in all,
// else normal. Its interval comes from ResampleStrata of ShareAbove.
func ProbabilityAbove(x, y []float64) Superiority {
	n, m := len(x), len(y)
	s := Superiority{Method: "Mann-Whitney, exact", N: min(n, m), Value: math.NaN(), U: math.NaN(), P: math.NaN()}
	if s.N == 0 {
		return s
	}
	s.Value = ShareAbove([][]float64{x, y})
	s.U = s.Value * float64(n*m)
	all := ranks(append(append([]float64{}, x...), y...))
	sum, squares, mean := 0.0, 0.0, float64(n+m+1)/2
	for i, r := range all {
		if i < n {
			sum += r
		}
		squares += (r - mean) * (r - mean)
	}
	off := math.Abs(sum - float64(n)*mean)
	if n+m > superiorityExact {
		s.Method = "Mann-Whitney, normal"
		variance := float64(n*m) * squares / float64((n+m)*(n+m-1))
		s.P = math.Min(1, 2*distuv.UnitNormal.CDF(-math.Max(0, off-0.5)/math.Sqrt(variance)))
		return s
	}
	// ways[k][t] is the number of choices of k values whose doubled ranks sum to t.
	total := (n + m) * (n + m + 1)
	ways := make([][]float64, n+1)
	for k := range ways {
		ways[k] = make([]float64, total+1)
	}
	ways[0][0] = 1
	for i, r := range all {
		twice := int(2 * r)
		for k := min(i+1, n); k > 0; k-- {
			for t := total; t >= twice; t-- {
				ways[k][t] += ways[k-1][t-twice]
			}
		}
	}
	extreme, every := 0.0, 0.0
	for t, w := range ways[n] {
		every += w
		if math.Abs(float64(t)/2-float64(n)*mean) >= off-1e-9 {
			extreme += w
		}
	}
	s.P = extreme / every
	return s
}

// ShareAbove is P(X > Y) of two samples, samples[0] and samples[1].
func ShareAbove(samples [][]float64) float64 {
	u := 0.0
	for _, a := range samples[0] {
		for _, b := range samples[1] {
			switch {
			case a > b:
				u++
			case a == b:
				u += 0.5
			}
		}
	}
	return u / float64(len(samples[0])*len(samples[1]))
}
