package mlp

import (
	"math"
	"math/rand/v2"

	"nightshift/mlp/internal/kernel"
)

// dropout is inverted dropout: each unit of a is set to 0 with probability p
// and otherwise divided by 1-p, so that its expectation is unchanged. The
// factors go to mask, unless it is nil. h may be a.
func dropout[F kernel.Float](h, a, mask []F, p float64, r *rand.Rand) {
	keep := F(1 / (1 - p))
	for i, v := range a {
		factor := keep
		if r.Float64() < p {
			factor = 0
		}
		h[i] = v * factor
		if mask != nil {
			mask[i] = factor
		}
	}
}

// penalty is L1 Σ|w| + L2/2 Σw² over the weight matrices.
func (n *net[F]) penalty() float64 {
	l1, l2 := n.config.L1, n.config.L2
	if l1 == 0 && l2 == 0 {
		return 0
	}
	var abs, square float64
	for _, l := range n.layers {
		for _, v := range l.w {
			abs += math.Abs(float64(v))
			square += float64(v) * float64(v)
		}
	}
	return l1*abs + l2/2*square
}

// penaltyGradient adds the gradient of the penalty to that of the weights w.
func (n *net[F]) penaltyGradient(dw, w []F) {
	l1, l2 := F(n.config.L1), F(n.config.L2)
	if l1 == 0 && l2 == 0 {
		return
	}
	kernel.Axpy(dw, l2, w)
	if l1 == 0 {
		return
	}
	for i, v := range w {
		if v > 0 {
			dw[i] += l1
		} else if v < 0 {
			dw[i] -= l1
		}
	}
}
