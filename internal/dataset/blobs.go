package dataset

import (
	"math"
	"math/rand/v2"
)

// blobs are three normal clusters on a circle of radius 2. With the default
// noise the best possible error is about 7 %.
var blobs = set{
	Info: Info{
		Name: "blobs", In: 2, Out: 3,
		Doc:     "three normal clusters on a circle of radius 2; noise is the SD of a cluster",
		Default: Spec{Set: "blobs", Train: 500, Valid: 250, Test: 1000, Scale: "none", Noise: 1},
	},
	version: 1,
	draw: func(r *rand.Rand, noise float64, e *example) {
		sin, cos := math.Sincos(2 * math.Pi * float64(e.label) / 3)
		e.x[0] = 2*cos + noise*r.NormFloat64()
		e.x[1] = 2*sin + noise*r.NormFloat64()
	},
}
