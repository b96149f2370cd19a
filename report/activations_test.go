package report

import (
	"math"
	"testing"

	"nightshift/mlp"
)

// All activations are drawn without a result, each once, with the derivative that differences of its values have.
func TestActivationsAreDrawnWithoutRuns(t *testing.T) {
	t.Parallel()
	titles := map[string]bool{}
	for _, f := range build(t, mustRead(t, fate("")), "activations") {
		for _, p := range f.Panels {
			titles[p.Title] = true
			value, slope := p.Series[0].Means, p.Series[1].Means
			at := map[float64]float64{}
			for _, m := range slope {
				at[m.X] = m.Y
			}
			for i := 1; i+1 < len(value); i++ {
				x := value[i].X
				d, there := at[x]
				h := value[i+1].X - x
				if p.Title == "softsign" && x == 0 { // where its slope bends
					continue
				}
				if !there || math.Abs(x-value[i-1].X-h) > 1e-9 || h < besideJump*10 {
					continue // beside a kink
				}
				difference := (value[i+1].Y - value[i-1].Y) / (2 * h)
				if math.Abs(d-difference) > 0.03 { // h²/6 of the third derivative
					t.Errorf("%s: slope %v at %v, differences say %v", p.Title, d, x, difference)
				}
			}
		}
	}
	if all := len(mlp.Activations()); len(titles) != all {
		t.Errorf("%d of %d activations are drawn", len(titles), all)
	}
	sigmoid := ActivationFigures(mlp.Choice{Name: "sigmoid"})[0]
	most := 0.0
	for _, m := range sigmoid.Panels[0].Series[1].Means {
		most = math.Max(most, m.Y)
	}
	if most != 0.25 {
		t.Errorf("the sigmoid is %v steep", most)
	}
}

// Only where the derivative jumps is a kink: not where that of softsign and elu bends.
func TestKinksOfActivations(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{"relu": 1, "hardtanh": 2, "selu": 1, "elu": 0, "softsign": 0, "tanh": 0} {
		p := ActivationFigures(mlp.Choice{Name: name, Params: map[string]float64{"alpha": 1}})[0].Panels[0]
		kinks := 0
		for _, s := range p.Series[2:] {
			kinks += len(s.Means)
		}
		if kinks != want {
			t.Errorf("%s has %d kinks, want %d", name, kinks, want)
		}
	}
}
