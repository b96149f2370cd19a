package stat

import (
	"math"
	"math/bits"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"
)

// Test is a test without an interval.
type Test struct {
	Method    string
	Assumes   string
	N         int // what it rests on, without ties
	Statistic float64
	P         float64 // two-sided; NaN where there is no test
}

const symmetric = "units are independent, their differences symmetric about the null"

// wilcoxonExact is the number of pairs up to which the exact distribution is used.
const wilcoxonExact = 100

// Wilcoxon gives the signed-rank test of paired differences against 0: the sum of
// the ranks of the smaller sign (Biometrics Bulletin 1, 1945, 80-83). Zeros are
// left out, equal sizes have their mean rank. The p value is exact up to 100
// differences, ties included, else normal. Below six it cannot be under 5 %.
func Wilcoxon(d []float64) Test {
	var sizes []float64
	var positive []bool
	for _, v := range d {
		if v != 0 {
			sizes, positive = append(sizes, math.Abs(v)), append(positive, v > 0)
		}
	}
	t := Test{Method: "Wilcoxon signed rank, exact", Assumes: symmetric, N: len(sizes), Statistic: math.NaN(), P: math.NaN()}
	if t.N == 0 {
		return t
	}
	twice := make([]int, t.N) // ranks may be halves
	up, total, squares := 0, 0, 0.0
	for i, r := range ranks(sizes) {
		twice[i] = int(2 * r)
		total += twice[i]
		squares += r * r
		if positive[i] {
			up += twice[i]
		}
	}
	smaller := min(up, total-up)
	t.Statistic = float64(smaller) / 2
	if t.N > wilcoxonExact {
		t.Method = "Wilcoxon signed rank, normal"
		z := (float64(total)/4 - t.Statistic - 0.5) / math.Sqrt(squares/4)
		t.P = math.Min(1, 2*distuv.UnitNormal.CDF(-z))
		return t
	}
	share := make([]float64, total+1) // of the signs with this sum
	share[0] = 1
	reached := 0
	for _, r := range twice {
		reached += r
		for s := reached; s >= 0; s-- {
			share[s] /= 2
			if s >= r {
				share[s] += share[s-r] / 2
			}
		}
	}
	p := 0.0
	for _, s := range share[:smaller+1] {
		p += s
	}
	t.P = math.Min(1, 2*p)
	return t
}

// flipsExact is the number of differences up to which SignFlip tries all signs.
const flipsExact = 20

// SignFlip tests paired differences against 0 by the share of sign changes with a
// mean as far from 0 as theirs: all of them up to 20 differences, else draws ones
// from the generator, of which the given signs are one more. Below six it cannot
// be under 5 %.
func SignFlip(d []float64, draws int, r *rand.Rand) Test {
	t := Test{Method: "sign flip, exact", Assumes: symmetric, N: len(d), P: math.NaN()}
	sum, scale := 0.0, 0.0
	for _, v := range d {
		sum += v
		scale += math.Abs(v)
	}
	if t.N == 0 {
		return t
	}
	t.Statistic = sum / float64(t.N)
	extreme := math.Abs(sum) - 1e-12*scale // sums of one size differ in their last bits
	count := 0
	if t.N <= flipsExact {
		flipped, negative := sum, make([]bool, t.N)
		for step := range 1 << t.N { // each step flips one sign: a Gray code
			if step > 0 {
				i := bits.TrailingZeros(uint(step))
				if negative[i] {
					flipped += 2 * d[i]
				} else {
					flipped -= 2 * d[i]
				}
				negative[i] = !negative[i]
			}
			if math.Abs(flipped) >= extreme {
				count++
			}
		}
		t.P = float64(count) / float64(int(1)<<t.N)
		return t
	}
	t.Method = "sign flip, Monte Carlo"
	for range draws {
		flipped := 0.0
		for _, v := range d {
			if r.Uint64()&1 == 0 {
				v = -v
			}
			flipped += v
		}
		if math.Abs(flipped) >= extreme {
			count++
		}
	}
	t.P = float64(count+1) / float64(draws+1)
	return t
}
