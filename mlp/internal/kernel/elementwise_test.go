package kernel

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// awkward returns n numbers that include zeros of both signs, denormals,
// infinities and NaN.
func awkward[F Float](r *rand.Rand, n int) []F {
	tiny := F(1e-42)
	if _, ok := any(tiny).(float64); ok {
		t := 1e-310
		tiny = F(t)
	}
	v, _ := guarded[F](r, n)
	for i := range v {
		switch r.IntN(20) {
		case 0:
			v[i] = F(math.Inf(1))
		case 1:
			v[i] = F(math.Inf(-1))
		case 2:
			v[i] = F(math.NaN())
		case 3:
			v[i] = tiny
		case 4:
			v[i] = F(math.Copysign(0, -1))
		}
	}
	return v
}

// loops is every elementwise function beside its loop, applied to four slices.
func loops[F Float]() map[string][2]func(v [4][]F) {
	return map[string][2]func(v [4][]F){
		"Axpy":  {func(v [4][]F) { Axpy(v[0], 0.3, v[1]) }, func(v [4][]F) { loopAxpy(v[0], 0.3, v[1]) }},
		"Scale": {func(v [4][]F) { Scale(v[0], 0.3) }, func(v [4][]F) { loopScale(v[0], 0.3) }},
		"Momentum": {
			func(v [4][]F) { Momentum(v[0], v[1], v[2], 0.1, 0.9) },
			func(v [4][]F) { loopMomentum(v[0], v[1], v[2], 0.1, 0.9) },
		},
		"Nesterov": {
			func(v [4][]F) { Nesterov(v[0], v[1], v[2], 0.1, 0.9) },
			func(v [4][]F) { loopNesterov(v[0], v[1], v[2], 0.1, 0.9) },
		},
		"RMSProp": {
			func(v [4][]F) { RMSProp(v[0], v[1], v[2], 0.1, 0.99, 1e-8) },
			func(v [4][]F) { loopRMSProp(v[0], v[1], v[2], 0.1, 0.99, 1e-8) },
		},
		"Adam": {
			func(v [4][]F) { Adam(v[0], v[1], v[2], v[3], 0.1, 0.9, 0.999, 0.7, 1e-8) },
			func(v [4][]F) { loopAdam(v[0], v[1], v[2], v[3], 0.1, 0.9, 0.999, 0.7, 1e-8) },
		},
		"ReLU":        {func(v [4][]F) { ReLU(v[0], v[1]) }, func(v [4][]F) { loopReLU(v[0], v[1]) }},
		"ReLUGrad":    {func(v [4][]F) { ReLUGrad(v[0], v[1]) }, func(v [4][]F) { loopReLUGrad(v[0], v[1]) }},
		"SigmoidGrad": {func(v [4][]F) { SigmoidGrad(v[0], v[1]) }, func(v [4][]F) { loopSigmoidGrad(v[0], v[1]) }},
		"TanhGrad":    {func(v [4][]F) { TanhGrad(v[0], v[1]) }, func(v [4][]F) { loopTanhGrad(v[0], v[1]) }},
		"ColumnSums": {
			func(v [4][]F) { ColumnSums(v[0], v[1], 1, len(v[1])) },
			func(v [4][]F) { loopColumnSums(v[0], v[1], 1, len(v[1])) },
		},
	}
}

func sameBits[F Float](a, b F) bool {
	return a == b && math.Signbit(float64(a)) == math.Signbit(float64(b)) || a != a && b != b
}

func checkElementwise[F Float](t *testing.T, seed uint64, n int) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 2))
	for name, f := range loops[F]() {
		var got, want [4][]F
		var all [4][]F
		for i := range got {
			got[i], all[i] = guarded[F](r, n)
			copy(got[i], awkward[F](r, n))
			want[i] = slices.Clone(got[i])
		}
		f[0](got)
		f[1](want)
		for i := range got {
			for j := range got[i] {
				if !sameBits(got[i][j], want[i][j]) {
					t.Fatalf("%s, %d elements: element %d of slice %d is %v, the loop says %v", name, n, j, i, got[i][j], want[i][j])
				}
			}
			intact(t, name, n, all[i])
		}
	}
}

func TestElementwiseIsTheLoop(t *testing.T) {
	for n := range 70 {
		for seed := range uint64(5) {
			checkElementwise[float32](t, seed, n)
			checkElementwise[float64](t, seed, n)
		}
	}
}

func FuzzElementwise(f *testing.F) {
	f.Add(uint64(1), uint16(31))
	f.Fuzz(func(t *testing.T, seed uint64, n uint16) {
		checkElementwise[float32](t, seed, int(n%2000))
		checkElementwise[float64](t, seed, int(n%2000))
	})
}

func checkSums[F Float](t *testing.T, rows, columns int) {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(rows), uint64(columns)))
	x, _ := guarded[F](r, rows*columns)
	s, all := guarded[F](r, columns)
	want := make([]F, columns)
	ColumnSums(s, x, rows, columns)
	loopColumnSums(want, x, rows, columns)
	for c := range want {
		if !sameBits(s[c], want[c]) {
			t.Fatalf("%dx%d: column %d adds up to %v, the loop says %v", rows, columns, c, s[c], want[c])
		}
	}
	intact(t, "ColumnSums", columns, all)
	var sum, size, squares float64
	for _, v := range x {
		sum += float64(v)
		size += math.Abs(float64(v))
		squares += float64(v) * float64(v)
	}
	gotSum, gotSquares := Moments(x)
	if math.Abs(gotSum-sum) > 1e-14*size {
		t.Fatalf("%dx%d: the numbers add up to %v, the loop says %v", rows, columns, gotSum, sum)
	}
	if math.Abs(gotSquares-squares) > 1e-14*squares {
		t.Fatalf("%dx%d: squares add up to %v, the loop says %v", rows, columns, gotSquares, squares)
	}
	outside := 0
	for i := range x {
		switch i % 7 { // the limits themselves, and what has no place
		case 0:
			x[i] = -0.5
		case 1:
			x[i] = 1
		case 2:
			x[i] = F(math.NaN())
		}
		if x[i] <= -0.5 || x[i] >= 1 {
			outside++
		}
	}
	if got := Outside(x, -0.5, 1); got != outside {
		t.Fatalf("%dx%d: %d are outside, the loop says %d", rows, columns, got, outside)
	}
}

func TestSumsAreTheLoops(t *testing.T) {
	for rows := range 12 {
		for columns := range 80 {
			checkSums[float32](t, rows, columns)
			checkSums[float64](t, rows, columns)
		}
	}
	x := make([]float32, 40)
	x[33] = float32(math.NaN())
	if sum, squares := Moments(x); sum == sum || squares == squares {
		t.Errorf("a vector with a NaN adds up to %v, its squares to %v", sum, squares)
	}
}

// ulps is the distance of got from the exact value in float32 units in the
// last place of the value.
func ulps(got float32, exact float64) float64 {
	want := float32(exact)
	if got == want || got != got && exact != exact {
		return 0
	}
	if math.IsInf(float64(want), 0) || math.IsInf(float64(got), 0) || got != got || exact != exact {
		return math.Inf(1)
	}
	a := math.Abs(exact)
	unit := math.Ldexp(1, max(math.Ilogb(a)-23, -149))
	return math.Abs(float64(got)-exact) / unit
}

func TestExponentialsWithinTwoUlps(t *testing.T) {
	step := uint32(997)
	if testing.Short() {
		step = 99991
	}
	exact := map[string]struct {
		f     func(y, x []float32)
		exact func(float64) float64
	}{
		"exp":     {Exp[float32], math.Exp},
		"sigmoid": {Sigmoid[float32], func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }},
		"tanh":    {Tanh[float32], math.Tanh},
	}
	for name, e := range exact {
		worst, at := 0.0, float32(0)
		x, y := make([]float32, 0, 4096), make([]float32, 4096)
		flush := func() {
			e.f(y[:len(x)], x)
			for i, v := range x {
				if u := ulps(y[i], e.exact(float64(v))); u > worst {
					worst, at = u, v
				}
			}
			x = x[:0]
		}
		for bits := uint64(0); bits < 1<<32; bits += uint64(step) {
			x = append(x, math.Float32frombits(uint32(bits)))
			if len(x) == cap(x) {
				flush()
			}
		}
		inf := float32(math.Inf(1))
		x = append(x, 0, inf, -inf, float32(math.NaN()), math.MaxFloat32, -1e30, 1e30)
		x = append(x, 88.72283, 88.72284, -87.33655, -103.9, -104.1, 89)
		flush()
		t.Logf("%s: at most %.2f ulps, at %v", name, worst, at)
		if worst > 2 {
			t.Errorf("%s(%v) is %.2f ulps off", name, at, worst)
		}
	}
}

// bigExp is exp by Taylor's series with 200 bits: exp(x/2^30)^(2^30).
func bigExp(x float64) float64 {
	z := new(big.Float).SetPrec(200).SetMantExp(big.NewFloat(x), -30)
	sum, term := big.NewFloat(1).SetPrec(200), big.NewFloat(1).SetPrec(200)
	for k := int64(1); k < 16; k++ {
		term.Mul(term, z).Quo(term, new(big.Float).SetInt64(k))
		sum.Add(sum, term)
	}
	for range 30 {
		sum.Mul(sum, sum)
	}
	v, _ := sum.Float64()
	return v
}

func TestDoubleExpWithinTwoUlps(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	x := []float64{0, 1, -1, math.Ln2 / 2, -math.Ln2 / 2, 709.78, 709.79, 710, -708.4, -744.4, -745.1, -745.2, -746, 1e-300, -1e-17}
	draws := 20_000
	if testing.Short() {
		draws = 1000
	}
	for range draws {
		x = append(x, (r.Float64()-0.5)*1492, r.NormFloat64(), math.Ldexp(r.NormFloat64(), -r.IntN(60)))
	}
	y := make([]float64, len(x))
	Exp(y, x)
	worst := 0.0
	for i, v := range x {
		want := bigExp(v)
		if y[i] == want || Name() == "go" && v > 709 { // math.Exp overflows a little early on amd64
			continue
		}
		unit := math.Ldexp(1, max(math.Ilogb(want)-52, -1074))
		if u := math.Abs(y[i]-want) / unit; !(u <= 2) {
			t.Errorf("exp(%v) = %v, not %v: %v ulps", v, y[i], want, u)
		} else {
			worst = max(worst, u)
		}
	}
	t.Logf("at most %v ulps", worst)
	odd := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 1e308, -1e308}
	Exp(odd, odd)
	if odd[0] == odd[0] || !math.IsInf(odd[1], 1) || odd[2] != 0 || !math.IsInf(odd[3], 1) || odd[4] != 0 {
		t.Errorf("NaN, Inf, -Inf, 1e308, -1e308 give %v", odd)
	}
}

// The result of an element must not depend on where it stands.
func TestExponentialsAtTheEdge(t *testing.T) {
	atTheEdge(t, map[string]func(y, x []float32){"exp": Exp[float32], "sigmoid": Sigmoid[float32], "tanh": Tanh[float32]})
	atTheEdge(t, map[string]func(y, x []float64){"exp": Exp[float64]})
}

func atTheEdge[F Float](t *testing.T, functions map[string]func(y, x []F)) {
	r := rand.New(rand.NewPCG(8, 8))
	for name, f := range functions {
		for n := range 40 {
			x := awkward[F](r, n)
			y, all := guarded[F](r, n)
			f(y, x)
			intact(t, name, n, all)
			for i := range x {
				one := []F{0}
				f(one, x[i:i+1])
				if !sameBits(one[0], y[i]) {
					t.Fatalf("%s(%v) is %v alone and %v as element %d of %d", name, x[i], one[0], y[i], i, n)
				}
			}
		}
	}
}

func TestSoftmax(t *testing.T) {
	check := func(t *testing.T, eps float64, softmax func(z []float64, columns int) []float64) {
		for _, c := range []struct{ z, want []float64 }{
			{[]float64{1, 2, 3}, []float64{0.09003057317038046, 0.24472847105479767, 0.6652409557748219}}, // scipy.special
			{[]float64{1000, 0, -1000}, []float64{1, 0, 0}},
			{[]float64{-7, -7}, []float64{0.5, 0.5}},
			{[]float64{0, math.NaN()}, []float64{math.NaN(), math.NaN()}},
		} {
			y := softmax(append(slices.Clone(c.z), c.z...), len(c.z))
			for i, got := range y {
				want := c.want[i%len(c.want)]
				if d := math.Abs(got - want); !(d <= eps*max(1, math.Abs(want))) && (got == got || want == want) {
					t.Errorf("%v: number %d is %v, not %v", c.z, i, got, want)
				}
			}
		}
	}
	t.Run("float64", func(t *testing.T) {
		check(t, 1e-15, func(z []float64, columns int) []float64 {
			y := make([]float64, len(z))
			Softmax(y, z, columns)
			return y
		})
	})
	t.Run("float32", func(t *testing.T) {
		check(t, 3e-7, func(z []float64, columns int) (y []float64) {
			z32, y32 := make([]float32, len(z)), make([]float32, len(z))
			for i, v := range z {
				z32[i] = float32(v)
			}
			Softmax(y32, z32, columns)
			for _, v := range y32 {
				y = append(y, float64(v))
			}
			return y
		})
	})
}

// Whatever the shape, the rows are those of the loop, within the rounding of
// sums in another order and two ulps of the exponentials.
func TestSoftmaxIsTheLoop(t *testing.T) {
	for columns := 1; columns < 40; columns++ {
		for rows := range 5 {
			checkSoftmax[float32](t, rows, columns, 1.2e-7)
			checkSoftmax[float64](t, rows, columns, 2.3e-16)
		}
	}
}

func checkSoftmax[F Float](t *testing.T, rows, columns int, eps float64) {
	t.Helper()
	r := rand.New(rand.NewPCG(uint64(rows), uint64(columns)))
	n := rows * columns
	for _, odd := range []bool{false, true} {
		z, _ := guarded[F](r, n)
		for i := range z {
			z[i] *= 20
		}
		if odd {
			copy(z, awkward[F](r, n))
		}
		y, all := guarded[F](r, n)
		want := make([]F, n)
		Softmax(y, z, columns)
		loopSoftmax(want, z, columns)
		intact(t, "Softmax", n, all)
		for i, w := range want {
			if d := math.Abs(float64(y[i] - w)); !(d <= 6*eps*float64(w)) && (y[i] == y[i] || w == w) {
				t.Fatalf("%dx%d: number %d of %v is %v, the loop says %v", rows, columns, i, z, y[i], w)
			}
		}
		Softmax(z, z, columns)
		for i := range z {
			if !sameBits(z[i], y[i]) {
				t.Fatalf("%dx%d: in place, number %d is %v, not %v", rows, columns, i, z[i], y[i])
			}
		}
	}
}

func BenchmarkElementwise(b *testing.B) {
	r := rand.New(rand.NewPCG(3, 1))
	for _, n := range []int{10000, 100000} {
		var v [4][]float32
		for i := range v {
			v[i], _ = guarded[float32](r, n)
		}
		for name, f := range loops[float32]() {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					f[0](v)
				}
			})
		}
		for name, f := range map[string]func(y, x []float32){"Exp": Exp[float32], "Sigmoid": Sigmoid[float32], "Tanh": Tanh[float32]} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					f(v[0], v[1])
				}
			})
		}
	}
}

// Registers of every width give the same bits.
func TestExponentialsOfEveryWidth(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 8))
	everyWidth(t, awkward[float32](r, 1000))
	everyWidth(t, awkward[float64](r, 1000))
}

func everyWidth[F Float](t *testing.T, x []F) {
	var want [3][]F
	for _, p := range every[F]() {
		if p.fast == nil {
			continue
		}
		for k, f := range []func(y, x *F, n int){p.fast.exp, p.fast.sigmoid, p.fast.tanh} {
			if f == nil { // not in this precision
				continue
			}
			y := make([]F, len(x))
			f(&y[0], &x[0], len(x))
			if want[k] == nil {
				want[k] = y
			}
			for i, v := range y {
				if !sameBits(v, want[k][i]) {
					t.Fatalf("function %d of %v is %v with %s, %v with other kernels", k, x[i], v, p.fast.name, want[k][i])
				}
			}
		}
	}
}
