package study

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/study/source"
	"nightshift/mlp"
)

// TestEveryKey holds testdata/every-key.yaml to its promise: for each key of
// the configuration, found by reflection, some cell has a value that is not the
// default, and so it is for each option of each table and each parameter of it.
func TestEveryKey(t *testing.T) {
	text, err := os.ReadFile("testdata/every-key.yaml")
	if err != nil {
		t.Fatal(err)
	}
	s, err := Parse("every-key.yaml", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	var values []map[string]any // of each cell
	for _, c := range s.Cells {
		values = append(values, leaves(t, reflect.ValueOf(c.Config), ""))
	}
	usual := newState().config
	for path := range values[0] {
		if path == "data.set" {
			continue // it has no default
		}
		exercised := slices.ContainsFunc(s.Cells, func(c Cell) bool {
			usual := usual
			usual.Data, _ = dataset.Default(c.Config.Data.Set)
			return !reflect.DeepEqual(leaves(t, reflect.ValueOf(c.Config), "")[path], leaves(t, reflect.ValueOf(usual), "")[path])
		})
		if !exercised {
			t.Errorf("every-key.yaml leaves %s at its default", path)
		}
	}
	// These read files that are not ours; their keys are those of csv.
	foreign := []string{"mnist", "idx"}
	for _, k := range keys.list {
		path := k.Path
		for _, o := range k.Options {
			var found []map[string]float64
			for _, v := range values {
				switch v := v[path].(type) {
				case mlp.Choice:
					if v.Name == o.Name {
						found = append(found, v.Params)
					}
				case string:
					if v == o.Name {
						found = append(found, nil)
					}
				}
			}
			if len(found) == 0 && !slices.Contains(foreign, o.Name) {
				t.Errorf("every-key.yaml has no %s: %s", path, o.Name)
			}
			for _, p := range o.Params {
				if !slices.ContainsFunc(found, func(params map[string]float64) bool { return params[p.Name] != p.Default }) {
					t.Errorf("every-key.yaml leaves %s of %s at its default", p.Name, o.Name)
				}
			}
		}
	}
	for _, o := range mlp.Objectives() {
		if !slices.ContainsFunc(s.Cells, func(c Cell) bool { return c.Config.Output == o.Output && c.Config.Loss == o.Loss }) {
			t.Errorf("every-key.yaml has no %s with %s", o.Output, o.Loss)
		}
	}

	used := map[string]bool{}
	for _, file := range []string{"every-key.yaml", "search.yaml"} {
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
		{"width", "depth", "when", "set", "data", "init", "order", "weights"},
	} {
		for _, w := range words {
			if !used[w] {
				t.Errorf("neither every-key.yaml nor search.yaml uses the word %s", w)
			}
		}
	}
}

// leaves gives the value of every key of a configuration by its path.
func leaves(t *testing.T, v reflect.Value, prefix string) map[string]any {
	t.Helper()
	all := map[string]any{}
	for i := range v.NumField() {
		f := v.Type().Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous:
			for path, v := range leaves(t, v.Field(i), prefix) {
				all[path] = v
			}
			continue
		case name == "":
			t.Fatalf("%s of %v has no JSON name", f.Name, v.Type())
		case f.Type.Kind() == reflect.Struct && f.Type != reflect.TypeFor[mlp.Choice]():
			for path, v := range leaves(t, v.Field(i), prefix+name+".") {
				all[path] = v
			}
			continue
		}
		all[prefix+name] = v.Field(i).Interface()
	}
	return all
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
