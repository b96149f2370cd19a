package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

// The plug-in decomposition of mlxtend (variance over K, not K-1) is exact
// mathematics away: its bias² is ours plus V/K, its variance ours times (K-1)/K.
func TestDecomposeAgainstPlugIn(t *testing.T) {
	g := entry[struct {
		Pred             [][]float64
		Y                []float64
		Loss, Bias2, Var float64
	}](t, "stats.json", "mlxtend_bv_fixed")
	var f [][][]float64
	for _, p := range g.Pred {
		f = append(f, [][]float64{p})
	}
	d, err := Decompose(f, g.Y, 0)
	if err != nil {
		t.Fatal(err)
	}
	K := float64(len(f))
	near(t, "variance", d.Variance.Value*(K-1)/K, g.Var)
	near(t, "bias²", d.Bias2.Value+d.Variance.Value/K, g.Bias2)
	near(t, "risk", d.Risk.Value, g.Loss)
}

// With ±1 around their means, three sets of two initialisations split exactly:
// within a set the variances are 2, 0 and 2, the sets' means 2, 4 and 7.
func TestDecomposeNested(t *testing.T) {
	f := [][][]float64{{{1}, {3}}, {{4}, {4}}, {{6}, {8}}}
	d, err := Decompose(f, []float64{4}, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "init", d.Init.Value, 4.0/3)
	near(t, "data", d.Data.Value, 19.0/3-2.0/3)
	near(t, "variance", d.Variance.Value, 7)
	mean := 13.0 / 3
	bias2 := (mean-4)*(mean-4) - 19.0/3/3
	near(t, "bias²", d.Bias2.Value, bias2)
	near(t, "risk", d.Risk.Value, 0.5+bias2+7)
}

// f = truth + bias + noise between sets + noise between initialisations: the
// known parts come back within their own standard errors.
func TestDecomposeRecovers(t *testing.T) {
	const (
		K, S, points        = 60, 3, 400
		bias, between, init = 0.3, 0.5, 0.2 // SDs of the last two
		noise               = 0.04
	)
	r := rand.New(rand.NewPCG(7, 1))
	truth := make([]float64, points)
	for i := range truth {
		truth[i] = math.Sin(float64(i))
	}
	f := make([][][]float64, K)
	for k := range f {
		shift := make([]float64, points)
		for i := range shift {
			shift[i] = bias + between*r.NormFloat64()
		}
		f[k] = make([][]float64, S)
		for s := range f[k] {
			f[k][s] = make([]float64, points)
			for i := range truth {
				f[k][s][i] = truth[i] + shift[i] + init*r.NormFloat64()
			}
		}
	}
	d, err := Decompose(f, truth, noise)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		got  Estimate
		want float64
	}{
		{"bias²", d.Bias2, bias * bias},
		{"variance", d.Variance, between*between + init*init},
		{"risk", d.Risk, noise + bias*bias + between*between + init*init},
		{"data", d.Data, between * between},
		{"init", d.Init, init * init},
	} {
		if math.Abs(c.got.Value-c.want) > 4*c.got.SE || c.got.SE > 0.05*c.want {
			t.Errorf("%s is %.4f ± %.4f, want %.4f", c.name, c.got.Value, c.got.SE, c.want)
		}
	}
}

// The average of many small samples has neither the V/K of the plug-in bias nor
// the (K-1)/K of the plug-in variance in it, even where K is 3.
func TestDecomposeIsUnbiased(t *testing.T) {
	const repeats, K = 4000, 3
	r := rand.New(rand.NewPCG(3, 5))
	bias2, variance := 0.0, 0.0
	for range repeats {
		f := make([][][]float64, K)
		for k := range f {
			f[k] = [][]float64{{0.5 + r.NormFloat64()}}
		}
		d, err := Decompose(f, []float64{0}, 0)
		if err != nil {
			t.Fatal(err)
		}
		bias2 += d.Bias2.Value / repeats
		variance += d.Variance.Value / repeats
	}
	// Standard errors of these means are 0.013 and 0.016.
	if math.Abs(bias2-0.25) > 0.06 || math.Abs(variance-1) > 0.06 {
		t.Errorf("bias² %.3f, want 0.25; variance %.3f, want 1", bias2, variance)
	}
}

// The jackknife of a variance is exact mathematics for one point: leaving out
// each of 1, 2, 4 leaves variances 2, 4.5 and 0.5.
func TestDecomposeJackknife(t *testing.T) {
	d, err := Decompose([][][]float64{{{1}}, {{2}}, {{4}}}, []float64{0}, 0)
	if err != nil {
		t.Fatal(err)
	}
	left := Describe([]float64{2, 4.5, 0.5})
	near(t, "standard error", d.Variance.SE, math.Sqrt(2.0/3*left.SD*left.SD*2))
	near(t, "half of the interval", d.Variance.CI().Hi-d.Variance.Value, 4.302652729911275*d.Variance.SE)
}

func TestDecomposeRefuses(t *testing.T) {
	for name, f := range map[string][][][]float64{
		"one set":        {{{1, 2}}},
		"no predictions": {{}, {}},
		"ragged sets":    {{{1, 2}, {1, 2}}, {{1, 2}}},
		"ragged points":  {{{1, 2}}, {{1}}},
	} {
		if _, err := Decompose(f, []float64{0, 0}, 0); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	two, err := Decompose([][][]float64{{{1}}, {{2}}}, []float64{0}, 0)
	if err != nil || len(two.Warnings) == 0 || !math.IsNaN(two.Bias2.SE) || two.Bias2.CI().Known() {
		t.Errorf("two sets: %+v, %v", two, err)
	}
}
