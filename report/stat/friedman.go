package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Ranked compares k learners over N data sets by their ranks within each.
type Ranked struct {
	Test
	MeanRanks []float64  // 1: smallest
	Pairs     []RankPair // every two learners
}

// RankPair is the difference of two mean ranks.
type RankPair struct {
	A, B    int
	Z       float64
	P, Holm float64 // plain, and corrected over all pairs
}

// Friedman tests whether learners rank equally over data sets, x[set][learner],
// corrected for ties (Journal of the American Statistical Association 32, 1937,
// 675-701), and compares every two by z = (R_a - R_b)/√(k(k+1)/6N) with Holm's
// correction (Demšar, Journal of Machine Learning Research 7, 2006, 1-30). The
// data set is the unit: there should be five or more, values are means over seeds.
func Friedman(x [][]float64) Ranked {
	N := len(x)
	f := Ranked{Test: Test{Method: "Friedman", Assumes: "data sets are independent", N: N, P: math.NaN()}}
	if N < 2 || len(x[0]) < 2 {
		return f
	}
	k := len(x[0])
	n, K := float64(N), float64(k)
	f.MeanRanks = make([]float64, k)
	spread := 0.0 // of all ranks, with ties
	for _, row := range x {
		for j, r := range ranks(row) {
			f.MeanRanks[j] += r / n
			spread += (r - (K+1)/2) * (r - (K+1)/2)
		}
	}
	if spread == 0 {
		f.P = 1
		return f
	}
	between := 0.0
	for _, r := range f.MeanRanks {
		between += n * n * (r - (K+1)/2) * (r - (K+1)/2)
	}
	f.Statistic = (K - 1) * between / spread
	f.P = distuv.ChiSquared{K: K - 1}.Survival(f.Statistic)
	var ps []float64
	for b := range k {
		for a := range b {
			z := (f.MeanRanks[a] - f.MeanRanks[b]) / math.Sqrt(K*(K+1)/(6*n))
			p := 2 * distuv.UnitNormal.CDF(-math.Abs(z))
			f.Pairs, ps = append(f.Pairs, RankPair{A: a, B: b, Z: z, P: p}), append(ps, p)
		}
	}
	for i, p := range Holm(ps) {
		f.Pairs[i].Holm = p
	}
	return f
}
