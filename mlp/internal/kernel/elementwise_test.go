package kernel

import (
	"fmt"
	"math"
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
