package stat

import (
	"math"
	"testing"
)

// The p value of a published number is 5 % at the ends of the prediction interval,
// and smaller beyond.
func TestPredictionP(t *testing.T) {
	x := []float64{2.1, 2.4, 1.9, 2.2, 2.6, 2.0}
	i := Prediction(x, 1)
	for _, v := range []float64{i.Lo, i.Hi} {
		if p := PredictionP(x, v); math.Abs(p-0.05) > 1e-9 {
			t.Errorf("p at %g is %g", v, p)
		}
	}
	if p := PredictionP(x, i.Hi+1); p >= 0.05 {
		t.Errorf("p beyond is %g", p)
	}
	if p := PredictionP(x, Describe(x).Mean); math.Abs(p-1) > 1e-9 {
		t.Errorf("p of the mean is %g", p)
	}
	if p := PredictionP(x[:4], 2); !math.IsNaN(p) {
		t.Errorf("p of four is %g", p)
	}
	if PredictionP([]float64{1, 1, 1, 1, 1}, 1) != 1 || PredictionP([]float64{1, 1, 1, 1, 1}, 2) != 0 {
		t.Error("runs that do not vary")
	}
}
