package mlp

import (
	"math/rand/v2"

	"nightshift/mlp/internal/kernel"
)

// all is every row of inputs x [*, in].
func (n *net[F]) all(x []F) kernel.Rows[F] { return kernel.Rows[F]{Data: x, Width: n.in} }

// logits is the output layer's z, [rows, out].
func (n *net[F]) logits() []F { return n.layers[len(n.layers)-1].z }

// forward computes the logits of x. With batchStats, batch normalisation uses
// the statistics of x instead of the running ones. With a generator units are
// dropped, those of x in place.
func (n *net[F]) forward(x kernel.Rows[F], batchStats bool, drop *rand.Rand) {
	if p := n.config.Dropout.Input; p > 0 && drop != nil {
		dropout(x.Data, x.Data, nil, p, drop)
	}
	n.first(x, batchStats)
	n.forwardFromFirst(x.N(), batchStats, drop)
}

// first computes the z of the first layer. For x without zeros its weights are those of the last toInputMajor; a backward pass on
// the same x is faster if it is said beforehand.
func (n *net[F]) first(x kernel.Rows[F], backward bool) {
	l := &n.layers[0]
	z := l.z[:x.N()*l.out]
	switch {
	case x.Zeros == nil:
		n.products.XWt(z, x, l.w, l.b, l.out)
	case backward:
		n.products.SortedXV(z, x, n.byInput, l.b)
	default:
		n.products.XV(z, x, n.byInput, l.b)
	}
}

// forwardFromFirst computes the logits of a number of rows whose z of the first layer is there.
func (n *net[F]) forwardFromFirst(rows int, batchStats bool, drop *rand.Rand) {
	n.batchStats, n.dropped = batchStats, drop != nil
	for i := range n.layers[:len(n.layers)-1] {
		l, next := &n.layers[i], &n.layers[i+1]
		z := l.z[:rows*l.out]
		if l.batchNorm != nil {
			l.batchNorm.forward(z, rows, batchStats)
		}
		a := l.a[:len(z)]
		n.activate.forward(a, z, n.alphaOf(l))
		l.h = a
		if l.mask != nil && drop != nil {
			l.h = l.drop[:len(z)]
			dropout(l.h, a, l.mask, n.config.Dropout.Hidden, drop)
		}
		n.products.XWt(next.z[:rows*next.out], kernel.Rows[F]{Data: l.h, Width: l.out}, next.w, next.b, next.out)
	}
}

// backward computes the gradient of all parameters from that of the logits,
// which is in the output layer's d, for the x of the last forward pass.
func (n *net[F]) backward(x kernel.Rows[F]) {
	n.gradientOf(&n.layers[0], n.backwardToFirst(x.N(), n.gradientOf), x)
}

// gradientOf computes the gradient of a layer's weights, given what it reads and the gradient d of its sums.
func (n *net[F]) gradientOf(l *layer[F], d []F, h kernel.Rows[F]) {
	n.products.DtX(l.dw, d, h, l.out)
	n.penaltyGradient(l.dw, l.w)
}

// backwardToFirst computes the gradient of all parameters but weights, and returns that of what goes into the first
// layer's activation. with is given each other layer, the gradient d of its sums and what it reads; it may change the
// layer's weights.
func (n *net[F]) backwardToFirst(rows int, with func(l *layer[F], d []F, h kernel.Rows[F])) (d []F) {
	for i := len(n.layers) - 1; i > 0; i-- {
		l, below := &n.layers[i], &n.layers[i-1]
		d = l.d[:rows*l.out]
		kernel.ColumnSums(l.db, d, rows, l.out)
		n.products.DW(below.d, d, l.w, rows, l.in, l.out)
		with(l, d, kernel.Rows[F]{Data: below.h, Width: l.in})
		n.throughActivation(below, rows)
	}
	l := &n.layers[0]
	d = l.d[:rows*l.out]
	kernel.ColumnSums(l.db, d, rows, l.out)
	return d
}

// throughActivation turns l.d from the gradient with respect to h into that
// with respect to the output of the layer's matrix.
func (n *net[F]) throughActivation(l *layer[F], rows int) {
	size := rows * l.out
	d, z, a := l.d[:size], l.z[:size], l.a[:size]
	if l.mask != nil && n.dropped {
		for j, m := range l.mask[:size] {
			d[j] *= m
		}
	}
	if l.alpha != nil {
		var sum float64
		for j, v := range z {
			if !(v > 0) {
				sum += float64(d[j]) * float64(v)
			}
		}
		l.dalpha[0] = F(sum)
	}
	n.activate.backward(d, z, a, n.alphaOf(l))
	if l.batchNorm != nil {
		l.batchNorm.backward(d, rows, n.batchStats)
	}
}
