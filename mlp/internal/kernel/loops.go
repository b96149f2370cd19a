package kernel

// The three functions below are the definition of the products: what the fast
// ones compute, up to the order of each sum. Tests hold the two together.

// loopXWt computes z = x·wᵀ. Shapes: z [n, out], x [n, in], w [out, in].
func loopXWt[F Float](z, x, w []F, n, in, out int) {
	for b := range n {
		for o := range out {
			var sum F
			for i := range in {
				sum += x[b*in+i] * w[o*in+i]
			}
			z[b*out+o] = sum
		}
	}
}

// loopDW computes dx = d·w. Shapes: dx [n, in], d [n, out], w [out, in].
func loopDW[F Float](dx, d, w []F, n, in, out int) {
	for b := range n {
		for i := range in {
			var sum F
			for o := range out {
				sum += d[b*out+o] * w[o*in+i]
			}
			dx[b*in+i] = sum
		}
	}
}

// loopDtX computes dw = dᵀ·x. Shapes: dw [out, in], d [n, out], x [n, in].
func loopDtX[F Float](dw, d, x []F, n, in, out int) {
	for o := range out {
		for i := range in {
			var sum F
			for b := range n {
				sum += d[b*out+o] * x[b*in+i]
			}
			dw[o*in+i] = sum
		}
	}
}
