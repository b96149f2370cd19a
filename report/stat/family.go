package stat

import (
	"cmp"
	"math"
	"slices"
)

// Holm adjusts the p values of several comparisons so that the chance of even
// one false alarm among them stays at the level of a single one. A comparison without a p value (NaN) counts
// among them, as one that says nothing: its p value is 1.
func Holm(p []float64) []float64 {
	p = slices.Clone(p)
	for i := range p {
		if math.IsNaN(p[i]) {
			p[i] = 1
		}
	}
	adjusted := make([]float64, len(p))
	running := 0.0
	for rank, i := range Ascending(p) {
		running = max(running, min(1, float64(len(p)-rank)*p[i]))
		adjusted[i] = running
	}
	return adjusted
}

// BenjaminiHochberg adjusts p values so that the expected share of false alarms
// among those called significant stays at the level (Journal of the Royal
// Statistical Society B 57, 1995, 289-300). It supposes tests that are
// independent or positively dependent. Claims use Holm; this is for long tables.
func BenjaminiHochberg(p []float64) []float64 {
	adjusted := make([]float64, len(p))
	running := 1.0
	for rank, i := range slices.Backward(Ascending(p)) {
		running = min(running, float64(len(p))/float64(rank+1)*p[i])
		adjusted[i] = running
	}
	return adjusted
}

// Ascending gives the indices of values from the smallest to the largest; equal ones stay in their order.
func Ascending(x []float64) []int {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(x[a], x[b]) })
	return order
}
