package stat

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestPaired(t *testing.T) {
	x, g := entry[goldenSample](t, "stats.json", "tci").X, entry[struct {
		Y        []float64
		MeanDiff float64
		T, P     float64
		CI       [2]float64
	}](t, "stats.json", "paired")
	d := Paired(x, g.Y)
	near(t, "difference", d.Mean, g.MeanDiff)
	near(t, "t", d.T, g.T)
	near(t, "p", d.P, g.P)
	near(t, "lower end", d.CI.Lo, g.CI[0])
	near(t, "upper end", d.CI.Hi, g.CI[1])
	if same := Paired([]float64{1, 2, 3}, []float64{0, 1, 2}); !math.IsNaN(same.P) || len(same.Warnings) == 0 || same.Mean != 1 {
		t.Errorf("equal differences: %+v", same)
	}
}

// scipy 1.10.1: ttest_ind(equal_var=False), ttest_1samp, and t.interval at the
// degrees of freedom of Satterthwaite, on the samples of testdata/stats.json.
func TestDifferencesAgainstScipy(t *testing.T) {
	x, y := entry[goldenSample](t, "stats.json", "tci").X, entry[struct{ Y []float64 }](t, "stats.json", "paired").Y
	welch := entry[struct{ T, P, DF float64 }](t, "stats.json", "welch")
	for _, c := range []struct {
		name                       string
		d                          Difference
		t, p, df                   float64
		lo, hi, narrowLo, narrowHi float64
	}{
		{"Welch", Welch(x, y), welch.T, welch.P, welch.DF,
			0.11255543859383468, 0.5394445614061806, 0.15507096758252234, 0.49692903241749287},
		{"Welch of 5 and 3", Welch(x, y[:3]), 3.699204426219722, 0.031079558174220385, 3.1791555732667818,
			0.0648167115483021, 0.7138499551183499, 0.1472349039274286, 0.6314317627392234},
		{"one sample", Over(x, 97.4), 3.141434885316676, 0.034799620211037476, 4,
			0.01812496765878, 0.29387503234121, 0.05013497015555, 0.26186502984445},
		{"paired", Paired(x, y), 11.4829, 3.283e-4, 4,
			0.247177, 0.404823, 0.26547657326729335, 0.3865234267327105},
	} {
		tolerance := 1e-9
		if c.name == "paired" {
			tolerance = 1e-4 // TestPaired has the other digits
		}
		for what, v := range map[string][2]float64{
			"t": {c.d.T, c.t}, "p": {c.d.P, c.p}, "df": {c.d.DF, c.df}, "lower end": {c.d.CI.Lo, c.lo},
			"upper end":         {c.d.CI.Hi, c.hi},
			"lower end at 90 %": {c.d.Narrow.Lo, c.narrowLo}, "upper end at 90 %": {c.d.Narrow.Hi, c.narrowHi},
		} {
			if !(math.Abs(v[0]-v[1]) <= tolerance*(1+math.Abs(v[1]))) {
				t.Errorf("%s: %s is %.12g, want %.12g", c.name, what, v[0], v[1])
			}
		}
	}
}

// Newcombe 1998, table II, method 10.
func TestProportionsAgainstNewcombe(t *testing.T) {
	for _, c := range []struct {
		k, m, l, n int
		lo, hi     float64
	}{
		{56, 70, 48, 80, 0.0524, 0.3339},
		{9, 10, 3, 10, 0.1705, 0.8090},
		{6, 7, 2, 7, 0.0582, 0.8062},
		{5, 56, 0, 29, -0.0381, 0.1926},
		{0, 10, 0, 20, -0.1611, 0.2775},
		{0, 10, 0, 10, -0.2775, 0.2775},
		{10, 10, 0, 20, 0.6791, 1},
		{10, 10, 0, 10, 0.6075, 1},
	} {
		d := Proportions(Proportion{c.k, c.m, 1}, Proportion{c.l, c.n, 1})
		if math.Abs(d.CI.Lo-c.lo) > 6e-5 || math.Abs(d.CI.Hi-c.hi) > 6e-5 {
			t.Errorf("%d/%d - %d/%d: %.4f to %.4f, want %.4f to %.4f", c.k, c.m, c.l, c.n, d.CI.Lo, d.CI.Hi, c.lo, c.hi)
		}
		if !d.Narrow.Inside(d.CI) {
			t.Errorf("%d/%d - %d/%d: the 90 %% interval %v is not inside of %v", c.k, c.m, c.l, c.n, d.Narrow, d.CI)
		}
	}
	// scipy 1.10.1: binomtest(k, n).proportion_ci(level, "wilson")
	d := Proportion{93, 100, 1}.Over(0.5)
	near(t, "share less a half", d.Mean, 0.43)
	near(t, "lower end at 90 %", d.Narrow.Lo, 0.8757398869332069-0.5)
	near(t, "upper end at 90 %", d.Narrow.Hi, 0.961605373193263-0.5)
	if none := (Proportion{0, 0, 1}).Over(0.5); none.CI.Known() || !math.IsNaN(none.Mean) {
		t.Errorf("no trials: %+v", none)
	}
}

// Swapping the sides turns the sign; a scale goes through everything.
func TestDifferenceLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sample := rapid.SliceOfN(rapid.Float64Range(-10, 10), 3, 8)
		x, y := sample.Draw(t, "x"), sample.Draw(t, "y")
		k, l := rapid.IntRange(0, 9).Draw(t, "k"), rapid.IntRange(0, 9).Draw(t, "l")
		share := func(k int, factor float64) Proportion { return Proportion{k, 9, factor} }
		for name, of := range map[string]func(factor float64) (d, turned Difference){
			"Welch": func(f float64) (d, turned Difference) {
				return Welch(times(f, x), times(f, y)), Welch(times(f, y), times(f, x))
			},
			"Newcombe": func(f float64) (d, turned Difference) {
				return Proportions(share(k, f), share(l, f)), Proportions(share(l, f), share(k, f))
			},
		} {
			d, turned := of(1)
			tripled, _ := of(3)
			for what, v := range map[string][2]float64{
				"mean": {d.Mean, -turned.Mean}, "end": {d.CI.Lo, -turned.CI.Hi}, "90 % end": {d.Narrow.Hi, -turned.Narrow.Lo},
				"scaled": {3 * d.CI.Hi, tripled.CI.Hi}, "negated": {d.Negate().At(0.2).Lo, turned.At(0.2).Lo},
				"times": {d.Times(3).At(0.01).Lo, tripled.At(0.01).Lo},
			} {
				if !(math.Abs(v[0]-v[1]) <= 1e-9*(1+math.Abs(v[0]))) {
					t.Fatalf("%s: %s: %v and %v", name, what, v[0], v[1])
				}
			}
			if !d.CI.Contains(d.Mean) && d.CI.Hi-d.CI.Lo > 1e-9 || !d.Narrow.Inside(d.CI) {
				t.Fatalf("%s: %+v", name, d)
			}
		}
	})
}

func times(f float64, x []float64) []float64 {
	y := make([]float64, len(x))
	for i := range x {
		y[i] = f * x[i]
	}
	return y
}

// Two repeats support no interval, and constant ones one of no width.
func TestDifferencesOfLittle(t *testing.T) {
	for _, d := range []Difference{Welch([]float64{1, 5}, []float64{2, 3, 4}), Paired([]float64{1, 2}, []float64{2,
		5}), Over([]float64{1, 2}, 0)} {
		if d.CI.Known() || d.At(0.5).Known() || d.N != 2 || len(d.Warnings) == 0 || !math.IsNaN(d.Against(0)) ||
			Below(100, d) != 1 {
			t.Errorf("two repeats: %+v", d)
		}
	}
	if d := Welch([]float64{1, 1, 1}, []float64{3, 3, 3}); d.CI != (Interval{-2, -2}) || !math.IsNaN(d.P) ||
		len(d.Warnings) == 0 {
		t.Errorf("constant samples: %+v", d)
	}
	if d := Over(nil, 1); d.CI.Known() || d.N != 0 {
		t.Errorf("no repeats: %+v", d)
	}
}

// The p value of an inverted interval is that of the closed form.
func TestAgainstInverts(t *testing.T) {
	d := Welch([]float64{1, 2, 4, 3}, []float64{0, 1, 0.5})
	for _, v := range []float64{-3, 0, 1, d.Mean, 2.5} {
		near(t, "p", invert(d.at, v), d.Against(v))
	}
	near(t, "p in another unit", d.Times(3).Against(1.5), d.Against(0.5))
	near(t, "p the other way round", d.Negate().Against(-1), d.Against(1))
	near(t, "t the other way round", d.Negate().T, -d.T)
	if p := invert(d.at, 1e12); p != 1e-12 {
		t.Errorf("p is %g", p)
	}
	if s := Describe([]float64{0.1, 0.1, 0.1}); s.SD != 0 || s.Mean != 0.1 {
		t.Errorf("equal values: %+v", s)
	}
}
