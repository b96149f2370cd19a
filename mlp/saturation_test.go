package mlp

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Where an activation is flat, by the law that defines it.
func TestSaturationIsTheShareOfTheSteepestSlope(t *testing.T) {
	for _, a := range activations {
		t.Run(a.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				alpha := defaultAlpha(a)
				if len(a.Params) > 0 {
					alpha = rapid.Float64Range(a.Params[0].Min, a.Params[0].Max).Draw(t, "alpha")
				}
				z := rapid.Float64Range(-100, 100).Draw(t, "z")
				share := math.Abs(a.slope(z, a.value(z, alpha), alpha)) / a.steepest(alpha)
				r := rangesOf(a.flat(alpha))
				if got := countOf(&r, []float64{z}) == 1; got != (share < saturation) && math.Abs(share-saturation) > 1e-9 {
					t.Fatalf("saturated: %v, but the slope is %v of the steepest", got, share)
				}
			})
			r := rangesOf(a.flat(defaultAlpha(a)))
			if countOf(&r, []float64{math.NaN()}) != 0 {
				t.Error("NaN is saturated")
			}
		})
	}
	// By hand: σ′ = 0.0125 where a = (1±√0.95)/2; 1-tanh² = 0.05 where tanh = ±√0.95.
	near(t, "sigmoid", activations[1].flat(0)[1].from, math.Log((1+math.Sqrt(0.95))/(1-math.Sqrt(0.95))), 1e-12)
	near(t, "tanh", activations[2].flat(0)[0].to, -math.Atanh(math.Sqrt(0.95)), 1e-12)
	near(t, "relu", activations[4].flat(0)[0].to, 0, 0)
}
