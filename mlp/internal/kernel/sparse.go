package kernel

import (
	"slices"
	"unsafe"
)

// Sparse is a matrix without its zeros.
type Sparse[F Float] struct {
	start   []int // row r's entries are start[r] to start[r+1]
	entries []entry[F]
}

// entry is a number of a row. Its layout is part of the assembly.
type entry[F Float] struct {
	column int32
	value  F
}

// dense is the share of entries that are not zero above which skipping the
// zeros is hardly faster than multiplying by them.
const dense = 0.25

// SkipsZeros says whether products with a matrix of so many columns, of whose
// entries so large a share is not zero, are faster where they skip the zeros.
func SkipsZeros(width int, nonzero float64) bool {
	const narrow = 64
	return width >= narrow && nonzero <= dense
}

// EntryBytes is the memory of a number of a matrix without its zeros.
func EntryBytes[F Float]() int { return int(unsafe.Sizeof(entry[F]{})) }

// Compress returns x [*, width] without its zeros, or nil if there are too few
// of them, or too few columns, for that to be faster.
func Compress[F Float](x []F, width int) *Sparse[F] {
	if !SkipsZeros(width, float64(nonzero(x))/float64(len(x))) {
		return nil
	}
	return compress(x, width)
}

func compress[F Float](x []F, width int) *Sparse[F] {
	s := &Sparse[F]{make([]int, 0, len(x)/width+1), make([]entry[F], 0, nonzero(x))}
	for i, v := range x {
		if i%width == 0 {
			s.start = append(s.start, len(s.entries))
		}
		if v != 0 {
			s.entries = append(s.entries, entry[F]{int32(i % width), v})
		}
	}
	s.start = append(s.start, len(s.entries))
	return s
}

func nonzero[F Float](x []F) (n int) {
	for _, v := range x {
		if v != 0 {
			n++
		}
	}
	return n
}

// Reset takes all rows away.
func (s *Sparse[F]) Reset() { s.start, s.entries = append(s.start[:0], 0), s.entries[:0] }

// Add appends a row that is not zero in the given columns, which rise: its numbers
// are those that the table has for the values.
func (s *Sparse[F]) Add(columns []uint16, values []byte, table *[256]F) {
	at := len(s.entries)
	s.entries = slices.Grow(s.entries, len(values))[:at+len(values)]
	row := s.entries[at:]
	columns = columns[:len(row)]
	for k, v := range values[:len(row)] {
		row[k] = entry[F]{int32(columns[k]), table[v]}
	}
	s.start = append(s.start, len(s.entries))
}

// row is the entries of row r.
func (s *Sparse[F]) row(r int) []entry[F] { return s.entries[s.start[r]:s.start[r+1]] }

const (
	// stripeRegisters is how many registers of columns the assembly holds.
	stripeRegisters = 13
	// bucketRows is how many rows of a batch are sorted by column at once. In
	// bytes it is an odd number of cache lines, so that buckets do not fight for
	// places.
	bucketRows = 264
)

// sparseXWt adds up rows of wᵀ, a stripe of columns at a time.
func (p *Products[F]) sparseXWt(z []F, x Rows[F], w, bias []F, out int) {
	f, in := p.fast, x.Width
	width, stripe := 2*f.lanes, stripeRegisters*f.lanes
	n := x.N()
	p.lengths = grow(p.lengths, 1)
	p.ti = grow(p.ti, width)
	for o := 0; o < out; o += stripe {
		columns := min(stripe, out-o)
		stride := (columns + width - 1) / width * width
		p.t = grow(p.t, in*stride)
		for c := 0; c < columns; c += width {
			for j := range width {
				p.ti[j] = min(o+c+j, out-1) * in * f.size
			}
			p.transpose(p.t[c:], stride, w, p.ti, in)
		}
		for b := range n {
			entries := x.Zeros.row(x.at(b))
			p.lengths[0] = int32(len(entries))
			first := (*byte)(unsafe.Pointer(unsafe.SliceData(entries)))
			f.gather(&z[b*out+o], 0, &bias[o], 0, &p.t[0], stride*f.size, columns, first, 0, &p.lengths[0], 1)
		}
	}
}

// sparseDtX adds up rows of d for each column of x, a stripe of d at a time.
func (p *Products[F]) sparseDtX(dw, d []F, x Rows[F], out int) {
	f, in := p.fast, x.Width
	n, width := x.N(), 2*f.lanes
	stripe := stripeRegisters * f.lanes
	if n == 0 {
		clear(dw[:out*in])
		return
	}
	step := stripe * f.size
	zeros := p.zeros(stripe)
	p.t = grow(p.t, in*stripe)
	p.a = grow(p.a, bucketRows*stripe)
	p.ti = grow(p.ti, width)
	for o := 0; o < out; o += stripe {
		columns := min(stripe, out-o)
		for b0 := 0; b0 < n; b0 += bucketRows {
			rows := min(bucketRows, n-b0)
			if o == 0 || n > bucketRows {
				p.sort(x, b0, b0+rows)
			}
			for b := range rows {
				copy(p.a[b*stripe:][:columns], d[(b0+b)*out+o:])
			}
			init, initStep := &zeros[0], 0
			if b0 > 0 {
				init, initStep = &p.t[0], step
			}
			first := (*byte)(unsafe.Pointer(&p.bucket[0]))
			f.gather(&p.t[0], step, init, initStep, &p.a[0], step, columns, first, bucketRows*2*f.size, &p.lengths[0], in)
		}
		i := 0
		for ; i+width <= in; i += width {
			for j := range width {
				p.ti[j] = (i + j) * step
			}
			p.transpose(dw[o*in+i:], in, p.t, p.ti, columns)
		}
		for ; i < in; i++ {
			for c := range columns {
				dw[(o+c)*in+i] = p.t[i*stripe+c]
			}
		}
	}
}

// sort puts the entries of rows b0 to b1 of the batch into a bucket for each
// column, by row within the bucket; the row takes the place of the column.
func (p *Products[F]) sort(x Rows[F], b0, b1 int) {
	p.bucket = grow(p.bucket, x.Width*bucketRows)
	p.lengths = grow(p.lengths, x.Width)
	clear(p.lengths)
	bucket, lengths := p.bucket, p.lengths
	for b := b0; b < b1; b++ {
		for _, e := range x.Zeros.row(x.at(b)) {
			l := &lengths[e.column]
			bucket[int(e.column)*bucketRows+int(*l)] = entry[F]{int32(b - b0), e.value}
			*l++
		}
	}
}
