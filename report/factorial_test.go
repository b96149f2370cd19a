package report

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// crossing plans a cell for each activation and width, with errors error(activation, width, seed) on all splits.
func crossing(activations []string, widths []int, seeds int, of func(a, w, seed int) float64) *night {
	n := newNight("table", "What matters?")
	n.datasets["xor"] = store.Dataset{ID: "xor", In: 2, Out: 2, Classes: []string{"0", "1"}, Spec: []byte(`{"set":"xor"}`),
		TestLabels: make([]int32, 100)}
	for a, activation := range activations {
		for w, width := range widths {
			for seed := range seeds {
				c := study.Config{Data: dataset.Spec{Set: "xor", Train: 100, Valid: 100, Test: 100}, Config: mlp.Config{Hidden: []int{width},
					Activation: choice(activation), Output: "softmax", Loss: "ce", Reduction: "mean", LR: 0.1, Epochs: 1}}
				r := n.add([]study.AxisValue{{Axis: "activation", Label: activation, Value: activation},
					{Axis: "width", Label: fmt.Sprint(width), Value: width}}, c, study.Seeds{Init: uint64(seed), Order: uint64(seed)})
				m := store.Metrics{Loss: known(0.1), Error: known(of(a, w, seed)), MSE: known(0.1), NLL: known(0.1),
					Brier: known(0.1), ECE: known(0)}
				n.finish(r, store.Done, []store.Epoch{{Epoch: 1, Train: m, Valid: m, Test: m}}, nil)
			}
		}
	}
	return n
}

// solving is a night of which so many of 20 runs solve their task: none with the identity, more with each width of relu.
func solving() *night {
	return crossing([]string{"identity", "relu"}, []int{2, 4, 8}, 20, func(a, w, seed int) float64 {
		if a == 1 && seed < solvers[w] {
			return 0.01
		}
		return 0.26 + 0.001*float64(seed)
	})
}

var solvers = []int{7, 15, 20}

// Shares of runs that solve their task are counted, with Wilson's intervals.
func TestSuccessCountsRuns(t *testing.T) {
	t.Parallel()
	f := build(t, mustRead(t, solving()), "success")[0]
	for _, s := range f.Panels[0].Series {
		for i, m := range s.Means {
			k := 0
			if strings.Contains(s.Label, "relu") {
				k = solvers[i]
			}
			want := stat.Wilson(k, 20)
			if math.Abs(m.Y-5*float64(k)) > 1e-9 || math.Abs(m.Interval.Lo-100*want.Lo) > 1e-9 ||
				math.Abs(m.Interval.Hi-100*want.Hi) > 1e-9 {
				t.Errorf("%s at %v: %v %v, want %d of 20 %v", s.Label, m.X, m.Y, m.Interval, k, want)
			}
		}
	}
	for _, want := range []string{"identity: no run solves it.", "at width=2, and it is 100", "at width=8."} {
		if !strings.Contains(f.Statement, want) {
			t.Errorf("%q does not say %q", f.Statement, want)
		}
	}
}

// The shares of the lecture's table of two factors and two seeds, with that of the seed last.
func TestImportanceIsGolden(t *testing.T) {
	t.Parallel()
	y := [][][]float64{{{1, 2}, {3, 4}}, {{2, 3}, {6, 9}}} // of stats.json in package stat, computed with numpy
	n := crossing([]string{"relu", "tanh"}, []int{2, 4}, 2, func(a, w, seed int) float64 { return y[a][w][seed] / 100 })
	all := build(t, mustRead(t, n), "importance")
	p := all[0].Panels[0]
	want := map[string]float64{"activation": 26.31578947368421, "width": 51.57894736842106, "activation × width": 9.473684210526316,
		"seed": 12.631578947368421}
	sum := 0.0
	for _, m := range append(p.Series[0].Means, p.Series[1].Means...) {
		sum += m.X
		if name := p.Y.Categories[int(m.Y)]; math.Abs(m.X-want[name]) > 1e-9 {
			t.Errorf("%s: %v %%, want %v", name, m.X, want[name])
		}
	}
	if p.Y.Categories[0] != "seed" || p.Y.Categories[len(p.Y.Categories)-1] != "width" || math.Abs(sum-100) > 1e-9 {
		t.Errorf("%v add up to %v", p.Y.Categories, sum)
	}
	for _, m := range mustPanel(t, all[1], "width").Series[0].Means {
		if want := map[float64]float64{2: 2, 4: 5.5}[m.X]; math.Abs(m.Y-want) > 1e-9 {
			t.Errorf("mean at width %v: %v, want %v", m.X, m.Y, want)
		}
	}
}

// With enough seeds the title says which factor matters most, and a table with a hole has no figure but a reason.
func TestImportanceNamesTheFactor(t *testing.T) {
	t.Parallel()
	errors := func(a, w, seed int) float64 {
		return 0.1 + 0.2*float64(w) + 0.01*float64(a) + 0.002*float64((seed*7+a+3*w)%5)
	}
	n := crossing([]string{"relu", "tanh"}, []int{2, 4}, 5, errors)
	f := build(t, mustRead(t, n), "importance")[0]
	if !strings.HasPrefix(f.Title, "Width matters most") {
		t.Error(f.Title)
	}
	for _, m := range f.Panels[0].Series[0].Means {
		if m.Y > 0 && !m.Interval.Known() {
			t.Errorf("no interval of %s", f.Panels[0].Y.Categories[int(m.Y)])
		}
	}
	n = crossing([]string{"relu", "tanh"}, []int{2, 4}, 5, errors)
	n.members, n.runs, n.results = n.members[:15], n.runs[:15], n.results[:15]
	r := mustRead(t, n)
	if all := build(t, r, "importance"); len(all) > 0 || !strings.Contains(strings.Join(r.warnings, " "), "importance is left out") {
		t.Errorf("%d figures of a table with a hole; %v", len(all), r.warnings)
	}
}

// Lines of parallel coordinates end in the order of their errors, with the best in colour.
func TestParallelEndsInTheError(t *testing.T) {
	t.Parallel()
	n := crossing([]string{"relu", "tanh", "sigmoid"}, []int{2, 4, 8}, 3, func(a, w, seed int) float64 {
		return 0.1 + 0.05*float64(a) + 0.01*float64(w) + 0.001*float64(seed)
	})
	p := build(t, mustRead(t, n), "parallel")[0].Panels[0]
	at := func(label string) *figure.Series {
		for i := range p.Series {
			if p.Series[i].Label == label {
				return &p.Series[i]
			}
		}
		t.Fatalf("no %s", label)
		return nil
	}
	best := at("best on validation").Means
	if got := []float64{best[0].Y, best[1].Y, best[2].Y}; got[0] != 0 || got[1] != 0 || got[2] != 0 {
		t.Errorf("the best has places %v, want relu, width 2 and the least error", got)
	}
	others := at("other cells").Repeats
	if len(others) != 8 {
		t.Errorf("%d other cells of 9", len(others))
	}
	for _, o := range others {
		a := map[string]float64{"relu": 0, "tanh": 1, "sigmoid": 2}[strings.TrimPrefix(strings.Split(o.Name, ",")[0], "activation=")]
		w := math.Round(2 * o.Points[1].Y)
		want := (0.05*a + 0.01*w) / 0.12
		if math.Abs(o.Points[2].Y-want) > 1e-9 {
			t.Errorf("%s ends at %v, want %v", o.Name, o.Points[2].Y, want)
		}
	}
}

// The dots of jargon are the parts of the error that the decomposition gives.
func TestJargonComparesDecomposition(t *testing.T) {
	t.Parallel()
	r := mustRead(t, full())
	f := build(t, r, "jargon")[0]
	n := 0
	for _, s := range f.Panels[0].Series {
		if s.Line { // where both would be equal
			continue
		}
		n++
		for _, c := range r.cells {
			if c.Regression() && strings.HasSuffix(c.Label, s.Label) {
				d, _, _, err := r.Decompose(t.Context(), c.Cell)
				if err != nil || d.Bias2.Value != s.Means[0].X || c.estimate(train, measures["mse"]).Mean != s.Means[0].Y {
					t.Errorf("%s: %v, want bias² %v", c.Label, s.Means[0], d.Bias2.Value)
				}
			}
		}
	}
	if n != 6 {
		t.Errorf("%d dots of 6 cells", n)
	}
}
