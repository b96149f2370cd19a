package stat

import (
	"math"
	"math/rand/v2"
	"testing"

	gonum "gonum.org/v1/gonum/stat"
)

func mean(x []float64) float64 { return gonum.Mean(x, nil) }

func TestResample(t *testing.T) {
	x := entry[goldenSample](t, "stats.json", "tci").X
	se, ends := entry[float64](t, "stats.json", "boot_exact_se"), entry[[2]float64](t, "stats.json", "boot_exact_q")
	b := Resample(x, mean, 40000, rand.New(rand.NewPCG(1, 1)))
	near(t, "value", b.Value, mean(x))
	if i := b.Percentile(0.95); math.Abs(b.SE()-se) > 0.02*se || math.Abs(i.Lo-ends[0]) > 1e-6 || math.Abs(i.Hi-ends[1]) > 1e-6 {
		t.Errorf("SE %g, want %g; %v, want %v", b.SE(), se, i, ends)
	}
	again := Resample(x, mean, 100, rand.New(rand.NewPCG(1, 1))).Percentile(0.9)
	if again != Resample(x, mean, 100, rand.New(rand.NewPCG(1, 1))).Percentile(0.9) {
		t.Error("the same seed gives other draws")
	}
	// scipy 1.10.1, stats.bootstrap with 400,000 resamples.
	skewed := []float64{3.1, 2.2, 8.4, 1.9, 2.8, 4.4, 3.9, 2.5, 12.0, 3.3, 2.7, 5.1}
	b = Resample(skewed, mean, 40000, rand.New(rand.NewPCG(1, 2)))
	for what, v := range map[string][2]float64{
		"percentile lower": {b.Percentile(0.95).Lo, 2.9667}, "percentile upper": {b.Percentile(0.95).Hi, 6.15},
	} {
		if math.Abs(v[0]-v[1]) > 0.05 {
			t.Errorf("%s is %.4f, want %.4f", what, v[0], v[1])
		}
	}
	for name, b := range map[string]Bootstrap{
		"nothing": Resample(nil, mean, 10, nil), "two units": Resample([]float64{1, 2}, mean, 10, rand.New(rand.NewPCG(1, 1))),
	} {
		if b.Percentile(0.95).Known() {
			t.Errorf("%s has an interval", name)
		}
	}
}

// Strata are drawn within themselves: what differs between them has no share in the
// error, whose variance is the mean of their plug-in variances over n.
func TestResampleStrata(t *testing.T) {
	x := [][]float64{{1, 2, 3, 4}, {101, 105, 103, 103}}
	b := ResampleStrata(x, func(x [][]float64) float64 { return (mean(x[0]) + mean(x[1])) / 2 }, 40000,
		rand.New(rand.NewPCG(5, 1)))
	near(t, "value", b.Value, (2.5+103)/2)
	want := math.Sqrt((1.25/4 + 2.0/4) / 4)
	if math.Abs(b.SE()-want) > 0.02*want || b.N != 8 {
		t.Errorf("SE %g of %d, want %g", b.SE(), b.N, want)
	}
}

func TestEtaSquared(t *testing.T) {
	g := entry[struct {
		Y        [][][]float64
		A, B, AB float64
		Seed     float64
	}](t, "stats.json", "anova")
	levels := [][]int{{0, 0}, {0, 1}, {1, 0}, {1, 1}}
	e, err := EtaSquared(levels, [][]float64{g.Y[0][0], g.Y[0][1], g.Y[1][0], g.Y[1][1]}, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "A", e.Main[0].Share, g.A)
	near(t, "B", e.Main[1].Share, g.B)
	near(t, "AB", e.Pairs[0].Share, g.AB)
	near(t, "seed", e.Seed.Share, g.Seed)
	near(t, "higher", 1+e.Higher.Share, 1)
	if e.Main[0].CI.Known() {
		t.Error("intervals without draws")
	}
}

// Three factors with known effects: shares add up, the triple interaction is
// Higher, and the intervals contain the shares.
func TestEtaSquaredOfThree(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 3))
	var levels [][]int
	var y [][]float64
	for c := range 12 {
		a, b, d := c%3, c/3%2, c/6
		levels = append(levels, []int{a, b, d})
		triple := 0.0
		if a == 1 {
			triple = float64((2*b - 1) * (2*d - 1))
		}
		var values []float64
		for range 20 {
			values = append(values, 2*float64(a)+float64(b)+triple+0.5*r.NormFloat64())
		}
		y = append(y, values)
	}
	e, err := EtaSquared(levels, y, 500, r)
	if err != nil {
		t.Fatal(err)
	}
	total := e.Higher.Share + e.Seed.Share
	for _, f := range append(e.Main, e.Pairs...) {
		total += f.Share
	}
	near(t, "sum of shares", total, 1)
	// Variances: a 8/3, b 1/4; the triple 1/3, of which 1/9 is an interaction of b and d; seed 1/4.
	all := 8.0/3 + 0.25 + 1.0/3 + 0.25
	for what, v := range map[string]struct {
		e    Effect
		want float64
	}{
		"a": {e.Main[0], 8.0 / 3 / all}, "b": {e.Main[1], 0.25 / all}, "d": {e.Main[2], 0},
		"b and d": {e.Pairs[2], 1.0 / 9 / all},
		"higher":  {e.Higher, 2.0 / 9 / all}, "seed": {e.Seed, 0.25 / all},
	} {
		if math.Abs(v.e.Share-v.want) > 0.02 || !v.e.CI.Known() || v.e.CI.Lo > v.e.Share+0.01 || v.e.CI.Hi < v.e.Share-0.01 {
			t.Errorf("%s: %+v, want %.3f", what, v.e, v.want)
		}
	}
	for name, err := range map[string]error{"a hole": balanced(levels[1:], y[1:]),
		"uneven": balanced(levels, append([][]float64{{1}}, y[1:]...)), "nothing": balanced(nil, nil)} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
