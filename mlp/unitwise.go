package mlp

import "nightshift/mlp/internal/kernel"

// pieceRows is how many examples a piece has; with 48 and 64 steps are as fast at best.
const pieceRows = 32

// mostInPieces is the most inputs of a network and units of a layer for which pieces are faster, as measured where a register
// holds 16 numbers and where it holds 8.
func mostInPieces(lanes int) (inputs, units int) {
	if lanes < 16 {
		return 128, 64
	}
	return 256, 512
}

// fitsPieces says whether a network is small enough and has what pieces are written for.
func (n *net[F]) fitsPieces(e *Examples) bool {
	if !kernel.HasSmall[F]() {
		return false
	}
	inputs, units := mostInPieces(kernel.Lanes[F]())
	small := n.in <= inputs
	for _, l := range n.layers {
		small = small && l.out <= units
	}
	return small && loopsOf[F](n.activation) != nil && !n.config.BatchNorm && n.nllIsLoss(e)
}

// unitwise computes the logits of a piece where a register holds a unit of several examples, so it is full however narrow a layer
// is. All that it takes stays in the first-level cache.
type unitwise[F kernel.Float] struct {
	net    *net[F]
	rows   int   // examples of a piece
	x      []F   // [in, rows]
	at     []int // where the examples' inputs are
	layers []unitLayer[F]
}

// unitLayer is a layer of unitwise.
type unitLayer[F kernel.Float] struct {
	z, a    []F   // [out, rows], a in the memory of z where the activation is inPlace; no a in the last layer
	units   []int // where the units of a are
	product kernel.Small[F]
}

// unitwise is that of pieces as long as they are at most.
func (n *net[F]) unitwise() *unitwise[F] {
	if n.units == nil {
		n.units = newUnitwise(n, pieceRows)
	}
	return n.units
}

func newUnitwise[F kernel.Float](n *net[F], rows int) *unitwise[F] {
	lanes := kernel.Lanes[F]()
	u := &unitwise[F]{net: n, rows: rows, x: kernel.Aligned[F](n.in * rows), at: make([]int, rows)}
	x := u.x
	for i, l := range n.layers {
		s := unitLayer[F]{z: kernel.Aligned[F](up(l.out, lanes) * rows), units: kernel.Offsets[F](up(l.out, lanes), rows)}
		w := kernel.Strided[F]{Data: l.w, Row: l.in, Step: 1}
		s.product = kernel.NewSmall(s.z, rows, w, x, kernel.Offsets[F](l.in, rows), l.b, l.out, rows)
		if i < len(n.layers)-1 {
			if s.a = s.z; !n.activation.inPlace {
				s.a = kernel.Aligned[F](len(s.z))
			}
		}
		x = s.a
		u.layers = append(u.layers, s)
	}
	return u
}

// read takes the inputs of the examples of a batch from lo on, the last one again and again where there are not so many.
func (u *unitwise[F]) read(x kernel.Rows[F], lo int) {
	kernel.OffsetsOf(u.at, x, lo)
	kernel.Transpose(u.x, u.rows, x.Data, u.at, u.net.in)
	u.from(u.x)
}

// from takes inputs that are turned already, [in, rows].
func (u *unitwise[F]) from(x []F) {
	u.layers[0].product.From(kernel.Rows[F]{Data: x[:u.net.in*u.rows]})
}

// hidden computes a layer that is not the last one.
func (u *unitwise[F]) hidden(i int) {
	s := &u.layers[i]
	s.product.Multiply()
	size := u.net.layers[i].out * u.rows
	u.net.activate.forward(s.a[:size], s.z[:size], 0)
}

// logits are those of the piece, [out, rows], whose hidden layers are computed.
func (u *unitwise[F]) logits() []F {
	s := &u.layers[len(u.layers)-1]
	s.product.Multiply()
	return s.z[:u.net.out*u.rows]
}

// up rounds to a multiple.
func up(n, multiple int) int { return (n + multiple - 1) / multiple * multiple }
