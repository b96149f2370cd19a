package study

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/mlp"
)

// TestKeys holds the laws of the table of keys: each is documented, and can be
// written, as JSON even, with its default as the value.
func TestKeys(t *testing.T) {
	defaults := newState()
	defaults.config.Data, _ = dataset.Default("blobs")
	for _, k := range keys.list {
		if k.doc == "" {
			t.Errorf("%s has no documentation", k.path)
		}
		if keys.find(k.path) != k {
			t.Errorf("%s is not found under its path", k.path)
		}
		v, ok := defaults.get(k)
		if !ok {
			continue // a parameter of another option
		}
		if c, choice := v.(chosen); choice {
			v = c.Choice
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Parse("s.yaml", fmt.Appendf(nil, "study: s\ndata: {set: blobs}\nbase: {%s: %s}\n", k.path, text), nil)
		if err != nil {
			t.Error(err)
			continue
		}
		if identity(&s.Cells[0].Config, "") != identity(&defaults.config, "") {
			t.Errorf("%s: %s is not the default", k.path, text)
		}
	}
}

// TestChoicesAreUnambiguous: in {word: value} the word is an option or a
// parameter, and never both.
func TestChoicesAreUnambiguous(t *testing.T) {
	for _, k := range keys.list {
		if k.kind != choice {
			continue
		}
		for _, o := range k.options() {
			for _, name := range append(names(k.options()), "name") {
				if slices.ContainsFunc(o.Params, func(p mlp.Param) bool { return p.Name == name }) {
					t.Errorf("%s is a parameter of %s and an option of %s", name, o.Name, k.path)
				}
			}
		}
	}
}

// TestTablesNameKeys: the tables by path have no misspelt line.
func TestTablesNameKeys(t *testing.T) {
	for path, options := range tables {
		if k := keys.byPath[path]; k == nil || k.options == nil || len(options()) == 0 {
			t.Errorf("no key %s with options", path)
		}
	}
	for group, path := range shorthand {
		if !keys.groups[group] || keys.byPath[path] == nil {
			t.Errorf("%s does not stand for %s", group, path)
		}
	}
	for path, others := range relatives {
		for _, p := range append(others, path) {
			if keys.byPath[p] == nil {
				t.Errorf("no key %s", p)
			}
		}
	}
}

func TestNearest(t *testing.T) {
	for name, want := range map[string]string{
		"epoch": "epochs", "momentun": "optimizer.momentum", "optimiser": "optimizer", "batchsize": "batch", "trian": "data.train",
		"weight_decay": "optimizer.weight_decay", "label_nose": "data.label_noise", "xyzzy": "", "dropout.hiden": "dropout.hidden",
	} {
		if got := keys.nearest(name); got != want {
			t.Errorf("%q suggests %q, want %q", name, got, want)
		}
	}
}
