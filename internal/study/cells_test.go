package study_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nightshift/internal/study"
)

// words puts values side by side.
func words(values ...any) string { return strings.TrimSpace(fmt.Sprintln(values...)) }

func labels(s *study.Study) []string {
	var list []string
	for _, c := range s.Cells {
		list = append(list, c.Label)
	}
	return list
}

// TestCells says which cells a study has, in words.
func TestCells(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []string
	}{
		{"no axes", "", []string{"base"}},
		{"the last axis varies fastest", "grid: {lr: [0.1, 1], width: [5, 6]}",
			[]string{"lr=0.1, width=5", "lr=0.1, width=6", "lr=1, width=5", "lr=1, width=6"}},
		{"paired", "grid:\n  pair:\n    sigmoid+mse: {output: sigmoid, loss: mse}\n    softmax+ce: {}\n  lr: [0.1]",
			[]string{"sigmoid+mse, lr=0.1", "softmax+ce, lr=0.1"}},
		{"log range", "grid: {lr: {from: 0.01, to: 10, n: 4, scale: log}}", []string{"lr=0.01", "lr=0.1", "lr=1", "lr=10"}},
		{"short numbers", "grid: {lr: {from: 0.01, to: 1, n: 4, scale: log}}",
			[]string{"lr=0.01", "lr=0.04642", "lr=0.2154", "lr=1"}},
		{"long numbers where short ones look alike", "grid: {lr: [1.00001, 1.00002]}", []string{"lr=1.00001", "lr=1.00002"}},
		{"whole numbers in full", "grid: {epochs: [3000000, 2]}", []string{"epochs=3000000", "epochs=2"}},
		{"whole range", "grid: {width: {from: 2, to: 8, step: 3}}", []string{"width=2", "width=5", "width=8"}},
		{"downwards", "grid: {width: {from: 8, to: 2, n: 3}}", []string{"width=8", "width=5", "width=2"}},
		{"paths by their last word", "grid: {optimizer.momentum: [0, 0.9], data.train: [10]}",
			[]string{"momentum=0, train=10", "momentum=0.9, train=10"}},
		{"paths in full where the last word is a key", "grid: {dropout.hidden: [0, 0.5]}",
			[]string{"dropout.hidden=0", "dropout.hidden=0.5"}},
		{"paths in full where two end alike",
			"grid: {optimizer.weight_decay: [0.1], early_stop.patience: [3], data.noise: [1], data.label_noise: [0.1], " +
				"activation: [elu], activation.alpha: [2], optimizer: [rmsprop], optimizer.alpha: [0.5]}",
			[]string{"weight_decay=0.1, patience=3, noise=1, label_noise=0.1, activation=elu, activation.alpha=2, " +
				"optimizer=rmsprop, optimizer.alpha=0.5"}},
		{"choices", "grid: {optimizer: [sgd, {name: adam, beta2: 0.99}], init: [{normal: 0.1}, he_normal]}",
			[]string{"optimizer=sgd, init=normal(sd=0.1)", "optimizer=sgd, init=he_normal",
				"optimizer=adam(beta2=0.99), init=normal(sd=0.1)", "optimizer=adam(beta2=0.99), init=he_normal"}},
		{"layers", "grid: {hidden: [[], [10], [20, 10]]}", []string{"hidden=none", "hidden=10", "hidden=20-10"}},
		{"truth and batch", "grid: {batch_norm: [true, false], batch: [full, 10]}",
			[]string{"batch_norm=true, batch=full", "batch_norm=true, batch=10", "batch_norm=false, batch=full",
				"batch_norm=false, batch=10"}},
		{"exclude a value", "grid: {lr: [0.1, 1], l2: [0, 1]}\nexclude: [{lr: 1, l2: 1}]",
			[]string{"lr=0.1, l2=0", "lr=0.1, l2=1", "lr=1, l2=0"}},
		{"exclude in a list", "grid: {lr: [1, 2, 3]}\nexclude: [{lr: [1, 3]}]", []string{"lr=2"}},
		{"exclude lt", "grid: {lr: [1, 2, 3]}\nexclude: [{lr: {lt: 2}}]", []string{"lr=2", "lr=3"}},
		{"exclude le", "grid: {lr: [1, 2, 3]}\nexclude: [{lr: {le: 2}}]", []string{"lr=3"}},
		{"exclude gt", "grid: {lr: [1, 2, 3]}\nexclude: [{lr: {gt: 2}}]", []string{"lr=1", "lr=2"}},
		{"exclude ge", "grid: {lr: [1, 2, 3]}\nexclude: [{lr: {ge: 2}}]", []string{"lr=1"}},
		{"exclude between", "grid: {lr: [1, 2, 3]}\nexclude: [{lr: {gt: 1, lt: 3}}]", []string{"lr=1", "lr=3"}},
		{"exclude in", "grid: {lr: [1, 2, 3]}\nexclude: [{lr: {in: [2]}}]", []string{"lr=1", "lr=3"}},
		{"exclude not", "grid: {lr: [1, 2, 3]}\nexclude: [{lr: {not: [2, 3]}}]", []string{"lr=2", "lr=3"}},
		{"exclude a label", "grid: {p: {a: {lr: 1}, b: {lr: 2}}, l2: [0, 1]}\nexclude: [{p: a, l2: {gt: 0}}]",
			[]string{"a, l2=0", "b, l2=0", "b, l2=1"}},
		{"exclude by a key that a row sets", "grid: {p: {a: {lr: 1}, b: {lr: 2}}}\nexclude: [{lr: 2}]", []string{"a"}},
		{"exclude a choice by name", "grid: {optimizer: [sgd, adam, {name: adam, beta2: 0.9}]}\nexclude: [{optimizer: adam}]",
			[]string{"optimizer=sgd"}},
		{"exclude a choice by parameter",
			"grid: {optimizer: [sgd, adam, {name: adam, beta2: 0.9}]}\nexclude: [{optimizer: {name: adam, beta2: 0.9}}]",
			[]string{"optimizer=sgd", "optimizer=adam"}},
		{"exclude a parameter where there is one", "grid: {optimizer: [sgd, adam]}\nexclude: [{optimizer.beta1: {gt: 0}}]",
			[]string{"optimizer=sgd"}},
		{"exclude layers", "grid: {hidden: [[10], [10, 10], [5, 10]]}\nexclude: [{hidden: [10, 10]}]",
			[]string{"hidden=10", "hidden=5-10"}},
		{"exclude one of several layers", "grid: {hidden: [[10], [10, 10], [5, 10]]}\nexclude: [{hidden: [[10], [5, 10]]}]",
			[]string{"hidden=10-10"}},
		{"width and depth of hidden", "grid: {hidden: [[10], [10, 10], [5, 10]]}\nexclude: [{width: 10, depth: 2}]",
			[]string{"hidden=10", "hidden=5-10"}},
		{"the full batch is the largest", "grid: {batch: [10, 20, full]}\nexclude: [{batch: {gt: 15}}]", []string{"batch=10"}},
		{"the smaller batches", "grid: {batch: [10, 20, full]}\nexclude: [{batch: {lt: 15}}]",
			[]string{"batch=20", "batch=full"}},
		{"class weights", "grid: {class_weights: [[], [1, 2, 3], [1, 1, 2]]}\nexclude: [{class_weights: [1, 1, 2]}]",
			[]string{"class_weights=none", "class_weights=1:2:3"}},
		{"exclude the impossible", "grid: {loss: [ce, mse], output: [softmax, sigmoid]}\nexclude: [{loss: ce, output: sigmoid}]",
			[]string{"loss=ce, output=softmax", "loss=mse, output=softmax", "loss=mse, output=sigmoid"}},
		{"exclude after rules", "grid: {lr: [1, 2]}\nrules: [{when: {lr: 2}, set: {epochs: 99}}]\nexclude: [{epochs: 99}]",
			[]string{"lr=1"}},
		{"also adds and merges", "grid: {lr: [1, 2]}\nalso: [{grid: {lr: [2, 3]}}]", []string{"lr=1", "lr=2", "lr=3"}},
		{"also replaces, drops and appends axes",
			"grid: {lr: [1, 2], l2: [0, 1]}\nalso: [{grid: {l2: null, lr: [7], width: [5]}}]",
			[]string{"lr=1, l2=0", "lr=1, l2=1", "lr=2, l2=0", "lr=2, l2=1", "lr=7, width=5"}},
		{"blocks that their axes do not tell apart",
			"grid: {lr: [1, 2]}\nalso: [{base: {optimizer: adam}}, {base: {optimizer: adam, epochs: 3}, grid: {lr: null}}]",
			[]string{"lr=1", "lr=2", "lr=1, optimizer=adam", "lr=2, optimizer=adam", "optimizer=adam, epochs=3"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, labels(parse(t, head+c.text))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestEffectiveConfig looks at what the layers of a study make of one key.
func TestEffectiveConfig(t *testing.T) {
	for _, c := range []struct {
		name, text string
		of         func(study.Config) any
		want       []any // one for each cell
	}{
		{"rules come after axes", "grid: {lr: [1, 2]}\nrules: [{when: {lr: 2}, set: {epochs: 99}}]",
			func(c study.Config) any { return c.Epochs }, []any{10, 99}},
		{"rules see the rules before them", "rules: [{when: {lr: 0.1}, set: {lr: 0.2}}, {when: {lr: 0.2}, set: {epochs: 99}}]",
			func(c study.Config) any { return c.Epochs }, []any{99}},
		{"rules on labels", "grid: {p: {a: {lr: 1}, b: {lr: 2}}}\nrules: [{when: {p: [b]}, set: {epochs: 99}}]",
			func(c study.Config) any { return c.Epochs }, []any{10, 99}},
		{"width over hidden", "base: {hidden: [7, 8]}\ngrid: {width: [5]}", func(c study.Config) any { return c.Hidden },
			[]any{[]int{5}}},
		{"hidden over width and depth", "base: {width: 5, depth: 3}\ngrid: {hidden: [[7, 8]]}",
			func(c study.Config) any { return c.Hidden }, []any{[]int{7, 8}}},
		{"width with the depth of the base", "base: {depth: 3}\ngrid: {width: [5, 6]}",
			func(c study.Config) any { return c.Hidden }, []any{[]int{5, 5, 5}, []int{6, 6, 6}}},
		{"depth over hidden with its own width", "base: {hidden: [7, 8]}\ngrid: {depth: [0, 2], width: [4]}",
			func(c study.Config) any { return c.Hidden }, []any{[]int{}, []int{4, 4}}},
		{"a parameter after its choice, whatever the order", "grid: {optimizer.momentum: [0.5], optimizer: [sgd, nesterov]}",
			func(c study.Config) any { return words(c.Optimizer.Name, c.Optimizer.Params["momentum"]) },
			[]any{"sgd 0.5", "nesterov 0.5"}},
		{"a choice forgets the parameters of another",
			"base: {optimizer: {name: sgd, momentum: 0.5}}\ngrid: {optimizer: [sgd, adam]}",
			func(c study.Config) any { return c.Optimizer.Params["momentum"] }, []any{0.0, 0.0}},
		{"the base of a block merges", "base: {lr: 3, epochs: 4}\nalso: [{base: {epochs: 5}}]",
			func(c study.Config) any { return words(c.LR, c.Epochs) }, []any{"3 4", "3 5"}},
		{"the data of a block merge", "data: {set: blobs, train: 9}\nalso: [{data: {test: 5}}]",
			func(c study.Config) any { return words(c.Data.Set, c.Data.Train, c.Data.Test) }, []any{"blobs 9 1000", "blobs 9 5"}},
		{"the same set merges", "data: {set: blobs, train: 9}\nalso: [{data: {set: blobs, test: 5}}]",
			func(c study.Config) any { return words(c.Data.Train, c.Data.Test) }, []any{"9 1000", "9 5"}},
		{"another set forgets the base's keys of data", "data: {set: blobs}\nbase: {data.noise: 9}\nalso: [{data: {set: moons}}]",
			func(c study.Config) any { return c.Data.Noise }, []any{9.0, 0.2}},
		{"another set starts anew", "data: {set: blobs, train: 9}\nalso: [{data: {set: moons, test: 5}}]",
			func(c study.Config) any {
				return words(c.Data.Set, c.Data.Train, c.Data.Test,
					c.Data.Noise)
			}, []any{"blobs 9 1000 1", "moons 500 5 0.2"}},
		{"sets on an axis share the explicit keys", "data: {train: 9}\ngrid: {data.set: [blobs, moons]}",
			func(c study.Config) any { return words(c.Data.Set, c.Data.Train, c.Data.Noise) }, []any{"blobs 9 1", "moons 9 0.2"}},
		{"rows set keys of data", "grid: {p: {a: {data: {noise: 0.5}}, b: {data.set: moons}}}",
			func(c study.Config) any { return words(c.Data.Set, c.Data.Noise) }, []any{"blobs 0.5", "moons 0.2"}},
		{"a label column by number", "data: {set: csv, path: a.csv, label: 5}",
			func(c study.Config) any { return string(c.Data.Label) }, []any{"5"}},
		{"inherited rules and their own",
			"grid: {lr: [1]}\nrules: [{when: {lr: 1}, set: {epochs: 7}}]\n" +
				"also: [{base: {l2: 1}, rules: [{when: {lr: 1}, set: {clip: 2}}]}]",
			func(c study.Config) any { return words(c.Epochs, c.Clip) }, []any{"7 0", "7 2"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := head + c.text
			if strings.HasPrefix(c.text, "data:") {
				text = "study: s\n" + c.text
			}
			var got []any
			for _, cell := range parse(t, text).Cells {
				got = append(got, c.of(cell.Config))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
