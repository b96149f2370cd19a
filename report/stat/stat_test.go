package stat

import (
	"encoding/json"
	"math"
	"os"
	"testing"
)

// golden reads values that testdata/stats.py computes with numpy and scipy.
func golden(t *testing.T, v any) {
	t.Helper()
	text, err := os.ReadFile("testdata/stats.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		t.Fatal(err)
	}
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
	var g struct {
		TCI goldenSample `json:"tci"`
	}
	golden(t, &g)
	s := Describe(g.TCI.X)
	near(t, "mean", s.Mean, g.TCI.Mean)
	near(t, "SD", s.SD, g.TCI.SD)
	near(t, "lower end", s.CI.Lo, g.TCI.Lo)
	near(t, "upper end", s.CI.Hi, g.TCI.Hi)
	near(t, "lower end of the SD", s.SDCI.Lo, g.TCI.SDCI[0])
	near(t, "upper end of the SD", s.SDCI.Hi, g.TCI.SDCI[1])
	if len(s.Warnings) > 0 {
		t.Errorf("five repeats give warnings: %q", s.Warnings)
	}
}

func TestQuantileT(t *testing.T) {
	var g struct {
		T975 map[string]float64 `json:"t975"`
	}
	golden(t, &g)
	for df, want := range g.T975 {
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
	var g map[string]json.RawMessage
	golden(t, &g)
	for _, c := range []struct {
		name string
		k, n int
	}{
		{"wilson_9767_10000", 9767, 10000},
		{"wilson_9134_10000", 9134, 10000},
		{"wilson_0_100", 0, 100},
		{"wilson_100_100", 100, 100},
		{"wilson_93_100", 93, 100},
		{"wilson_45_50", 45, 50},
	} {
		var want [2]float64
		if err := json.Unmarshal(g[c.name], &want); err != nil {
			t.Fatal(err)
		}
		i := Wilson(c.k, c.n)
		near(t, c.name+" lower", i.Lo, want[0])
		near(t, c.name+" upper", i.Hi, want[1])
		if i.Lo < 0 || i.Hi > 1 {
			t.Errorf("%s is %v", c.name, i)
		}
	}
	if Wilson(0, 0).Known() {
		t.Error("no trials give an interval")
	}
}

func TestHolm(t *testing.T) {
	var g struct{ PVals, Holm []float64 }
	golden(t, &g)
	for i, p := range Holm(g.PVals) {
		near(t, "adjusted p", p, g.Holm[i])
	}
	// The order in which comparisons are made does not matter.
	shuffled := []float64{g.PVals[3], g.PVals[0], g.PVals[7], g.PVals[1], g.PVals[2], g.PVals[4], g.PVals[6], g.PVals[5]}
	near(t, "second", Holm(shuffled)[1], g.Holm[0])
}
