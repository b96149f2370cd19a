package kernel

import "unsafe"

// Small is a product of matrices that stay in the first-level cache, so that nothing of them is packed: c = start + a·b.
// What it multiplies is fixed when it is made, for many times. An element is the same chain of sums as in other products.
//
// The order of the fields is part of the assembly. Offsets and steps count bytes.
type Small[F Float] struct {
	a           *F // element k of row i is at a + i*aRow + k*aStep
	aRow, aStep int
	b           *F   // row k is at b + offsets[k]
	offsets     *int //
	c           *F   // row i is at c + i*cStep
	cStep       int
	start       int // what the sums start from
	bias        *F  // that of row i
	rows        int // of a and c
	k           int // inner dimension
	columns     int

	rowsLeft, columnsLeft         int // how far the assembly is
	aAt, bAt, cAt, cPanel, biasAt uintptr

	most [2]int // rows and k for which there is memory
	run  func(p *byte)
}

// What the sums of a Small start from.
const (
	startZero = iota
	startC
	startBias
)

// Strided is a matrix in memory: element k of row i is Data[i*Row+k*Step].
type Strided[F Float] struct {
	Data      []F
	Row, Step int
}

// HasSmall says whether small matrices in a precision are multiplied in a way of their own.
func HasSmall[F Float]() bool { f := fast[F](); return f != nil && f.small != nil }

// Lanes is how many numbers of a precision a register holds, where HasSmall.
func Lanes[F Float]() int { return fast[F]().lanes }

// Offsets are those of so many rows of b that are step numbers apart.
func Offsets[F Float](rows, step int) []int {
	offsets := make([]int, rows)
	for r := range offsets {
		offsets[r] = r * step * fast[F]().size
	}
	return offsets
}

// OffsetsOf sets offsets to those of the rows of a batch, from row lo on, the last one again and again where there are not so
// many. It panics, as an index out of range does, if one of them is not in the matrix.
func OffsetsOf[F Float](offsets []int, x Rows[F], lo int) {
	size, rows, n := x.Width*fast[F]().size, len(x.Data)/x.Width, min(len(offsets), x.N()-lo)
	if x.Index == nil {
		for r := range offsets[:n] {
			offsets[r] = (lo + r) * size
		}
	} else {
		for r, i := range x.Index[lo : lo+n] {
			if uint(i) >= uint(rows) {
				_ = x.Data[i*x.Width]
			}
			offsets[r] = i * size
		}
	}
	for r := n; r < len(offsets); r++ {
		offsets[r] = offsets[n-1]
	}
}

// NewSmall makes a product with rows of b that are found at offsets, of which there is one for each k. Rows of c are cStep
// apart. The sums start from zero, or from the bias of their row if there is one.
func NewSmall[F Float](c []F, cStep int, a Strided[F], b []F, offsets []int, bias []F, rows, columns int) Small[F] {
	f, k := fast[F](), len(offsets)
	_, _ = c[(rows-1)*cStep+columns-1], a.Data[(rows-1)*a.Row+(k-1)*a.Step]
	s := Small[F]{
		a: &a.Data[0], aRow: a.Row * f.size, aStep: a.Step * f.size, offsets: &offsets[0], c: &c[0], cStep: cStep * f.size,
		rows: rows, k: k, columns: columns, most: [2]int{rows, k}, run: f.small,
	}
	if bias != nil {
		s.start, s.bias = startBias, &bias[:rows][0]
	}
	if b != nil {
		for _, o := range offsets {
			_ = b[o/f.size:][:columns]
		}
		s.b = &b[0]
	}
	return s
}

// From makes the rows of b those of x at offsets that OffsetsOf has set.
func (s *Small[F]) From(x Rows[F]) { s.b = &x.Data[0] }

// Multiply computes c.
func (s *Small[F]) Multiply() { s.run((*byte)(unsafe.Pointer(s))) }

// MultiplyRows computes the first rows of c, or adds to them.
func (s *Small[F]) MultiplyRows(rows int) {
	s.rows = min(rows, s.most[0])
	s.run((*byte)(unsafe.Pointer(s)))
}

// Sum computes c, or adds to it, of the first k elements of the rows of a.
func (s *Small[F]) Sum(k int, further bool) {
	s.k, s.start = min(k, s.most[1]), startZero
	if further {
		s.start = startC
	}
	s.run((*byte)(unsafe.Pointer(s)))
}

// Transpose sets dst [k, stride] to the columns of rows of src that are found at offsets. There are a multiple of Lanes.
func Transpose[F Float](dst []F, stride int, src []F, offsets []int, k int) {
	_ = dst[(k-1)*stride+len(offsets)-1]
	fast[F]().transpose(dst, stride, src, offsets, k)
}

// TransposeTight sets dst [k, columns], which has room for Spare more, to the columns that are found at offsets. Of these there
// are more, up to a multiple of Lanes.
func TransposeTight[F Float](dst []F, columns int, src []F, offsets []int, k int) {
	f := fast[F]()
	side := Spare / f.size
	_ = dst[k*columns+side-1]
	// The last columns come first: what they leave in the places behind them the others overwrite.
	body := columns &^ (side - 1)
	if body < columns {
		f.transpose(dst[body:], columns, src, offsets[body:body+side], k)
	}
	if body > 0 {
		f.transpose(dst, columns, src, offsets[:body], k)
	}
}

// Spare is how many bytes TransposeTight may write behind what it was asked for.
const Spare = 32

// CrossEntropy sets d to the gradient of softmax and cross-entropy with respect to the logits z, times scale, and says
// whether these are finite. Shapes: d and z [outputs, rows], labels [rows]; rows are a multiple of Lanes.
func CrossEntropy[F Float](d, z []F, labels []int32, outputs int, scale F) (finite bool) {
	rows := len(labels)
	d, z = d[:outputs*rows], z[:outputs*rows]
	return fast[F]().crossEntropy(&d[0], &z[0], &labels[0], rows, outputs, scale) == 0
}
