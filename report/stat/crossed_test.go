package stat

import (
	"math"
	"testing"
)

func TestCrossedMean(t *testing.T) {
	g := entry[struct {
		Y       [][]float64
		Mean    float64
		MSData  float64 `json:"ms_data"`
		MSInit  float64 `json:"ms_init"`
		MSInter float64 `json:"ms_inter"`
		VarMean float64 `json:"var_mean"`
		DF      float64
		CI      [2]float64
		S2Data  float64 `json:"s2_data"`
		S2Init  float64 `json:"s2_init"`
		S2Inter float64 `json:"s2_inter"`
	}](t, "inference.json", "crossed")
	w := CrossedMean(g.Y)
	for what, v := range map[string][2]float64{
		"mean": {w.Mean, g.Mean}, "mean square of sets": {w.MSRows, g.MSData}, "of initialisations": {w.MSColumns, g.MSInit},
		"of the rest": {w.MSRest, g.MSInter}, "variance of the mean": {w.VarMean, g.VarMean}, "df": {w.DF, g.DF},
		"lower end": {w.CI.Lo, g.CI[0]}, "upper end": {w.CI.Hi, g.CI[1]}, "data": {w.RowPart, g.S2Data},
		"init":        {w.ColumnPart, g.S2Init},
		"interaction": {w.RestPart, g.S2Inter}, "p against the lower end": {w.Against(g.CI[0]), 0.05},
	} {
		near(t, what, v[0], v[1])
	}
	// Rows and columns may change places.
	turned := make([][]float64, 3)
	for c := range turned {
		for r := range g.Y {
			turned[c] = append(turned[c], g.Y[r][c])
		}
	}
	near(t, "transposed", CrossedMean(turned).CI.Hi, g.CI[1])
}

// The degrees of freedom have a floor; nothing is made up where nothing varies or
// where there are too few seeds; two columns are said to be two.
func TestCrossedMeanRefuses(t *testing.T) {
	for name, y := range map[string][][]float64{
		"none": {}, "one column": {{1}, {2}, {3}}, "two by two": {{1, 2}, {3, 5}},
		"constant": {{0.1, 0.1}, {0.1, 0.1}, {0.1, 0.1}},
	} {
		if w := CrossedMean(y); w.CI.Known() || len(w.Warnings) == 0 || !math.IsNaN(w.Against(0)) {
			t.Errorf("%s: %+v", name, w.Difference)
		}
	}
	w := CrossedMean([][]float64{{1, 9}, {1, 9}, {1, 9.5}})
	if w.DF < 1 || !w.CI.Known() || len(w.Warnings) != 1 {
		t.Errorf("two columns: %+v", w)
	}
	// With the variance between columns alone, that is all there is to go by.
	if w := CrossedMean([][]float64{{1, 9, 4}, {1, 9, 4}, {1, 9, 4}}); w.DF != 2 || w.RowPart > 1e-12 {
		t.Errorf("columns only: %+v", w)
	}
}

// Three crossed streams: by hand, on the 2x2x2 of levels 0 and 1 each, with effects
// 3, 2 and 1 (or their half, up and down).
func TestThreeWay(t *testing.T) {
	var runs []Run
	for d := range uint64(3) {
		for i := range uint64(3) {
			for o := range uint64(2) {
				runs = append(runs, Run{Seeds: Seeds{d, i, o}, Value: 3*float64(d) + 2*float64(i) + float64(o)})
			}
		}
	}
	m, design := Mean(runs)
	if design.Kind != Crossed || len(design.Sets) != 3 || len(design.Sets[0]) != 6 {
		t.Fatalf("design %+v", design)
	}
	variance := 9.0/3 + 4.0/3 + 0.5/2
	near(t, "mean", m.Mean, 3+2+0.5)
	near(t, "standard error", m.SE, math.Sqrt(variance))
	near(t, "df", m.DF, variance*variance/(9.0/2+16.0/9/2+0.0625/1))
}
