package study_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nightshift/experiments"
	"nightshift/internal/dataset"
	"nightshift/internal/study"
	"nightshift/internal/study/source"
)

const head = "study: s\ndata: {set: blobs}\n"

func TestDesignExample(t *testing.T) {
	s := parse(t, `
study: mse-vs-ce
question: Does softmax + cross-entropy learn faster than sigmoid + MSE?

data: {set: glyphs, train: 8000, valid: 1000, test: 2000, scale: unit}

base:                       # what every run shares
  width: 100                # or hidden: [256, 128]; depth counts hidden layers of this width
  depth: 1
  activation: sigmoid
  init: {normal: 0.1}
  optimizer: sgd            # or {name: adam, beta2: 0.99}
  batch: 100
  epochs: 10

grid:                       # every combination, in the order written
  lr: {from: 0.01, to: 10, n: 4, scale: log}      # a range: inclusive, hits both ends exactly
  pair:                                           # a paired axis: labelled rows, named in every legend
    sigmoid+mse: {output: sigmoid, loss: mse}
    softmax+ce:  {output: softmax, loss: ce}

seeds: 10                   # 0..9, or a list, or {data: 30, init: 2, order: 1} for crossed streams

rules:   [{when: {pair: sigmoid+mse}, set: {epochs: 20}}]
exclude: [{lr: {gt: 5}, pair: sigmoid+mse}]
also:    [{grid: {width: [1024]}, seeds: 2}]      # a union; inherits everything else

select: valid_error         # what configurations are chosen by; test is only reported
budget:  {max_runs: 84}
keep:    {weights: final}
`)
	if got := len(runsFrom(t, s)); got != 7*10+7*2 {
		t.Errorf("%d runs, want 84", got)
	}
	if diff := cmp.Diff([]string{"lr", "pair", "width"}, s.Axes); diff != "" {
		t.Error(diff)
	}
	if s.Keep.Weights != "final" || s.Select != "valid_error" || s.Name != "mse-vs-ce" ||
		!strings.HasPrefix(s.Question, "Does softmax") {
		t.Errorf("got %+v", s)
	}
	want := []study.AxisValue{{Axis: "lr", Label: "0.01", Value: 0.01}, {Axis: "pair", Label: "sigmoid+mse"},
		{Axis: "width", Label: "1024", Value: 1024}}
	if diff := cmp.Diff(want, s.Cells[7].Axes); diff != "" {
		t.Error(diff)
	}
}

// runsFrom lists runs with specs as their own fingerprints.
func runsFrom(t testing.TB, s *study.Study) []study.Run {
	t.Helper()
	runs, err := s.Runs(func(d dataset.Spec) (string, error) { return fmt.Sprint(d), nil })
	if err != nil {
		t.Fatal(err)
	}
	return runs
}

func TestShippedStudies(t *testing.T) {
	entries, err := experiments.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := experiments.Files.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		s := parse(t, string(text))
		if s.Name+".yaml" != e.Name() || len(runsFrom(t, s)) == 0 {
			t.Errorf("%s is the study %s with %d cells", e.Name(), s.Name, len(s.Cells))
		}
	}
}

func TestRunsAreSeedMajor(t *testing.T) {
	s := parse(t, head+"grid: {lr: [1, 2]}\nseeds: [5, 3]\n"+
		"also: [{grid: {lr: [3]}, seeds: 3}, {grid: {lr: [1]}, seeds: [3, 9]}]\n")
	var got []string
	for _, r := range runsFrom(t, s) {
		got = append(got, fmt.Sprintf("%s %d%d%d", r.Label, r.Seeds.Data, r.Seeds.Init, r.Seeds.Order))
	}
	want := []string{"lr=1 055", "lr=2 055", "lr=3 000", "lr=1 033", "lr=2 033", "lr=3 011", "lr=1 099", "lr=3 022"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCrossedSeeds(t *testing.T) {
	s := parse(t, head+"seeds: {data: 2, init: [7, 8]}\n")
	want := []study.Seeds{{Data: 0, Init: 7}, {Data: 0, Init: 8}, {Data: 1, Init: 7}, {Data: 1, Init: 8}}
	if diff := cmp.Diff(want, s.Cells[0].Seeds); diff != "" {
		t.Error(diff)
	}
}

func TestSelectDefault(t *testing.T) {
	if s := parse(t, "study: s\ndata: {set: sine1d}\nbase: {output: identity, loss: mse}\n"); s.Select != "valid_mse" {
		t.Errorf("a regression is selected by %s", s.Select)
	}
	if s := parse(t, head); s.Select != "valid_error" {
		t.Errorf("a classification is selected by %s", s.Select)
	}
}

func TestManyErrorsAreCounted(t *testing.T) {
	text := head + "base:\n"
	for i := range 30 {
		text += fmt.Sprintf("  xyzzy%d: 1\n", i)
	}
	_, err := study.Parse("s.yaml", []byte(text), nil)
	var errs source.Errors
	if !errors.As(err, &errs) || len(errs) != 30 {
		t.Fatalf("got %v", err)
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 21 || lines[20] != "... and 10 more" {
		t.Errorf("got %d lines, the last %q", len(lines), lines[len(lines)-1])
	}
}

// TestNotStudies holds what no text file can say.
func TestNotStudies(t *testing.T) {
	bomb := "study: s\ndata: {set: blobs}\na: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c < 'k'; c++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.Repeat(fmt.Sprintf("*%c,", c-1), 9))
	}
	for name, c := range map[string]struct{ text, want string }{
		"empty":          {"", "s.yaml:1:1: the file is empty"},
		"not UTF-8":      {"study: s\nquestion: \xff\xfe\n", "s.yaml:2:11: this is not UTF-8"},
		"a control":      {"study: s\nbase: \x00\n", "s.yaml:2:7: this is not UTF-8"},
		"too large":      {strings.Repeat("# a comment\n", 100_000), "s.yaml:1:1: the file has 1200000 bytes"},
		"billion laughs": {bomb, "too much is nested"},
		"too deep":       {"study: " + strings.Repeat("[", 200) + strings.Repeat("]", 200), "too much is nested"},
	} {
		_, err := study.Parse("s.yaml", []byte(c.text), nil)
		var errs source.Errors
		if !errors.As(err, &errs) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// TestEqualExamplesAreOneRun: files may be equal, which only their fingerprints tell.
func TestEqualExamplesAreOneRun(t *testing.T) {
	s := parse(t, "study: s\ndata: {set: csv}\ngrid: {data.path: [a.csv, b.csv], data.label: [x, y], lr: [1, 2]}\n")
	if len(s.Cells) != 8 {
		t.Errorf("%d cells, want 8", len(s.Cells))
	}
	asked := 0
	runs, err := s.Runs(func(dataset.Spec) (string, error) { asked++; return "examples", nil })
	if err != nil || len(runs) != 2 || runs[0].Label != "path=a.csv, label=x, lr=1" {
		t.Errorf("%d runs, want the first 2 of 8 (%v)", len(runs), err)
	}
	if asked != 4 {
		t.Errorf("the fingerprint of 4 specs was asked for %d times", asked)
	}
}

// TestMergedSeedsStayApart: cells that share a list of seeds do not write into it.
func TestMergedSeedsStayApart(t *testing.T) {
	s := parse(t, head+"grid: {lr: [1, 2]}\nseeds: {data: 3}\n"+
		"also: [{grid: {lr: [1]}, seeds: {data: [7]}}, {grid: {lr: [2]}, seeds: {data: [8]}}]\n")
	if got := fmt.Sprint(s.Cells[0].Seeds[3].Data, s.Cells[1].Seeds[3].Data); got != "7 8" {
		t.Errorf("the added data seeds are %s, want 7 8", got)
	}
}

func TestFingerprintFails(t *testing.T) {
	missing := errors.New("no such file")
	_, err := parse(t, head).Runs(func(dataset.Spec) (string, error) { return "", missing })
	if !errors.Is(err, missing) {
		t.Errorf("got %v", err)
	}
}

func TestKeep(t *testing.T) {
	for text, want := range map[string]study.Keep{
		"none":        {Weights: "none"},
		"best":        {Weights: "best"},
		"init+final":  {Weights: "init+final"},
		"{every: 10}": {Weights: "every", Every: 10},
	} {
		if got := parse(t, head+"keep: {weights: "+text+"}\n").Keep; got != want {
			t.Errorf("%s: got %+v", text, got)
		}
	}
	if got := parse(t, head).Keep; got.Weights != "none" {
		t.Errorf("without a word: got %+v", got)
	}
}
