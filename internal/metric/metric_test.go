package metric

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// The order in which databases have them, which new ones must not change.
var (
	storedMetrics  = []string{"loss", "error", "mse", "nll", "brier", "ece"}
	storedMeasures = []string{"weight", "gradient", "update", "distance", "mean", "sd", "saturated", "dead", "alpha"}
)

// fieldsOf gives the names of a struct's fields in lower case.
func fieldsOf(v any) (names []string) {
	for i := range reflect.TypeOf(v).NumField() {
		names = append(names, strings.ToLower(reflect.TypeOf(v).Field(i).Name))
	}
	return names
}

func TestMetrics(t *testing.T) {
	var m Metrics[int]
	for i, p := range m.Fields() {
		*p = i
	}
	var names []string
	for i, of := range All() {
		names = append(names, of.Name)
		if of.Title == "" || of.Doc == "" {
			t.Errorf("%s has no title or no doc", of.Name)
		}
		if m.At(of) != i || reflect.ValueOf(m).Field(i).Interface() != i {
			t.Errorf("%s: At gives %d, the field has %v, want %d", of.Name, m.At(of), reflect.ValueOf(m).Field(i), i)
		}
		for _, split := range Splits() {
			s, again, ok := Parse(of.Of(split))
			if !ok || s != split || again != of {
				t.Errorf("%s is parsed as %q of %q", of.Of(split), again.Name, s)
			}
		}
	}
	if fields := fieldsOf(m); !slices.Equal(names, fields) {
		t.Errorf("the table has %q, the fields are %q", names, fields)
	}
	if n := len(storedMetrics); !slices.Equal(names[:n], storedMetrics) {
		t.Errorf("the first %d metrics are %q, stored are %q", n, names[:n], storedMetrics)
	}
	text, err := json.Marshal(Map(m, func(of Metric, i int) string { return of.Name }))
	want := `{"` + strings.Join(names, `":?,"`) + `":?}`
	for _, name := range names {
		want = strings.Replace(want, "?", `"`+name+`"`, 1)
	}
	if err != nil || string(text) != want {
		t.Errorf("as JSON: %s, %v, want %s", text, err, want)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, name := range []string{"", "error", "test", "test_", "_error", "tests_error",
		"test_errors", "test-error", "valid_test_error"} {
		if split, m, ok := Parse(name); ok {
			t.Errorf("%q is parsed as %q of %q", name, m.Name, split)
		}
	}
}

func TestMeasures(t *testing.T) {
	var m Measures
	for i, p := range m.Fields() {
		*p = float64(i)
	}
	var names []string
	for i, of := range Layers() {
		names = append(names, of.Name)
		if of.Title == "" || of.Doc == "" {
			t.Errorf("%s has no title or no doc", of.Name)
		}
		if m.At(of) != float64(i) || reflect.ValueOf(m).Field(i).Float() != float64(i) {
			t.Errorf("%s: At gives %v, the field has %v, want %d", of.Name, m.At(of), reflect.ValueOf(m).Field(i), i)
		}
		if again, ok := LayerNamed(of.Name); !ok || again != of {
			t.Errorf("LayerNamed(%q) gives %q, %v", of.Name, again.Name, ok)
		}
	}
	if fields := fieldsOf(m); !slices.Equal(names, fields) {
		t.Errorf("the table has %q, the fields are %q", names, fields)
	}
	if n := len(storedMeasures); !slices.Equal(names[:n], storedMeasures) {
		t.Errorf("the first %d measures are %q, stored are %q", n, names[:n], storedMeasures)
	}
}
