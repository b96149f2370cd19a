package dataset

import (
	"math"
	"math/rand/v2"
	"sync"

	"nightshift/internal/stream"
)

// teacher is a regression on what a small network computes, so that a student
// with at least its units can, in principle, find the truth exactly.
var teacher = set{
	Info: Info{
		Name: "teacher", In: teacherInputs, Out: 1, Regression: true,
		Doc:     "the output of a fixed network of 8 tanh units on 4 standard normal inputs; noise is the SD of the normal noise of y",
		Default: Spec{Set: "teacher", Train: 200, Valid: 200, Test: 1000, Scale: "none", Noise: 0.1},
	},
	version: 1,
	draw: func(r *rand.Rand, noise float64, e *example) {
		for j := range e.x {
			e.x[j] = r.NormFloat64()
		}
		e.truth = teacherNet().output(e.x)
		e.target = e.truth + noise*r.NormFloat64()
	},
}

const (
	teacherInputs = 4
	teacherUnits  = 8
)

// network is the teacher: v · tanh(w x + b).
type network struct {
	w    [teacherUnits][teacherInputs]float64
	b, v [teacherUnits]float64
}

// teacherNet is the same network for every seed: all its weights are standard
// normal, those of the output divided by the root of the number of units.
var teacherNet = sync.OnceValue(func() *network {
	r := stream.New("data/teacher", 0)
	var n network
	for i := range n.w {
		for j := range n.w[i] {
			n.w[i][j] = r.NormFloat64()
		}
		n.b[i] = r.NormFloat64()
		n.v[i] = r.NormFloat64() / math.Sqrt(teacherUnits)
	}
	return &n
})

func (n *network) output(x []float64) float64 {
	y := 0.0
	for i, w := range n.w {
		z := n.b[i]
		for j, v := range x {
			z += w[j] * v
		}
		y += n.v[i] * math.Tanh(z)
	}
	return y
}
