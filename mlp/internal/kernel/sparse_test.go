package kernel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// checkSparse compares the products with rows without zeros with the loops on the same rows with them.
func checkSparse[F Float](t *testing.T, r *rand.Rand, o operands[F], x Rows[F]) {
	t.Helper()
	data := slices.Clone(x.Data)
	x.Data = data
	o.checkZeros(t, r, x, compress(data, x.Width))
	// The same with a table: the first 256 numbers stand for all.
	var table []F
	for i, v := range data {
		if v != 0 && len(table) < 256 {
			table = append(table, v)
		} else if v != 0 {
			data[i] = table[i%256]
		}
	}
	numbers := compress(data, x.Width)
	var all [256]F
	copy(all[:], table)
	var bytes []byte
	for _, v := range numbers.values {
		bytes = append(bytes, byte(slices.Index(table, v)))
	}
	rows := make([]int32, numbers.rows())
	for r := range rows {
		rows[r] = int32(r)
	}
	o.checkZeros(t, r, x, SparseBytes(NewBands(x.Width, numbers.start, numbers.columns, bytes, rows), &all))
}

func (o operands[F]) checkZeros(t *testing.T, r *rand.Rand, x Rows[F], zeros *Sparse[F]) {
	t.Helper()
	want := o.loops(x)
	const rate = -0.25
	descended := slices.Clone(o.w)
	loopAxpy(descended, rate, want[1])
	x = Rows[F]{Width: x.Width, Index: x.Index, Zeros: zeros}
	var first [3][]F
	for _, p := range every[F]() {
		name := fmt.Sprintf("bytes %t, n %d, in %d, out %d, vectorised %t", zeros.table != nil, o.n, o.in, o.out, p.fast != nil)
		v, dv := NewInputMajor[F](o.in, o.out), NewInputMajor[F](o.in, o.out)
		p.ToInputMajor(v, o.w)
		back, down := make([]F, o.in*o.out), make([]F, o.in*o.out)
		if p.FromInputMajor(back, v); !slices.EqualFunc(back, o.w, sameBits) {
			t.Fatalf("%s: turned and back, a matrix is another", name)
		}
		z, all := guarded[F](r, o.n*o.out)
		p.SortedXV(z, x, v, o.bias)
		intact(t, name, len(z), all)
		p.XtD(dv, o.d, x)
		p.FromInputMajor(back, dv)
		p.Descend(v, rate, o.d, x)
		p.FromInputMajor(down, v)
		for k, wanted := range [][]F{want[0], want[1], descended} {
			got := [][]F{z, back, down}[k]
			near(t, fmt.Sprintf("product %d, %s", k, name), got, wanted, max(o.in, o.n))
			switch {
			case p.fast == nil:
			case first[k] == nil:
				first[k] = got
			case !slices.EqualFunc(got, first[k], sameBits):
				t.Fatalf("%s: product %d has other bits than those of other vectorised kernels", name, k)
			}
		}
		axpy := slices.Clone(o.w)
		Axpy(axpy, rate, back)
		if !slices.EqualFunc(down, axpy, sameBits) {
			t.Fatalf("%s: a descent has other bits than a gradient and an update", name)
		}
	}
}

// Rows that are not sorted at once add up to the same bits.
func TestSortedInParts(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	const n, in, out = 3*sortedRows + 5, 70, 21
	data, _ := guarded[float32](r, n*in)
	d, _ := guarded[float32](r, n*out)
	w, _ := guarded[float32](r, in*out)
	dense := Rows[float32]{Data: data, Width: in}
	operands[float32]{w: w, d: d, bias: w[:out], n: n, in: in, out: out}.checkZeros(t, r, dense, compress(data, in))
	p := New[float32]()
	want, got := make([]float32, in*out), make([]float32, in*out)
	p.DtX(want, d, dense, out)
	dv := NewInputMajor[float32](in, out)
	p.XtD(dv, d, Rows[float32]{Width: in, Zeros: compress(data, in)})
	p.FromInputMajor(got, dv)
	if !slices.EqualFunc(got, want, sameBits) {
		t.Error("other bits than with the zeros")
	}
}

func TestWhatIsNotInASparseMatrixPanics(t *testing.T) {
	x := compress([]float32{0, 1, 0, 2, 0, 0}, 3)
	for name, f := range map[string]func(){
		"a row": func() {
			rows := Rows[float32]{Width: 3, Zeros: x, Index: []int{2}}
			New[float32]().XV(make([]float32, 4), rows, NewInputMajor[float32](3, 4), make([]float32, 4))
		},
		"a column": func() {
			rows := Rows[float32]{Width: 3, Zeros: x}
			New[float32]().XV(make([]float32, 8), rows, NewInputMajor[float32](2, 4), make([]float32, 4))
		},
		"a byte's column": func() { NewBands(3, []int{0, 1}, []uint16{3}, []byte{1}, []int32{0}) },
		"a column before": func() { NewBands(3, []int{0, 2}, []uint16{1, 1}, []byte{1, 1}, []int32{0}) },
		"a byte":          func() { NewBands(3, []int{0, 1}, []uint16{1}, nil, []int32{0}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s that is not there does not panic", name)
				}
			}()
			f()
		}()
	}
}
