package report

import (
	"math"
	"strings"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/metric"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
	"nightshift/report/stat"
)

// The share of dead units is that of what was stored, over the hidden layers
// and the finished runs.
func TestDeadContent(t *testing.T) {
	t.Parallel()
	f := one(t, build(t, mustRead(t, full()), "dead"), "dead-glyphs")
	s := series(f, "sigmoid+mse", "lr=1")
	var want []float64
	for seed := range uint64(5) {
		want = append(want, 100*glyphsDead(10, 2, seed))
	}
	d := stat.Describe(want)
	if got := s.Means[10]; got.X != 10 || math.Abs(got.Y-d.Mean) > 1e-9 || math.Abs(got.Interval.Lo-d.CI.Lo) > 1e-9 {
		t.Errorf("%+v, want %+v", got, d)
	}
	if dots := series(f, "At the end", "lr=1"); len(dots.Repeats) != 5 || math.Abs(dots.Repeats[0].Points[0].X-want[0]) > 1e-9 {
		t.Errorf("dots %+v", dots.Repeats)
	}
	if !strings.HasPrefix(f.Statement, "At the end the dead share of layer 1 is smallest at ") ||
		!strings.Contains(f.Statement, "largest at softmax+ce, lr=10, ") {
		t.Errorf("statement %s", f.Statement)
	}

	// Layers of 10 and 30 units: (0.5·10 + 0.1·30) / 40; the output does not count.
	n := newNight("layers", "")
	n.datasets["glyphs"] = store.Dataset{ID: "glyphs", In: 784, Out: 10, Spec: []byte("{}")}
	config := study.Config{Data: dataset.Spec{Set: "glyphs"},
		Config: mlp.Config{Hidden: []int{10, 30}, Output: "softmax", Loss: "ce"}}
	n.finish(n.add([]study.AxisValue{{Axis: "lr", Label: "1", Value: 1.0}}, config, study.Seeds{}), store.Done,
		n.learning(3, 1, 0.1, 1, false), nil)
	n.results[0].Layers = []store.Layer{deadLayer(3, 0, 0.5), deadLayer(3, 1, 0.1), deadLayer(3, 2, 1)}
	f = one(t, build(t, mustRead(t, n), "dead"), "dead")
	if len(f.Panels) != 3 || f.Panels[0].Title != "layer 1" || f.Panels[1].Title != "layer 2" {
		t.Fatalf("%d panels", len(f.Panels))
	}
	if share := f.Panels[2].Series[0].Repeats[0].Points[0].X; math.Abs(share-20) > 1e-12 {
		t.Errorf("share %g %%, want 20 %%", share)
	}
}

func deadLayer(epoch, layer int, share float64) store.Layer {
	return store.Layer{Epoch: epoch, Layer: layer, Measures: metric.Measures{Dead: share}}
}
