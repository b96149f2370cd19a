package mlp

import (
	"math"
	"testing"
)

func TestActivationLaws(t *testing.T) {
	for _, a := range activations {
		t.Run(a.Name, func(t *testing.T) {
			alpha := defaultAlpha(a)
			f := func(z float64) float64 { return a.value(z, alpha) }
			slope := func(z float64) float64 { return a.slope(z, f(z), alpha) }
			steepest := 0.0
			for z := -8.0; z <= 8; z += 1.0 / 64 {
				steepest = math.Max(steepest, math.Abs(slope(z)))
				// The offset keeps the difference quotient off the kinks, which
				// are multiples of 1/64.
				const h = 1e-5
				p := z + 1.0/128
				near(t, "slope", slope(p), (f(p+h)-f(p-h))/(2*h), 1e-9)
			}
			near(t, "steepest slope", steepest, a.steepest(alpha), 1e-3*a.steepest(alpha))
			if steepest > a.steepest(alpha)*(1+1e-12) {
				t.Errorf("steepest is %v, but a slope is %v", a.steepest(alpha), steepest)
			}
			for z := -4.0; z <= 4; z += 0.25 {
				jump := math.Abs(slope(z+1e-9) - slope(z-1e-9))
				kink := false
				for _, k := range a.kinks {
					kink = kink || k == z
				}
				if jump > 1e-6 && !kink {
					t.Errorf("the slope jumps by %v at %v, which is not among the kinks", jump, z)
				}
			}
		})
	}
}

// What float32 logits up to 1e4 give has to stay finite in float32, too.
func FuzzActivations(f *testing.F) {
	for _, z := range []float64{0, math.Copysign(0, -1), 1e-40, -1e-40, 88, -88, 104, 745, -745, 1e4, -1e4, 1e300, -1e300} {
		f.Add(z)
	}
	f.Fuzz(func(t *testing.T, z float64) {
		if math.IsNaN(z) || math.IsInf(z, 0) || math.Abs(z) > 1e300 {
			t.Skip()
		}
		for _, a := range activations {
			alpha := defaultAlpha(a)
			v := a.value(z, alpha)
			if s := a.slope(z, v, alpha); !finite(v) || !finite(s) {
				t.Errorf("%s(%v) is %v with slope %v", a.Name, z, v, s)
			}
			if math.Abs(z) <= 1e4 {
				v := float32(v)
				if s := float32(a.slope(z, float64(v), alpha)); !finite(float64(v)) || !finite(float64(s)) {
					t.Errorf("float32 %s(%v) is %v with slope %v", a.Name, z, v, s)
				}
			}
		}
	})
}

func TestNaNPassesThroughActivations(t *testing.T) {
	for _, a := range activations {
		if v := a.value(math.NaN(), defaultAlpha(a)); !math.IsNaN(v) {
			t.Errorf("%s(NaN) is %v: divergence would go unseen", a.Name, v)
		}
	}
}
