package verdict

import (
	"math"
	"testing"

	"nightshift/internal/metric"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// TestDerive: by hand, of the logits of three examples, and nothing where these are not the outputs of the data.
func TestDerive(t *testing.T) {
	classes := store.Dataset{Out: 2, TestLabels: []int32{0, 1, 1}}
	numbers := store.Dataset{Out: 1, Regression: true, TestTargets: []float32{1, 3}}
	var softmax, identity study.Config
	softmax.Output, identity.Output = "softmax", "identity"
	for _, c := range []struct {
		measure string
		config  study.Config
		data    store.Dataset
		logits  []float32
		want    float64 // NaN for no value
	}{
		// told: 0, 1, 0; the recalls are 1 and 1/2; the pairs (1, 0) and (1, 0) are both in order by the odds
		{"test_balanced_error", softmax, classes, []float32{2, 0, 0, 2, 1, 0}, 0.25},
		{"test_auc", softmax, classes, []float32{2, 0, 0, 2, 1, 0}, 1},
		{"test_f1", softmax, classes, []float32{2, 0, 0, 2, 1, 0}, (2.0/3 + 2.0/3) / 2},
		{"test_r2", identity, numbers, []float32{1, 2}, 0.5},
		{"test_r2", softmax, classes, []float32{2, 0, 0, 2, 1, 0}, math.NaN()},
		{"test_auc", identity, numbers, []float32{1, 2}, math.NaN()},
		{"test_auc", softmax, classes, []float32{2, 0}, math.NaN()},
		{"test_auc", softmax, classes, nil, math.NaN()},
		{"test_auc", softmax, store.Dataset{}, nil, math.NaN()},
	} {
		d, _ := metric.DerivedNamed(c.measure)
		got := Derive(d, c.config, c.data, c.logits)
		if got.Valid == math.IsNaN(c.want) || got.Valid && math.Abs(got.V-c.want) > 1e-12 {
			t.Errorf("%s of %v: %+v, want %v", c.measure, c.logits, got, c.want)
		}
	}
}
