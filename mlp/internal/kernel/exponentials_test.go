package kernel

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

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
