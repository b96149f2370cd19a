// Package kernel computes the three matrix products of a fully connected layer.
//
// They run on the calling goroutine, allocate nothing after the first call of a
// size, and add up in an order that depends on the shapes alone, so the same
// input gives the same bits. Factors that are zero are skipped: four fifths of
// the pixels of a handwritten digit, and every unit that a ReLU has switched
// off, cost nothing. A skipped zero contributes nothing even where the other
// factor is infinite.
package kernel

import "gonum.org/v1/gonum/blas/gonum"

// Float is what a network can be made of.
type Float interface{ float32 | float64 }

// Name identifies the implementation in a run's provenance: two runs whose
// kernels have different names may differ in the last bits.
func Name() string { return "gonum-axpy" }

// shortRow is the width below which a scaled row addition costs more than a
// dot product over the other dimension.
const shortRow = 6

// Products computes the matrix products of layers. It owns the working memory
// that they need, so it belongs to one network and one goroutine.
type Products[F Float] struct {
	axpy func(n int, alpha F, x []F, incX int, y []F, incY int)
	dot  func(n int, x []F, incX int, y []F, incY int) F
	t    []F // a transposed matrix
}

// New returns products with no working memory yet.
func New[F Float]() *Products[F] {
	var p Products[F]
	var blas gonum.Implementation
	switch p := any(&p).(type) {
	case *Products[float32]:
		p.axpy, p.dot = blas.Saxpy, blas.Sdot
	case *Products[float64]:
		p.axpy, p.dot = blas.Daxpy, blas.Ddot
	}
	return &p
}

// XWt computes z = x·wᵀ. Shapes: z [n, out], x [n, in], w [out, in].
func (p *Products[F]) XWt(z, x, w []F, n, in, out int) {
	if out < shortRow {
		for b := range n {
			row := x[b*in : (b+1)*in]
			for o := range out {
				z[b*out+o] = p.dot(in, row, 1, w[o*in:(o+1)*in], 1)
			}
		}
		return
	}
	wt := p.scratch(in * out)
	transpose(wt, w, out, in)
	clear(z[:n*out])
	for b := range n {
		p.addRows(z[b*out:(b+1)*out], x[b*in:(b+1)*in], wt)
	}
}

// DW computes dx = d·w. Shapes: dx [n, in], d [n, out], w [out, in].
func (p *Products[F]) DW(dx, d, w []F, n, in, out int) {
	clear(dx[:n*in])
	for b := range n {
		p.addRows(dx[b*in:(b+1)*in], d[b*out:(b+1)*out], w)
	}
}

// DtX computes dw = dᵀ·x. Shapes: dw [out, in], d [n, out], x [n, in].
//
// Every element is the sum over the examples in their order, whichever of the
// two factors the zeros are skipped of, so the choice moves no bits.
func (p *Products[F]) DtX(dw, d, x []F, n, in, out int) {
	const call = 8 // cost of one row addition, in elements
	byX := nonzero(x[:n*in])*(out+call) + 2*in*out
	byD := nonzero(d[:n*out]) * (in + call)
	if byD <= byX {
		clear(dw[:in*out])
		for b := range n {
			p.addOuter(dw, d[b*out:(b+1)*out], x[b*in:(b+1)*in])
		}
		return
	}
	t := p.scratch(in * out)
	clear(t)
	for b := range n {
		p.addOuter(t, x[b*in:(b+1)*in], d[b*out:(b+1)*out])
	}
	transpose(dw, t, in, out)
}

// addRows adds c·m to y. Shapes: y [cols], c [rows], m [rows, cols].
func (p *Products[F]) addRows(y, c, m []F) {
	cols := len(y)
	for r, v := range c {
		if v != 0 {
			p.axpy(cols, v, m[r*cols:(r+1)*cols], 1, y, 1)
		}
	}
}

// addOuter adds the outer product of c and v to m. Shapes: m [rows, cols],
// c [rows], v [cols].
func (p *Products[F]) addOuter(m, c, v []F) {
	cols := len(v)
	for r, alpha := range c {
		if alpha != 0 {
			p.axpy(cols, alpha, v, 1, m[r*cols:(r+1)*cols], 1)
		}
	}
}

func (p *Products[F]) scratch(n int) []F {
	if cap(p.t) < n {
		p.t = make([]F, n)
	}
	return p.t[:n]
}

// transpose writes src [rows, cols] to dst [cols, rows], in square blocks that
// stay in the cache.
func transpose[F Float](dst, src []F, rows, cols int) {
	const block = 16
	for r0 := 0; r0 < rows; r0 += block {
		r1 := min(r0+block, rows)
		for c0 := 0; c0 < cols; c0 += block {
			c1 := min(c0+block, cols)
			for c := c0; c < c1; c++ {
				for r := r0; r < r1; r++ {
					dst[c*rows+r] = src[r*cols+c]
				}
			}
		}
	}
}

func nonzero[F Float](v []F) (n int) {
	for _, x := range v {
		if x != 0 {
			n++
		}
	}
	return n
}
