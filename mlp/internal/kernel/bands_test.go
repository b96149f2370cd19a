package kernel

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// bandedRows are rows of bytes of which so large a share is not 0, next to each other more often than by chance: as a
// matrix, and without the zeros as numbers and as bytes.
func bandedRows[F Float](r *rand.Rand, rows, in int, share float64, table *[256]F) (data []F, numbers, bytes *Sparse[F]) {
	data = make([]F, rows*in)
	start, columns, values, all := []int{0}, []uint16(nil), []byte(nil), []int32(nil)
	for b := range rows {
		on := false
		for i := range in {
			if r.IntN(3) == 0 {
				on = r.Float64() < share
			}
			if on {
				v := byte(1 + r.IntN(255))
				columns, values = append(columns, uint16(i)), append(values, v)
				data[b*in+i] = table[v]
			}
		}
		start, all = append(start, len(columns)), append(all, int32(b))
	}
	return data, compress(data, in), SparseBytes(NewBands(in, start, columns, values, all), table)
}

func checkBands[F Float](t *testing.T, seed uint64, rows, in, out int, share float64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	var table [256]F
	for v := range table[1:] {
		table[v+1] = F(r.NormFloat64())
	}
	data, numbers, bytes := bandedRows(r, rows, in, share, &table)
	w, _ := guarded[F](r, out*in)
	bias, _ := guarded[F](r, out)
	d, _ := guarded[F](r, rows*out)
	wanted, gradient := make([]F, rows*out), make([]F, out*in)
	loopXWt(wanted, Rows[F]{Data: data, Width: in}, w, bias, out)
	loopDtX(gradient, d, Rows[F]{Data: data, Width: in}, out)
	for _, p := range every[F]() {
		what := fmt.Sprintf("%d rows of %d, out %d", rows, in, out)
		v, same, gathered := NewInputMajor[F](in, out), make([]F, rows*out), NewInputMajor[F](in, out)
		p.ToInputMajor(v, w)
		p.XV(same, Rows[F]{Width: in, Zeros: numbers}, v, bias)
		p.XtD(gathered, d, Rows[F]{Width: in, Zeros: numbers})
		parts := func(z []F, x Rows[F], v *InputMajor[F], bias []F) {
			for at := 0; at < rows; at += BandRows {
				p.PartXV(z[at*out:min(at+BandRows, rows)*out], x, at, v, bias)
			}
		}
		for _, multiply := range []func([]F, Rows[F], *InputMajor[F], []F){p.XV, p.SortedXV, parts} {
			got, all := guarded[F](r, rows*out)
			multiply(got, Rows[F]{Width: in, Zeros: bytes}, v, bias)
			near(t, what, got, wanted, in)
			intact(t, what, len(got), all)
			if !slices.EqualFunc(got, same, sameBits) { // the order of the sums is that of the other products
				t.Fatalf("%s: the bits of bytes are not those of numbers", what)
			}
			dv, back := NewInputMajor[F](in, out), make([]F, out*in)
			p.XtD(dv, d, Rows[F]{Width: in, Zeros: bytes})
			p.FromInputMajor(back, dv)
			near(t, what+", gradient", back, gradient, rows)
			if !slices.EqualFunc(dv.Data, gathered.Data, sameBits) {
				t.Fatalf("%s: the bits of the gradient of bytes are not those of numbers", what)
			}
		}
	}
}

func TestProductsOfBandRows(t *testing.T) {
	shapes := [][3]int{{1, 70, 1}, {64, 64, 10}, {65, 90, 33}, {130, 784, 100}, {3, 65, 209}, {200, 100, 420}, {64, 80, 112},
		{256, 300, 48}, {257, 600, 40}}
	for i, s := range shapes {
		for _, share := range []float64{0.05, 0.3, 1} {
			checkBands[float32](t, uint64(i), s[0], s[1], s[2], share)
			checkBands[float64](t, uint64(i), s[0], s[1], s[2], share)
		}
	}
}
