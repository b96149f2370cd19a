package report

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/stat"
)

// additive adds a width sweep whose runs err by an effect of their training set plus
// one of their initialisation. Crossed seeds share the initialisations.
func (n *night) additive(sets, inits []float64, crossed bool, widths ...int) {
	const points = 4
	n.datasets["sine1d"] = store.Dataset{ID: "sine1d", In: 1, Out: 1, Regression: true, NoiseVariance: 0.09,
		Spec: []byte("{}"), TestTruth: make([]float32, points), TestTargets: make([]float32, points)}
	for d, a := range sets {
		for s, b := range inits {
			for _, width := range widths {
				c := study.Config{Data: dataset.Spec{Set: "sine1d"}}
				c.Hidden, c.Output, c.Loss = []int{width}, "identity", "mse"
				seeds := study.Seeds{Data: uint64(d), Init: uint64(s)}
				if !crossed {
					seeds.Init = uint64(len(inits)*d + s)
				}
				r := n.add([]study.AxisValue{{Axis: "width", Label: fmt.Sprint(width), Value: width}}, c, seeds)
				off := float32(0.5 + a + b)
				at := store.Metrics{Loss: known(1), MSE: known(float64(off * off))}
				n.finish(r, store.Done, []store.Epoch{{Epoch: 1, Train: at, Valid: at, Test: at}}, []float32{off, off, off, off})
			}
		}
	}
}

// Predictions that are an effect of the training set plus one of the initialisation,
// off by 0.5, in closed form. Crossed: each effect has its variance, of their
// interaction there is none, and bias² is 0.25 less the variance of the mean. Nested,
// the same numbers are variances between and within sets.
func TestDecompositions(t *testing.T) {
	t.Parallel()
	sets, inits := []float64{-0.3, -0.1, 0.1, 0.3}, []float64{-0.2, 0, 0.2}
	ofSets, ofInits := math.Pow(stat.Describe(sets).SD, 2), math.Pow(stat.Describe(inits).SD, 2)
	for _, c := range []struct {
		name            string
		inits           []float64
		crossed         bool
		bias2, variance float64
		words           string
	}{
		{"crossed", inits, true, 0.25 - ofSets/4 - ofInits/3, ofSets + ofInits, "that of both together"},
		{"nested", inits, false, 0.25 - ofSets/4, ofSets + ofInits*(1-1./3), "the part of the training sets is"},
		// The one initialisation, off by 0.2, is part of the bias.
		{"one initialisation", []float64{0.2}, true, 0.49 - ofSets/4, ofSets, "the bias² holds the whole effect of these weights"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := newNight("additive", "")
			n.additive(sets, c.inits, c.crossed, 1, 2)
			f := build(t, mustRead(t, n), "bias-variance")[0]
			for label, want := range map[string]float64{"bias²": c.bias2, "variance": c.variance} {
				if got := series(f, "", label).Means[0].Y; math.Abs(got-want) > 1e-6 {
					t.Errorf("%s is %g, want %g", label, got, want)
				}
			}
			if said := strings.Join(f.Warnings, " "); !strings.Contains(said, c.words) {
				t.Errorf("%q is not said: %s", c.words, said)
			}
			if f.Title != "From width 1 to 2: bias² undecided, variance undecided" {
				t.Errorf("two equal widths: %q", f.Title)
			}
			if strings.Contains(f.Statement, "lowest") {
				t.Errorf("chosen on test: %s", f.Statement)
			}
		})
	}
}
