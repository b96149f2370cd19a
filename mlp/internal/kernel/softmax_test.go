package kernel

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

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
