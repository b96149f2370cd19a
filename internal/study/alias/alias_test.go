package alias_test

import (
	"slices"
	"strings"
	"testing"

	"nightshift/internal/metric"
	"nightshift/internal/study"
	"nightshift/internal/study/alias"
	"nightshift/internal/study/source"
)

// TestTables: every name of another program leads to a key, an option or a metric that there is, and no name to two.
func TestTables(t *testing.T) {
	keys := study.Keys()
	plain := func(name string) {
		t.Helper()
		if alias.Letters(name) != name {
			t.Errorf("%q is found by no name: it has more than letters", name)
		}
	}
	for path, names := range alias.Keys {
		for _, name := range names {
			plain(name)
			if k := keys.Meant(name); k == nil || k.Path != path {
				t.Errorf("%s means %+v, want %s", name, k, path)
			}
		}
	}
	for path, names := range alias.Options {
		k := keys.Find(path)
		for theirs, ours := range names {
			plain(theirs)
			v := source.ReadValue(ours, source.Position{}, &source.Faults{})
			if k.Kind != study.Choice && !slices.Contains(k.Names(), ours) || v == nil {
				t.Errorf("%s: %s is no option", path, ours)
				continue
			}
			faults := &source.Faults{File: source.NewFile("", nil)}
			if _, ok := k.Read(v, faults); !ok {
				t.Errorf("%s: %s: %v", path, ours, faults.List)
			}
			if slices.Contains(k.Names(), theirs) || slices.Contains(alias.Lacks[path], theirs) {
				t.Errorf("%s: %s is ours, or one that we lack", path, theirs)
			}
		}
	}
	for path, names := range alias.Lacks {
		for _, name := range names {
			plain(name)
			if ours := keys.Find(path).Meant(name); ours != "" {
				t.Errorf("%s: %s is lacking, and %s", path, name, ours)
			}
		}
	}
	for name := range alias.Notes {
		plain(name)
		if k := keys.Find(name); k != nil {
			t.Errorf("%s is a key", name)
		}
	}
	inData := keys.Below("data")
	for key, names := range alias.DataKeys {
		if !slices.Contains(inData, key) {
			t.Errorf("data has no key %s", key)
		}
		for _, name := range names {
			plain(name)
			if got, _ := alias.InData(name); got != key || slices.Contains(inData, name) || alias.DataNotes[name] != "" {
				t.Errorf("%s in data is %s, and listed for %s", name, got, key)
			}
		}
	}
	for name := range alias.DataNotes {
		plain(name)
	}
	for theirs, ours := range alias.Metrics {
		plain(theirs)
		if !slices.Contains(study.Selections(), ours) {
			t.Errorf("%s stands for %s", theirs, ours)
		}
	}
	for theirs, ours := range alias.Deriveds {
		plain(theirs)
		if _, ok := metric.DerivedNamed(ours); !ok || alias.Derived(theirs) != ours {
			t.Errorf("%s stands for %s", theirs, ours)
		}
	}
	for part, names := range alias.Parts {
		_, err := study.Parse("s.yaml", []byte(part+": 1\n"), nil)
		if err != nil && strings.Contains(err.Error(), "unknown key") {
			t.Errorf("%s is no part of a study", part)
		}
		for _, name := range names {
			plain(name)
		}
	}
}

func TestMetric(t *testing.T) {
	for name, want := range map[string]string{
		"val_loss": "valid_loss", "val/acc": "valid_error", "validation_accuracy": "valid_error", "valid_mse": "valid_mse",
		"loss": "valid_loss", "best_val_nll": "valid_nll", "val_categorical_accuracy": "valid_error",
		"test_error": "valid_error", "epoch/val_loss": "valid_loss", "f1": "",
	} {
		if got, _, _ := alias.Metric(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	for name, want := range map[string]string{
		"torch.nn.LeakyReLU(0.2)": "torch nn LeakyReLU", "optimizer/lr": "optimizer lr", "": "", "lr": "lr", "(": "",
	} {
		if got := strings.Join(alias.Words(name), " "); got != want {
			t.Errorf("%q has the words %q, want %q", name, got, want)
		}
	}
}
