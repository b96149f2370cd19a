package mlp

import "math/rand/v2"

// logits is the output layer's z, [rows, out].
func (n *net[F]) logits() []F { return n.layers[len(n.layers)-1].z }

// forward computes the logits of x [rows, in]. With batchStats, batch
// normalisation uses the statistics of x instead of the running ones. With a
// generator units are dropped, those of x in place.
func (n *net[F]) forward(x []F, rows int, batchStats bool, drop *rand.Rand) {
	n.batchStats, n.dropped = batchStats, drop != nil
	if p := n.config.Dropout.Input; p > 0 && drop != nil {
		x = x[:rows*n.in]
		dropout(x, x, nil, p, drop)
	}
	for i := range n.layers {
		l := &n.layers[i]
		z := l.z[:rows*l.out]
		n.products.XWt(z, x, l.w, rows, l.in, l.out)
		for b := range rows {
			row := z[b*l.out : (b+1)*l.out]
			for o, v := range l.b {
				row[o] += v
			}
		}
		if i == len(n.layers)-1 {
			return
		}
		if l.norm != nil {
			l.norm.forward(z, rows, batchStats)
		}
		value, alpha, a := n.activation.value, n.alphaOf(l), l.a[:len(z)]
		for j, v := range z {
			a[j] = F(value(float64(v), alpha))
		}
		l.h = a
		if l.mask != nil && drop != nil {
			l.h = l.drop[:len(z)]
			dropout(l.h, a, l.mask, n.config.Dropout.Hidden, drop)
		}
		x = l.h
	}
}

// backward computes the gradient of all parameters from that of the logits,
// which is in the output layer's d, for the x of the last forward pass.
func (n *net[F]) backward(x []F, rows int) {
	for i := len(n.layers) - 1; i >= 0; i-- {
		l := &n.layers[i]
		input := x
		if i > 0 {
			input = n.layers[i-1].h
		}
		d := l.d[:rows*l.out]
		n.products.DtX(l.dw, d, input, rows, l.in, l.out)
		clear(l.db)
		for b := range rows {
			for o, v := range d[b*l.out : (b+1)*l.out] {
				l.db[o] += v
			}
		}
		if i > 0 {
			below := &n.layers[i-1]
			n.products.DW(below.d, d, l.w, rows, l.in, l.out)
			n.throughActivation(below, rows)
		}
	}
	n.penaltyGradient()
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
	slope, alpha := n.activation.slope, n.alphaOf(l)
	if l.alpha != nil {
		var sum float64
		for j, v := range z {
			if !(v > 0) {
				sum += float64(d[j]) * float64(v)
			}
		}
		l.dalpha[0] = F(sum)
	}
	for j, v := range d {
		d[j] = v * F(slope(float64(z[j]), float64(a[j]), alpha))
	}
	if l.norm != nil {
		l.norm.backward(d, rows, n.batchStats)
	}
}
