package mlp

import "nightshift/mlp/internal/kernel"

// layerActivation is an activation of whole layers. alpha is that of the layer.
type layerActivation[F kernel.Float] struct {
	forward  func(a, z []F, alpha float64)    // a = the activations of z
	backward func(d, z, a []F, alpha float64) // d times the derivative
}

// newLayerActivation takes the loops of the table where there are any. Otherwise
// the table's functions are called for one number after the other.
func newLayerActivation[F kernel.Float](a activation) layerActivation[F] {
	if loops := loopsOf[F](a); loops != nil {
		return layerActivation[F]{
			forward:  func(a, z []F, _ float64) { loops.value(a, z) },
			backward: func(d, _, a []F, _ float64) { loops.slope(d, a) },
		}
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

// loopsOf is the activation's loops in a precision.
func loopsOf[F kernel.Float](a activation) *activationLoops[F] {
	if loops, ok := any(a.single).(*activationLoops[F]); ok {
		return loops
	}
	return any(a.double).(*activationLoops[F])
}
