package stat

import (
	"math"
	"slices"
)

// Best is what the best of n configurations is expected to reach.
type Best struct {
	N        int
	Mean, SD float64
	Band     Interval // in which 95 of 100 best of n lie
}

// ExpectedBest gives the expected smallest error of the best of n = 1, 2, ...
// configurations tried, from the errors on validation of all that were (Dodge et
// al., EMNLP 2019, arXiv 1909.03004): with sorted errors v_(i) of N,
//
//	E = Σ v_(i) [((N-i+1)/N)^n - ((N-i)/N)^n]
//
// for draws with replacement. It supposes that configurations were drawn at random
// or stand for such; how much of a lead is tuning can be read off it.
func ExpectedBest(errors []float64) []Best {
	v := slices.Sorted(slices.Values(errors))
	N := len(v)
	curve := make([]Best, 0, N)
	for n := 1; n <= N; n++ {
		// above(i) is the chance that the best is none of the i smallest.
		above := func(i int) float64 { return math.Pow(float64(N-i)/float64(N), float64(n)) }
		b := Best{N: n, Band: Interval{v[N-1], v[N-1]}}
		squares := 0.0
		chance := 1.0 // above(i)
		for i, x := range v {
			next := above(i + 1)
			b.Mean += x * (chance - next)
			squares += (x - v[0]) * (x - v[0]) * (chance - next)
			// v[i] has at most 1-next at or below it.
			if 1-next >= (1-level)/2 {
				b.Band.Lo = min(b.Band.Lo, x)
			}
			if 1-next >= (1+level)/2 {
				b.Band.Hi = min(b.Band.Hi, x)
			}
			if chance = next; chance < 1e-30 { // what follows is lost in rounding
				break
			}
		}
		b.SD = math.Sqrt(math.Max(0, squares-(b.Mean-v[0])*(b.Mean-v[0])))
		curve = append(curve, b)
	}
	return curve
}
