package mlp

import (
	"math"
	"slices"
	"testing"
)

// TestOutputValues: the outputs of a regression are its logits, or 1/(1+e^-z) of them.
func TestOutputValues(t *testing.T) {
	z := []float32{0, float32(math.Log(3)), -2, 5}
	if got := OutputValues("identity", z, 2, 2); !slices.Equal(got, []float64{0, float64(z[1]), -2, 5}) {
		t.Errorf("identity: %v", got)
	}
	for i, v := range OutputValues("sigmoid", z, 2, 2) {
		if want := []float64{0.5, 0.75, 1 / (1 + math.Exp(2)), 1 / (1 + math.Exp(-5))}[i]; math.Abs(v-want) > 1e-7 {
			t.Errorf("sigmoid: %v, want %v", v, want)
		}
	}
}
