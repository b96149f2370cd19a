package stat

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestDomingos(t *testing.T) {
	type golden struct {
		PT, PY              []float64
		N, B, V, C1, C2, EL float64
	}
	for name, g := range map[string]golden{"two classes": entry[golden](t, "stats.json", "domingos_2class"),
		"four": entry[golden](t, "stats.json", "domingos_4class")} {
		d := Domingos(g.PT, g.PY)
		for what, v := range map[string][2]float64{
			"noise": {d.Noise, g.N}, "bias": {d.Bias, g.B}, "variance": {d.Variance, g.V}, "c1": {d.C1, g.C1},
			"c2": {d.C2, g.C2}, "loss": {d.Loss, g.EL},
			"identity": {d.C1*d.Noise + d.Bias + d.C2*d.Variance, g.EL},
		} {
			near(t, name+": "+what, v[0], v[1])
		}
	}
	// The identity holds for any probabilities.
	r := rand.New(rand.NewPCG(8, 8))
	for range 1000 {
		draw := func() []float64 {
			p, sum := make([]float64, 2+r.IntN(4)), 0.0
			for c := range p {
				p[c] = r.ExpFloat64()
				sum += p[c]
			}
			for c := range p {
				p[c] /= sum
			}
			return p
		}
		pt := draw()
		py := draw()
		for len(py) != len(pt) {
			py = draw()
		}
		d := Domingos(pt, py)
		near(t, "identity", d.C1*d.Noise+d.Bias+d.C2*d.Variance, d.Loss)
	}
	if d := Domingos([]float64{0, 1}, []float64{1, 0}); d.Loss != 1 || d.C2 != 0 || d.Variance != 0 {
		t.Errorf("always wrong: %+v", d)
	}
}

func TestDecomposeVotes(t *testing.T) {
	g := entry[struct {
		Pred                    []string
		Y                       []int
		Loss, Bias, Var, Vu, Vb float64
	}](t, "stats.json", "iris_tree_mlxtend")
	predictions := make([][]int, len(g.Pred))
	for k, row := range g.Pred {
		for _, digit := range row {
			predictions[k] = append(predictions[k], int(digit-'0'))
		}
	}
	v := DecomposeVotes(predictions, g.Y, 3)
	for what, p := range map[string][2]float64{
		"loss": {v.Loss.Value, g.Loss}, "bias": {v.Bias.Value, g.Bias}, "variance": {v.Variance.Value, g.Var},
		"unbiased": {v.UnbiasedVariance.Value, g.Vu}, "biased": {v.BiasedVariance.Value, g.Vb},
		"net":              {v.NetVariance.Value, g.Loss - g.Bias},
		"mlxtend's excess": {g.Bias + g.Var - g.Loss, v.BiasedVariance.Value * 2},
	} {
		near(t, what, p[0], p[1])
	}
	if v.Sets != 200 || !(v.Loss.SE > 0) || !v.Loss.CI().Contains(g.Loss) {
		t.Errorf("%+v", v)
	}
	// Of equal votes the lowest class is the main one: here the wrong one.
	tied := DecomposeVotes([][]int{{0}, {1}}, []int{1}, 2)
	near(t, "bias of tied votes", tied.Bias.Value, 1)
	// The loss is a mean over the sets, so its jackknife is their plain standard error.
	var m moments
	for _, row := range predictions {
		wrong := 0.0
		for i, c := range row {
			if c != g.Y[i] {
				wrong++
			}
		}
		m.add(wrong / float64(len(g.Y)))
	}
	near(t, "standard error", v.Loss.SE, math.Sqrt(m.variance()/200))
}

// Squared loss of mlxtend: bias² and variance are plain means, so their sum is the
// loss, on Boston's houses as on any predictions.
func TestDecomposePlugIn(t *testing.T) {
	g := entry[struct{ Loss, Bias2, Var float64 }](t, "stats.json", "mlxtend_boston_tree")
	near(t, "loss of the tree", g.Bias2+g.Var, g.Loss)
	f := [][][]float64{{{1, 3}}, {{2, 5}}, {{4, 7}}}
	d, err := Decompose(f, []float64{2, 4}, 0)
	if err != nil {
		t.Fatal(err)
	}
	plug := d.PlugIn()
	near(t, "bias²", plug.Bias2.Value, 5.0/9)
	near(t, "variance", plug.Variance.Value, 19.0/9)
	near(t, "risk", plug.Risk.Value, 8.0/3)
}

// Softmax outputs (.7, .2, .1), (.5, .3, .2), (.2, .5, .3) of three sets, class 0.
func TestDecomposeKL(t *testing.T) {
	p := [][]float64{{.7, .2, .1}, {.5, .3, .2}, {.2, .5, .3}}
	logP := make([][][]float64, len(p))
	for k := range p {
		logP[k] = [][]float64{make([]float64, 3)}
		for c, v := range p[k] {
			logP[k][0][c] = math.Log(v)
		}
	}
	d := DecomposeKL(logP, []int{0})
	for what, v := range map[string][2]float64{"risk": {d.Risk.Value, .886420}, "bias": {d.Bias.Value, .786118},
		"variance": {d.Variance.Value, .100302}} {
		if math.Abs(v[0]-v[1]) > 6e-7 {
			t.Errorf("%s is %g, want %g", what, v[0], v[1])
		}
	}
	// By definition: the mean divergence of the predictions from their normalised mean.
	bar, sum, divergence := make([]float64, 3), 0.0, 0.0
	for c := range bar {
		bar[c] = math.Cbrt(p[0][c] * p[1][c] * p[2][c])
		sum += bar[c]
	}
	for k := range p {
		for c := range bar {
			divergence += bar[c] / sum * math.Log(bar[c]/sum/p[k][c]) / 3
		}
	}
	near(t, "mean KL", d.Variance.Value, divergence)
	near(t, "identity", d.Bias.Value+d.Variance.Value, d.Risk.Value)
	far := DecomposeKL([][][]float64{{{0, -1600}}, {{-1600, 0}}}, []int{0})
	near(t, "sets that are sure of different classes", far.Variance.Value, 800-math.Ln2)
	// Squared loss of the same, summed over classes: risk .5, bias² .435556, variance .064444, plain means.
	var f [][][]float64
	for k := range p {
		f = append(f, [][]float64{p[k]})
	}
	squared, err := Decompose(f, []float64{1, 0, 0}, 0)
	if err != nil {
		t.Fatal(err)
	}
	plug := squared.Times(3).PlugIn()
	for what, v := range map[string][2]float64{"risk": {plug.Risk.Value, .5}, "bias²": {plug.Bias2.Value, .435556},
		"variance": {plug.Variance.Value, .064444}} {
		if math.Abs(v[0]-v[1]) > 6e-7 {
			t.Errorf("squared: %s is %g, want %g", what, v[0], v[1])
		}
	}
}

// Paired contrasts leave out the same training set everywhere: what a set adds to
// both cells cancels. Unpaired ones add variances.
func TestContrast(t *testing.T) {
	x, y := []float64{1, 2, 4, 3}, []float64{1.5, 2.2, 4.1, 3.9}
	of := func(x []float64) Estimate { // of a mean the jackknife is its standard error
		return jackknife(len(x), func(skip int) []float64 {
			sum, n := 0.0, 0.0
			for i, v := range x {
				if i != skip {
					sum += v
					n++
				}
			}
			return []float64{sum / n}
		})[0]
	}
	paired, apart := Contrast([]float64{1, -1}, true, of(x), of(y)), Contrast([]float64{1, -1}, false, of(x), of(y))
	near(t, "paired", paired.CI.Lo, Paired(x, y).CI.Lo)
	near(t, "p", paired.P, Paired(x, y).P)
	near(t, "apart", apart.CI.Lo, Welch(x, y).CI.Lo)
	near(t, "scaled", of(x).times(-2).CI().Lo, -2*Over(x, 0).CI.Hi)
	near(t, "paired in another unit", Contrast([]float64{1, -1}, true, of(x).times(3), of(y).times(3)).CI.Hi, 3*paired.CI.Hi)
	near(t, "factors", Contrast([]float64{2}, false, of(x)).CI.Hi, 2*Over(x, 0).CI.Hi)
	if paired.N != 4 {
		t.Errorf("%d units", paired.N)
	}
}

// The note of the golden file is the formula of the jackknife.
func TestJackknifeSE(t *testing.T) {
	if note := entry[string](t, "stats.json", "jackknife_note"); note != "SE^2=(K-1)/K*sum((theta_-k - mean)^2)" {
		t.Fatalf("the note is %q", note)
	}
	near(t, "of 1, 2, 6", jackknifeSE([]float64{1, 2, 6}), math.Sqrt(2.0/3*(4+1+9)))
}
