package kernel

// Rows is a batch: rows of a matrix that stay where they are.
type Rows[F Float] struct {
	Data  []F        // [*, Width]; nil where Zeros are all that there is
	Width int        // numbers in a row
	Index []int      // which rows, in order; nil for all
	Zeros *Sparse[F] // the same matrix without its zeros; then Data may be nil
}

// N is the number of rows of the batch.
func (r Rows[F]) N() int {
	if r.Index != nil {
		return len(r.Index)
	}
	return r.rows()
}

// rows is the number of rows of the matrix.
func (r Rows[F]) rows() int {
	if r.Zeros != nil {
		return r.Zeros.rows()
	}
	return len(r.Data) / r.Width
}

// at is the row of the matrix that is row i of the batch.
func (r Rows[F]) at(i int) int {
	if r.Index != nil {
		return r.Index[i]
	}
	return i
}

// Row is row i of the batch.
func (r Rows[F]) Row(i int) []F {
	i = r.at(i)
	return r.Data[i*r.Width : (i+1)*r.Width]
}

// check panics, as an index out of range does, if a row of the batch is not in
// the matrix: the assembly does not look.
func (r Rows[F]) check() {
	rows := r.rows()
	if r.Zeros != nil {
		for _, i := range r.Index {
			if uint(i) >= uint(rows) {
				panic("kernel: a row is asked for that a matrix without zeros does not have")
			}
		}
		return
	}
	whole := r.Data[:rows*r.Width]
	for _, i := range r.Index {
		if uint(i) >= uint(rows) {
			_ = whole[i*r.Width]
		}
	}
}

// Products computes the matrix products of fully connected layers. It owns the
// working memory that they need, which grows with the largest shape, so it
// belongs to one network and one goroutine.
type Products[F Float] struct {
	fast       *vectorised[F]
	block      block[F]
	a, b, t    []F // packed blocks of a and b, a transposed matrix
	ai, bi, ti []int
	zero       []F // a row of zeros to start from

	// Of products with sparse rows.
	nearby     nearby[F]
	banded     banded[F]
	gathered   gathered[F]
	places     []int       // of each row, two of its numbers
	plan       [][2]uint64 // of rows of bytes
	successive []byte      // 0, 1, 2 and so on
	touched    uint64      // a sum over what was only read
	stripe     []F         // some columns of d
	bucket     []entry[F]  // numbers by column
	bucketRows int         // in the bucket of a column, at most
	lengths    []int32     // of the buckets
	sorted     bool        // whether the buckets have what XtD or Descend will ask for
	sums       *InputMajor[F]
}

// New returns products with no working memory yet.
func New[F Float]() *Products[F] { return &Products[F]{fast: products[F]()} }

// XWt computes z = bias + x·wᵀ. Shapes: z [n, out], x [n, in], w [out, in],
// bias [out] or nil for zeros.
func (p *Products[F]) XWt(z []F, x Rows[F], w, bias []F, out int) {
	if bias == nil {
		bias = p.zeros(out)
	}
	x.check()
	z, w, bias = z[:x.N()*out], w[:out*x.Width], bias[:out]
	if p.fast == nil {
		loopXWt(z, x, w, bias, out)
		return
	}
	a := matrix[F]{data: x.Data, stride: x.Width, index: x.Index}
	b := matrix[F]{data: w, stride: x.Width, across: true}
	p.multiply(z, x.N(), out, x.Width, a, b, bias)
}

// DW computes dx = d·w. Shapes: dx [n, in], d [n, out], w [out, in].
func (p *Products[F]) DW(dx, d, w []F, n, in, out int) {
	dx, d, w = dx[:n*in], d[:n*out], w[:out*in]
	if p.fast == nil {
		loopDW(dx, d, w, n, in, out)
		return
	}
	p.multiply(dx, n, in, out, matrix[F]{data: d, stride: out}, matrix[F]{data: w, stride: in}, p.zeros(in))
}

// DtX computes dw = dᵀ·x. Shapes: dw [out, in], d [n, out], x [n, in].
func (p *Products[F]) DtX(dw, d []F, x Rows[F], out int) {
	x.check()
	dw, d = dw[:out*x.Width], d[:x.N()*out]
	if p.fast == nil {
		loopDtX(dw, d, x, out)
		return
	}
	a := matrix[F]{data: d, stride: out, across: true}
	b := matrix[F]{data: x.Data, stride: x.Width, index: x.Index}
	in, lanes := x.Width, p.fast.lanes
	if in >= lanes || in >= out {
		p.multiply(dw, out, in, x.N(), a, b, p.zeros(in))
		return
	}
	// Few inputs would leave the registers half empty: they are the rows.
	a, b = b, a
	a.across, b.across = true, false
	p.t = grow(p.t, in*out)
	p.multiply(p.t, in, out, x.N(), a, b, p.zeros(out))
	for i := range in {
		for o := range out {
			dw[o*in+i] = p.t[i*out+o]
		}
	}
}

// DescendDtX adds a·(dᵀ·x) to w, with the bits of DtX and Axpy behind it; dw is memory that it may need. Shapes: w and
// dw [out, in], d [n, out], x [n, in].
func (p *Products[F]) DescendDtX(w []F, a F, dw, d []F, x Rows[F], out int) {
	w = w[:out*x.Width]
	if p.plainSparse() || x.N() == 0 || x.N() > blockDepth || x.Width < p.fast.lanes {
		p.DtX(dw, d, x, out)
		Axpy(w, a, dw[:len(w)])
		return
	}
	x.check()
	p.block.descend, p.block.rate = 1, a
	p.multiply(w, out, x.Width, x.N(), matrix[F]{data: d[:x.N()*out], stride: out, across: true},
		matrix[F]{data: x.Data, stride: x.Width, index: x.Index}, p.zeros(x.Width))
	p.block.descend = 0
}

func (p *Products[F]) zeros(n int) []F {
	if len(p.zero) < n {
		p.zero = make([]F, n)
	}
	return p.zero
}

// grow returns s with room for n elements, whatever they are.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
