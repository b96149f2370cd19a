package mlp

import (
	"fmt"
	"slices"

	"nightshift/mlp/internal/kernel"
)

// Bytes are inputs that are whole numbers from 0 to 255, as pixels are: rows of a
// matrix that may be shared. They become numbers when a batch needs them, so they
// take a quarter of the memory of X, and less where most of them are 0.
//
// Row r is Values[r*In:(r+1)*In]; or, where Start is not nil, it has zeros but in
// the Columns[Start[r]:Start[r+1]], which rise and have the Values at the same
// places. Input j of an example is float32((value - Shift[j]) * Factor[j]).
type Bytes struct {
	Rows          []int32 // of the examples
	Values        []byte
	Columns       []uint16
	Start         []int
	Shift, Factor []float64
}

// check says where bytes are no inputs of so many examples.
func (b *Bytes) check(examples, in int) error {
	rows := len(b.Values) / in
	if b.Start != nil {
		rows = len(b.Start) - 1
	}
	switch {
	case len(b.Rows) != examples || len(b.Shift) != in || len(b.Factor) != in:
		return fmt.Errorf("bytes of %d rows, scaled in %d and %d columns, for %d examples of %d", len(b.Rows), len(b.Shift),
			len(b.Factor), examples, in)
	case b.Start != nil && (rows < 0 || len(b.Columns) != len(b.Values) || b.Start[rows] != len(b.Values)):
		return fmt.Errorf("%d columns for the %d bytes that are not 0", len(b.Columns), len(b.Values))
	case slices.ContainsFunc(b.Rows, func(r int32) bool { return r < 0 || int(r) >= rows }):
		return fmt.Errorf("a row is asked for that is not among the %d", rows)
	}
	return nil
}

// number is what a byte of column j is scaled to.
func (b *Bytes) number(j int, v byte) float32 {
	return float32((float64(v) - b.Shift[j]) * b.Factor[j])
}

// decoder makes numbers of bytes. It is shared and never written to.
type decoder[F kernel.Float] struct {
	*Bytes
	alike bool              // every column is scaled as table says
	table [256]F            // by byte
	empty []F               // a row of zeros, scaled [in]
	zeros *kernel.Sparse[F] // the examples without their zeros, if products skip them
}

func newDecoder[F kernel.Float](b *Bytes) *decoder[F] {
	in := len(b.Shift)
	d := &decoder[F]{Bytes: b, alike: true, empty: make([]F, in)}
	for v := range d.table {
		d.table[v] = F(b.number(0, byte(v)))
	}
	for j := range d.empty {
		d.empty[j] = F(b.number(j, 0))
		d.alike = d.alike && b.Shift[j] == b.Shift[0] && b.Factor[j] == b.Factor[0]
	}
	if d.Start == nil || !d.alike || d.table[0] != 0 {
		return d
	}
	entries := 0
	for _, r := range b.Rows {
		entries += b.Start[r+1] - b.Start[r]
	}
	if kernel.SkipsZeros(in, float64(entries)/float64(len(b.Rows)*in)) {
		d.zeros = kernel.SparseBytes(kernel.NewBands(in, b.Start, b.Columns, b.Values, b.Rows), &d.table)
	}
	return d
}

// row writes the inputs of example i to x [in].
func (d *decoder[F]) row(x []F, i int) {
	r, in := int(d.Rows[i]), len(d.empty)
	if d.Start == nil {
		d.numbers(x, d.Values[r*in:(r+1)*in])
		return
	}
	copy(x, d.empty)
	at, end := d.Start[r], d.Start[r+1]
	values, columns := d.Values[at:end], d.Columns[at:end]
	for k, v := range values {
		j := columns[k]
		if d.alike {
			x[j] = d.table[v]
		} else {
			x[j] = F(d.number(int(j), v))
		}
	}
}

// numbers scales a whole row.
func (d *decoder[F]) numbers(x []F, row []byte) {
	if d.alike {
		for j, v := range row {
			x[j] = d.table[v]
		}
		return
	}
	for j, v := range row {
		x[j] = F(d.number(j, v))
	}
}

// batch is the memory of the inputs of a step, or of an evaluation, that are made of bytes or changed.
type batch[F kernel.Float] struct {
	x []F
}

// grow makes room for rows of x.
func (b *batch[F]) grow(size int) []F {
	if cap(b.x) < size {
		b.x = make([]F, size)
	}
	b.x = b.x[:size]
	return b.x
}

// copy is the same inputs in memory that may be changed.
func (b *batch[F]) copy(x kernel.Rows[F]) kernel.Rows[F] {
	n := x.N()
	to := b.grow(n * x.Width)
	for r := range n {
		copy(to[r*x.Width:], x.Row(r)) // onto themselves, where they were decoded
	}
	return kernel.Rows[F]{Data: to, Width: x.Width}
}

// decode is the inputs of the examples in index as numbers.
func (b *batch[F]) decode(d *decoder[F], index []int) kernel.Rows[F] {
	in := len(d.empty)
	x := b.grow(len(index) * in)
	for r, i := range index {
		d.row(x[r*in:(r+1)*in], i)
	}
	return kernel.Rows[F]{Data: x, Width: in}
}
