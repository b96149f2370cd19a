package wandb

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/study"
	"nightshift/internal/study/source"
)

// TestImportWandB: what sweeps mean, read off the studies that are made of them,
// and what of each is lost, by its line.
func TestImportWandB(t *testing.T) {
	for file, want := range map[string]struct {
		cells, runs int
		sel         string
		lost        []int // lines
		has         []string
	}{
		// 3 rates, 2 batch sizes, 2 widths and the 2 activations that there are; 3 seeds
		"grid.yaml": {24, 72, "valid_error", []int{2, 2, 3, 4, 7, 13, 19, 25, 26, 28, 30},
			[]string{"optimizer.momentum: 0.9", "dropout.hidden: 0 ", "seeds: [1, 2, 3]", "batch: [32, 64]"}},
		"random.yaml": {24, 24, "valid_loss", []int{5, 6, 6, 12, 13, 20, 21, 24}, []string{
			"lr: {log_uniform: [1e-05, 0.1]}", "l2: {log_uniform: [0.0001, 0.01]}", "width: {choice: [16, 32, 48, 64]}",
			"{name: adamw, weight_decay: 0.001, beta1: 0.8}",
			"{name: rmsprop, weight_decay: 0.001}", "rungs: [3, 6, 12, 24]", "keep: 0.5",
			"init: {choice: [glorot_uniform, he_normal]}", "set: spirals", "epochs: 30"}},
		"bayes.yaml": {30, 30, "valid_error", []int{1, 1, 1, 2, 2, 5, 6, 7, 8},
			[]string{"lr: {uniform: [0.0001, 0.1]}", "optimizer: {choice: [sgd, adam]}"}},
		// 2 lists of layers and 4 multiples of 10, crossed with 30 drawn rates
		"bce.yaml": {240, 240, "valid_error", []int{1, 6, 7, 8},
			[]string{"output: sigmoid", "loss: bce", "hidden: [[16], [16, 16]]", "batch: [10, 20, 30, 40]"}},
	} {
		t.Run(file, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join("testdata", file))
			if err != nil {
				t.Fatal(err)
			}
			i, err := Import(file, text)
			if err != nil {
				t.Fatal(err)
			}
			s, err := study.Parse("s.yaml", i.Text, nil)
			if err != nil {
				t.Fatalf("%v\nin\n%s", err, i.Text)
			}
			runs := 0
			for _, c := range s.Cells {
				runs += len(c.Seeds)
			}
			if len(s.Cells) != want.cells || runs != want.runs || s.Select != want.sel || s.Name != i.Name {
				t.Errorf("%s: %d cells, %d runs by %s; want %d, %d by %s\n%s", s.Name, len(s.Cells), runs, s.Select, want.cells,
					want.runs, want.sel, i.Text)
			}
			var lines []int
			for _, e := range i.Lost {
				lines = append(lines, e.Line)
				if e.File != file || e.Message == "" || !strings.Contains(string(i.Text), fmt.Sprintf("# - line %d: ", e.Line)) {
					t.Errorf("%v is not in the comments of the study", e)
				}
			}
			if !slices.Equal(lines, want.lost) {
				t.Errorf("lost on the lines %v, want %v\n%s", lines, want.lost, i.Text)
			}
			for _, words := range want.has {
				if !strings.Contains(string(i.Text), words) {
					t.Errorf("no %s in\n%s", words, i.Text)
				}
			}
		})
	}
}

// TestSweptKey: what people call things.
func TestSweptKey(t *testing.T) {
	for name, want := range map[string]string{
		"lr": "lr", "learning_rate": "lr", "learningRate": "lr", "optimizer.lr": "lr", "batch_size": "batch",
		"num-epochs": "epochs", "optimizer.type": "optimizer",
		"optimizer.momentum": "optimizer.momentum", "hidden": "width", "n_layers": "depth", "hidden_layer_sizes": "hidden",
		"wd":             "optimizer.weight_decay",
		"training.batch": "batch", "scheduler.gamma": "schedule.gamma", "use_bn": "batch_norm", "dropout": "dropout.hidden",
		"data.train": "data.train", "beauty": "",
	} {
		got := ""
		if k := sweptKey(strings.Split(name, ".")); k != nil {
			got = k.Path
		}
		if got != want {
			t.Errorf("%s means %q, want %q", name, got, want)
		}
	}
}

// TestImportRefuses what is no sweep.
func TestImportRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"":                  "w.yaml:1:1: the file is empty",
		"- a":               "w.yaml:1:1: a sweep is a mapping",
		"method: grid":      "w.yaml:1:1: a sweep is a mapping with parameters",
		"parameters: [a]":   "w.yaml:1:1: a sweep is a mapping with parameters",
		"a: b\na: c":        `w.yaml:2:1: "a" is given twice`,
		"parameters: {a: [": "w.yaml:",
	} {
		_, err := Import("w.yaml", []byte(text))
		var errs source.Errors
		if !errors.As(err, &errs) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

// FuzzImportWandB: of whatever is read, there are Errors with places or a study
// that can be parsed.
func FuzzImportWandB(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("%d sweeps, %v", len(files), err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		i, err := Import("w.yaml", text)
		var errs source.Errors
		switch {
		case err == nil:
			if s, err := study.Parse("s.yaml", i.Text, nil); err != nil || s.Name != i.Name {
				t.Errorf("%v\nin\n%s", err, i.Text)
			}
			errs = i.Lost
		case !errors.As(err, &errs):
			t.Errorf("%T instead of Errors: %v", err, err)
		}
		for _, e := range errs {
			if e.Line < 1 || e.Column < 1 || e.Message == "" {
				t.Errorf("without place or message: %#v", e)
			}
		}
	})
}
