package kernel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// guarded returns n numbers of which about a third are zero, inside a slice
// that has NaN on both sides, at an offset that is no multiple of a register.
func guarded[F Float](r *rand.Rand, n int) (v, all []F) {
	const guard = 37
	all = make([]F, n+2*guard)
	for i := range all {
		all[i] = F(math.NaN())
	}
	v = all[guard : guard+n : guard+n]
	for i := range v {
		v[i] = 0
		if r.IntN(3) > 0 {
			v[i] = F(r.NormFloat64())
		}
	}
	return v, all
}

func intact[F Float](t *testing.T, what string, n int, all []F) {
	t.Helper()
	for i, x := range all {
		if (i < 37 || i >= 37+n) && x == x {
			t.Fatalf("%s: wrote outside, at %d of %d", what, i-37, n)
		}
	}
}

// near compares within the rounding of a sum of that many terms of order 1.
func near[F Float](t *testing.T, what string, got, want []F, terms int) {
	t.Helper()
	eps := 2.3e-16
	if _, ok := any(got).([]float32); ok {
		eps = 1.2e-7
	}
	for i := range want {
		g, w := float64(got[i]), float64(want[i])
		if math.IsNaN(w) && math.IsNaN(g) || g == w {
			continue
		}
		if d := math.Abs(g - w); !(d <= eps*float64(terms+4)*4) {
			t.Fatalf("%s: element %d of %d is %v, the loops say %v", what, i, len(want), g, w)
		}
	}
}

func check[F Float](t *testing.T, seed uint64, n, in, out int) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	const spare = 5 // rows of the data set that are not in the batch
	data, _ := guarded[F](r, (n+spare)*in)
	w, _ := guarded[F](r, out*in)
	d, _ := guarded[F](r, n*out)
	bias, _ := guarded[F](r, out)
	index := r.Perm(n + spare)[:n]
	all := Rows[F]{Data: data[:n*in], Width: in}
	chosen := Rows[F]{Data: data, Width: in, Index: index}
	operands := operands[F]{w: w, d: d, bias: bias, n: n, in: in, out: out}
	wantAll, wantChosen := operands.loops(all), operands.loops(chosen)
	for _, c := range []struct {
		what string
		x    Rows[F]
		want [3][]F
	}{{"all", all, wantAll}, {"chosen", chosen, wantChosen}, {"chosen, dirty", chosen, wantChosen}} {
		name := fmt.Sprintf("%s, n %d, in %d, out %d", c.what, n, in, out)
		var first [3][]F // of the first vectorised kernels: all give the same bits
		for _, p := range every[F]() {
			operands.check(t, r, p, name, c.x, c.want, &first)
		}
	}
	checkSparse(t, r, operands, chosen)
}

// operands are what is multiplied with the rows of a batch.
type operands[F Float] struct {
	w, d, bias []F
	n, in, out int
}

// loops are the products x·wᵀ + bias, dᵀ·x and d·w by the plain loops.
func (o operands[F]) loops(x Rows[F]) [3][]F {
	z, dw, dx := make([]F, o.n*o.out), make([]F, o.in*o.out), make([]F, o.n*o.in)
	loopXWt(z, x, o.w, o.bias, o.out)
	loopDtX(dw, o.d, x, o.out)
	loopDW(dx, o.d, o.w, o.n, o.in, o.out)
	return [3][]F{z, dw, dx}
}

// check compares the products with those of the loops, and their bits with the
// first ones that were vectorised.
func (o operands[F]) check(t *testing.T, r *rand.Rand, p *Products[F], name string, x Rows[F], want [3][]F, first *[3][]F) {
	t.Helper()
	kernels := "go"
	if p.fast != nil {
		kernels = p.fast.name
	}
	terms := [3]int{o.in, o.n, o.out}
	for k, product := range []struct {
		name    string
		compute func(got []F)
	}{
		{"XWt", func(got []F) { p.XWt(got, x, o.w, o.bias, o.out) }},
		{"DtX", func(got []F) { p.DtX(got, o.d, x, o.out) }},
		{"DW", func(got []F) { p.DW(got, o.d, o.w, o.n, o.in, o.out) }},
	} {
		what := fmt.Sprintf("%s, %s, %s", product.name, name, kernels)
		got, all := guarded[F](r, len(want[k]))
		product.compute(got)
		near(t, what, got, want[k], terms[k])
		intact(t, what, len(got), all)
		if p.fast == nil {
			continue
		}
		if first[k] == nil {
			first[k] = slices.Clone(got)
		}
		for i, v := range got {
			if !sameBits(v, first[k][i]) {
				t.Fatalf("%s: element %d is %v, with other vectorised kernels %v", what, i, v, first[k][i])
			}
		}
	}
	o.checkDescent(t, r, p, name+", "+kernels, x)
}

// checkDescent holds a step down a gradient to the gradient and an update.
func (o operands[F]) checkDescent(t *testing.T, r *rand.Rand, p *Products[F], name string, x Rows[F]) {
	t.Helper()
	const rate = -0.25
	dw, spare := make([]F, o.in*o.out), make([]F, o.in*o.out)
	p.DtX(dw, o.d, x, o.out)
	want := slices.Clone(o.w)
	Axpy(want, rate, dw)
	got, all := guarded[F](r, len(want))
	copy(got, o.w)
	p.DescendDtX(got, rate, spare, o.d, x, o.out)
	intact(t, name, len(got), all)
	if !slices.EqualFunc(got, want, sameBits) {
		t.Fatalf("%s: a descent has other bits than a gradient and an update", name)
	}
}

func TestProductsAreTheLoops(t *testing.T) {
	shapes := [][3]int{
		{0, 5, 7}, {1, 1, 1}, {3, 2, 7}, {7, 33, 5}, {5, 17, 6}, {16, 16, 16}, {2, 3, 1}, {9, 1, 19}, {31, 50, 23},
		{100, 784, 100}, {100, 100, 10}, {32, 64, 32}, {750, 2, 50}, {750, 50, 2},
		{193, 400, 105}, {300, 70, 120}, {30, 1024, 130}, {200, 256, 256}, {260, 40, 300},
	}
	for _, s := range shapes {
		check[float32](t, 1, s[0], s[1], s[2])
		check[float64](t, 1, s[0], s[1], s[2])
	}
	random := 300
	if testing.Short() {
		random = 30
	}
	r := rand.New(rand.NewPCG(7, 7))
	for i := range random {
		n, in, out := 1+r.IntN(40), 1+r.IntN(60), 1+r.IntN(60)
		check[float32](t, uint64(i), n, in, out)
		check[float64](t, uint64(i), n, in, out)
	}
}

func FuzzProducts(f *testing.F) {
	f.Add(uint64(1), uint16(3), uint16(5), uint16(7))
	f.Add(uint64(2), uint16(17), uint16(1), uint16(31))
	f.Add(uint64(3), uint16(200), uint16(800), uint16(110))
	f.Fuzz(func(t *testing.T, seed uint64, n, in, out uint16) {
		check[float32](t, seed, int(n%300)+1, int(in%900)+1, int(out%300)+1)
		check[float64](t, seed, int(n%300)+1, int(in%900)+1, int(out%300)+1)
	})
}

// The result of a row must not depend on the rest of the batch, on where the
// slices lie, on what the working memory held, or on whether zeros are skipped.
func TestSameBits(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	const n, in, out = 57, 790, 101
	data, _ := guarded[float32](r, n*in)
	w, _ := guarded[float32](r, in*out)
	bias, _ := guarded[float32](r, out)
	d, _ := guarded[float32](r, n*out)
	x := Rows[float32]{Data: data, Width: in}
	p := New[float32]()
	z, dw := make([]float32, n*out), make([]float32, in*out)
	p.XWt(z, x, w, bias, out)
	p.DtX(dw, d, x, out)
	same := func(what string, got, want []float32) {
		t.Helper()
		for i := range want {
			if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
				t.Fatalf("%s: element %d is %v and %v", what, i, got[i], want[i])
			}
		}
	}
	one := make([]float32, out)
	for i := range n {
		p.XWt(one, Rows[float32]{Data: data, Width: in, Index: []int{i}}, w, bias, out)
		same("one row", one, z[i*out:(i+1)*out])
	}
	moved := make([]float32, n*in+3)[3:]
	copy(moved, data)
	fresh := New[float32]()
	z2, dw2 := make([]float32, n*out+1)[1:], make([]float32, in*out+5)[5:]
	all := Rows[float32]{Data: moved, Width: in}
	fresh.XWt(z2, all, w, bias, out)
	same("XWt elsewhere", z2, z)
	fresh.DtX(dw2, d, all, out)
	same("DtX elsewhere", dw2, dw)
	sparse := Rows[float32]{Width: in, Zeros: compress(data, in)}
	v, dv := NewInputMajor[float32](in, out), NewInputMajor[float32](in, out)
	fresh.ToInputMajor(v, w)
	fresh.XV(z2, sparse, v, bias)
	same("XV", z2, z)
	fresh.XtD(dv, d, sparse)
	fresh.FromInputMajor(dw2, dv)
	same("XtD", dw2, dw)
}

func TestNaNAndInfPropagate(t *testing.T) {
	for _, bad := range []float32{float32(math.NaN()), float32(math.Inf(1)), float32(math.Inf(-1))} {
		r := rand.New(rand.NewPCG(6, 1))
		const n, in, out = 9, 21, 19
		x, _ := guarded[float32](r, n*in)
		w, _ := guarded[float32](r, in*out)
		x[3*in+4], w[7*in+2] = bad, bad
		z, want := make([]float32, n*out), make([]float32, n*out)
		rows := Rows[float32]{Data: x, Width: in}
		p := New[float32]()
		p.XWt(z, rows, w, nil, out)
		loopXWt(want, rows, w, make([]float32, out), out)
		near(t, "XWt", z, want, in)
		for i := range z {
			if (z[i] != z[i]) != (want[i] != want[i]) {
				t.Fatalf("element %d is %v, the loops say %v", i, z[i], want[i])
			}
		}
	}
}

func TestProductsDoNotAllocate(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	const n, in, out = 8, 70, 12
	data, _ := guarded[float32](r, n*in)
	w, _ := guarded[float32](r, in*out)
	d, _ := guarded[float32](r, n*out)
	z, dx, dw := make([]float32, n*out), make([]float32, n*in), make([]float32, in*out)
	p := New[float32]()
	x := Rows[float32]{Data: data, Width: in, Index: r.Perm(n)}
	sparse := x
	sparse.Zeros = compress(data, in)
	v := NewInputMajor[float32](in, out)
	if a := testing.AllocsPerRun(10, func() {
		p.XWt(z, x, w, nil, out)
		p.DtX(dw, d, x, out)
		p.DW(dx, d, w, n, in, out)
		p.ToInputMajor(v, w)
		p.XV(z, sparse, v, w[:out])
		p.Descend(v, -0.1, d, sparse)
		p.XtD(v, d, sparse)
		p.FromInputMajor(dw, v)
	}); a != 0 {
		t.Fatalf("%v allocations", a)
	}
}

func TestCompressLeavesDenseMatricesAlone(t *testing.T) {
	x := make([]float32, 10*100)
	for i := range x {
		if i%5 == 0 {
			x[i] = 1
		}
	}
	if Compress(x, 100) == nil {
		t.Error("a fifth of the entries is not zero, which is sparse")
	}
	if Compress(x, 4) != nil {
		t.Error("rows of four numbers are not worth it")
	}
	for i := range x {
		x[i] = 1
	}
	if Compress(x, 100) != nil {
		t.Error("a matrix without zeros is not sparse")
	}
}
