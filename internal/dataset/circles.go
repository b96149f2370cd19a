package dataset

import (
	"math"
	"math/rand/v2"
)

// circles are two rings around the origin, as in scikit-learn's make_circles.
var circles = set{
	Info: Info{
		Name: "circles", In: 2, Out: 2,
		Doc:     "a ring of radius 1 around a ring of radius 0.5; noise is the SD around them",
		Default: Spec{Set: "circles", Train: 500, Valid: 250, Test: 1000, Scale: "none", Noise: 0.1},
	},
	version: 1,
	draw: func(r *rand.Rand, noise float64, e *example) {
		radius := 1 - 0.5*float64(e.label)
		sin, cos := math.Sincos(2 * math.Pi * r.Float64())
		e.x[0] = radius*cos + noise*r.NormFloat64()
		e.x[1] = radius*sin + noise*r.NormFloat64()
	},
}
