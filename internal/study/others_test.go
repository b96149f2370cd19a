package study

import (
	"fmt"
	"strings"
	"testing"
)

// Names of other programs in a study are answered with ours, wherever they stand, or with what to do.
func TestNamesOfOthers(t *testing.T) {
	const folds = "cross-validation is data: {resample: folds, folds: 5}"
	for name, want := range map[string]string{
		"cv": folds, "n_splits": folds, "k_fold": folds, "KFold": folds,
		"target": `did you mean "label"?`, "y": `did you mean "label"?`, "features": `did you mean "columns"?`,
		"usecols": `did you mean "columns"?`, "delimiter": `did you mean "sep"?`, "categorical": `did you mean "one_hot"?`,
		"index_col": `did you mean "drop"?`, "test_size": `did you mean "test"?`, "validation_split": `did you mean "valid"?`,
		"n_samples": `did you mean "train"?`, "image_size": `did you mean "size"?`, "problem_type": `did you mean "task"?`,
		"random_state": "seeds: {data: 5} draws the splits anew", "shuffle": "files are split at random", "stratify": "are stratified",
		"na_values": "nothing is filled in", "url": "give its path", "encoding": "Windows-1252", "num_workers": "--workers",
		"batch_size": `did you mean "base.batch"?`, "n_classes": "the data say how many classes there are",
	} {
		_, err := Parse("s.yaml", fmt.Appendf(nil, "study: t\ndata: {set: csv, path: t.csv, %s: 5}\nbase: {lr: 0.1}\n", name), nil)
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("unknown key %q in data; ", name)) ||
			!strings.Contains(err.Error(), want) {
			t.Errorf("data.%s: %v, want %s", name, err, want)
		}
	}
	for line, want := range map[string]string{
		"base: {cv: 5}": folds, "cv: 5": folds, "folds: 5": `did you mean "data.folds"?`,
		"base: {folds: 5}": `did you mean "data.folds"?`,
		"sep: x":           `did you mean "data.sep"?`, "shuffle: true": "shuffled in every epoch",
		"base: {fc1: 64}":   "hidden: [64, 32]",
		"base: {rate: 0.5}": "dropout the share", "base: {bn_momentum: 0.1}": "batch_norm is", "base: {gpus: 1}": "on the processor",
		"base: {eta_min: 0}": "no schedule has it", "base: {decay: 0}": "schedule: inverse",
		"base: {num_heads: 8}":              "multilayer perceptrons",
		"data: {resample: StratifiedKFold}": `did you mean "folds"?`, "data: {resample: bagging}": `did you mean "bootstrap"?`,
		"data: {task: classifier}": `did you mean "classification"?`, "data: {task: reg}": `did you mean "regression"?`,
		"data: {header: None}": `did you mean "false"?`, "data: {scale: StandardScaler}": `did you mean "standard"?`,
		"data: {set: FashionMNIST}": `did you mean "idx"?`, "data: {set: make_moons}": `did you mean "moons"?`,
		"data: {set: parquet}":                         "write it as files for csv",
		"data: {set: csv, path: a.csv, test: b.csv}":   "files are path and test_path",
		"data: {set: csv, path: a.csv, train: 80%}":    "a fraction is written 0.8",
		"data: {set: csv, path: a.csv, train: 62.5 %}": "a fraction is written 0.625",
		"expect: [test_roc_auc > 0.9]":                 `did you mean "test_auc"?`, "expect: [macro_f1 > 0.9]": `did you mean "test_f1"?`,
		"expect: [balanced_accuracy > 0.9]": "did you mean \"test_balanced_error\"? It is one minus the accuracy",
		"select: valid_auc":                 "test_auc is of test examples, by which nothing is chosen",
	} {
		text := "study: t\n" + line + "\n"
		if !strings.HasPrefix(line, "base") {
			text += "base: {lr: 0.1}\n"
		}
		if !strings.HasPrefix(line, "data") {
			text += "data: {set: xor}\n"
		}
		if _, err := Parse("s.yaml", []byte(text), nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
	}
}

// Files of other programs are named for what they are.
func TestFilesOfOthers(t *testing.T) {
	for text, want := range map[string]string{
		"defaults: [_self_]\nlr: 0.1\n":                         "a configuration of Hydra",
		"optimizer: {_target_: torch.optim.Adam}\n":             "a configuration of Hydra",
		`{"class_name": "Sequential", "config": {"name": "m"}}`: "a model of Keras",
		"seed_everything: 1\nmodel: {}\n":                       "a configuration of Lightning",
		"name: x\ndependencies: [numpy]\n":                      "an environment of conda",
		"parameters: {lr: {values: [1]}}\n":                     "a Weights & Biases sweep",
	} {
		if _, err := Parse("s.yaml", []byte(text), nil); err == nil || !strings.Contains(err.Error(), "this is "+want+", not a study") {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := Parse("s.yaml", []byte("study: t\ndefaults: {lr: 1}\n"), nil); err == nil ||
		strings.Contains(err.Error(), "Hydra") {
		t.Errorf("a study with a key of Hydra: %v", err)
	}
}
