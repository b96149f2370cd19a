package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"testing"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"gopkg.in/yaml.v3"
)

// schemaChecker validates studies.
type schemaChecker struct{ *jsonschema.Resolved }

func compileSchema(t *testing.T) schemaChecker {
	t.Helper()
	text, err := Generate()
	if err != nil {
		t.Fatal(err)
	}
	var s jsonschema.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatal(err)
	}
	resolved, err := s.Resolve(&jsonschema.ResolveOptions{ValidateDefaults: true})
	if err != nil {
		t.Fatal(err)
	}
	return schemaChecker{resolved}
}

// check is nil for a file that is one YAML document, can be written as JSON, and
// follows the schema. The YAML reader is the general one, not that of the parser.
func (s schemaChecker) check(text []byte) error {
	d := yaml.NewDecoder(bytes.NewReader(text))
	var doc, second any
	if err := d.Decode(&doc); err != nil {
		return fmt.Errorf("no YAML: %w", err)
	}
	if err := d.Decode(&second); !errors.Is(err, io.EOF) {
		return errors.New("a second document")
	}
	doc, err := plainJSON(doc)
	if err != nil {
		return err
	}
	b, err := json.Marshal(doc)
	if err != nil {
		return fmt.Errorf("no JSON: %w", err)
	}
	var value any
	if err := json.Unmarshal(b, &value); err != nil {
		return err
	}
	return s.Validate(value)
}

// plainJSON makes of a YAML value what JSON can have: keys and times are text.
func plainJSON(v any) (any, error) {
	switch v := v.(type) {
	case time.Time:
		return v.Format(time.RFC3339), nil
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return nil, fmt.Errorf("%v is no number of JSON", v)
		}
	case []any:
		for i := range v {
			item, err := plainJSON(v[i])
			if err != nil {
				return nil, err
			}
			v[i] = item
		}
	case map[string]any:
		for k := range v {
			item, err := plainJSON(v[k])
			if err != nil {
				return nil, err
			}
			v[k] = item
		}
	case map[any]any:
		all := map[string]any{}
		for k, item := range v {
			all[fmt.Sprint(k)] = item
		}
		return plainJSON(all)
	}
	return v, nil
}

// beyond are the files of the corpus that no schema can refuse, and why.
var beyond = map[string]string{
	"duplicate-by-path.yaml":             "one key by two paths",
	"fractions-of-what.yaml":             "whether a set is read from files",
	"fractions-range.yaml":               "two numbers together",
	"range-step.yaml":                    "division of three numbers",
	"range-whole-twice.yaml":             "rounding of a range",
	"distribution-without-sample.yaml":   "two parts of the study together",
	"sample-without-distribution.yaml":   "two parts of the study together",
	"too-many-cells-in-all.yaml":         "needs the cells",
	"too-many-seeds-in-all.yaml":         "a sum over blocks",
	"exclude-nothing.yaml":               "needs the cells",
	"exclude-everything.yaml":            "needs the cells",
	"rule-nothing.yaml":                  "needs the cells",
	"rule-overrides-axis.yaml":           "needs the cells",
	"axis-overrides-axis.yaml":           "needs the cells",
	"parameter-lost.yaml":                "needs the cells",
	"impossible-pair.yaml":               "keys of base and an axis together",
	"impossible-pair-of-axes.yaml":       "keys of two axes together",
	"parameter-of-another.yaml":          "keys of base and an axis together",
	"regression-with-ce.yaml":            "keys of data and base together",
	"early-stop-without-validation.yaml": "keys of data and base together",
	"depth-without-width.yaml":           "keys of base and an axis together",
	"max-runs.yaml":                      "a product over the file",
	"too-many-cells.yaml":                "a product over the file",
	"too-many-runs.yaml":                 "a product over the file",
	"rows-alike.yaml":                    "needs the cells",
	"value-without-effect.yaml":          "needs the cells",
	"value-always-overridden.yaml":       "needs the cells",
	"hidden-over-width-and-depth.yaml":   "needs the cells",
	"unknown-condition.yaml":             "names of axes",
	"claim-cells.yaml":                   "needs the cells",
	"claim-of-few-runs.yaml":             "needs the cells",
	"claim-trends.yaml":                  "needs the cells",
	"claim-pairs-unkept.yaml":            "keys of keep and expect together",
	"claim-pairs-of-few-units.yaml":      "needs the cells",
	"claim-barrier-in-the-night.yaml":    "keys of seeds and expect together",
	"claim-everywhere-nowhere.yaml":      "needs the cells",
	"seeds-until-bounds.yaml":            "a comparison of two numbers",
	"seeds-until-without-claims.yaml":    "two parts of the study together",
	"seeds-until-and-prune.yaml":         "two parts of the study together",
	"seeds-until-and-a-block.yaml":       "seeds of a block and of the study together",
	"order-of-the-full-batch.yaml":       "keys of seeds and of a cell together",
	"claim-blocks.yaml":                  "needs the cells",
	"claim-meaning.yaml":                 "needs the cells",
	"claim-of-a-regression.yaml":         "what a data set is, and keys of expect",
	"prune-one-cell.yaml":                "needs the cells",
	"prune-late.yaml":                    "keys of base and prune together",
	"prune-other-losses.yaml":            "needs the cells",
	"prune-without-validation.yaml":      "keys of data and prune together",
	"prune-early-stop.yaml":              "keys of the grid and prune together",
	"keep-best-of-nothing.yaml":          "keys of data and keep together",
	"keep-best-of-a-regression.yaml":     "what a data set is, and keys of select and keep",
}
