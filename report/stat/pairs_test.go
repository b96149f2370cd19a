package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// additive is a measure of pairs u_i + u_j.
func additive(u []float64) [][]float64 {
	d := make([][]float64, len(u))
	for i := range d {
		d[i] = make([]float64, len(u))
		for j := range u {
			d[i][j] = u[i] + u[j]
		}
	}
	return d
}

// seedsFrom are n seeds from first on.
func seedsFrom(first, n int) (all []Seeds) {
	for i := range n {
		all = append(all, Seeds{Init: uint64(first + i)})
	}
	return all
}

// The mean over pairs of u_i + u_j has the error of twice the mean over the seeds; pairs drawn as if independent would make it
// far smaller.
func TestPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 2))
	const n = 30
	u := make([]float64, n)
	for i := range u {
		u[i] = 5 + r.NormFloat64()
	}
	one := PairMeasure{seedsFrom(0, n), additive(u), mean}
	b := Pairs([]float64{1}, one)
	want := 2 * sd(u) / math.Sqrt(n)
	near(t, "value", b.Mean, 2*mean(u))
	if math.Abs(b.SE-want) > 0.1*want || b.N != n || b.Method != "node bootstrap" {
		t.Errorf("SE %g of %d by %s, want about %g", b.SE, b.N, b.Method, want)
	}
	if p := b.Against(b.Mean); p < 0.9 {
		t.Errorf("p of the value itself is %g", p)
	}
	if p, at := b.Against(b.CI.Hi), b.At(0.05); math.Abs(p-0.05) > 0.002 || at != b.CI {
		t.Errorf("p at the end of the interval %v is %g, want .05", at, p)
	}
	if p := Above(0, b); p != 2.0/10_001 {
		t.Errorf("far above 0, p = %g, want what 10,000 draws can say", p)
	}

	// The same seeds are drawn together, so what they have in common cancels; others are not.
	shifted := make([]float64, n)
	for i := range u {
		shifted[i] = u[i] + 1
	}
	if d := Pairs([]float64{1, -1}, one, PairMeasure{seedsFrom(0, n), additive(shifted), mean}); math.Abs(d.CI.Lo+2) > 1e-9 ||
		math.Abs(d.CI.Hi+2) > 1e-9 {
		t.Errorf("the same seeds: %v", d.CI)
	}
	d := Pairs([]float64{1, -1}, one, PairMeasure{seedsFrom(100, n), additive(shifted), mean})
	if math.Abs(d.SE-math.Sqrt2*want) > 0.1*want {
		t.Errorf("other seeds: SE %g, want about %g", d.SE, math.Sqrt2*want)
	}
}

// At few seeds the interval covers about what it says: pairs u_i + u_j and noise of their own.
func TestPairsCover(t *testing.T) {
	t.Parallel()
	const nights = 200
	for _, n := range []int{5, 10} {
		r := rand.New(rand.NewPCG(5, uint64(n)))
		covered := 0
		for range nights {
			u := make([]float64, n)
			for i := range u {
				u[i] = r.NormFloat64()
			}
			d := additive(u)
			for i := range d {
				for j := range d {
					d[i][j] += r.NormFloat64() / 2
				}
			}
			if pairs(400, []float64{1}, PairMeasure{seedsFrom(0, n), d, mean}).CI.Contains(0) {
				covered++
			}
		}
		if covered < nights*88/100 || covered > nights*99/100 {
			t.Errorf("%d seeds: %d of %d intervals hold the truth", n, covered, nights)
		}
	}
}

// A network is never paired with itself, and two are not enough.
func TestFewPairs(t *testing.T) {
	d := additive(make([]float64, 6))
	for i := range d {
		for j := range d {
			if i != j {
				d[i][j] = 5
			}
		}
	}
	if b := Pairs([]float64{1}, PairMeasure{seedsFrom(0, 6), d, mean}); b.CI != (Interval{5, 5}) || !(Below(6, b) < 0.001) {
		t.Errorf("interval %v, p %g", b.CI, Below(6, b))
	}
	for n := range LeastPairs {
		if b := Pairs([]float64{1}, PairMeasure{seedsFrom(0, n), d[:n], mean}); b.CI.Known() || b.N != n {
			t.Errorf("%d seeds have the interval %v", n, b.CI)
		}
	}
}
