package stat

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestDomingos(t *testing.T) {
	type golden struct {
		PT, PY              []float64
		N, B, V, C1, C2, EL float64
	}
	for name, g := range map[string]golden{"two classes": entry[golden](t, "stats.json", "domingos_2class"), "four": entry[golden](t, "stats.json", "domingos_4class")} {
		d := Domingos(g.PT, g.PY)
		for what, v := range map[string][2]float64{
			"noise": {d.Noise, g.N}, "bias": {d.Bias, g.B}, "variance": {d.Variance, g.V}, "c1": {d.C1, g.C1}, "c2": {d.C2, g.C2}, "loss": {d.Loss, g.EL},
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
		"unbiased": {v.UnbiasedVariance.Value, g.Vu}, "biased": {v.BiasedVariance.Value, g.Vb}, "net": {v.NetVariance.Value, g.Loss - g.Bias},
		"mlxtend's excess": {g.Bias + g.Var - g.Loss, v.BiasedVariance.Value * 2},
	} {
		near(t, what, p[0], p[1])
	}
	if v.Sets != 200 || !(v.Loss.SE > 0) || !v.Loss.CI().Contains(g.Loss) {
		t.Errorf("%+v", v)
	}
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
	for what, v := range map[string][2]float64{"risk": {d.Risk.Value, .886420}, "bias": {d.Bias.Value, .786118}, "variance": {d.Variance.Value, .100302}} {
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
	for what, v := range map[string][2]float64{"risk": {plug.Risk.Value, .5}, "bias²": {plug.Bias2.Value, .435556}, "variance": {plug.Variance.Value, .064444}} {
		if math.Abs(v[0]-v[1]) > 6e-7 {
			t.Errorf("squared: %s is %g, want %g", what, v[0], v[1])
		}
	}
}

// At one point the crossed decomposition is the two-way table.
func TestDecomposeCrossed(t *testing.T) {
	y := entry[struct{ Y [][]float64 }](t, "inference.json", "crossed").Y
	f := make([][][]float64, len(y))
	for k := range y {
		for _, v := range y[k] {
			f[k] = append(f[k], []float64{v, v})
		}
	}
	w := CrossedMean(y)
	d, err := DecomposeCrossed(f, []float64{3, 3}, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	bias2 := (w.Mean-3)*(w.Mean-3) - (w.MSRows+w.MSColumns-w.MSRest)/12
	for what, v := range map[string][2]float64{
		"data": {d.Data.Value, w.RowPart}, "init": {d.Init.Value, w.ColumnPart}, "interaction": {d.Interaction.Value, w.RestPart},
		"variance": {d.Variance.Value, w.RowPart + w.ColumnPart + w.RestPart}, "bias²": {d.Bias2.Value, bias2},
		"risk": {d.Risk.Value, 0.5 + bias2 + w.RowPart + w.ColumnPart + w.RestPart},
	} {
		near(t, what, v[0], v[1])
	}
	// The jackknife by hand: over four sets and over three initialisations.
	without := func(row, column int) float64 {
		var rest [][]float64
		for r := range y {
			if r != row {
				var kept []float64
				for c, v := range y[r] {
					if c != column {
						kept = append(kept, v)
					}
				}
				rest = append(rest, kept)
			}
		}
		w := CrossedMean(rest)
		return w.RowPart + w.ColumnPart + w.RestPart
	}
	var sets, inits []float64
	for r := range 4 {
		sets = append(sets, without(r, -1))
	}
	for c := range 3 {
		inits = append(inits, without(-1, c))
	}
	u, v := sd(sets)*sd(sets)*3*3/4, sd(inits)*sd(inits)*2*2/3
	near(t, "standard error", d.Variance.SE, math.Sqrt(u+v))
	near(t, "df", d.Variance.DF, (u+v)*(u+v)/(u*u/3+v*v/2))
}

// Crossed seeds have a bias² and a variance of their own; the nested formula gives
// other ones. The parts come back on average, and within their errors.
func TestDecomposeCrossedIsUnbiased(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	const K, S, points, repeats = 8, 4, 5, 400
	var bias2, variance, wrong moments
	truth := make([]float64, points)
	for range repeats {
		f := crossedPredictions(r, K, S, points, 0.5, 1, 0.8, 0.3)
		d, err := DecomposeCrossed(f, truth, 0)
		if err != nil {
			t.Fatal(err)
		}
		nested, err := Decompose(f, truth, 0)
		if err != nil {
			t.Fatal(err)
		}
		bias2.add(d.Bias2.Value)
		variance.add(d.Variance.Value)
		wrong.add(nested.Variance.Value)
	}
	for what, v := range map[string]struct {
		m    moments
		want float64
	}{"bias²": {bias2, 0.25}, "variance": {variance, 1 + 0.64 + 0.09}, "variance by the nested formula": {wrong, 1 + 0.09 + 0.64 - 0.64/S}} {
		if off := math.Abs(v.m.mean - v.want); off > 4*math.Sqrt(v.m.variance()/repeats) {
			t.Errorf("%s is %.3f on average, want %.3f", what, v.m.mean, v.want)
		}
	}
}

// crossedPredictions draws effects with these SDs at each point, around a bias.
func crossedPredictions(r *rand.Rand, K, S, points int, bias, data, init, rest float64) [][][]float64 {
	f := make([][][]float64, K)
	for k := range f {
		f[k] = make([][]float64, S)
		for s := range f[k] {
			f[k][s] = make([]float64, points)
		}
	}
	for i := range points {
		ofInit := make([]float64, S)
		for s := range ofInit {
			ofInit[s] = init * r.NormFloat64()
		}
		for k := range f {
			ofSet := data * r.NormFloat64()
			for s := range f[k] {
				f[k][s][i] = bias + ofSet + ofInit[s] + rest*r.NormFloat64()
			}
		}
	}
	return f
}

func TestDecomposeCrossedSays(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 5))
	one, err := DecomposeCrossed(crossedPredictions(r, 5, 1, 2, 0, 1, 1, 1), []float64{0, 0}, 0)
	if err != nil || len(one.Warnings) == 0 || !strings.Contains(one.Warnings[0], "one initialisation") || math.IsNaN(one.Bias2.SE) {
		t.Errorf("one initialisation: %+v, %v", one, err)
	}
	two, err := DecomposeCrossed(crossedPredictions(r, 5, 2, 2, 0, 1, 1, 1), []float64{0, 0}, 0)
	if err != nil || len(two.Warnings) == 0 || math.IsNaN(two.Variance.SE) {
		t.Errorf("two initialisations: %+v, %v", two, err)
	}
	if _, err := DecomposeCrossed(crossedPredictions(r, 1, 2, 2, 0, 1, 1, 1), []float64{0, 0}, 0); err == nil {
		t.Error("one training set: no error")
	}
	sets, err := DecomposeCrossed(crossedPredictions(r, 2, 3, 2, 0, 1, 1, 1), []float64{0, 0}, 0)
	if err != nil || sets.Variance.CI().Known() {
		t.Errorf("two training sets: %+v, %v", sets, err)
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
