package stat

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"testing"
)

// entry reads one entry of a golden file: values computed with numpy, scipy and
// mlxtend. Those of stats.json are what testdata/stats.py computes. A test names the
// entries that it uses here; TestEveryEntryIsUsed finds the calls.
func entry[T any](t *testing.T, file, key string) (v T) {
	t.Helper()
	if err := json.Unmarshal(goldenFile(t, file)[key], &v); err != nil {
		t.Fatalf("%s, %s: %v", file, key, err)
	}
	return v
}

func goldenFile(t *testing.T, name string) (entries map[string]json.RawMessage) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &entries); err != nil {
		t.Fatal(err)
	}
	return entries
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > 1e-9*(1+math.Abs(want)) {
		t.Errorf("%s is %.12g, want %.12g", what, got, want)
	}
}

type goldenSample struct {
	X      []float64
	Mean   float64
	SD     float64
	Lo, Hi float64
	SDCI   [2]float64 `json:"sd_ci"`
}

func TestDescribe(t *testing.T) {
	g := entry[goldenSample](t, "stats.json", "tci")
	s := Describe(g.X)
	near(t, "mean", s.Mean, g.Mean)
	near(t, "SD", s.SD, g.SD)
	near(t, "lower end", s.CI.Lo, g.Lo)
	near(t, "upper end", s.CI.Hi, g.Hi)
	near(t, "lower end of the SD", s.SDCI.Lo, g.SDCI[0])
	near(t, "upper end of the SD", s.SDCI.Hi, g.SDCI[1])
	if len(s.Warnings) > 0 {
		t.Errorf("five repeats give warnings: %q", s.Warnings)
	}
}

func TestQuantileT(t *testing.T) {
	for df, want := range entry[map[string]float64](t, "stats.json", "t975") {
		var n float64
		if err := json.Unmarshal([]byte(df), &n); err != nil {
			t.Fatal(err)
		}
		near(t, "quantile at df "+df, quantileT(n, 0.95), want)
	}
}

// Few repeats are said to be few, and nothing is made up for them.
func TestDescribeFew(t *testing.T) {
	for n := range 4 {
		s := Describe([]float64{3, 3.5, 5}[:n])
		if warned := len(s.Warnings) > 0; warned != (n < 3) {
			t.Errorf("%d repeats: warnings %q", n, s.Warnings)
		}
		if s.CI.Known() != (n >= 3) || s.SDCI.Known() != (n >= 3) || math.IsNaN(s.Mean) != (n == 0) {
			t.Errorf("%d repeats: %+v", n, s)
		}
	}
}

func TestWilson(t *testing.T) {
	for _, c := range []struct {
		k, n int
		want [2]float64
	}{
		{9767, 10000, entry[[2]float64](t, "stats.json", "wilson_9767_10000")},
		{9134, 10000, entry[[2]float64](t, "stats.json", "wilson_9134_10000")},
		{0, 100, entry[[2]float64](t, "stats.json", "wilson_0_100")},
		{100, 100, entry[[2]float64](t, "stats.json", "wilson_100_100")},
		{93, 100, entry[[2]float64](t, "stats.json", "wilson_93_100")},
		{45, 50, entry[[2]float64](t, "stats.json", "wilson_45_50")},
	} {
		i := Wilson(c.k, c.n)
		near(t, fmt.Sprintf("lower end of %d/%d", c.k, c.n), i.Lo, c.want[0])
		near(t, fmt.Sprintf("upper end of %d/%d", c.k, c.n), i.Hi, c.want[1])
		if i.Lo < 0 || i.Hi > 1 {
			t.Errorf("%d/%d is %v", c.k, c.n, i)
		}
	}
	if Wilson(0, 0).Known() {
		t.Error("no trials give an interval")
	}
}

func TestHolm(t *testing.T) {
	plain, want := entry[[]float64](t, "stats.json", "pvals"), entry[[]float64](t, "stats.json", "holm")
	for i, p := range Holm(plain) {
		near(t, "adjusted p", p, want[i])
	}
	// The order in which comparisons are made does not matter.
	shuffled := []float64{plain[3], plain[0], plain[7], plain[1], plain[2], plain[4], plain[6], plain[5]}
	near(t, "second", Holm(shuffled)[1], want[0])
}

// A comparison without a p value makes the others no surer, and no less sure than one that is certainly nothing.
func TestHolmOfMissing(t *testing.T) {
	t.Parallel()
	p := []float64{0.01, math.NaN(), 0.02}
	for i, adjusted := range Holm(p) {
		near(t, "adjusted p", adjusted, []float64{0.03, 1, 0.04}[i])
	}
	if !math.IsNaN(p[1]) {
		t.Error("the p values themselves were changed")
	}
}
