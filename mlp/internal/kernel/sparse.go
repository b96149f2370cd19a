package kernel

import (
	"iter"
	"unsafe"
)

// Sparse is a matrix without its zeros. Its numbers are values; or, where bands are
// not nil, what table has for their bytes.
type Sparse[F Float] struct {
	width   int
	start   []int    // row r's numbers are start[r] to start[r+1]
	columns []uint16 // of the numbers; they rise within a row, below width
	values  []F

	bands *Bands
	table *[256]F
}

// SparseBytes is the matrix of which the numbers are those that the table has for the bytes of the bands.
func SparseBytes[F Float](bands *Bands, table *[256]F) *Sparse[F] {
	return &Sparse[F]{width: bands.in, bands: bands, table: table}
}

// dense is the share of numbers that are not zero above which skipping the
// zeros is hardly faster than multiplying by them.
const dense = 0.25

// SkipsZeros says whether products with a matrix of so many columns, of whose
// numbers so large a share is not zero, are faster where they skip the zeros.
func SkipsZeros(width int, nonzero float64) bool {
	const narrow, wide = 64, 1<<16 - 1 // columns, and how many there are, are 16 bits
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
func (s *Sparse[F]) rows() int {
	if s.bands != nil {
		return len(s.bands.start) - 1
	}
	return len(s.start) - 1
}

// row gives the columns and the numbers of a row.
func (s *Sparse[F]) row(r int) iter.Seq2[int, F] {
	return func(yield func(int, F) bool) {
		if s.bands == nil {
			for k := s.start[r]; k < s.start[r+1]; k++ {
				if !yield(int(s.columns[k]), s.values[k]) {
					return
				}
			}
			return
		}
		bands := bandsOf(s.width)
		row := s.bands.data[s.bands.start[r]:s.bands.start[r+1]]
		ends, entries := row[:bands], row[bands:]
		k := 0
		for b, end := range ends {
			first := b * bandColumns / entryColumns * entryColumns
			for ; k < int(end); k++ {
				if e := entries[k]; !yield(first+int(e%entryColumns), s.table[e>>8]) {
					return
				}
			}
		}
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
