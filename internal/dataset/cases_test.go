package dataset

import (
	"path/filepath"
	"strings"
	"testing"
)

// Inputs of the kinds that people report to other programs, made up for this
// test; what is right is said beside each.
func TestCases(t *testing.T) {
	const dir = "testdata/cases"
	for _, c := range []struct {
		spec             Spec
		in               int
		classes, warning string
		err              string // part of it; then nothing else is compared
	}{
		{Spec{Set: "csv", Path: "csv-semicolon-wine-quality.csv", Label: "quality"}, 3, "5 6", "", ""},
		{Spec{Set: "csv", Path: "pandas-index-column.csv"}, 4, "a b", "column 1 looks like the number of the row", ""},
		{Spec{Set: "csv", Path: "pandas-index-column.csv", Format: Format{Drop: "1"}}, 3, "a b", "", ""},
		{Spec{Set: "csv", Path: "csv-boolean-column.csv"}, 3, "a b", "", ""},
		{Spec{Set: "csv", Path: "csv-trailing-blank-lines.csv"}, 3, "a b", "", ""},
		{Spec{Set: "csv", Path: "csv-utf16.csv"}, 0, "", "", "UTF-16"},
		{Spec{Set: "csv", Path: "csv-header-numeric-names.csv"}, 3, "a b", "(0, 1, 2, class) is taken for names of columns", ""},
		{Spec{Set: "csv", Path: "uci-wine-label-first.csv"}, 0, "", "", "178 different values in 178 rows: that is a measurement"},
		{Spec{Set: "csv", Path: "uci-wine-label-first.csv", Label: "1"}, 3, "1 2 3", "", ""},
		{Spec{Set: "csv", Path: "mnist-csv-label-first.csv"}, 0, "", "", "say label: label"},
		{Spec{Set: "csv", Path: "label-same-as-input.csv", Label: "kind"}, 0, "", "", "more than one column"},
		{Spec{Set: "csv", Path: "label-same-as-input.csv", Label: "4"}, 3, "0 1", "column 1 (kind) tells the label", ""},
		{Spec{Set: "csv", Path: "csv-tab-decimal-comma-one-input.csv"}, 1, "a b", "", ""},
		{Spec{Set: "csv", Path: "csv-class-escape-sequence.csv"}, 3, `a\x1b[2Jx b`, "", ""},
		{Spec{Set: "csv", Path: "csv-xor-truth-table.csv"}, 0, "", "", "a fifth of its 4 examples is no test split: say test: 1"},
		{Spec{Set: "csv", Path: "csv-xor-truth-table.csv", Format: Format{TestPath: "csv-xor-truth-table.csv"}}, 2, "0 1",
			"the test examples are the training examples", ""},
		{Spec{Set: "csv", Path: "csv-label-missing-words.csv"}, 0, "", "", "line 4, column 4 (kind): the label is missing (NA)"},
		{Spec{Set: "idx", Path: "idx-dot-names"}, 16, "0 1 2", "", ""},
		{Spec{Set: "idx", Path: "idx-labels-sparse"}, 16, "3 7", "", ""},
		{Spec{Set: "idx", Path: "mnist-torchvision-root"}, 16, "0 1 2", "", ""},
	} {
		t.Run(c.spec.Path, func(t *testing.T) {
			c.spec.Scale = "none"
			d, err := NewFiles([]string{dir}).Load(c.spec, 0)
			if c.err != "" {
				wantError(t, err, c.err)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if warnings := strings.Join(d.Warnings, "; "); d.In != c.in || strings.Join(d.Classes, " ") != c.classes ||
				!strings.Contains(warnings, c.warning) || c.warning == "" && warnings != "" {
				t.Errorf("%d inputs, classes %q, warnings %q", d.In, d.Classes, d.Warnings)
			}
		})
	}
	_, err := NewFiles([]string{filepath.Join(dir, "mnist-torchvision-root")}).Load(Spec{Set: "mnist", Scale: "unit"}, 0)
	wantError(t, err, filepath.Join("MNIST", "raw")+": 16 pixels and 3 classes are not MNIST's")
}
