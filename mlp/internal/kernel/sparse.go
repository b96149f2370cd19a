package kernel

import "unsafe"

// Sparse is a matrix without its zeros. Its numbers are Values; or, where Table is
// not nil, what Table has for Bytes.
type Sparse[F Float] struct {
	Start   []int    // row r's numbers are Start[r] to Start[r+1]
	Columns []uint16 // of the numbers; they rise within a row
	Values  []F
	Bytes   []byte
	Table   *[256]F
}

// dense is the share of numbers that are not zero above which skipping the
// zeros is hardly faster than multiplying by them.
const dense = 0.25

// SkipsZeros says whether products with a matrix of so many columns, of whose
// numbers so large a share is not zero, are faster where they skip the zeros.
func SkipsZeros(width int, nonzero float64) bool {
	const narrow, wide = 64, 1 << 16
	return width >= narrow && width <= wide && nonzero <= dense
}

// EntryBytes is the memory of a number of a matrix without its zeros.
func EntryBytes[F Float]() int {
	var column uint16
	var value F
	return int(unsafe.Sizeof(column) + unsafe.Sizeof(value))
}

// Compress returns x [*, width] without its zeros, or nil if there are too few
// of them, or too few columns, for that to be faster.
func Compress[F Float](x []F, width int) *Sparse[F] {
	if !SkipsZeros(width, float64(nonzero(x))/float64(len(x))) {
		return nil
	}
	return compress(x, width)
}

func compress[F Float](x []F, width int) *Sparse[F] {
	n := nonzero(x)
	s := &Sparse[F]{Start: make([]int, 0, len(x)/width+1), Columns: make([]uint16, 0, n), Values: make([]F, 0, n)}
	for i, v := range x {
		if i%width == 0 {
			s.Start = append(s.Start, len(s.Values))
		}
		if v != 0 {
			s.Columns, s.Values = append(s.Columns, uint16(i%width)), append(s.Values, v)
		}
	}
	s.Start = append(s.Start, len(s.Values))
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

// rows is the number of rows.
func (s *Sparse[F]) rows() int { return len(s.Start) - 1 }

// value is number k.
func (s *Sparse[F]) value(k int) F {
	if s.Table != nil {
		return s.Table[s.Bytes[k]]
	}
	return s.Values[k]
}

// check panics, as an index out of range does, where row r is not in memory or has a column that is not among width:
// the assembly does not look.
func (s *Sparse[F]) check(r, width int) {
	from, to := s.Start[r], s.Start[r+1]
	columns := s.Columns[from:to]
	if s.Table != nil {
		_ = s.Bytes[from:to]
	} else {
		_ = s.Values[from:to]
	}
	if len(columns) > 0 && int(columns[len(columns)-1]) >= width {
		panic("kernel: a column is not in the matrix")
	}
}

// InputMajor is the weights of a layer by input: what products with sparse inputs
// read. A row begins on a cache line; behind its numbers are zeros.
type InputMajor[F Float] struct {
	In, Out, Stride int
	Data            []F // [In, Stride]
}

const lineBytes = 64 // of a line of the cache

// NewInputMajor returns weights that are zero.
func NewInputMajor[F Float](in, out int) *InputMajor[F] {
	stride := padded[F](out)
	return &InputMajor[F]{in, out, stride, aligned[F](in * stride)}
}

// padded is n numbers and what is missing to whole lines of the cache.
func padded[F Float](n int) int {
	line := lineBytes / int(unsafe.Sizeof(F(0)))
	return (n + line - 1) / line * line
}

// aligned makes a slice that begins on a line of the cache.
func aligned[F Float](n int) []F {
	size := int(unsafe.Sizeof(F(0)))
	s := make([]F, n+lineBytes/size)
	past := int(uintptr(unsafe.Pointer(&s[0])) % lineBytes)
	from := (lineBytes - past) % lineBytes / size
	return s[from : from+n : from+n]
}
