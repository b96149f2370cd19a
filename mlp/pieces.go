package mlp

import "nightshift/mlp/internal/kernel"

// pieces computes gradients of small networks, some examples of a batch at a time, so that all that they take stays in the
// first-level cache. Forwards a register holds a unit of several examples, so it is full however narrow a layer is, and a
// softmax is one over registers; backwards it holds units of one example, over which gradients are added up.
// Sums have the order that they have in other networks.
type pieces[F kernel.Float] struct {
	net    *net[F]
	rows   int     // examples of a piece
	x      []F     // [in, rows]
	at     []int   // where the examples' inputs are
	labels []int32 // [rows] of the piece
	layers []pieceLayer[F]
	turned []F // [in, out of the first layer] its gradient where there are few inputs; nil where it is not turned
}

// pieceLayer is a layer for one piece. Hidden layers have d by example, [rows, stride], the last one by unit.
type pieceLayer[F kernel.Float] struct {
	z, a   []F   // [out, rows], a in the memory of z where the activation is inPlace
	units  []int // where the units of a are
	h, d   []F   // [rows, stride] a by example; the gradient with respect to z
	stride int

	forward, weights, biases kernel.Small[F]
	down                     kernel.Small[F] // the gradient with respect to h of the layer below
}

const pieceRows = 32 // 48 and 64 are as fast at best

// mostInPieces is the most inputs of a network and units of a layer for which pieces are faster, as measured where a register
// holds 16 numbers and where it holds 8.
func mostInPieces(lanes int) (inputs, units int) {
	if lanes < 16 {
		return 128, 64
	}
	return 256, 512
}

// inPieces says whether steps are taken in pieces.
func (n *net[F]) inPieces(e *Examples) bool {
	if !kernel.HasSmall[F]() {
		return false
	}
	c := n.config
	inputs, units := mostInPieces(kernel.Lanes[F]())
	small := n.in <= inputs
	for _, l := range n.layers {
		small = small && l.out <= units
	}
	return small && loopsOf[F](n.activation) != nil && !c.BatchNorm && c.Dropout == Dropout{} &&
		n.objective.linear && n.objective.likelihood && n.targets.oneHot && e.Labels != nil
}

// newPieces is for batches of a size.
func newPieces[F kernel.Float](n *net[F], batch int) *pieces[F] {
	lanes := kernel.Lanes[F]()
	rows := min(pieceRows, up(batch, lanes))
	p := &pieces[F]{net: n, rows: rows, x: kernel.Aligned[F](n.in * rows), at: make([]int, rows), labels: make([]int32, rows)}
	last := len(n.layers) - 1
	for i, l := range n.layers {
		s := pieceLayer[F]{z: kernel.Aligned[F](up(l.out, lanes) * rows)}
		if i == last {
			s.d = kernel.Aligned[F](l.out * rows)
		} else {
			s.stride = up(l.out, 16)
			s.units = kernel.Offsets[F](up(l.out, lanes), rows)
			s.h, s.d = kernel.Aligned[F](rows*s.stride), kernel.Aligned[F](rows*s.stride)
			if s.a = s.z; !n.activation.inPlace {
				s.a = kernel.Aligned[F](len(s.z))
			}
		}
		p.layers = append(p.layers, s)
	}
	if l := n.layers[0]; last > 0 && n.in < lanes && n.in < l.out {
		p.turned = make([]F, n.in*l.out)
	}
	for i := range p.layers {
		p.connect(i)
	}
	return p
}

// up rounds to a multiple.
func up(n, multiple int) int { return (n + multiple - 1) / multiple * multiple }

// connect makes the products of a layer.
func (p *pieces[F]) connect(i int) {
	s, l, rows, last := &p.layers[i], &p.net.layers[i], p.rows, len(p.layers)-1
	x, h, byRow := p.x, []F(nil), p.at
	if i > 0 {
		below := &p.layers[i-1]
		x, h, byRow = below.a, below.h, kernel.Offsets[F](rows, below.stride)
	}
	w := kernel.Strided[F]{Data: l.w, Row: l.in, Step: 1}
	s.forward = kernel.NewSmall(s.z, rows, w, x, kernel.Offsets[F](l.in, rows), l.b, l.out, rows)

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
		below := &p.layers[i-1]
		s.down = kernel.NewSmall(below.d, below.stride, byExample, l.w, kernel.Offsets[F](l.out, l.in), nil, rows, l.in)
	}
}

// gradient computes that of the examples in rows, whose inputs are x, without penalties. It is false where their logits
// are not finite.
func (p *pieces[F]) gradient(x kernel.Rows[F], e *Examples, rows []int) (finite bool) {
	n := p.net
	scale := F(n.targets.reduce / float64(len(rows)))
	if p.turned == nil {
		p.layers[0].weights.From(x)
	}
	for lo := 0; lo < len(rows); lo += p.rows {
		piece := rows[lo:min(lo+p.rows, len(rows))]
		for r, i := range piece {
			p.labels[r] = e.Labels[i]
		}
		kernel.OffsetsOf(p.at, x, lo)
		kernel.Transpose(p.x, p.rows, x.Data, p.at, n.in)
		if !p.forward(scale) {
			return false
		}
		p.backward(len(piece), lo > 0)
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
	n, last := p.net, len(p.layers)-1
	for i := range p.layers[:last] {
		s, l := &p.layers[i], &n.layers[i]
		s.forward.Multiply()
		size := l.out * p.rows
		n.activate.forward(s.a[:size], s.z[:size], 0)
		kernel.Transpose(s.h, s.stride, s.a, s.units, p.rows)
	}
	s := &p.layers[last]
	s.forward.Multiply()
	return kernel.CrossEntropy(s.d, s.z, p.labels, n.out, scale)
}

// backward computes the gradient of all parameters, or adds to it.
func (p *pieces[F]) backward(rows int, further bool) {
	for i := len(p.layers) - 1; ; i-- {
		s := &p.layers[i]
		s.weights.Sum(rows, further)
		s.biases.Sum(rows, further)
		if i == 0 {
			return
		}
		s.down.MultiplyRows(rows)
		below := &p.layers[i-1]
		size := rows * below.stride
		p.net.activate.backward(below.d[:size], nil, below.h[:size], 0)
	}
}
