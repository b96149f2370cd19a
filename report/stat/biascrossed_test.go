package stat

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

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
	}{"bias²": {bias2, 0.25}, "variance": {variance, 1 + 0.64 + 0.09},
		"variance by the nested formula": {wrong, 1 + 0.09 + 0.64 - 0.64/S}} {
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
	if err != nil || len(one.Warnings) == 0 || !strings.Contains(one.Warnings[0], "one initialisation") ||
		math.IsNaN(one.Bias2.SE) {
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
