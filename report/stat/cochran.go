package stat

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// CochranQ tests whether k networks, the rows, err equally often on the same test
// examples (Biometrika 37, 1950, 256-266):
//
//	Q = (k-1)(kΣG² - T²)/(kT - ΣL²)
//
// with the errors G of each network, L of each example, T in all; chi-square with
// k-1 degrees of freedom, which supposes some 24 examples on which they differ or
// more. Pairs are then McNemar's, with Holm. Where all always agree p is 1.
func CochranQ(w Wrong) Test {
	k := float64(len(w.Rows))
	t := Test{Method: "Cochran Q", Assumes: "test examples are independent", N: w.Examples, P: 1}
	total, squares := 0.0, 0.0
	for _, g := range w.Count() {
		total += float64(g)
		squares += float64(g) * float64(g)
	}
	perExample := 0.0
	for j := range w.Examples {
		l := 0.0
		for _, row := range w.Rows {
			l += float64(row[j/64] >> (j % 64) & 1)
		}
		perExample += l * l
	}
	if d := k*total - perExample; d > 0 && len(w.Rows) > 1 {
		t.Statistic = (k - 1) * (k*squares - total*total) / d
		t.P = distuv.ChiSquared{K: k - 1}.Survival(math.Max(0, t.Statistic))
	}
	return t
}
