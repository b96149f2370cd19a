package kernel

import "unsafe"

// Sparse is a matrix without its zeros. Its numbers are values; or, where table is
// not nil, what table has for bytes.
type Sparse[F Float] struct {
	width   int
	start   []int    // row r's numbers are start[r] to start[r+1]
	columns []uint16 // of the numbers; they rise within a row, below width
	values  []F
	bytes   []byte
	table   *[256]F
}

// SparseBytes is a matrix of so many columns of which row r is not zero in columns[start[r]:start[r+1]], which rise, and
// has there what the table has for the bytes at the same places. It panics where that is not so in one of the rows that
// are to be multiplied: the assembly does not look.
func SparseBytes[F Float](width int, start []int, columns []uint16, bytes []byte, table *[256]F, rows []int32) *Sparse[F] {
	for _, r := range rows {
		next := 0
		for _, c := range columns[start[r]:start[r+1]] {
			if int(c) < next || int(c) >= width {
				panic("kernel: columns of a matrix without zeros do not rise")
			}
			next = int(c) + 1
		}
	}
	return &Sparse[F]{width: width, start: start, columns: columns, bytes: bytes[:len(columns)], table: table}
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
	s := &Sparse[F]{width: width, start: make([]int, 0, len(x)/width+1), columns: make([]uint16, 0, n), values: make([]F, 0, n)}
	for i, v := range x {
		if i%width == 0 {
			s.start = append(s.start, len(s.values))
		}
		if v != 0 {
			s.columns, s.values = append(s.columns, uint16(i%width)), append(s.values, v)
		}
	}
	s.start = append(s.start, len(s.values))
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
func (s *Sparse[F]) rows() int { return len(s.start) - 1 }

// value is number k.
func (s *Sparse[F]) value(k int) F {
	if s.table != nil {
		return s.table[s.bytes[k]]
	}
	return s.values[k]
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
	return &InputMajor[F]{in, out, stride, Aligned[F](in * stride)}
}

// padded is n numbers and what is missing to whole lines of the cache.
func padded[F Float](n int) int {
	line := lineBytes / int(unsafe.Sizeof(F(0)))
	return (n + line - 1) / line * line
}

// Aligned makes a slice that begins on a line of the cache.
func Aligned[F Float](n int) []F {
	size := int(unsafe.Sizeof(F(0)))
	s := make([]F, n+lineBytes/size)
	past := int(uintptr(unsafe.Pointer(&s[0])) % lineBytes)
	from := (lineBytes - past) % lineBytes / size
	return s[from : from+n : from+n]
}
