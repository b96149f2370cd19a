package kernel

// The functions below are the definition of the products. Loops run in the
// order in which memory lies; every sum is one chain in the order of the inner
// dimension. F(a*b) rounds a product before it is added: where a compiler may
// fuse the two, as on arm64, loops with and without zeros would differ.

// loopXWt computes z = bias + x·wᵀ. Shapes: z [n, out], x [n, in], w [out, in],
// bias [out].
func loopXWt[F Float](z []F, x Rows[F], w, bias []F, out int) {
	in := x.Width
	for b := range x.N() {
		row, y := x.Row(b), z[b*out:(b+1)*out]
		o := 0
		for ; o+4 <= out; o += 4 { // four chains hide the latency of one
			w0 := w[o*in:][:in]
			w1, w2, w3 := w[(o+1)*in:][:in], w[(o+2)*in:][:in], w[(o+3)*in:][:in]
			s0, s1, s2, s3 := bias[o], bias[o+1], bias[o+2], bias[o+3]
			for i, v := range row[:len(w0)] {
				s0 += F(v * w0[i])
				s1 += F(v * w1[i])
				s2 += F(v * w2[i])
				s3 += F(v * w3[i])
			}
			y[o], y[o+1], y[o+2], y[o+3] = s0, s1, s2, s3
		}
		for ; o < out; o++ {
			sum := bias[o]
			for i, v := range w[o*in:][:in] {
				sum += F(row[i] * v)
			}
			y[o] = sum
		}
	}
}

// loopDW computes dx = d·w. Shapes: dx [n, in], d [n, out], w [out, in].
func loopDW[F Float](dx, d, w []F, n, in, out int) {
	clear(dx[:n*in])
	for b := range n {
		for o, v := range d[b*out : (b+1)*out] {
			loopAxpy(dx[b*in:(b+1)*in], v, w[o*in:(o+1)*in])
		}
	}
}

// loopDtX computes dw = dᵀ·x. Shapes: dw [out, in], d [n, out], x [n, in].
func loopDtX[F Float](dw, d []F, x Rows[F], out int) {
	in := x.Width
	clear(dw[:out*in])
	for b := range x.N() {
		row := x.Row(b)
		for o, v := range d[b*out : (b+1)*out] {
			loopAxpy(dw[o*in:(o+1)*in], v, row)
		}
	}
}

// axpy is loopAxpy, or what adds unrounded products where products of dense matrices do.
func (p *Products[F]) axpy() func(w []F, a F, x []F) {
	if p.fast == nil || p.fast.fuse == nil {
		return loopAxpy[F]
	}
	return func(w []F, a F, x []F) {
		x = x[:len(w)]
		p.fast.fuse(&w[0], &x[0], len(w), a)
	}
}

// loopXV computes z = bias + x·v for rows of x from one on, without the terms in which x is zero. Shapes: z [*, out],
// bias [out].
func loopXV[F Float](z []F, x Rows[F], from int, v *InputMajor[F], bias []F, axpy func(w []F, a F, x []F)) {
	out := v.Out
	for b := range len(z) / out {
		row := z[b*out : (b+1)*out]
		copy(row, bias)
		for c, number := range x.Zeros.row(x.at(from + b)) {
			axpy(row, number, v.Data[c*v.Stride:])
		}
	}
}

// loopXtD computes dv = xᵀ·d without the terms in which x is zero. Shape: d [n, out].
func loopXtD[F Float](dv *InputMajor[F], d []F, x Rows[F], axpy func(w []F, a F, x []F)) {
	out := dv.Out
	clear(dv.Data)
	for b := range x.N() {
		for c, number := range x.Zeros.row(x.at(b)) {
			axpy(dv.Data[c*dv.Stride:][:out], number, d[b*out:])
		}
	}
}
