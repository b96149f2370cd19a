package kernel

import "unsafe"

const (
	// stripeRegisters is how many registers of outputs the assembly holds.
	stripeRegisters = 13
	// nearBytes of weights are multiplied with a batch before the next ones are read: about as much as the first-level
	// cache holds.
	nearBytes = 56 << 10
	// sortedRows and sortedBytes are how many rows of a batch are sorted by column at once at most, and in how much memory.
	sortedRows  = 256
	sortedBytes = 8 << 20
)

// plainSparse says whether products with sparse matrices are plain loops.
func (p *Products[F]) plainSparse() bool { return p.fast == nil || p.fast.gather == nil }

// ToInputMajor sets v to wᵀ. Shape: w [out, in].
func (p *Products[F]) ToInputMajor(v *InputMajor[F], w []F) {
	in, out, f := v.In, v.Out, p.fast
	w = w[:in*out]
	if p.plainSparse() {
		for o := range out {
			for i, x := range w[o*in : (o+1)*in] {
				v.Data[i*v.Stride+o] = x
			}
		}
		return
	}
	width := 2 * f.lanes
	p.ti, p.t = grow(p.ti, width), grow(p.t, in*width)
	for o := 0; o < out; o += width {
		columns := min(width, out-o)
		for j := range width {
			p.ti[j] = (o + min(j, columns-1)) * in * f.size
		}
		f.transpose(p.t, width, w, p.ti, in)
		for i := range in {
			copy(v.Data[i*v.Stride+o:][:columns], p.t[i*width:])
		}
	}
}

// FromInputMajor sets w to vᵀ. Shape: w [out, in].
func (p *Products[F]) FromInputMajor(w []F, v *InputMajor[F]) {
	in, out, f := v.In, v.Out, p.fast
	w = w[:in*out]
	i := 0
	if !p.plainSparse() {
		width := 2 * f.lanes
		p.ti = grow(p.ti, width)
		for ; i+width <= in; i += width {
			for j := range width {
				p.ti[j] = (i + j) * v.Stride * f.size
			}
			f.transpose(w[i:], in, v.Data, p.ti, out)
		}
	}
	for ; i < in; i++ {
		for o := range out {
			w[o*in+i] = v.Data[i*v.Stride+o]
		}
	}
}

// XV computes z = bias + x·v for the x without zeros. Shapes: z [n, out], bias [out].
//
// The zeros contribute nothing even where the weight is NaN or infinite.
func (p *Products[F]) XV(z []F, x Rows[F], v *InputMajor[F], bias []F) {
	p.multiplySparse(z[:x.N()*v.Out], x, 0, v, bias, false)
}

// SortedXV is XV, and where it can sorts x by column on the way: for the XtD or Descend that comes next, which has to be
// of the same x.
func (p *Products[F]) SortedXV(z []F, x Rows[F], v *InputMajor[F], bias []F) {
	p.multiplySparse(z[:x.N()*v.Out], x, 0, v, bias, true)
}

// PartXV is XV for the rows of x from one on, which is a multiple of BandRows, as many as z has.
func (p *Products[F]) PartXV(z []F, x Rows[F], from int, v *InputMajor[F], bias []F) {
	p.multiplySparse(z, x, from, v, bias, false)
}

func (p *Products[F]) multiplySparse(z []F, x Rows[F], from int, v *InputMajor[F], bias []F, sorts bool) {
	x.check()
	out := v.Out
	n := len(z) / out
	_ = v.Data[:x.Zeros.width*v.Stride]
	bias = bias[:out]
	if from+n > x.N() {
		panic("kernel: rows are asked for that a batch does not have")
	}
	if p.sorted = false; p.plainSparse() {
		loopXV(z, x, from, v, bias, p.axpy())
		return
	}
	if p.sorted = sorts && x.Zeros.bands != nil && n <= p.sortedAtOnce(v.In); p.sorted {
		p.emptyBuckets(v.In, n)
	}
	for b := 0; b < n; b += BandRows {
		rows := min(BandRows, n-b)
		part := z[b*out : (b+rows)*out]
		if x.Zeros.bands != nil {
			p.multiplyBands(part, x, from+b, rows, v, bias, p.sorted)
			continue
		}
		for r := range rows {
			copy(part[r*out:(r+1)*out], bias)
		}
		p.forward(part, x, from+b, rows, v)
	}
}

// nearby is what the assembly multiplies at once: rows of a batch with a few of the rows of v, a stripe of their columns
// wide. The order of the fields is part of it. Steps count bytes.
type nearby[F Float] struct {
	z       *F
	zStep   int
	v       *F // row c at v + c*vStep
	vStep   int
	columns *uint16
	values  *F
	places  *int // of each row: the number that comes next, and the end of the row
	rows    int
	limit   int // numbers in columns below it are multiplied
	outputs int // in the stripe
}

func (p *Products[F]) forward(z []F, x Rows[F], b, rows int, v *InputMajor[F]) {
	f, s, out := p.fast, x.Zeros, v.Out
	stripe := stripeRegisters * f.lanes
	if len(s.columns) == 0 {
		return
	}
	p.places = grow(p.places, 2*rows)
	call := &p.nearby
	*call = nearby[F]{zStep: out * f.size, vStep: v.Stride * f.size, columns: &s.columns[0], values: &s.values[0],
		places: &p.places[0], rows: rows}
	for o := 0; o < out; o += stripe {
		outputs := min(stripe, out-o)
		p.find(x, b, rows)
		call.z, call.v, call.outputs = &z[o], &v.Data[o], outputs
		columns := nearBytes / (outputs * f.size)
		for call.limit = 0; call.limit < v.In; {
			call.limit = min(call.limit+columns, v.In)
			f.near((*byte)(unsafe.Pointer(call)))
		}
	}
	*call = nearby[F]{} // it keeps nothing alive
}

// find notes where the rows of a batch are, and reads a number of every line of the cache on which they lie: the lines
// come from memory side by side then, which takes a third of the time of waiting for one after the other. Prefetches
// of so many lines are dropped.
func (p *Products[F]) find(x Rows[F], b, rows int) {
	s, places := x.Zeros, p.places
	var touched uint64
	const line = lineBytes / 2
	for r := range rows {
		i := x.at(b + r)
		from, to := s.start[i], s.start[i+1]
		places[2*r], places[2*r+1] = from, to
		columns := s.columns[from:to]
		for k := 0; k < len(columns); k += line {
			touched += uint64(columns[k])
		}
		for k, values := 0, s.values[from:to]; k < len(values); k += line / 2 {
			if values[k] != 0 {
				touched++
			}
		}
	}
	p.touched = touched
}
