package dataset

import (
	"math"
	"math/rand/v2"
)

// spirals are three arms in the unit circle, each turning by 4 radians, with
// the noise in the angle, as in the case study of Stanford's CS231n.
var spirals = set{
	Info: Info{
		Name: "spirals", In: 2, Out: 3,
		Doc:     "three spiral arms of radius 1; noise is the SD of the angle in radians",
		Default: Spec{Set: "spirals", Train: 600, Valid: 300, Test: 1200, Scale: "none", Noise: 0.2},
	},
	version: 1,
	draw: func(r *rand.Rand, noise float64, e *example) {
		radius := r.Float64()
		angle := 2*math.Pi*float64(e.label)/3 + 4*radius + noise*r.NormFloat64()
		sin, cos := math.Sincos(angle)
		e.x[0] = radius * cos
		e.x[1] = radius * sin
	},
}
