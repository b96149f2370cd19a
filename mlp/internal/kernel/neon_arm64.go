//go:build !purego

package kernel

import (
	"unsafe"

	"golang.org/x/sys/cpu"
)

// The products of arm64. A register is two of the processor's; everything else runs
// the plain loops.
var (
	neon32 = vectorised[float32]{
		name: "neon", lanes: 8, size: 4,
		multiply1:      func(p *byte) { multiplyColumns((*block[float32])(unsafe.Pointer(p)), 8) },
		multiply2:      func(p *byte) { multiplyColumns((*block[float32])(unsafe.Pointer(p)), 16) },
		copyPanel:      copyPanel[float32],
		transposePanel: transposePanel[float32],
		fuse:           fuse32neon,
	}
	neon64 = vectorised[float64]{
		name: "neon", lanes: 4, size: 8,
		multiply1:      func(p *byte) { multiplyColumns((*block[float64])(unsafe.Pointer(p)), 4) },
		multiply2:      func(p *byte) { multiplyColumns((*block[float64])(unsafe.Pointer(p)), 8) },
		copyPanel:      copyPanel[float64],
		transposePanel: transposePanel[float64],
		fuse:           fuse64neon,
	}
)

//go:noescape
func multiply1x32neon(p *byte)

//go:noescape
func multiply2x32neon(p *byte)

//go:noescape
func multiply1x64neon(p *byte)

//go:noescape
func multiply2x64neon(p *byte)

//go:noescape
func fuse32neon(w, x *float32, n int, a float32)

//go:noescape
func fuse64neon(w, x *float64, n int, a float64)

// fast returns nil: only products are vectorised here.
func fast[F Float]() *vectorised[F] { return nil }

// products returns the kernels of products, nil where GODEBUG=cpu.asimd=off takes them away.
func products[F Float]() *vectorised[F] {
	if !cpu.ARM64.HasASIMD {
		return nil
	}
	var zero F
	if _, ok := any(zero).(float32); ok {
		return any(&neon32).(*vectorised[F])
	}
	return any(&neon64).(*vectorised[F])
}

// multiplyColumns computes a block of at most so many columns, with kernels that compute exactly so many: where there
// are fewer in the last register, a few rows at a time in memory with room for all.
func multiplyColumns[F Float](p *block[F], columns int) {
	size := int(unsafe.Sizeof(F(0)))
	lanes := lineBytes / 2 / size
	if p.last == lanes {
		multiplyWhole(p, columns)
		return
	}
	var room [tileRows * 16]F
	used := columns - lanes + p.last
	part := *p
	part.c, part.cStep, part.init, part.initStep = &room[0], columns*size, &room[0], columns*size
	for r := 0; r < p.rows; r += tileRows {
		part.rows = min(tileRows, p.rows-r)
		part.offsets = at(p.offsets, r*int(unsafe.Sizeof(0)))
		for i := range part.rows {
			copy(room[i*columns:][:used], unsafe.Slice(at(p.init, (r+i)*p.initStep), used))
		}
		multiplyWhole(&part, columns)
		for i := range part.rows {
			copy(unsafe.Slice(at(p.c, (r+i)*p.cStep), used), room[i*columns:])
		}
	}
}

func multiplyWhole[F Float](p *block[F], columns int) {
	b := (*byte)(unsafe.Pointer(p))
	switch bytes := columns * int(unsafe.Sizeof(F(0))); {
	case p.isSingle() && bytes == lineBytes:
		multiply2x32neon(b)
	case p.isSingle():
		multiply1x32neon(b)
	case bytes == lineBytes:
		multiply2x64neon(b)
	default:
		multiply1x64neon(b)
	}
}

func (*block[F]) isSingle() bool { return unsafe.Sizeof(F(0)) == 4 }

// at is what lies so many bytes behind p.
func at[T any](p *T, bytes int) *T { return (*T)(unsafe.Add(unsafe.Pointer(p), bytes)) }

// copyPanel copies rows of 1 to width columns that start offsets bytes behind src, with zeros behind them.
func copyPanel[F Float](dst, src *F, offsets *int, rows, columns int) {
	width := lineBytes / int(unsafe.Sizeof(F(0)))
	to := unsafe.Slice(dst, rows*width)
	for r, o := range unsafe.Slice(offsets, rows) {
		row := to[r*width : (r+1)*width]
		copy(row, unsafe.Slice(at(src, o), columns))
		clear(row[columns:])
	}
}

// transposePanel turns rows of k columns that start offsets bytes behind src into columns, step bytes from one row of dst
// to the next.
func transposePanel[F Float](dst, src *F, offsets *int, rows, k, step int) {
	for r, o := range unsafe.Slice(offsets, rows) {
		for c, v := range unsafe.Slice(at(src, o), k) {
			*at(dst, c*step+r*int(unsafe.Sizeof(v))) = v
		}
	}
}
