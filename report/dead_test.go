package report

import (
	"math"
	"strings"
	"testing"

	"nightshift/internal/metric"
	"nightshift/internal/store"
	"nightshift/internal/verdict"
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
	if !strings.HasPrefix(f.Statement, "At the end the largest share of hidden units is dead at ") || !strings.Contains(f.Statement, "lr=10: ") {
		t.Errorf("statement %s", f.Statement)
	}

	// Layers of 10 and 30 units: (0.5·10 + 0.1·30) / 40; the output does not count.
	c := &cell{Cell: &verdict.Cell{}}
	c.Config.Hidden = []int{10, 30}
	line := c.deadShare([]store.Layer{deadLayer(3, 0, 0.5), deadLayer(3, 1, 0.1), deadLayer(3, 2, 1)})
	if len(line) != 1 || line[0].X != 3 || math.Abs(line[0].Y-20) > 1e-12 {
		t.Errorf("share %v, want 20 %%", line)
	}
}

func deadLayer(epoch, layer int, share float64) store.Layer {
	return store.Layer{Epoch: epoch, Layer: layer, Measures: metric.Measures{Dead: share}}
}
