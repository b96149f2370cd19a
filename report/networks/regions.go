package networks

import (
	"fmt"

	"nightshift/internal/dataset"
	"nightshift/mlp"
)

// Regions are what a network of two inputs says of a grid of places: N by N, row by
// row from the lowest second input.
type Regions struct {
	N              int
	X0, X1, Y0, Y1 float64
	Class          []int32   // the class told; nil for a regression
	Probability    []float64 // of that class, or the value of a regression
}

// Box is where the inputs of some examples lie, with a margin of a share of it on each
// side.
func Box(x []float32, share float64) (x0, x1, y0, y1 float64) {
	lo, hi := [2]float64{float64(x[0]), float64(x[1])}, [2]float64{float64(x[0]), float64(x[1])}
	for i, v := range x {
		lo[i%2], hi[i%2] = min(lo[i%2], float64(v)), max(hi[i%2], float64(v))
	}
	a, b := share*(hi[0]-lo[0]), share*(hi[1]-lo[1])
	return lo[0] - a, hi[0] + a, lo[1] - b, hi[1] + b
}

// NewRegions asks a network for a grid of n by n places around the examples.
func NewRegions(c mlp.Config, kept Kept, d *dataset.Data, n int) (Regions, error) {
	if d.In != 2 {
		return Regions{}, fmt.Errorf("regions are of two inputs, and these data have %d", d.In)
	}
	network, err := mlp.NewNetwork(c, d.In, d.Out, mlp.Seeds{})
	if err != nil {
		return Regions{}, err
	}
	if err := network.SetWeights(kept.Tensors); err != nil {
		return Regions{}, err
	}
	const margin = 0.1
	r := Regions{N: n}
	r.X0, r.X1, r.Y0, r.Y1 = Box(d.Train.Floats(), margin)
	xs, ys := Shares(r.X0, r.X1, n), Shares(r.Y0, r.Y1, n)
	var x []float32
	for _, b := range ys {
		for _, a := range xs {
			x = append(x, float32(a), float32(b))
		}
	}
	logits := network.Logits(mlp.Examples{N: n * n, X: x})
	if d.Regression {
		r.Probability = mlp.OutputValues(c.Output, logits, n*n, d.Out)
		return r, nil
	}
	r.Class = mlp.Predictions(logits, n*n, d.Out)
	p := mlp.Probabilities(c.Output, logits, n*n, d.Out)
	for i, k := range r.Class {
		r.Probability = append(r.Probability, p[i*d.Out+int(k)])
	}
	return r, nil
}
