package mlp

import "nightshift/mlp/internal/kernel"

// inPieces says whether steps are taken in pieces.
func (n *net[F]) inPieces(e *Examples) bool {
	return n.fitsPieces(e) && n.config.Dropout == Dropout{} && n.objective.linear
}

// pieces computes gradients of small networks, some examples of a batch at a time. Forwards a register holds a unit of several
// examples, so a softmax is one over registers; backwards it holds units of one example, over which gradients are added up.
// Sums have the order that they have in other networks.
type pieces[F kernel.Float] struct {
	*unitwise[F]
	labels   []int32 // [rows] of the piece
	backward []pieceLayer[F]
	turned   []F // [in, out of the first layer] its gradient where there are few inputs; nil where it is not turned
}

// pieceLayer is a layer for one piece. Hidden layers have d by example, [rows, stride], the last one by unit.
type pieceLayer[F kernel.Float] struct {
	h, d   []F // [rows, stride] a by example; the gradient with respect to z
	stride int

	weights, biases kernel.Small[F]
	down            kernel.Small[F] // the gradient with respect to h of the layer below
}

// newPieces is for batches of a size.
func newPieces[F kernel.Float](n *net[F], batch int) *pieces[F] {
	lanes := kernel.Lanes[F]()
	u := n.unitwise()
	if rows := up(batch, lanes); rows < pieceRows {
		u = newUnitwise(n, rows)
	}
	rows := u.rows
	p := &pieces[F]{unitwise: u, labels: make([]int32, rows)}
	last := len(n.layers) - 1
	for i, l := range n.layers {
		var s pieceLayer[F]
		if i == last {
			s.d = kernel.Aligned[F](l.out * rows)
		} else {
			s.stride = up(l.out, 16)
			s.h, s.d = kernel.Aligned[F](rows*s.stride), kernel.Aligned[F](rows*s.stride)
		}
		p.backward = append(p.backward, s)
	}
	if l := n.layers[0]; last > 0 && n.in < lanes && n.in < l.out {
		p.turned = make([]F, n.in*l.out)
	}
	for i := range p.layers {
		p.connect(i)
	}
	return p
}

// connect makes the products of the gradient of a layer.
func (p *pieces[F]) connect(i int) {
	s, l, rows, last := &p.backward[i], &p.net.layers[i], p.rows, len(p.layers)-1
	h, byRow := []F(nil), p.at
	if i > 0 {
		below := &p.backward[i-1]
		h, byRow = below.h, kernel.Offsets[F](rows, below.stride)
	}
	one := []F{1}
	byUnit, byExample := kernel.Strided[F]{Data: s.d, Row: 1, Step: s.stride}, kernel.Strided[F]{Data: s.d, Row: s.stride, Step: 1}
	if i == last {
		byUnit, byExample = kernel.Strided[F]{Data: s.d, Row: rows, Step: 1}, kernel.Strided[F]{Data: s.d, Row: 1, Step: rows}
		s.biases = kernel.NewSmall(l.db, 1, byUnit, one, make([]int, rows), nil, l.out, 1)
	} else {
		s.biases = kernel.NewSmall(l.db, 0, kernel.Strided[F]{Data: one}, s.d, kernel.Offsets[F](rows, s.stride), nil, 1, l.out)
	}
	if i == 0 && p.turned != nil {
		byInput := kernel.Strided[F]{Data: p.x, Row: rows, Step: 1}
		s.weights = kernel.NewSmall(p.turned, l.out, byInput, s.d, kernel.Offsets[F](rows, s.stride), nil, l.in, l.out)
		return
	}
	s.weights = kernel.NewSmall(l.dw, l.in, byUnit, h, byRow, nil, l.out, l.in)
	if i > 0 {
		below := &p.backward[i-1]
		s.down = kernel.NewSmall(below.d, below.stride, byExample, l.w, kernel.Offsets[F](l.out, l.in), nil, rows, l.in)
	}
}

// gradient computes that of the examples in rows, whose inputs are x, without penalties. It is false where their logits
// are not finite.
func (p *pieces[F]) gradient(x kernel.Rows[F], e *Examples, rows []int) (finite bool) {
	n := p.net
	scale := F(n.targets.reduce / float64(len(rows)))
	if p.turned == nil {
		p.backward[0].weights.From(x)
	}
	for lo := 0; lo < len(rows); lo += p.rows {
		piece := rows[lo:min(lo+p.rows, len(rows))]
		for r, i := range piece {
			p.labels[r] = e.Labels[i]
		}
		p.read(x, lo)
		if !p.forward(scale) {
			return false
		}
		p.addGradient(len(piece), lo > 0)
	}
	if l := &n.layers[0]; p.turned != nil {
		for i := range l.in {
			for o, v := range p.turned[i*l.out : (i+1)*l.out] {
				l.dw[o*l.in+i] = v
			}
		}
	}
	return true
}

// forward computes the gradient with respect to the logits.
func (p *pieces[F]) forward(scale F) (finite bool) {
	last := len(p.layers) - 1
	for i := range last {
		p.hidden(i)
		s, b := &p.layers[i], &p.backward[i]
		kernel.Transpose(b.h, b.stride, s.a, s.units, p.rows)
	}
	return kernel.CrossEntropy(p.backward[last].d, p.logits(), p.labels, p.net.out, scale)
}

// addGradient computes the gradient of all parameters, or adds to it.
func (p *pieces[F]) addGradient(rows int, further bool) {
	for i := len(p.layers) - 1; ; i-- {
		s := &p.backward[i]
		s.weights.Sum(rows, further)
		s.biases.Sum(rows, further)
		if i == 0 {
			return
		}
		s.down.MultiplyRows(rows)
		below := &p.backward[i-1]
		size := rows * below.stride
		p.net.activate.backward(below.d[:size], nil, below.h[:size], 0)
	}
}
