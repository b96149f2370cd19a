package stat

import (
	"math"
	"testing"
)

func TestPowerLaw(t *testing.T) {
	g := entry[[2]float64](t, "stats.json", "powerlaw")
	law := PowerLaw([]float64{100, 1000, 10000}, []float64{0.2, 0.1, 0.05})
	near(t, "exponent", law.Exponent.Mean, g[0])
	near(t, "log factor", math.Log(law.Factor), g[1])
	// scipy 1.10.1, linregress of logarithms.
	law = PowerLaw([]float64{100, 300, 1000, 3000}, []float64{0.2, 0.16, 0.1, 0.08})
	near(t, "exponent", law.Exponent.Mean, -0.28287323279418086)
	near(t, "log factor", math.Log(law.Factor), -0.28385005093240845)
	near(t, "standard error", law.Exponent.SE, 0.026908820394462185)
	near(t, "lower end", law.Exponent.CI.Lo, -0.39865254232310576)
	near(t, "upper end", law.Exponent.CI.Hi, -0.16709392326525596)
	for name, l := range map[string]Law{
		"two points": PowerLaw([]float64{1, 2}, []float64{1, 2}), "one place": PowerLaw([]float64{1, 1, 1}, []float64{1, 2, 3}),
		"errors of 0": PowerLaw([]float64{1, 2, 3}, []float64{1, 2, 0}),
	} {
		if l.Exponent.CI.Known() {
			t.Errorf("%s: %+v", name, l)
		}
	}
	units := PowerLawByUnit([]float64{1, 10, 100}, [][]float64{{1, 0.1, 0.01}, {2, 0.2, 0.02}, {1, 1, 1}})
	near(t, "mean exponent", units.Exponent.Mean, -2.0/3)
	near(t, "geometric mean of factors", units.Factor, math.Cbrt(2))
	near(t, "its interval", units.Exponent.CI.Hi, Describe([]float64{-1, -1, 0}).CI.Hi)
}

// The gradient of sigmoid and squared error at a logit vanishes with the
// probability of the right class, that of cross-entropy does not: slopes 1 and 0 on
// logarithms, the ratio at 1e-5, and the steps of gradient descent that follow.
func TestPowerLawOfSaturation(t *testing.T) {
	g := entry[struct {
		Z0       float64
		MSE      float64 `json:"dz_mse"`
		CE       float64 `json:"dz_ce"`
		Ratio    float64
		StepsCE  int `json:"steps_ce"`
		StepsMSE int `json:"steps_mse"`
	}](t, "stats.json", "saturation")
	mse := func(p float64) float64 { return 2 * (p - 1) * p * (1 - p) }
	ce := func(p float64) float64 { return p - 1 }
	near(t, "squared error", mse(1e-5), g.MSE)
	near(t, "cross-entropy", ce(1e-5), g.CE)
	near(t, "ratio", ce(1e-5)/mse(1e-5), g.Ratio)
	var p, ofMSE, ofCE []float64
	for e := -8.0; e <= -4; e += 0.5 {
		p = append(p, math.Pow(10, e))
		ofMSE, ofCE = append(ofMSE, -mse(p[len(p)-1])), append(ofCE, -ce(p[len(p)-1]))
	}
	if a, b := PowerLaw(p, ofMSE).Exponent.Mean, PowerLaw(p, ofCE).Exponent.Mean; math.Abs(a-1) > 1e-4 || math.Abs(b) > 1e-4 {
		t.Errorf("slopes %g and %g", a, b)
	}
	for want, gradient := range map[int]func(float64) float64{g.StepsCE: ce, g.StepsMSE: mse} {
		steps, z := 0, g.Z0
		for ; 1/(1+math.Exp(-z)) < 0.5; steps++ {
			z -= gradient(1 / (1 + math.Exp(-z)))
		}
		if steps != want {
			t.Errorf("%d steps, want %d", steps, want)
		}
	}
}
