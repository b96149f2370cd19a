package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The power by the binomial distribution is the share of simulated nights that decide.
func TestSharePower(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const nights = 20_000
	for _, c := range []struct {
		p, bound, alpha float64
		n               int
	}{{0.8, 0.5, 0.05, 20}, {0.2, 0.5, 0.05, 20}, {0.97, 0.9, 0.01, 200}, {0.4, 0.6, 0.05 / 9, 60}} {
		decided := 0
		for range nights {
			hits := 0
			for range c.n {
				if r.Float64() < c.p {
					hits++
				}
			}
			d := Proportion{hits, c.n, 1}.Over(0)
			if c.p > c.bound && Above(c.bound, d) < c.alpha || c.p < c.bound && Below(c.bound, d) < c.alpha {
				decided++
			}
		}
		got, want := SharePower(c.p, c.bound, c.alpha, c.n), float64(decided)/nights
		if math.Abs(got-want) > 4*math.Sqrt(want*(1-want)/nights)+1e-4 {
			t.Errorf("power of %v: %.4f, simulated %.4f", c, got, want)
		}
	}
}

func TestShareNeeded(t *testing.T) {
	for _, c := range []struct{ p, bound float64 }{{0.8, 0.5}, {0.5, 0.8}, {1, 0.9}, {0, 0.1}} {
		n, ok := ShareNeeded(c.p, c.bound, 0.05)
		if !ok || SharePower(c.p, c.bound, 0.05, n) < 0.8 || SharePower(c.p, c.bound, 0.05, n-1) >= 0.8 {
			t.Errorf("%d runs, %v, for %v", n, ok, c)
		}
	}
	if n, _ := ShareNeeded(1, 0.9, 0.05); n != RunsForShare(0.9) {
		t.Errorf("a share of all takes %d runs above .9, want %d", n, RunsForShare(0.9))
	}
	if _, ok := ShareNeeded(0.5, 0.5, 0.05); ok {
		t.Error("no number of runs tells a share from itself")
	}
}

func TestSmallestShareDecidable(t *testing.T) {
	for _, above := range []bool{true, false} {
		d, ok := SmallestShareDecidable(0.5, above, 0.05, 30)
		at := 0.5 + d
		if !above {
			at = 0.5 - d
		}
		if n, _ := ShareNeeded(at, 0.5, 0.05); !ok || n > 30 || SharePower(at, 0.5, 0.05, 30) < 0.8 {
			t.Errorf("a share of %v takes %d runs, not 30", at, n)
		}
	}
	if _, ok := SmallestShareDecidable(0.9, true, 0.05, 34); ok {
		t.Error("34 runs never hold a share above .9")
	}
}
