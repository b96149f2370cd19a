package kernel

import "unsafe"

// entry is a number of a column, with its row in the batch. Its layout is part of the assembly.
type entry[F Float] struct {
	row   int32
	value F
}

// XtD computes dv = xᵀ·d for the x without zeros, which contribute nothing. Shape: d [n, out].
func (p *Products[F]) XtD(dv *InputMajor[F], d []F, x Rows[F]) {
	x.check()
	d = d[:x.N()*dv.Out]
	_ = dv.Data[:x.Zeros.width*dv.Stride]
	if p.plainSparse() || len(d) == 0 {
		loopXtD(dv, d, x, p.axpy())
		return
	}
	p.byColumn(dv, dv, d, x, nil)
}

// Descend adds a·(xᵀ·d) to v, with the bits of XtD and Axpy behind it, for the x without zeros. Shape: d [n, out].
func (p *Products[F]) Descend(v *InputMajor[F], a F, d []F, x Rows[F]) {
	x.check()
	n := x.N()
	d = d[:n*v.Out]
	_ = v.Data[:x.Zeros.width*v.Stride]
	if n == 0 {
		return
	}
	sums := v // where those of a batch are that is sorted at once
	if p.plainSparse() || n > p.sortedAtOnce(v.In) {
		sums = p.sumsOf(v)
	}
	if p.plainSparse() {
		loopXtD(sums, d, x, p.axpy())
		loopAxpy(v.Data, a, sums.Data)
		return
	}
	p.byColumn(v, sums, d, x, &a)
}

// sumsOf is working memory of the shape of v.
func (p *Products[F]) sumsOf(v *InputMajor[F]) *InputMajor[F] {
	if p.sums == nil || p.sums.In != v.In || p.sums.Out != v.Out {
		p.sums = NewInputMajor[F](v.In, v.Out)
	}
	return p.sums
}

// sortedAtOnce is how many rows of a batch of so many columns are sorted at once.
func (p *Products[F]) sortedAtOnce(in int) int {
	return max(8, min(sortedRows, sortedBytes/(in*int(unsafe.Sizeof(entry[F]{})))))
}

// gathered is what the assembly adds up at once: for each column of a batch, rows of d. The order of the fields is part
// of it. Steps count bytes.
type gathered[F Float] struct {
	to       *F // the sum of column c is at to + c*toStep
	toStep   int
	init     *F // what it begins with is at init + c*initStep
	initStep int
	d        *F
	dStep    int
	entries  *entry[F] // those of column c are at entries + c*bucket
	bucket   int
	lengths  *int32 // how many there are of each column
	columns  int
	outputs  int
	descend  int // 1 if a times the sum is added to what is there
	a        F
}

// byColumn adds up rows of d for each column of x, a stripe of d at a time: in sums, and with the last rows in to. If a
// is not nil, a times the sum is added there.
func (p *Products[F]) byColumn(to, sums *InputMajor[F], d []F, x Rows[F], a *F) {
	f, n, out := p.fast, x.N(), to.Out
	most, stripe := p.sortedAtOnce(to.In), stripeRegisters*f.lanes
	call := &p.gathered
	for b := 0; b < n; b += most {
		rows := min(most, n-b)
		if !p.sorted {
			p.sort(x, b, rows)
		}
		p.sorted = false
		for o := 0; o < out; o += stripe {
			outputs := min(stripe, out-o)
			p.dStripe(d[b*out+o:], rows, outputs, out)
			*call = gathered[F]{to: &sums.Data[o], init: &sums.Data[o], d: &p.stripe[0], entries: &p.bucket[0], lengths: &p.lengths[0],
				toStep: to.Stride * f.size, initStep: to.Stride * f.size, dStep: padded[F](outputs) * f.size,
				bucket: p.bucketRows * int(unsafe.Sizeof(entry[F]{})), columns: to.In, outputs: outputs}
			if b == 0 {
				call.init, call.initStep = &p.zeros(padded[F](outputs))[0], 0
			}
			if a != nil && b+rows == n {
				call.to, call.descend, call.a = &to.Data[o], 1, *a
			}
			f.gather((*byte)(unsafe.Pointer(call)))
		}
	}
	*call = gathered[F]{} // it keeps nothing alive
}

// dStripe copies a stripe of d to rows that begin on lines of the cache, with zeros behind.
func (p *Products[F]) dStripe(d []F, rows, outputs, out int) {
	step := padded[F](outputs)
	if len(p.stripe) < rows*step {
		p.stripe = Aligned[F](rows * step)
	}
	for b := range rows {
		row := p.stripe[b*step:][:step]
		copy(row, d[b*out:][:outputs])
		clear(row[outputs:])
	}
}

// emptyBuckets makes a bucket for each of so many columns, in which so many rows have room. A bucket takes an odd number of
// lines of the cache, so that buckets do not conflict there.
func (p *Products[F]) emptyBuckets(columns, rows int) {
	size := int(unsafe.Sizeof(entry[F]{}))
	p.bucketRows = ((rows*size+lineBytes-1)/lineBytes | 1) * lineBytes / size
	p.bucket, p.lengths = grow(p.bucket, columns*p.bucketRows), grow(p.lengths, columns)
	clear(p.lengths)
}

// sort puts the numbers of some rows of the batch, from row b on, into the buckets of their columns, by row within the
// bucket.
func (p *Products[F]) sort(x Rows[F], b, rows int) {
	p.emptyBuckets(x.Width, rows)
	f, s := p.fast, x.Zeros
	if s.bands != nil {
		p.multiplyBands(nil, x, b, rows, nil, nil, true)
		return
	}
	to, lengths, step := (*byte)(unsafe.Pointer(&p.bucket[0])), &p.lengths[0], p.bucketRows*int(unsafe.Sizeof(entry[F]{}))
	for r := range rows {
		i := x.at(b + r)
		if from, end := s.start[i], s.start[i+1]; from < end {
			f.sortNumbers(to, step, lengths, &s.columns[from], &s.values[from], end-from, r)
		}
	}
}
