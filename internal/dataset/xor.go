package dataset

import "math/rand/v2"

// xor is the classic that no linear model solves: four normal clusters around
// (±1, ±1), of which opposite ones share a class. The clusters take turns.
// Standardised, with the default noise, the clusters lie around ±0.93 with SD
// 0.36, and about one point in a hundred has crossed an axis.
var xor = set{
	Info: Info{
		Name: "xor", In: 2, Out: 2,
		Doc:     "four normal clusters around (±1, ±1), opposite ones of one class; noise is the SD of a cluster",
		Default: Spec{Set: "xor", Train: 750, Valid: 250, Test: 1000, Scale: "standard", Noise: 0.38},
	},
	version: 1,
	draw: func(r *rand.Rand, noise float64, e *example) {
		x := float64(1 - 2*(e.index/2%2))
		y := x * float64(1-2*e.label)
		e.x[0] = x + noise*r.NormFloat64()
		e.x[1] = y + noise*r.NormFloat64()
	},
}
