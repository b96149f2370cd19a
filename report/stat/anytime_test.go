package stat

import (
	"math"
	"testing"
)

func TestAnytime(t *testing.T) {
	x := entry[[]float64](t, "inference.json", "anytime_x")
	looks := Anytime(x)
	for _, g := range entry[[]struct {
		N     int
		LogE  float64 `json:"log_e_mu0_0"`
		CI    [2]*float64
		Fixed [2]float64 `json:"fixed_t_ci"`
		Alpha float64
	}](t, "inference.json", "anytime") {
		look := looks[g.N-2]
		near(t, "log E", LogE(x[:g.N], 0), g.LogE)
		near(t, "p", look.P, math.Min(1, math.Exp(-g.LogE)))
		if g.CI[0] == nil {
			if look.CI.Known() || !math.IsInf(look.At(g.Alpha).Hi, 1) || !math.IsInf(look.At(g.Alpha).Lo, -1) {
				t.Errorf("after %d: %v", g.N, look.CI)
			}
		} else {
			near(t, "lower end", look.At(g.Alpha).Lo, *g.CI[0])
			near(t, "upper end", look.At(g.Alpha).Hi, *g.CI[1])
			near(t, "p at the end", look.Against(*g.CI[1]), g.Alpha)
		}
		if g.N >= 3 {
			near(t, "fixed t", Over(x[:g.N], 0).CI.Lo, g.Fixed[0])
		}
	}
	if Last(looks).N != len(x) || Last(nil).CI.Known() {
		t.Errorf("last look %+v", Last(looks))
	}
	// Finite from five units at 5 %, from seven for nine claims.
	for alpha, from := range map[float64]int{0.05: 5, 0.05 / 9: 7} {
		if !math.IsInf(AnytimeHalf(from-1, 1, alpha), 1) || math.IsInf(AnytimeHalf(from, 1, alpha), 1) {
			t.Errorf("at %g finite elsewhere than from %d", alpha, from)
		}
	}
}

// What is decided stays decided; only looks on the verdict's side count.
func TestAnytimeStaysDecided(t *testing.T) {
	x := []float64{1, 1.1, 0.9, 1, 1.05, 0.95, 1}
	decided := Above(0, Anytime(x)...)
	if decided >= 0.05 || Below(0, Anytime(x)...) != 1 {
		t.Fatalf("above with p %g, below with %g", decided, Below(0, Anytime(x)...))
	}
	for range 20 {
		x = append(x, -3)
	}
	if p := Above(0, Anytime(x)...); p != decided {
		t.Errorf("p went from %g to %g", decided, p)
	}
	if p := Below(0, Anytime(x)...); p > 0.05 {
		t.Errorf("later looks are below with p %g", p)
	}
	if p := Above(0, Anytime([]float64{2, 2, 2, 2, 2, 2})...); p >= 0.05 {
		t.Errorf("six equal differences: p %g", p)
	}
	if e := LogE([]float64{2, 2, 2}, 2); e != 0 {
		t.Errorf("every value is the null: log E %g", e)
	}
	if e := LogE([]float64{2}, 0); e != 0 {
		t.Errorf("one value: log E %g", e)
	}
}

// "=" holds where one look's interval lies within the margins, and fails where one
// lies outside.
func TestAnytimeWithin(t *testing.T) {
	x := entry[[]float64](t, "inference.json", "anytime_x")
	looks := Anytime(x)
	last := Last(looks).CI
	for _, c := range []struct {
		lo, hi          float64
		within, outside bool
	}{
		{last.Lo - 0.001, last.Hi + 0.001, true, false},
		{last.Lo + 0.001, last.Hi + 0.1, false, false},
		{last.Hi + 0.001, 2, false, true},
		{-2, last.Lo - 0.001, false, true},
	} {
		if w, o := Within(c.lo, c.hi, looks...) < 0.05, Outside(c.lo, c.hi, looks...) < 0.05; w != c.within || o != c.outside {
			t.Errorf("%g to %g: within %v, outside %v", c.lo, c.hi, w, o)
		}
	}
	// At a fixed number of units two one-sided tests are the 90 % interval.
	fixed := Over(x, 0)
	near(t, "p of two one-sided tests", Within(fixed.Narrow.Lo, 1, fixed), 0.05)
	near(t, "p outside", Outside(fixed.CI.Hi, 3, fixed), 0.05)
}

// With test examples the looks are the anytime interval and the examples; without
// a spread between examples nothing is added.
func TestAnytimeWithExamples(t *testing.T) {
	d := [][]float64{{1, 0, 0.5, 2}, {0.5, 0, 0.2, 1}, {1, -0.2, 0.7, 2.5}, {0.8, 0, 0.5, 2}, {0.9, 0.3, 0.4, 1.5},
		{1, 0, 0.6, 2.2}}
	prefixes := LossPrefixes(d)
	looks := AnytimeWithExamples(prefixes)
	for i, o := range prefixes {
		if h := AnytimeHalf(o.Runs, sd(o.Means)*sd(o.Means), 0.05); !math.IsInf(h, 1) {
			near(t, "half", looks[i].Half(0.05), math.Hypot(h, quantileZ(0.05)*math.Sqrt(o.ExampleVariance())))
		}
		if looks[i].N != i+2 || !looks[i].sequential {
			t.Errorf("look %d: %+v", i, looks[i])
		}
	}
	flat := [][]float64{{1, 1}, {2, 2}, {1.5, 1.5}, {1.2, 1.2}, {1, 1}}
	plain := Anytime([]float64{1, 2, 1.5, 1.2, 1})
	near(t, "p without examples", Above(0, AnytimeWithExamples(LossPrefixes(flat))...), Above(0, plain...))
}

func TestSpending(t *testing.T) {
	total := 0.0
	for k := 1; k <= 10000; k++ {
		total += 0.05 / Spend(1e-9, k) * 1e-9
	}
	if math.Abs(total-0.05) > 1e-5 {
		t.Errorf("all looks together spend %g", total)
	}
	if got := Looks(5, 40); len(got) != 4 || got[0] != 5 || got[2] != 20 || got[3] != 40 {
		t.Errorf("looks %v", got)
	}
	if got := Looks(5, 12); len(got) != 3 || got[1] != 10 || got[2] != 12 {
		t.Errorf("looks %v", got)
	}
	d := Over(entry[[]float64](t, "inference.json", "anytime_x"), 0)
	second := d.AtLook(2)
	near(t, "interval of the second look", second.CI.Lo, d.At(0.05/6).Lo)
	near(t, "its p", second.Against(0.25), 6*d.Against(0.25))
	near(t, "the p of its end", second.Against(second.CI.Hi), 0.05)
}
