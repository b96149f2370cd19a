package dataset

import (
	"math"
	"slices"
)

// Bytes are inputs that are whole numbers from 0 to 255, before they are scaled:
// rows of a matrix that the splits of all seeds share. They take a quarter of the
// memory of floats, and less where most of them are 0.
//
// Row r is Values[r*In:(r+1)*In]; or, where Start is not nil, it has zeros but in
// the Columns[Start[r]:Start[r+1]], which rise and have the Values at the same
// places. Input j of an example is float32((value - Shift[j]) * Factor[j]). The
// fields are those of mlp.Bytes, which they are converted into.
type Bytes struct {
	Rows          []int32 // of the examples
	Values        []byte
	Columns       []uint16
	Start         []int
	Shift, Factor []float64
}

// pixels is a matrix of whole numbers from 0 to 255 that grows by rows. It leaves
// zeros out as long as that saves memory.
type pixels struct {
	in, n   int
	most    int // rows that may come
	values  []byte
	columns []uint16
	start   []int // nil where rows are whole
}

// entryBytes is the memory of a number that is not 0, in a matrix without zeros.
const entryBytes = 3

// newPixels is a matrix without rows, of which so many may come.
func newPixels(in, most int) *pixels {
	p := &pixels{in: in, most: most}
	if in <= math.MaxUint16 {
		p.start = []int{0}
	}
	return p
}

// pixelRows is a matrix with the given rows.
func pixelRows(values []byte, in int) *pixels {
	p := newPixels(in, len(values)/in)
	for ; len(values) > 0; values = values[in:] {
		p.add(values[:in])
	}
	return p
}

// add appends a row.
func (p *pixels) add(row []byte) {
	p.n++
	p.values = slices.Grow(p.values, p.room(len(p.values), cap(p.values)))
	if p.start == nil {
		p.values = append(p.values, row...)
		return
	}
	p.columns = slices.Grow(p.columns, p.room(len(p.columns), cap(p.columns)))
	for j, v := range row {
		if v != 0 {
			p.values = append(p.values, v)
			p.columns = append(p.columns, uint16(j))
		}
	}
	p.start = append(p.start, len(p.values))
	const sample = 64 // rows that say how many zeros there are
	if p.n%sample == 0 && entryBytes*len(p.values) > p.n*p.in {
		p.fill()
	}
}

// room is how many numbers are made room for behind so many, where another row may
// not fit: as many as all rows will have if they are like those so far, but at most
// some three times these, because what a file claims may not be true. Where all are more
// than that, it is a quarter of all, or a quarter of that, so that numbers move last when
// a quarter has come: what they leave behind is a third of what stays.
func (p *pixels) room(have, capacity int) int {
	if capacity-have >= p.in {
		return 0
	}
	coming := float64(p.most-p.n+1) / float64(p.n) * 1.02
	for coming > 3.2 {
		coming = (1+coming)/4 - 1
	}
	return p.in + int(float64(have)*coming)
}

// fill puts the zeros back.
func (p *pixels) fill() {
	values := make([]byte, p.n*p.in)
	for r := range p.n {
		for k := p.start[r]; k < p.start[r+1]; k++ {
			values[r*p.in+int(p.columns[k])] = p.values[k]
		}
	}
	p.values, p.columns, p.start = values, nil, nil
}

// row writes row r to x [in].
func (p *pixels) row(r int, x []float64) {
	if p.start == nil {
		for j, v := range p.values[r*p.in : (r+1)*p.in] {
			x[j] = float64(v)
		}
		return
	}
	clear(x)
	for k := p.start[r]; k < p.start[r+1]; k++ {
		x[p.columns[k]] = float64(p.values[k])
	}
}

// examples are as many as there are rows.
func (p *pixels) examples() *examples {
	return &examples{n: p.n, in: p.in, pixels: p, row: p.row}
}

// scaled are rows of the matrix as a split has them.
func (p *pixels) scaled(rows []int32, sc scaling) *Bytes {
	return &Bytes{Rows: rows, Values: p.values, Columns: p.columns, Start: p.start, Shift: sc.shift, Factor: sc.factor}
}
