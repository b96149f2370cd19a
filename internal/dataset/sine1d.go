package dataset

import (
	"math"
	"math/rand/v2"
)

// sine1d is the regression in which bias and variance can be seen: the truth
// is known at every point.
var sine1d = set{
	Info: Info{
		Name: "sine1d", In: 1, Out: 1, Regression: true,
		Doc:     "y = sin x with x uniform on (-π, π); noise is the SD of the normal noise of y",
		Default: Spec{Set: "sine1d", Train: 50, Valid: 50, Test: 500, Scale: "none", Noise: 0.3},
	},
	version: 1,
	draw: func(r *rand.Rand, noise float64, e *example) {
		e.x[0] = math.Pi * (2*r.Float64() - 1)
		e.truth = math.Sin(e.x[0])
		e.target = e.truth + noise*r.NormFloat64()
	},
}
