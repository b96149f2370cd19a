package kernel

import "unsafe"

const (
	tileRows = 6 // rows of c that are computed together
	// A block of a, rows times depth numbers, stays in the second-level cache,
	// a panel of b, two registers times depth, in the first.
	blockRows  = 256
	blockDepth = 272
	// A factor of at most this many bytes is read where it lies, and so is one
	// that is read only once.
	small = 16 << 10
)

// block is what the assembly multiplies at once: rows of a by a panel of b that
// is one or two registers wide. The order of the fields is part of it. Offsets
// and steps count bytes.
type block[F Float] struct {
	k        int  // inner dimension
	rows     int  // of a and c
	a        *F   // element k of row i is at a + offsets[i] + k*aStep
	offsets  *int //
	aStep    int
	b        *F // row k of the panel is at b + k*bStep
	bStep    int
	c        *F // row i of the result is at c + i*cStep
	cStep    int
	init     *F // what is added to row i is at init + i*initStep
	initStep int
	last     int // columns in the last register

	offsetsAt, cAt, initAt uintptr // how far the assembly is

	descend int // 1 if a rate times the result is added to c
	rate    F
}

// matrix is a factor of a product as it lies in memory.
type matrix[F Float] struct {
	data   []F
	stride int   // numbers from one row to the next
	index  []int // which rows, nil for all in order
	across bool  // the inner dimension goes across the rows: for a, the rows are its columns; for b, its rows are columns
}

// row is where row i starts.
func (m *matrix[F]) row(i int) int {
	if m.index != nil {
		i = m.index[i]
	}
	return i * m.stride
}

// multiply computes c = init + a·b. Shapes: c [m, n], a [m, k], b [k, n],
// init [n]. The callers have checked that the slices are as long as that.
func (p *Products[F]) multiply(c []F, m, n, k int, a, b matrix[F], init []F) {
	if m == 0 || n == 0 {
		return
	}
	f := p.fast
	size, width := f.size, 2*f.lanes
	parts := (k + blockDepth - 1) / blockDepth
	depth := max(k, 1)
	if parts > 1 {
		depth = ((k+parts-1)/parts + 7) &^ 7
	}
	high := blockRows * min(max(blockDepth/depth, 1), 4) // flat blocks may be higher
	room := 0                                            // for a panel, behind the one before if all are kept for the next rows
	if parts == 1 && m > high {
		room = depth * width
	}
	for i0 := 0; i0 < m; i0 += high {
		rows := min(high, m-i0)
		for k0 := 0; k0 < max(k, 1); k0 += depth {
			deep := min(depth, k-k0)
			p.packA(&a, i0, rows, k0, deep, n)
			whole := p.rowsOfB(&b, k0, deep, rows)
			for j0 := 0; j0 < n; j0 += width {
				columns := min(width, n-j0)
				blk := &p.block
				p.panel(&b, j0, columns, k0, deep, j0/width*room, whole, room > 0 && i0 > 0)
				blk.k, blk.rows, blk.offsets = deep, rows, &p.ai[0]
				blk.c, blk.cStep = &c[i0*n+j0], n*size
				if k0 == 0 {
					blk.init, blk.initStep = &init[j0], 0
				} else {
					blk.init, blk.initStep = blk.c, blk.cStep
				}
				if columns > f.lanes {
					blk.last = columns - f.lanes
					f.multiply2((*byte)(unsafe.Pointer(blk)))
				} else {
					blk.last = columns
					f.multiply1((*byte)(unsafe.Pointer(blk)))
				}
			}
		}
	}
}

// packA sets the block's a to rows i0 and the following, inner indices k0 and
// the following.
func (p *Products[F]) packA(a *matrix[F], i0, rows, k0, deep, n int) {
	f, blk := p.fast, &p.block
	size, width := f.size, 2*f.lanes
	p.ai = grow(p.ai, rows)
	if deep == 0 {
		clear(p.ai)
		return
	}
	if !a.across {
		if deep*size*rows <= small || n < 4*width || a.stride*size%1024 != 0 {
			blk.a, blk.aStep = &a.data[0], size
			step, offsets := a.stride*size, p.ai
			if a.index != nil {
				for i, r := range a.index[i0:][:len(offsets)] {
					offsets[i] = r*step + k0*size
				}
				return
			}
			at := i0*step + k0*size
			for i := range offsets {
				offsets[i] = at
				at += step
			}
			return
		}
		// Rows a multiple of a large power of two apart would conflict in
		// the cache.
		step := deep + 16
		p.a = grow(p.a, rows*step)
		for i := range rows {
			copy(p.a[i*step:][:deep], a.data[a.row(i0+i)+k0:])
			p.ai[i] = i * step * size
		}
		blk.a, blk.aStep = &p.a[0], size
		return
	}
	if a.index == nil && (n <= width || deep*a.stride*size <= small) {
		blk.a, blk.aStep = &a.data[0], a.stride*size
		for i := range rows {
			p.ai[i] = (k0*a.stride + i0 + i) * size
		}
		return
	}
	p.ti = grow(p.ti, deep)
	for r := range deep {
		p.ti[r] = (a.row(k0+r) + i0) * size
	}
	panels := (rows + width - 1) / width
	p.a = grow(p.a, panels*width*deep)
	for j := range panels {
		f.copyPanel(&p.a[j*width*deep], &a.data[j*width], &p.ti[0], deep, min(width, rows-j*width))
	}
	for i := range rows {
		p.ai[i] = (i/width*width*deep + i%width) * size
	}
	blk.a, blk.aStep = &p.a[0], width*size
}

// rowsOfB notes where the rows of b start and tells whether its panels can be
// read where they lie.
func (p *Products[F]) rowsOfB(b *matrix[F], k0, deep, rows int) (whole bool) {
	if b.across || deep == 0 {
		return false
	}
	size := p.fast.size
	if b.index == nil && (rows <= tileRows || deep*b.stride*size <= small) {
		return true
	}
	p.bi = grow(p.bi, deep)
	for r := range deep {
		p.bi[r] = b.row(k0+r) * size
	}
	return false
}

// panel sets the block's b to columns j0 and the following. Those that are packed go to a place of p.b, where they may be
// already.
func (p *Products[F]) panel(b *matrix[F], j0, columns, k0, deep, place int, whole, packed bool) {
	if deep == 0 {
		return
	}
	f, blk := p.fast, &p.block
	size, width := f.size, 2*f.lanes
	if whole && (f.ragged || columns == width || columns == f.lanes) {
		blk.b, blk.bStep = &b.data[k0*b.stride+j0], b.stride*size
		return
	}
	if need := place + blockDepth*width; len(p.b) < need {
		p.b = append(p.b, make([]F, need-len(p.b))...)
	}
	to := p.b[place:]
	if blk.b, blk.bStep = &to[0], width*size; packed {
		return
	}
	if b.across {
		side := 32 / size
		p.bi = grow(p.bi, (columns+side-1)/side*side)
		for j := range p.bi {
			p.bi[j] = b.row(j0+min(j, columns-1))*size + k0*size
		}
		f.transpose(to, width, b.data, p.bi, deep)
		return
	}
	if whole {
		p.bi = grow(p.bi, deep)
		for r := range deep {
			p.bi[r] = (k0 + r) * b.stride * size
		}
	}
	f.copyPanel(&to[0], &b.data[j0], &p.bi[0], deep, columns)
}

// transpose turns rows of src, k numbers at each of the byte offsets, into columns
// of dst [k, stride]. There are a multiple of as many as fill 32 bytes.
func (f *vectorised[F]) transpose(dst []F, stride int, src []F, offsets []int, k int) {
	side := 32 / f.size
	body := k &^ (side - 1)
	if body > 0 {
		f.transposePanel(&dst[0], &src[0], &offsets[0], len(offsets), body, stride*f.size)
	}
	if body > 0 && body < k { // the last ones with some that are there already
		body = k - side
		f.transposePanel(&dst[body*stride], &src[body], &offsets[0], len(offsets), side, stride*f.size)
		return
	}
	for i := body; i < k; i++ {
		row := dst[i*stride:][:len(offsets)]
		for j, o := range offsets {
			row[j] = src[o/int(unsafe.Sizeof(src[0]))+i]
		}
	}
}
