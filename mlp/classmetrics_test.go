package mlp

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"nightshift/mlp/internal/kernel"
)

// Examples that are evaluated together give the bits that one after the other gives, not only within rounding.
func TestExamplesAreEvaluatedTogether(t *testing.T) {
	if !kernel.HasClassMetrics() {
		t.Skip("this processor has no kernel for it")
	}
	r := rand.New(rand.NewPCG(1, 1))
	for out := 1; out <= 40; out++ {
		n := newNet[float32](Default(), 1, out)
		for _, rows := range []int{1 + r.IntN(300), 256, 1, 8} {
			logits, labels := make([]float32, rows*out), make([]int32, rows)
			for i := range logits {
				logits[i] = float32(r.NormFloat64() * math.Exp(5*r.NormFloat64()))
				if r.IntN(5) == 0 {
					logits[i] = logits[r.IntN(i+1)] // ties
				}
			}
			for i := range labels {
				labels[i] = int32(r.IntN(out))
			}
			for _, wrong := range []float64{0, math.NaN(), math.Inf(1)} {
				if wrong != 0 {
					logits[r.IntN(len(logits))] = float32(wrong)
				}
				var got, want tally
				outputs := slices.Clone(n.tallySoftmax(&got, logits, labels, true))
				single := newPredictions("softmax", out)
				tallySoftmax(&want, &single, logits, labels)
				if wrong == 0 && (got != want || !slices.Equal(outputs, single.all.p)) {
					t.Fatalf("%d examples of %d classes: %+v, one by one %+v", rows, out, got, want)
				}
				if wrong != 0 && !math.IsNaN(got.nll) {
					t.Fatalf("%v among the logits: NLL %v", wrong, got.nll)
				}
			}
		}
	}
}
