package report

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/metric"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/figure"
)

// TestSaturation trains the cells of the shipped study that start from p, and holds the points of its figure against the golden
// derivatives: 2 |dL/dz| of two outputs that are wrong alike, both inputs 1.
func TestSaturation(t *testing.T) {
	t.Parallel()
	var golden struct {
		Mse   float64 `json:"dz_mse"`
		Ce    float64 `json:"dz_ce"`
		Ratio float64 `json:"ratio"`
	}
	goldenEntry(t, "saturation", &golden)
	text, err := os.ReadFile("../experiments/saturation.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := study.Parse("saturation.yaml", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	n := newNight("saturation", s.Question)
	n.datasets["xor"] = store.Dataset{ID: "xor", In: 2, Out: 2, Classes: []string{"0", "1"}, TestLabels: []int32{0},
		Spec: []byte("{}")}
	for _, c := range s.Cells {
		if c.Axes[0].Axis != "p" {
			continue
		}
		one, _ := trainOnce(c.Config, study.Seeds{})
		n.finish(n.add(c.Axes, c.Config, study.Seeds{}), store.Done, one.epochs, one.outputs)
		last := &n.results[len(n.results)-1]
		for i, l := range one.out.Layers {
			last.Layers = append(last.Layers, store.Layer{Epoch: 1, Layer: i, Measures: metric.Measures(l)})
		}
	}
	f := buildAs(t, mustRead(t, n), s.Figures[0])
	if len(f) != 1 || len(f[0].Panels) != 2 {
		t.Fatalf("%d figures", len(f))
	}
	at := map[string]float64{} // p = 0.00001, of each pair
	for _, p := range f[0].Panels {
		if len(p.Series) != 2 || len(p.References) != 3 || !p.X.Log || !p.Y.Log {
			t.Errorf("panel %q: %d pairs, %d references", p.Title, len(p.Series), len(p.References))
		}
		for _, series := range p.Series {
			if len(series.Means) != 10 || series.Line {
				t.Errorf("%s has %d points", series.Label, len(series.Means))
			}
			for _, m := range series.Means {
				want := 2 * (1 - m.X)
				if strings.HasSuffix(series.Label, "mse") {
					want = 4 * m.X * (1 - m.X) * (1 - m.X)
				}
				if math.Abs(m.Y/want-1) > 1e-6 {
					t.Errorf("%s at p = %g: %g, theory %g", series.Label, m.X, m.Y, want)
				}
			}
			at[series.Label] = series.Means[slices.IndexFunc(series.Means, func(m figure.Point) bool { return m.X == 1e-5 })].Y
		}
	}
	for pair, want := range map[string]float64{"sigmoid+bce": golden.Ce, "sigmoid+mse": golden.Mse, "softmax+ce": golden.Ce,
		"softmax+mse": golden.Mse} {
		if got := at[pair]; math.Abs(got+2*want) > 1e-8*math.Abs(want) {
			t.Errorf("%s: gradient %.10g, golden %.10g", pair, got, -2*want)
		}
	}
	for _, output := range [][2]string{{"sigmoid+bce", "sigmoid+mse"}, {"softmax+ce", "softmax+mse"}} {
		if ratio := at[output[0]] / at[output[1]]; math.Abs(ratio-golden.Ratio) > 1e-3 {
			t.Errorf("%s to %s: %.6f, golden %g", output[0], output[1], ratio, golden.Ratio)
		}
	}
}
