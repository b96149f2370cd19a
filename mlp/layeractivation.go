package mlp

import "nightshift/mlp/internal/kernel"

// layerActivation is an activation of whole layers. alpha is that of the layer.
type layerActivation[F kernel.Float] struct {
	forward  func(a, z []F, alpha float64)    // a = the activations of z
	backward func(d, z, a []F, alpha float64) // d times the derivative
}

// newLayerActivation takes the fastest loops there are for an activation. Where there are
// none the table's functions are called for one number after the other.
func newLayerActivation[F kernel.Float](a activation) layerActivation[F] {
	fast := func(value func(a, z []F), slope func(d, a []F)) layerActivation[F] {
		return layerActivation[F]{
			forward:  func(a, z []F, _ float64) { value(a, z) },
			backward: func(d, _, a []F, _ float64) { slope(d, a) },
		}
	}
	switch a.Name {
	case "identity":
		return fast(func(a, z []F) { copy(a, z) }, func(_, _ []F) {})
	case "relu":
		return fast(kernel.ReLU[F], kernel.ReLUGrad[F])
	case "sigmoid":
		return fast(kernel.Sigmoid[F], kernel.SigmoidGrad[F])
	case "tanh":
		return fast(kernel.Tanh[F], kernel.TanhGrad[F])
	}
	value, slope := a.value, a.slope
	return layerActivation[F]{
		forward: func(a, z []F, alpha float64) {
			for i, v := range z {
				a[i] = F(value(float64(v), alpha))
			}
		},
		backward: func(d, z, a []F, alpha float64) {
			for i, v := range d {
				d[i] = v * F(slope(float64(z[i]), float64(a[i]), alpha))
			}
		},
	}
}
