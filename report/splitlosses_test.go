package report

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
	"nightshift/report/figure"
)

// classSets plans two widths with the same outputs on fresh training sets: logits[set][example*classes].
func classSets(labels []int32, classes int, logits [][]float32) *night {
	n := newNight("sets", "")
	d := store.Dataset{ID: "blobs", In: 2, Out: classes, TestLabels: labels, Spec: []byte(`{"set":"blobs"}`)}
	for k := range classes {
		d.Classes = append(d.Classes, string(rune('a'+k)))
	}
	n.datasets["blobs"] = d
	for _, width := range []int{2, 4} {
		for set, z := range logits {
			c := study.Config{Data: dataset.Spec{Set: "blobs", Train: 10, Test: dataset.Amount(len(labels))},
				Config: mlp.Config{Hidden: []int{width},
					Activation: choice("relu"), Output: "softmax", Loss: "ce", Reduction: "mean", LR: 0.1, Epochs: 1}}
			r := n.add([]study.AxisValue{{Axis: "width", Label: string(rune('0' + width)), Value: width}}, c,
				study.Seeds{Data: uint64(set)})
			m := store.Metrics{Loss: known(0.1), Error: known(0.1), MSE: known(0.1), NLL: known(0.1), Brier: known(0.1), ECE: known(0)}
			n.finish(r, store.Done, []store.Epoch{{Epoch: 1, Train: m, Test: m}}, z)
		}
	}
	return n
}

// parts are what a figure of bias and variance has at the first size.
func parts(t *testing.T, n *night, loss string) map[string]float64 {
	t.Helper()
	all := buildAs(t, mustRead(t, n), study.Figure{Kind: "bias-variance", Text: "bias-variance", Epoch: -1, Loss: loss})
	if len(all) != 1 {
		t.Fatalf("%d figures", len(all))
	}
	checkWords(t, all[0])
	checkPanels(t, all[0])
	if _, err := all[0].Draw("svg", figure.DefaultSize()); err != nil {
		t.Error(err)
	}
	values := map[string]float64{}
	for _, s := range all[0].Panels[0].Series {
		values[s.Label] = s.Means[0].Y
	}
	return values
}

// goldenEntry reads one entry of the values that were computed with numpy, scipy and mlxtend.
func goldenEntry(t *testing.T, name string, entry any) {
	t.Helper()
	text, err := os.ReadFile("stat/testdata/stats.json")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]json.RawMessage{}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(all[name], entry); err != nil {
		t.Fatal(err)
	}
}

// votes are logits whose largest are the classes of a text, a digit for each example.
func votes(text string, classes int) []float32 {
	z := make([]float32, classes*len(text))
	for i, c := range text {
		z[classes*i+int(c-'0')] = 1
	}
	return z
}

// Domingos's examples of one input: of labels and votes with the given shares, ten sets of each.
func TestZeroOneIsThatOfDomingos(t *testing.T) {
	t.Parallel()
	for name, classes := range map[string]int{"domingos_2class": 2, "domingos_4class": 4} {
		var golden struct {
			Pt, Py      []float64
			N, B, V, EL float64
		}
		goldenEntry(t, name, &golden)
		var labels []int32
		for class, share := range golden.Pt {
			for range int(math.Round(10 * share)) {
				labels = append(labels, int32(class))
			}
		}
		var logits [][]float32
		for class, share := range golden.Py {
			for range int(math.Round(10 * share)) {
				logits = append(logits, votes(strings.Repeat(string(rune('0'+class)), 10), classes))
			}
		}
		got := parts(t, classSets(labels, classes, logits), "zero-one")
		// Over ten examples of that input, the bias is how often the main vote is wrong: N + B (1 - 2N) of two classes.
		main := slices.Index(golden.Py, slices.Max(golden.Py))
		for part, want := range map[string]float64{"loss": golden.EL, "variance": golden.V, "bias": 1 - golden.Pt[main]} {
			if math.Abs(got[part]-percent*want) > 1e-9 {
				t.Errorf("%s: %s is %v %%, want %v", name, part, got[part], percent*want)
			}
		}
	}
}

// The votes of 200 trees on the iris flowers, as mlxtend splits their loss (stats.json of package stat).
func TestZeroOneIsThatOfMlxtend(t *testing.T) {
	t.Parallel()
	var golden struct {
		Pred []string
		Y    []int32
	}
	goldenEntry(t, "iris_tree_mlxtend", &golden)
	var logits [][]float32
	for _, classes := range golden.Pred {
		logits = append(logits, votes(classes, 3))
	}
	got := parts(t, classSets(golden.Y, 3, logits), "zero-one")
	for name, want := range map[string]float64{"loss": 6.15556, "bias": 2.22222, "variance": 4, "variance where right": 3.96667,
		"variance where wrong": 0.03333} {
		if math.Abs(got[name]-want) > 1e-4 {
			t.Errorf("%s is %v %%, want %v", name, got[name], want)
		}
	}
}

// The lecture's three predictions: risk .886420, bias .786118, variance .100302.
func TestCrossEntropySplitsExactly(t *testing.T) {
	t.Parallel()
	var logits [][]float32
	for _, p := range [][]float64{{.7, .2, .1}, {.5, .3, .2}, {.2, .5, .3}} {
		var z []float32
		for _, v := range p {
			z = append(z, float32(math.Log(v)))
		}
		logits = append(logits, z)
	}
	got := parts(t, classSets([]int32{0}, 3, logits), "cross-entropy")
	for name, want := range map[string]float64{"loss": .8864200, "bias": .7861176, "variance": .1003024} {
		if math.Abs(got[name]-want) > 1e-6 {
			t.Errorf("%s is %v, want %v", name, got[name], want)
		}
	}
}
