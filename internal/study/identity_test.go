package study_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"nightshift/internal/dataset"
	"nightshift/internal/study"
)

// runsOf parses a study and lists its runs, with one fingerprint for all data.
func runsOf(t testing.TB, text string) []study.Run {
	t.Helper()
	runs, err := parse(t, text).Runs(func(dataset.Spec) (string, error) { return "examples", nil })
	if err != nil {
		t.Fatal(err)
	}
	return runs
}

func parse(t testing.TB, text string, set ...string) *study.Study {
	t.Helper()
	s, err := study.Parse("s.yaml", []byte(text), set)
	if err != nil {
		t.Fatalf("%v\nin\n%s", err, text)
	}
	return s
}

// The identities of stored runs depend on this: a change here means that every
// run is trained again. The numbers are those of sha256sum on
//
//	{"activation":{"name":"relu"},"batch":32,"batch_norm":false,"bias_init":{"name":"zeros"},"class_weights":[],
//	"clip":0,"data.label_noise":0,"data.noise":0.1,"data.scale":"unit","data.set":"glyphs","data.test":2000,
//	"data.train":8000,"data.valid":1000,"dropout.hidden":0,"dropout.input":0,"early_stop.metric":"loss",
//	"early_stop.min_delta":0,"early_stop.patience":0,"epochs":10,"hidden":[100],"init":{"name":"he_normal"},"l1":0,
//	"l2":0,"label_smoothing":0,"log.every":1,"log.layers":true,"loss":"ce","lr":0.1,"optimizer":{"name":"sgd",
//	"momentum":0,"weight_decay":0},"output":"softmax","precision":"float32","reduction":"mean",
//	"schedule":{"name":"constant","warmup":0},"data":"glyphs/1 examples","version":"nightshift/1"}
//
// without the line breaks, and on {"cell":"fdb0...","seeds":{"data":0,"init":3,"order":3}}.
func TestGoldenIdentity(t *testing.T) {
	s := parse(t, "study: golden\ndata: {set: glyphs}\nseeds: [3]\n")
	runs, err := s.Runs(func(dataset.Spec) (string, error) { return "glyphs/1 examples", nil })
	if err != nil {
		t.Fatal(err)
	}
	const (
		cell = "fdb030f07e6df2e672aec6f1630ffc34cd4d328fb33b30890c8477d30d615b96"
		run  = "6ce819d531f67790e0d85bf1aee1a03a91c5ac0c161892e151aa99d1c770f0da"
	)
	if len(runs) != 1 || runs[0].Cell != cell || runs[0].ID != run {
		t.Errorf("got %d runs, first %s of cell %s; want %s of cell %s", len(runs), runs[0].ID, runs[0].Cell, run, cell)
	}
}

// TestOneConfigurationOneIdentity spells configurations in different ways.
func TestOneConfigurationOneIdentity(t *testing.T) {
	for _, same := range [][]string{
		{"base: {lr: 3e6}", "base: {lr: 3000000}", "base: {lr: 3_000_000.0}", "base: {lr: 0x2DC6C0}"},
		{"base: {epochs: 3000}", "base: {epochs: 3e3}", "base: {epochs: 0xBB8}"},
		{"base: {l2: 0}", "base: {l2: -0.0}", "", "base: {}", "base:"},
		{"base: {lr: 0.5, epochs: 7}", "base: {epochs: 7, lr: 0.5}", "base:\n  # half\n  lr: .5\n  epochs: 7 # a week"},
		{"base: {width: 20, depth: 3}", "base: {hidden: [20, 20, 20]}", "base: {depth: 3}\ngrid: {width: [20]}"},
		{"base: {depth: 0}", "base: {hidden: []}", "base: {depth: 0, width: 5}"},
		{"base: {dropout: 0.5}", "base: {dropout: {hidden: 0.5}}", "base: {dropout.hidden: 0.5}"},
		{"base: {early_stop: 5}", "base: {early_stop: {patience: 5}}"},
		{"", "base: {early_stop: {patience: 0, metric: mse, min_delta: 1}}"}, // off: what it would watch cannot matter
		{"base: {init: {normal: 0.3}}", "base: {init: {name: normal, sd: 0.3}}", "base: {init: normal, init.sd: 0.3}"},
		{"base: {optimizer: adam}", "base: {optimizer: {name: adam, beta2: 0.999}}"},
		{"base: {batch: full}", "grid: {batch: [full]}"},
		{"grid: {lr: [0.3]}", "base: {lr: 0.3}", "grid: {rate: {high: {lr: 0.3}}}", "rules: [{when: {lr: 0.1}, set: {lr: 0.3}}]"},
		{"question: Why?", "", "keep: {weights: final}", "budget: {max_runs: 3}", "select: valid_nll"},
		{"data: {set: blobs, noise: 2}", "data: {noise: 2, set: blobs}", "base: {data: {noise: 2}}", "base: {data.noise: 2}"},
		{"base: &b {lr: 0.7}\nalso: [{base: *b}]", "base: {lr: 0.7}", "base: {<<: {lr: 0.7}}"},
		{"data: {set: csv, path: a.csv}", "data: {set: csv, path: b.csv, label: 3}"}, // the fingerprint stands for them
	} {
		want := ""
		for _, text := range same {
			if !strings.Contains(text, "data: {set") && !strings.Contains(text, "data: {noise: 2, ") {
				text = "data: {set: blobs}\n" + text
			}
			got := runsOf(t, "study: s\n"+text+"\n")[0].ID
			if want == "" {
				want = got
			}
			if got != want {
				t.Errorf("%q has another identity than %q", text, same[0])
			}
		}
	}
}

// TestEveryKeyMatters changes one key after another.
func TestEveryKeyMatters(t *testing.T) {
	seen := map[string]string{}
	for _, text := range []string{
		"data: {set: blobs}", "data: {set: moons}", "data: {set: blobs, train: 10}", "data: {set: blobs, valid: 10}",
		"data: {set: blobs, test: 10}", "data: {set: blobs, scale: unit}", "data: {set: blobs, noise: 2}",
		"data: {set: blobs, label_noise: 0.1}",
	} {
		seen[text] = runsOf(t, "study: s\n"+text)[0].Cell
	}
	for _, base := range []string{
		"hidden: [10]", "hidden: [10, 20]", "hidden: [20, 10]", "activation: tanh", "output: sigmoid, loss: mse", "loss: mse",
		"loss: mse, reduction: sum", "label_smoothing: 0.1", "class_weights: [1, 2, 3]", "init: zeros", "init: {normal: 0.2}",
		"bias_init: {constant: 1}",
		"optimizer: adam", "optimizer.momentum: 0.9", "lr: 1", "schedule: cosine", "schedule.warmup: 3", "clip: 1", "l1: 0.1",
		"l2: 0.1",
		"dropout.input: 0.1", "dropout.hidden: 0.1", "batch_norm: true", "batch: 10", "batch: full", "epochs: 3", "early_stop: 3",
		"early_stop: {patience: 3, metric: error}", "precision: float64", "log.every: 2", "log.layers: false",
	} {
		seen[base] = runsOf(t, "study: s\ndata: {set: blobs}\nbase: {"+base+"}")[0].Cell
	}
	first := map[string]string{}
	for text, id := range seen {
		if other, ok := first[id]; ok {
			t.Errorf("%q and %q have one identity", text, other)
		}
		first[id] = text
	}
}

func TestSeedsAndExamplesMatter(t *testing.T) {
	s := parse(t, "study: s\ndata: {set: blobs}\nseeds: {data: 2, init: 2, order: 2}\n")
	ids := map[string]bool{}
	for _, print := range []string{"one", "two"} {
		runs, err := s.Runs(func(dataset.Spec) (string, error) { return print, nil })
		if err != nil {
			t.Fatal(err)
		}
		cells := map[string]bool{}
		for _, r := range runs {
			ids[r.ID] = true
			cells[r.Cell] = true
		}
		if len(cells) != 1 {
			t.Errorf("the seeds make %d cells of one", len(cells))
		}
	}
	if len(ids) != 16 {
		t.Errorf("8 seeds on 2 sets of examples are %d runs, want 16", len(ids))
	}
}

// TestIdentify finds the identities of every run from its JSON again.
func TestIdentify(t *testing.T) {
	text, err := os.ReadFile("testdata/every-key.yaml")
	if err != nil {
		t.Fatal(err)
	}
	runs := runsOf(t, string(text))
	for _, r := range runs {
		config, err := json.Marshal(r.Config)
		if err != nil {
			t.Fatal(err)
		}
		id, cell, err := study.Identify(config, "examples", r.Seeds)
		if err != nil || id != r.ID || cell != r.Cell {
			t.Fatalf("%s: got %s of %s (%v), want %s of %s", r.Label, id, cell, err, r.ID, r.Cell)
		}
		if id, _, _ := study.Identify(config, "others", r.Seeds); id == r.ID {
			t.Errorf("%s: the same for other data", r.Label)
		}
	}
	for _, config := range []string{"", "{", "[]", `{"momentun": 3}`, `{"lr": "fast"}`} {
		if id, _, err := study.Identify(json.RawMessage(config), "examples", study.Seeds{}); err == nil {
			t.Errorf("%s has the identity %s", config, id)
		}
	}
}

// TestIdentityIgnoresOrder shuffles the keys of a base and of its spelling.
func TestIdentityIgnoresOrder(t *testing.T) {
	spelling := map[string][]string{
		"lr": {"0.25", "2.5e-1", "+.25"}, "epochs": {"12", "12.0", "1.2e1"}, "batch": {"100", "1e2", "1_00"},
		"activation": {"tanh", `"tanh"`, "{name: tanh}"}, "optimizer": {"sgd", "{name: sgd}", "{momentum: 0}"},
		"log": {"{every: 2}", "{every: 2, layers: true}", "{layers: true, every: 2}"},
	}
	want := runsOf(t, "study: s\ndata: {set: blobs}\nbase: {lr: 0.25, epochs: 12, batch: 100, activation: tanh, "+
		"log.every: 2}\n")[0].ID
	names := []string{"lr", "epochs", "batch", "activation", "optimizer", "log"}
	rapid.Check(t, func(r *rapid.T) {
		text := "base:\n"
		for _, name := range rapid.Permutation(names).Draw(r, "order") {
			text += fmt.Sprintf("  %s: %s\n", name, rapid.SampledFrom(spelling[name]).Draw(r, name))
		}
		if rapid.Bool().Draw(r, "base first") {
			text += "data: {set: blobs}\nstudy: another\n"
		} else {
			text = "study: a-third\ndata: {set: blobs}\n" + text
		}
		if got := runsOf(t, text)[0].ID; got != want {
			r.Errorf("another identity for\n%s", text)
		}
	})
}

// BenchmarkRuns lists the 100,000 runs of 1,000 cells.
func BenchmarkRuns(b *testing.B) {
	s := parse(b, "study: s\ndata: {set: blobs}\ngrid: {lr: {from: 0.1, to: 1, n: 1000}}\nseeds: 100\n")
	for b.Loop() {
		runs, err := s.Runs(func(dataset.Spec) (string, error) { return "examples", nil })
		if err != nil || len(runs) != 100_000 {
			b.Fatal(len(runs), err)
		}
	}
}
