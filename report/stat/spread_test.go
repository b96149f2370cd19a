package stat

import (
	"math"
	"testing"
)

func TestSDRatio(t *testing.T) {
	g := entry[struct {
		S1, S2, Ratio float64
		N1, N2        int
		CI            [2]float64
	}](t, "inference.json", "sd_ratio")
	r := SDRatio(g.S1, g.N1, g.S2, g.N2)
	near(t, "ratio", r.Value, g.Ratio)
	near(t, "lower end", r.CI.Lo, g.CI[0])
	near(t, "upper end", r.CI.Hi, g.CI[1])
	// scipy 1.10.1, stats.f, on the samples below.
	r = SDRatio(sd(spreadX), 6, sd(spreadY), 5)
	near(t, "p", r.P, 0.005366032387519093)
	near(t, "lower end", r.CI.Lo, 1.82235207)
	if SDRatio(1, 2, 1, 9).CI.Known() || SDRatio(0, 9, 1, 9).CI.Known() {
		t.Error("a ratio of little")
	}
}

var spreadX, spreadY = []float64{1.0, 2.5, 2.0, 4.1, 3.3, 2.9}, []float64{1.5, 1.7, 1.6, 1.9, 1.4}

// scipy 1.10.1, ttest_ind(equal_var=False) on the pseudo-values.
func TestSpreadRatio(t *testing.T) {
	r := SpreadRatio(spreadX, spreadY, 0)
	near(t, "difference", r.Difference.Mean, 3.375697668662093)
	near(t, "t", r.Difference.T, 3.1331980937471786)
	near(t, "p", r.P, 0.013000842758678636)
	near(t, "lower end", r.CI.Lo, math.Exp(r.Difference.CI.Lo/2))
	over := SpreadOver(spreadX, 2, 0)
	a, _ := pseudoValues(spreadX, 0)
	near(t, "over a number", over.Difference.CI.Hi, Over(a, math.Log(4)).CI.Hi)
	for name, x := range map[string][]float64{
		"two units": {1, 2}, "constant": {1, 1, 1, 1}, "one apart": {1, 1, 1, 3}, "two outcomes": {0, 0.1, 0.05, 9, 9.1, 9.05},
	} {
		if r := SpreadRatio(x, spreadY, 0); r.CI.Known() || len(r.Warnings) == 0 || Below(100, r.Difference) != 1 {
			t.Errorf("%s: %+v", name, r)
		}
		if r := SpreadOver(x, 1, 0); r.CI.Known() || len(r.Warnings) == 0 {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestTrend(t *testing.T) {
	axis := []float64{1, 2, 4, 8, 16}
	up, down, flat := []float64{1, 2, 3, 4, 5}, []float64{9, 8, 7, 6, 1}, []float64{2, 2, 2, 2, 2}
	d := Trend(axis, [][]float64{down, down, {5, 3, 4, 2, 1}, down, down, {9, 7, 8, 6, 5}, flat})
	values := []float64{-1, -1, -0.9, -1, -1, -0.9, 0}
	near(t, "mean", d.Mean, Describe(values).Mean)
	near(t, "p where there is no trend", d.P, 1.0/64)
	// What is far from 0 is held against the skew, too.
	if skewed := d.Against(-0.4); !(skewed > Over(values, -0.4).P) || d.CI.Hi != 0 {
		t.Errorf("p of -0.4 is %g, the upper end %g", skewed, d.CI.Hi)
	}
	if d.CI.Lo != -1 || d.N != 7 {
		t.Errorf("%+v", d)
	}
	// However small t makes p, seven units cannot make it less than 2^-6.
	steep := Trend(axis, [][]float64{down, down, {5, 3, 4, 2, 1}, down, down, down, down})
	near(t, "p", steep.P, 1.0/64)
	near(t, "p of a verdict", Below(0, steep), 1.0/64)
	for name, y := range map[string][][]float64{"five units": {down, up, down, down, {5, 3, 4, 2, 1}},
		"all the same": {up, up, up, up, up, up}} {
		if d := Trend(axis, y); d.CI.Known() || len(d.Warnings) == 0 || Above(-1, d) != 1 {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

func TestTwoOutcomes(t *testing.T) {
	for _, c := range []struct {
		name     string
		values   []float64
		examples int
		two      bool
		low      int
	}{
		{"three stuck of five", []float64{0.5, 0.01, 0.501, 0.499, 0.012}, 0, true, 2},
		{"four", []float64{0, 0, 1, 1}, 0, false, 0},
		{"one stuck", []float64{0.01, 0.02, 0.015, 0.012, 0.9}, 0, true, 4},
		{"even", []float64{1, 2, 3, 4, 5}, 0, false, 0},
		{"a wide group", []float64{0, 0, 0.45, 0.45, 1}, 0, false, 0},
		{"gap below half of the range", []float64{0, 0.45, 0.45, 0.9, 0.9, 0.9}, 0, false, 0},
		{"a gap of two fifths of the range", []float64{0, 0, 0, 0, 0, 0, 0.4, 0.7, 1}, 0, false, 0},
		{"11 SD of five", spread(0, 1, 11.5), 0, false, 0},
		{"13 SD of five", spread(0, 1, 15), 0, true, 4},
		{"rates nearer than their noise", []float64{0.10, 0.10, 0.10, 0.13, 0.13}, 500, false, 0},
		{"rates of a large test set", []float64{0.10, 0.10, 0.10, 0.13, 0.13}, 10000, true, 3},
		{"equal", []float64{1, 1, 1, 1, 1}, 0, false, 0},
		{"equal to the last bits of 32", []float64{0.69261949, 0.69261949, 0.69261949, 0.69261949, 0.69261953}, 0, false, 0},
	} {
		o := TwoOutcomes(c.values, c.examples)
		if o.Two != c.two || o.Low != c.low || o.Two && (o.High != len(c.values)-c.low || o.LowShare != Wilson(o.Low,
			len(c.values))) {
			t.Errorf("%s: %+v", c.name, o)
		}
	}
	o := TwoOutcomes([]float64{0.5, 0.01, 0.501, 0.499, 0.012}, 0)
	near(t, "median", o.Median, 0.499)
	near(t, "lower median", o.LowMedian, 0.011)
	near(t, "upper median", o.HighMedian, 0.5)
	near(t, "split", o.Split, (0.499+0.012)/2)
}

// spread is four values of this mean and SD, and one that far from the largest.
func spread(mean, sd, gap float64) []float64 {
	a := sd * math.Sqrt(3) / 2
	return []float64{mean - a, mean - a, mean + a, mean + a, mean + a + gap}
}

func TestDecimals(t *testing.T) {
	for half, want := range map[float64]int{
		0.0043: 4, 0.043: 3, 0.43: 2, 4.3: 1, 43: 0, 430: -1, 0.0996: 2, 0.0994: 3, 9.96: 0, 99.6: -1, -0.0043: 4,
		1: 1, 0.1: 2, 0.01: 3, 10: 0,
	} {
		if got, ok := Decimals(half); !ok || got != want {
			t.Errorf("half-width %g: %d decimals, want %d", half, got, want)
		}
	}
	for _, half := range []float64{0, math.NaN(), math.Inf(1)} {
		if _, ok := Decimals(half); ok {
			t.Errorf("half-width %g has decimals", half)
		}
	}
}
