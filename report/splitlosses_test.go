package report

import (
	"encoding/json"
	"math"
	"os"
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
			c := study.Config{Data: dataset.Spec{Set: "blobs", Train: 10, Test: dataset.Amount(len(labels))}, Config: mlp.Config{Hidden: []int{width},
				Activation: choice("relu"), Output: "softmax", Loss: "ce", Reduction: "mean", LR: 0.1, Epochs: 1}}
			r := n.add([]study.AxisValue{{Axis: "width", Label: string(rune('0' + width)), Value: width}}, c, study.Seeds{Data: uint64(set)})
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
	if _, err := all[0].Draw("svg", figure.Usual()); err != nil {
		t.Error(err)
	}
	values := map[string]float64{}
	for _, s := range all[0].Panels[0].Series {
		values[s.Label] = s.Means[0].Y
	}
	return values
}

// The votes of 200 trees on the iris flowers, as mlxtend splits their loss (stats.json of package stat).
func TestZeroOneIsThatOfMlxtend(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("stat/testdata/stats.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		Iris struct {
			Pred []string
			Y    []int32
		} `json:"iris_tree_mlxtend"`
	}
	if err := json.Unmarshal(text, &golden); err != nil {
		t.Fatal(err)
	}
	labels := golden.Iris.Y
	var logits [][]float32
	for _, votes := range golden.Iris.Pred {
		z := make([]float32, 3*len(labels))
		for i, c := range votes {
			z[3*i+int(c-'0')] = 1
		}
		logits = append(logits, z)
	}
	got := parts(t, classSets(labels, 3, logits), "zero-one")
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
