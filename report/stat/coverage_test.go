package stat

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// nights is the number of simulated studies of a test, given that of a first look: half of it, fewer under -short and the
// race detector, many where NIGHTSHIFT_LONG is 1.
func nights(look int) int {
	switch {
	case os.Getenv("NIGHTSHIFT_LONG") == "1":
		return 20 * look
	case raceEnabled || testing.Short():
		return look / 5
	}
	return look / 2
}

// covers fails where a share of nights lies outside of what is promised, by more
// than four standard errors of the simulation.
func covers(t *testing.T, what string, hits, nights int, lo, hi float64) {
	t.Helper()
	share := float64(hits) / float64(nights)
	t.Logf("%-64s %6.2f %% of %d", what, 100*share, nights)
	slack := func(p float64) float64 { return 4 * math.Sqrt(p*(1-p)/float64(nights)) }
	if share < lo-slack(lo) || share > hi+slack(hi) {
		t.Errorf("%s: %.2f %% of %d nights, promised %.1f to %.1f", what, 100*share, nights, 100*lo, 100*hi)
	}
}

// shapes are what the values of runs look like, with mean 0 and variance 1.
var shapes = map[string]func(r *rand.Rand) float64{
	"normal":  func(r *rand.Rand) float64 { return r.NormFloat64() },
	"skewed":  func(r *rand.Rand) float64 { return r.ExpFloat64() - 1 },
	"bounded": func(r *rand.Rand) float64 { return math.Sqrt(12) * (r.Float64() - 0.5) },
	"two-humped": func(r *rand.Rand) float64 {
		return (math.Copysign(1, r.Float64()-0.5) + 0.05*r.NormFloat64()) / math.Sqrt(1.0025)
	},
}

// effects are the parts of a simulated run: what its training set, its initial
// weights and the rest of it add, as shares of a variance of 1.
type effects struct{ data, init float64 }

// cellOf draws the runs of one cell around a mean: D training sets by I
// initialisations, crossed or nested. With one training set its effect is none.
func (e effects) cellOf(r *rand.Rand, kind Kind, D, I int, mean float64, shape func(*rand.Rand) float64) (runs []Run) {
	ofInit := map[uint64]float64{}
	for d := range uint64(D) {
		ofSet := math.Sqrt(e.data) * shape(r)
		for i := range uint64(I) {
			s := Seeds{Data: d, Init: i}
			switch kind {
			case Nested:
				s.Init = d*uint64(I) + i
			case Together:
				s = Seeds{Data: d, Init: d, Order: d}
			}
			if _, met := ofInit[s.Init]; !met {
				ofInit[s.Init] = math.Sqrt(e.init) * shape(r)
			}
			rest := math.Sqrt(math.Max(0, 1-e.data-e.init)) * shape(r)
			runs = append(runs, Run{Seeds: s, Value: mean + ofSet + ofInit[s.Init] + rest})
		}
	}
	return runs
}

// Intervals of one cell cover its mean: 95 % where values are normal, bounded or
// in two humps, less for skewed ones, as Student's t does.
func TestMeanCovers(t *testing.T) {
	for shape, draw := range shapes {
		for _, c := range []struct {
			kind Kind
			D, I int
		}{{Together, 3, 1}, {Together, 10, 1}, {Together, 40, 1}, {Nested, 10, 2}, {Nested, 30, 3}} {
			lo, hi := 0.945, 0.955
			switch {
			case shape == "skewed" && c.D == 3:
				lo, hi = 0.86, 0.90
			case shape == "skewed":
				lo, hi = 0.89, 0.95
			case shape == "two-humped" && c.D == 3:
				lo, hi = 0.70, 0.76 // TwoOutcomes needs five runs
			case shape == "two-humped" && c.kind == Together:
				lo, hi = 0.94, 0.985
			case shape == "bounded" && c.D == 3:
				lo, hi = 0.91, 0.95
			case shape != "normal":
				lo, hi = 0.94, 0.965
			}
			r, hits, all := rand.New(rand.NewPCG(1, uint64(c.D*10+c.I))), 0, nights(500)
			for range all {
				runs := effects{0.5, 0.2}.cellOf(r, c.kind, c.D, c.I, 7, draw)
				if c.kind == Together {
					runs = effects{}.cellOf(r, c.kind, c.D, c.I, 7, draw)
				}
				d, design := Mean(runs)
				if design.Kind != c.kind {
					t.Fatalf("%d by %d is %s", c.D, c.I, design.Kind)
				}
				if d.CI.Contains(7) {
					hits++
				}
			}
			covers(t, fmt.Sprintf("%s, %s, %d by %d", shape, c.kind, c.D, c.I), hits, all, lo, hi)
		}
	}
}

// Crossed designs: 93 to 98 % over all shares of data and init, less with two init
// seeds that matter; as if runs were independent far less.
func TestCrossedCovers(t *testing.T) {
	naive := 1.0
	for _, size := range [][2]int{{30, 2}, {20, 3}, {10, 5}, {5, 10}, {5, 40}} {
		for _, e := range []effects{{0, 0}, {0.5, 0}, {0.9, 0}, {0.2, 0.6}, {0.3, 0.3}, {0, 0.6}} {
			lo, hi := 0.93, 0.98
			if e.data == 0 && e.init == 0 {
				hi = 1 // where neither matters, the floor of df makes it wide
			}
			if size[1] == 2 && e.init > 0 {
				lo, hi = 0.85, 0.93
			}
			r, hits, flat, all := rand.New(rand.NewPCG(2, uint64(size[0]))), 0, 0, nights(300)
			for range all {
				x := e.cellOf(r, Crossed, size[0], size[1], 3, shapes["normal"])
				y := e.cellOf(r, Crossed, size[0], size[1], 2, shapes["normal"])
				d, design := Compare(x, y)
				if design.Kind != Crossed || d.Method != "crossed" {
					t.Fatalf("%s of %s", d.Method, design.Kind)
				}
				if d.CI.Contains(1) {
					hits++
				}
				var u, v []float64
				for i := range x {
					u, v = append(u, x[i].Value), append(v, y[i].Value)
				}
				if Paired(u, v).CI.Contains(1) {
					flat++
				}
			}
			covers(t, fmt.Sprintf("crossed %d by %d, data %.1f, init %.1f", size[0], size[1], e.data, e.init), hits, all, lo, hi)
			naive = min(naive, float64(flat)/float64(all))
		}
	}
	if t.Logf("as if independent, at worst %.0f %%", 100*naive); naive > 0.4 {
		t.Errorf("as if independent the worst coverage is %.2f: the simulation does not vary what it should", naive)
	}
}

// Three crossed streams: never too narrow.
func TestThreeWayCovers(t *testing.T) {
	for _, e := range [][3]float64{{0.3, 0.3, 0.3}, {0.9, 0, 0}, {0, 0, 0.9}, {0, 0, 0}} {
		r, hits, all := rand.New(rand.NewPCG(2, 9)), 0, nights(500)
		for range all {
			var parts [3][5]float64
			for p := range parts {
				for k := range parts[p] {
					parts[p][k] = math.Sqrt(e[p]) * r.NormFloat64()
				}
			}
			var runs []Run
			for s := range uint64(100) {
				seeds := Seeds{s / 20, s / 4 % 5, s % 4}
				rest := math.Sqrt(1-e[0]-e[1]-e[2]) * r.NormFloat64()
				runs = append(runs, Run{Seeds: seeds,
					Value: parts[0][seeds.Data] + parts[1][seeds.Init] + parts[2][seeds.Order] + rest})
			}
			if d, _ := Mean(runs); d.CI.Contains(0) {
				hits++
			}
		}
		covers(t, fmt.Sprintf("three streams, shares %v", e), hits, all, 0.94, 1)
	}
}

// errorsOf draws which of m examples n runs of two cells get wrong: examples have
// a difficulty that both cells share partly, and seeds a shift.
func errorsOf(r *rand.Rand, n, m int, shift, seedSD, exampleSD float64) (a, b Wrong) {
	hard, harder := make([]float64, m), make([]float64, m)
	for j := range hard {
		hard[j], harder[j] = 1.2*r.NormFloat64(), exampleSD*r.NormFloat64()
	}
	a.Examples, b.Examples = m, m
	for range n {
		wrongA, wrongB := make([]bool, m), make([]bool, m)
		u, v := seedSD*r.NormFloat64(), seedSD*r.NormFloat64()
		for j := range hard {
			wrongA[j] = hard[j]+harder[j]+u+r.NormFloat64() > 1.5
			wrongB[j] = hard[j]-harder[j]+v-shift+r.NormFloat64() > 1.5
		}
		a.Rows, b.Rows = append(a.Rows, Pack(wrongA)), append(b.Rows, Pack(wrongB))
	}
	return a, b
}

// rateOf is the true error rate of one cell of errorsOf.
func rateOf(seedSD, exampleSD, shift float64) float64 {
	sd := math.Sqrt(1.44 + exampleSD*exampleSD + seedSD*seedSD + 1)
	return 0.5 * math.Erfc((1.5+shift)/sd/math.Sqrt2)
}

// Intervals over units and test examples cover the difference of two cells, and the
// rate of one, on any test set; those over units alone do not.
func TestWithExamplesCovers(t *testing.T) {
	for _, n := range []int{3, 5, 10} {
		r, all := rand.New(rand.NewPCG(3, uint64(n))), nights(400)
		both, alone, rate, apart := 0, 0, 0, 0
		for range all {
			a, b := errorsOf(r, n, 200, 0.3, 0.1, 0.6)
			truth := rateOf(0.1, 0.6, 0) - rateOf(0.1, 0.6, 0.3)
			o := Combine([]float64{1, -1}, a, b)
			units := Over(o.Means, 0)
			if WithExamples(units, o).CI.Contains(truth) {
				both++
			}
			if units.CI.Contains(truth) {
				alone++
			}
			c := Combine([]float64{1}, a)
			if Rate(WithExamples(Over(c.Means, 0), c), c).CI.Contains(rateOf(0.1, 0.6, 0)) {
				rate++
			}
			_, other := errorsOf(r, n, 200, 0.3, 0.1, 0.6)
			p := Combine([]float64{1}, other)
			if WithExamples(Welch(c.Means, p.Means), c, p).CI.Contains(truth) {
				apart++
			}
		}
		covers(t, fmt.Sprintf("%d seeds by 200 examples", n), both, all, 0.94, 0.985)
		covers(t, fmt.Sprintf("%d seeds alone", n), alone, all, 0.3, 0.95)
		covers(t, fmt.Sprintf("rate over %d seeds by 200 examples", n), rate, all, 0.94, 0.99)
		covers(t, fmt.Sprintf("%d seeds by 200 examples, not paired", n), apart, all, 0.94, 0.995)
	}
}
