package dataset

import (
	"math"
	"math/rand/v2"
)

// moons are two interleaving half circles, as in scikit-learn's make_moons.
var moons = set{
	Info: Info{
		Name: "moons", In: 2, Out: 2,
		Doc:     "two interleaving half circles of radius 1; noise is the SD around them",
		Default: Spec{Set: "moons", Train: 500, Valid: 250, Test: 1000, Scale: "none", Noise: 0.2},
	},
	version: 1,
	draw: func(r *rand.Rand, noise float64, e *example) {
		sin, cos := math.Sincos(math.Pi * r.Float64())
		if e.label == 1 {
			sin, cos = 0.5-sin, 1-cos
		}
		e.x[0] = cos + noise*r.NormFloat64()
		e.x[1] = sin + noise*r.NormFloat64()
	},
}
