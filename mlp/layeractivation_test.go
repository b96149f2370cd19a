package mlp

import (
	"math"
	"testing"

	"nightshift/mlp/internal/kernel"
)

func TestLayerActivationsAreTheActivationsOfTheTable(t *testing.T) {
	t.Run("float32", func(t *testing.T) { testLayerActivation[float32](t, 1e-6) })
	t.Run("float64", func(t *testing.T) { testLayerActivation[float64](t, 1e-14) })
}

func testLayerActivation[F kernel.Float](t *testing.T, tol float64) {
	var z []F
	for v := -10.0; v <= 10; v += 1.0 / 16 {
		z = append(z, F(v))
	}
	z = append(z, F(math.NaN()))
	for _, act := range activations {
		c, alpha := newLayerActivation[F](act), defaultAlpha(act)
		a, d := make([]F, len(z)), make([]F, len(z))
		fill(d, 2)
		c.forward(a, z, alpha)
		c.backward(d, z, a, alpha)
		for i, v := range z[:len(z)-1] {
			want := act.value(float64(v), alpha)
			near(t, act.Name, float64(a[i]), want, tol*math.Max(1, math.Abs(want)))
			near(t, act.Name+"'", float64(d[i]), 2*act.slope(float64(v), want, alpha), 4*tol)
		}
		if v := a[len(a)-1]; v == v {
			t.Errorf("%s(NaN) is %v: divergence would go unseen", act.Name, v)
		}
	}
}
