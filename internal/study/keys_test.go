package study

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
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
		if k.Doc == "" {
			t.Errorf("%s has no documentation", k.Path)
		}
		if keys.Find(k.Path) != k {
			t.Errorf("%s is not found under its path", k.Path)
		}
		v, ok := defaults.get(k)
		if !ok {
			continue // a parameter of another option
		}
		if k.inData {
			continue // readers find out what is not written
		}
		if c, choice := v.(Chosen); choice {
			v = c.Choice
		}
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Parse("s.yaml", fmt.Appendf(nil, "study: s\ndata: {set: blobs}\nbase: {%s: %s}\n", k.Path, text), nil)
		if err != nil {
			t.Error(err)
			continue
		}
		if identity(&s.Cells[0].Config, "") != identity(&defaults.config, "") {
			t.Errorf("%s: %s is not the default", k.Path, text)
		}
	}
}

// TestChoicesAreUnambiguous: in {word: value} the word is an option or a
// parameter, and never both.
func TestChoicesAreUnambiguous(t *testing.T) {
	for _, k := range keys.list {
		if k.Kind != Choice {
			continue
		}
		for _, o := range k.Options {
			for _, name := range append(names(k.Options), "name") {
				if slices.ContainsFunc(o.Params, func(p mlp.Param) bool { return p.Name == name }) {
					t.Errorf("%s is a parameter of %s and an option of %s", name, o.Name, k.Path)
				}
			}
		}
	}
}

// TestTablesNameKeys: the tables by path have no misspelt line.
func TestTablesNameKeys(t *testing.T) {
	for path := range optionTables {
		if k := keys.byPath[path]; k == nil || len(k.Options) == 0 {
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
		"epoch": "epochs", "momentun": "optimizer.momentum", "optimiser": "optimizer", "batchsize": "batch",
		"trian":        "data.train",
		"weight_decay": "optimizer.weight_decay", "label_nose": "data.label_noise", "xyzzy": "",
		"dropout.hiden": "dropout.hidden",
	} {
		if got := keys.nearest(name); got != want {
			t.Errorf("%q suggests %q, want %q", name, got, want)
		}
	}
}

// TestLimits holds the tags of ranges and words to what is refused: the end of a
// range is possible and what is outside is not, and the words are all that there are.
func TestLimits(t *testing.T) {
	for _, k := range keys.list {
		limited := k.Limit != Limit{}
		numeric := k.Kind.Numeric() || k.Kind == Wholes || k.Kind == Reals
		if limited != numeric {
			t.Errorf("%s: has a range %t, is a number %t", k.Path, limited, numeric)
		}
		free := slices.Contains([]string{"data.path", "data.sep", "data.group", "data.test_path", "data.labels"}, k.Path)
		few := k.Kind == Text && k.Options == nil && !free
		if (k.Enum != nil) != few {
			t.Errorf("%s: has words %q, is one of a few %t", k.Path, k.Enum, few)
		}
	}
	blames := func(path, value string) string {
		data := map[string]string{
			"data.header": "csv, path: a.csv", "data.task": "csv, path: a.csv", "data.size": "images, path: a",
			"data.target_scale": "csv, path: a.csv, task: regression",
		}[path]
		if k := keys.byPath[path]; k.Kind == Wholes || k.Kind == Reals {
			value = "[" + value + ", " + value + ", " + value + "]"
		}
		// The three classes of blobs have three weights; mse has a sum and is smoothed.
		_, err := Parse("s.yaml", fmt.Appendf(nil, "study: s\ndata: {set: %s}\nbase: {output: sigmoid, loss: mse, %s: %s}\n",
			cmp.Or(data, "blobs"), path, value), nil)
		if err == nil {
			return ""
		}
		return err.Error()
	}
	for _, k := range keys.list {
		path, l := k.Path, k.Limit
		if (l == Limit{}) || k.Kind == Parameter {
			continue
		}
		if l.Max == Largest || path == "depth" {
			if got := blames(path, fmt.Sprint(l.Min)); got != "" && path != "data.train" && path != "data.test" {
				t.Errorf("%s: %v: %s", path, l.Min, got)
			}
			if blames(path, fmt.Sprint(l.Min-1)) == "" {
				t.Errorf("%s: %v is accepted, which its tag excludes: Problems has to refuse it", path, l.Min-1)
			}
			if blames(path, fmt.Sprintf("%.0f", l.Max+2)) == "" {
				t.Errorf("%s: more than %v is accepted", path, l.Max)
			}
			continue
		}
		if got := blames(path, fmt.Sprint(l.Min)); (got != "") != l.Above {
			t.Errorf("%s: %v: %s", path, l.Min, got)
		}
		if blames(path, "-1e-9") == "" {
			t.Errorf("%s: -1e-9 is accepted, which its tag excludes: Problems has to refuse it", path)
		}
		if got := blames(path, "0.999"); got != "" {
			t.Errorf("%s: %s", path, got)
		}
		if got := blames(path, "1"); (got != "") != (l.Max == 1 && l.Below) {
			t.Errorf("%s: 1: %s", path, got)
		}
	}
	for _, k := range keys.list {
		path, list := k.Path, k.Enum
		if list == nil {
			continue
		}
		for _, w := range list {
			if got := blames(path, w); got != "" {
				t.Errorf("%s: %s: %s", path, w, got)
			}
		}
		message := blames(path, "xyzzy")
		_, known, _ := strings.Cut(message, "one of ")
		if known == "" {
			_, known, _ = strings.Cut(message, "there are ")
		}
		if !slices.Equal(strings.Split(known, ", "), list) {
			t.Errorf("%s is one of %q, and the parser says %s", path, list, message)
		}
	}
}
