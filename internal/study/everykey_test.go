package study

import (
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nightshift/internal/study/source"
	"nightshift/mlp"
)

// TestEveryKey holds testdata/every-key.yaml to its promise: for each key of
// the configuration, found by reflection, some cell has a value that is not the
// default, and so it is for each option of each table and each parameter of it.
// With -update cells of what is missing are written into the file.
func TestEveryKey(t *testing.T) {
	const file, begin, end = "testdata/every-key.yaml", "  # generated: what nothing above has\n", "  # end\n"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(b), begin)
	_, after, closed := strings.Cut(rest, end)
	if !found || !closed {
		t.Fatalf("%s has no part between %q and %q", file, begin, end)
	}
	text := string(b)
	if *update {
		missing := unexercised(t, parseEveryKey(t, before+begin+end+after))
		text = before + begin + generatedCells(missing) + end + after
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	s := parseEveryKey(t, text)
	for _, k := range unexercised(t, s) {
		t.Errorf("every-key.yaml leaves %s at its default, or lacks one of its options; run go generate ./...", k.Path)
	}
	for _, o := range mlp.Objectives() {
		if !slices.ContainsFunc(s.Cells, func(c Cell) bool { return c.Config.Output == o.Output && c.Config.Loss == o.Loss }) {
			t.Errorf("every-key.yaml has no %s with %s", o.Output, o.Loss)
		}
	}
}

func parseEveryKey(t *testing.T, text string) *Study {
	t.Helper()
	s, err := Parse("every-key.yaml", []byte(text), nil)
	if err != nil {
		t.Fatalf("%v\nA value that was generated goes together with nothing above: give the key a cell of its own by hand.", err)
	}
	return s
}

// unexercised lists the keys that every cell of a study leaves at the default,
// with the options that no cell has as they should be, each parameter changed.
func unexercised(t *testing.T, s *Study) []Key {
	t.Helper()
	var missing []Key
	for _, k := range keys.list {
		if k.index == nil || k.Kind == Parameter ||
			slices.Contains([]string{"data.path", "data.label", "data.labels", "data.size"}, k.Path) {
			continue // of files that are not ours
		}
		exercised := k.Path == "data.set" || slices.ContainsFunc(s.Cells, func(c Cell) bool {
			usual := defaults(c.Config.Data.Set)
			return !reflect.DeepEqual(k.field(&c.Config).Interface(), k.field(&usual).Interface())
		})
		lacking := *k
		lacking.Options = slices.DeleteFunc(slices.Clone(k.Options), func(o mlp.Option) bool { return hasOption(s, k, o) })
		if !exercised || len(lacking.Options) > 0 {
			missing = append(missing, lacking)
		}
	}
	return missing
}

// hasOption says whether some cell has an option, with every parameter of it at
// another value than its default in some cell.
func hasOption(s *Study, k *Key, o mlp.Option) bool {
	if slices.Contains([]string{"mnist", "idx", "images", "npy"}, o.Name) {
		return true // files that are not ours; the keys are those of csv
	}
	var found []mlp.Choice
	for _, c := range s.Cells {
		switch v := k.field(&c.Config).Interface().(type) {
		case mlp.Choice:
			found = append(found, v)
		case string:
			found = append(found, mlp.Choice{Name: v})
		}
	}
	found = slices.DeleteFunc(found, func(c mlp.Choice) bool { return c.Name != o.Name })
	return len(found) > 0 && !slices.ContainsFunc(o.Params, func(p mlp.Param) bool {
		return !slices.ContainsFunc(found, func(c mlp.Choice) bool { return c.Params[p.Name] != p.Default })
	})
}

// generatedCells writes blocks of also that have what is missing.
func generatedCells(missing []Key) string {
	var b strings.Builder
	for _, k := range missing {
		fmt.Fprintf(&b, "  - {seeds: 1, grid: {lr: null, batch: null, %s: [%s]}}\n", k.Path, strings.Join(otherValues(k), ", "))
	}
	return b.String()
}

// otherValues are values of a key that are not its default, as YAML.
func otherValues(k Key) []string {
	usual := k.Default()
	inside := func(l Limit, not float64) string {
		low, high := max(l.Min, -1), min(l.Max, 1)
		for _, share := range []float64{0.5, 0.25} {
			if v := low + share*(high-low); v != not {
				return strconv.FormatFloat(v, 'g', -1, 64)
			}
		}
		return ""
	}
	switch k.Kind {
	case Whole, Amount:
		v, _ := usual.(int)
		return []string{strconv.Itoa(max(v, int(k.Limit.Min)) + 1)}
	case Real:
		v, _ := usual.(float64)
		return []string{inside(k.Limit, v)}
	case Truth:
		return []string{strconv.FormatBool(usual != true)}
	case Wholes, Reals:
		return []string{"[" + inside(Limit{Min: k.Limit.Min, Max: k.Limit.Min + 2}, math.NaN()) + "]"}
	case Text:
		return slices.DeleteFunc(k.Names(), func(name string) bool { return name == usual })
	}
	var list []string
	for _, o := range k.Options {
		words := []string{"name: " + o.Name}
		for _, p := range o.Params {
			words = append(words, p.Name+": "+inside(Limit{Min: p.Min, Max: p.Max}, p.Default))
		}
		list = append(list, "{"+strings.Join(words, ", ")+"}")
	}
	return list
}

// TestEveryWord: every-key.yaml, search.yaml and claims.yaml use all that a study has
// besides the keys of its configuration.
func TestEveryWord(t *testing.T) {
	used := map[string]bool{}
	for _, file := range []string{"every-key.yaml", "search.yaml", "claims.yaml"} {
		text, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Parse(file, text, nil); err != nil {
			t.Error(err)
		}
		fieldNames(source.Read(text, &source.Faults{File: source.NewFile(file, text)}), used)
	}
	for _, words := range [][]string{
		studyKeys, rangeKeys, operatorNames, budgetKeys, reportKeys, pruneKeys, sampleKeys, distributions,
		seedKeys, optionNames(), {"width", "depth", "when", "set", "weights"},
	} {
		for _, w := range words {
			if !used[w] {
				t.Errorf("none of every-key.yaml, search.yaml and claims.yaml uses the word %s", w)
			}
		}
	}
}

// TestEveryStatistic: claims.yaml and pairs.yaml have each.
func TestEveryStatistic(t *testing.T) {
	used := map[string]bool{}
	for _, file := range []string{"claims.yaml", "pairs.yaml"} {
		text, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		s, err := Parse(file, text, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range s.Expect {
			for _, term := range slices.Concat(e.Lhs.Terms, e.Rhs.Terms) {
				used[term.Stat] = true
			}
		}
	}
	for _, statistic := range Statistics() {
		if !used[statistic.Name] {
			t.Errorf("neither claims.yaml nor pairs.yaml has %s", statistic.Form)
		}
	}
}

func fieldNames(n *source.Node, names map[string]bool) {
	for _, item := range n.Items {
		fieldNames(item, names)
	}
	for _, f := range n.Fields {
		names[f.Name] = true
		fieldNames(f.Value, names)
	}
}
