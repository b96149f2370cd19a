package kernel

import (
	"math"
	"math/rand/v2"
	"testing"
)

// fill returns n numbers of which about a third are zero, with a guard of NaN
// behind them.
func fill[F Float](r *rand.Rand, n int) []F {
	v := make([]F, n+4)
	for i := range v {
		switch {
		case i >= n:
			v[i] = F(math.NaN())
		case r.IntN(3) > 0:
			v[i] = F(r.NormFloat64())
		}
	}
	return v
}

func agree[F Float](t *testing.T, what string, got, want []F, terms int, eps float64) {
	t.Helper()
	n := len(want) - 4
	for i := range n {
		if d := math.Abs(float64(got[i] - want[i])); !(d <= eps*float64(terms+1)*10) {
			t.Fatalf("%s: element %d is %v, the loops say %v", what, i, got[i], want[i])
		}
	}
	for i := n; i < len(got); i++ {
		if got[i] == got[i] {
			t.Fatalf("%s: wrote behind the end", what)
		}
	}
}

func check[F Float](t *testing.T, seed uint64, n, in, out int, eps float64) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	p := New[F]()
	x, w, d := fill[F](r, n*in), fill[F](r, out*in), fill[F](r, n*out)
	for range 2 { // the second time with working memory that is not clean
		got, want := fill[F](r, n*out), fill[F](r, n*out)
		p.XWt(got, x, w, n, in, out)
		loopXWt(want, x, w, n, in, out)
		agree(t, "XWt", got, want, in, eps)

		got, want = fill[F](r, n*in), fill[F](r, n*in)
		p.DW(got, d, w, n, in, out)
		loopDW(want, d, w, n, in, out)
		agree(t, "DW", got, want, out, eps)

		got, want = fill[F](r, in*out), fill[F](r, in*out)
		p.DtX(got, d, x, n, in, out)
		loopDtX(want, d, x, n, in, out)
		agree(t, "DtX", got, want, n, eps)
	}
}

func TestProductsAreTheLoops(t *testing.T) {
	for _, s := range [][3]int{{1, 1, 1}, {3, 2, 7}, {7, 33, 5}, {5, 17, 6}, {16, 16, 16}, {2, 3, 1}, {9, 1, 19}, {31, 50, 23}} {
		check[float32](t, 1, s[0], s[1], s[2], 1.2e-7)
		check[float64](t, 1, s[0], s[1], s[2], 2.3e-16)
	}
}

func FuzzProducts(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(5), uint8(7))
	f.Add(uint64(2), uint8(17), uint8(1), uint8(31))
	f.Fuzz(func(t *testing.T, seed uint64, n, in, out uint8) {
		check[float32](t, seed, int(n%40)+1, int(in%40)+1, int(out%40)+1, 1.2e-7)
		check[float64](t, seed, int(n%40)+1, int(in%40)+1, int(out%40)+1, 2.3e-16)
	})
}

// Which factor's zeros are skipped is a matter of speed: both ways of the
// weights' gradient have to give the same bits.
func TestSkippingEitherFactorGivesTheSameBits(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	const n, in, out = 9, 30, 30
	x, d := fill[float32](r, n*in)[:n*in], fill[float32](r, n*out)[:n*out]
	p := New[float32]()
	sparse := make([]float32, in*out)
	p.DtX(sparse, d, x, n, in, out)
	other := make([]float32, in*out) // (xᵀ·d)ᵀ takes the roles, and so the way, of the other factor
	p.DtX(other, x, d, n, out, in)
	back := make([]float32, in*out)
	transpose(back, other, in, out)
	for i := range back {
		if back[i] != sparse[i] {
			t.Fatalf("element %d: %v and %v", i, back[i], sparse[i])
		}
	}
}

func TestProductsDoNotAllocate(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	const n, in, out = 8, 20, 12
	x, w, d := fill[float32](r, n*in), fill[float32](r, in*out), fill[float32](r, n*out)
	z, dx, dw := make([]float32, n*out), make([]float32, n*in), make([]float32, in*out)
	p := New[float32]()
	if a := testing.AllocsPerRun(10, func() {
		p.XWt(z, x, w, n, in, out)
		p.DW(dx, d, w, n, in, out)
		p.DtX(dw, d, x, n, in, out)
	}); a != 0 {
		t.Fatalf("%v allocations", a)
	}
}
