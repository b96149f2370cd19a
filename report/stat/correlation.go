package stat

import (
	"cmp"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Association is a rank correlation between two measures of the same things.
type Association struct {
	Method   string
	Assumes  string
	N        int
	Value    float64
	CI       Interval
	P        float64
	Warnings []string
}

// Spearman gives the rank correlation, its p by Student's t with n-2 degrees of
// freedom, and the interval of Bonett and Wright (Psychometrika 65, 2000, 23-28):
// tanh(artanh ρ ± z √((1 + ρ²/2)/(n-3))). Below four things there is neither.
func Spearman(x, y []float64) Association {
	n := float64(len(x))
	a := Association{Method: "Spearman", Assumes: "pairs are independent", N: len(x), Value: rankCorrelation(x, y),
		CI: unknown, P: math.NaN()}
	if a.N < 4 {
		a.Warnings = append(a.Warnings, "fewer than four pairs")
		return a
	}
	if r := math.Abs(a.Value); r < 1 {
		a.P = 2 * distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 2}.CDF(-r*math.Sqrt((n-2)/(1-r*r)))
	} else {
		a.P = math.Min(1, 2/math.Gamma(n+1)) // of all orders, this one and its opposite
	}
	return a.fisher((1 + a.Value*a.Value/2) / (n - 3))
}

// Kendall gives τ-b, the excess of pairs in the same order over those in the
// opposite one, freed of ties. Its p is exact without ties up to 100 things, else
// normal; its interval is that of Fisher's transform with variance 0.437/(n-4)
// (Fieller, Hartley and Pearson, Biometrika 44, 1957, 470-481), from five on.
func Kendall(x, y []float64) Association {
	n := len(x)
	a := Association{Method: "Kendall", Assumes: "pairs are independent", N: n, Value: 0, CI: unknown, P: math.NaN()}
	score, tiesX, tiesY := 0, 0, 0
	for i := range n {
		for j := range i {
			s, t := cmp.Compare(x[i], x[j]), cmp.Compare(y[i], y[j])
			score += s * t
			if s == 0 {
				tiesX++
			}
			if t == 0 {
				tiesY++
			}
		}
	}
	all := n * (n - 1) / 2
	if all == tiesX || all == tiesY {
		a.Warnings = append(a.Warnings, "one side does not vary")
		return a
	}
	a.Value = float64(score) / math.Sqrt(float64(all-tiesX)*float64(all-tiesY))
	N := float64(n)
	if tiesX+tiesY == 0 && n <= 100 {
		a.P = kendallExact(n, (all-max(score, -score))/2)
	} else {
		a.P = 2 * distuv.UnitNormal.CDF(-math.Abs(a.Value)/math.Sqrt(2*(2*N+5)/(9*N*(N-1))))
	}
	if n < 5 {
		a.Warnings = append(a.Warnings, "fewer than five pairs")
		return a
	}
	return a.fisher(0.437 / (N - 4))
}

// kendallExact is twice the share of all orders with at most this many inversions.
func kendallExact(n, inversions int) float64 {
	share := make([]float64, inversions+1)
	share[0] = 1
	for k := 2; k <= n; k++ { // the k-th thing adds 0 to k-1 inversions
		next := make([]float64, len(share))
		for i, s := range share {
			for j := i; j < min(i+k, len(next)); j++ {
				next[j] += s / float64(k)
			}
		}
		share = next
	}
	p := 0.0
	for _, s := range share {
		p += s
	}
	return math.Min(1, 2*p)
}

func (a Association) fisher(variance float64) Association {
	if math.Abs(a.Value) == 1 {
		a.Warnings = append(a.Warnings, "all pairs agree: no interval")
		return a
	}
	centre, half := math.Atanh(a.Value), quantileZ(1-level)*math.Sqrt(variance)
	a.CI = Interval{math.Tanh(centre - half), math.Tanh(centre + half)}
	return a
}

// ranks are 1, 2, ..., with the mean rank for equal values.
func ranks(x []float64) []float64 {
	order, r := Ascending(x), make([]float64, len(x))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && x[order[to]] == x[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			r[i] = float64(from+to+1) / 2
		}
		from = to
	}
	return r
}
