package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/jsonschema-go/jsonschema"
	"golang.org/x/tools/txtar"
	"gopkg.in/yaml.v3"

	"nightshift/experiments"
	"nightshift/internal/study"
	"nightshift/internal/study/wandb"
)

var update = flag.Bool("update", false, "write the schema of study files")

// TestSchemaFile holds the schema that the studies name to the tables. After a
// change: go generate ./...
func TestSchemaFile(t *testing.T) {
	const file = "../../../experiments/study.schema.json"
	want, err := Generate()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(file, want, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not up to date; run go generate ./...", file)
	}
}

// TestSchemaAcceptsStudies: those that ship, which name the schema, and those
// that together have every key.
func TestSchemaAcceptsStudies(t *testing.T) {
	s := compileSchema(t)
	names, err := fs.Glob(experiments.Files, "*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d studies, %v", len(names), err)
	}
	for _, name := range names {
		text, err := experiments.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if first, _, _ := strings.Cut(string(text), "\n"); first != "# yaml-language-server: $schema=study.schema.json" {
			t.Errorf("%s does not name the schema in its first line", name)
		}
		if err := s.check(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	others, err := filepath.Glob("../testdata/*.yaml")
	if err != nil || len(others) == 0 {
		t.Fatalf("%d studies, %v", len(others), err)
	}
	for _, name := range others {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.check(text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestSchemaAgreesOnBadStudies: what the parser refuses in the corpus the schema
// refuses, too, but for the files of beyond.
func TestSchemaAgreesOnBadStudies(t *testing.T) {
	s := compileSchema(t)
	text, err := os.ReadFile("../testdata/bad.txtar")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, f := range txtar.Parse(text).Files {
		if bytes.Contains(f.Data, []byte("\n# set ")) {
			continue // the file itself is right
		}
		seen[f.Name] = true
		err := s.check(f.Data)
		reason, listed := beyond[f.Name]
		switch {
		case err == nil && !listed:
			t.Errorf("%s: the schema accepts it; say why in beyond, or extend the schema:\n%s", f.Name, f.Data)
		case err != nil && listed:
			t.Errorf("%s: the schema does refuse it, though beyond says %q: %v", f.Name, reason, err)
		}
	}
	for name := range beyond {
		if !seen[name] {
			t.Errorf("beyond lists %s, which the corpus does not have", name)
		}
	}
}

// TestSchemaAcceptsImports: the studies that are made of sweeps.
func TestSchemaAcceptsImports(t *testing.T) {
	s := compileSchema(t)
	sweeps, err := filepath.Glob("../wandb/testdata/*.yaml")
	if err != nil || len(sweeps) == 0 {
		t.Fatalf("%d sweeps, %v", len(sweeps), err)
	}
	for _, name := range sweeps {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		imported, err := wandb.Import(name, text)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.check(imported.Text); err != nil {
			t.Errorf("%s: %v in\n%s", name, err, imported.Text)
		}
	}
}

// TestSchemaOfStudiesOverOthers: what changes another study may be less than a
// study, and null removes; a slip is one all the same.
func TestSchemaOfStudiesOverOthers(t *testing.T) {
	s := compileSchema(t)
	const other = "study: other\nquestion: Why?\ndata: {set: blobs, train: 40}\n" +
		"base: {optimizer: {name: adam, beta2: 0.99}, early_stop: {patience: 3}, log: {every: 2}}\n" +
		"grid: {init: {a: {init: zeros}, b: {}}, lr: [1, 2], l2: {uniform: [0, 1]}}\nsample: {n: 3, seed: 1}\nseeds: 3\n" +
		"budget: {max_runs: 99, wall: 1h}\nkeep: {weights: final}\nselect: valid_loss\n"
	read := func(string) ([]byte, error) { return []byte(other), nil }
	for over, good := range map[string]bool{
		"": true, "question: null": true, "seeds: null": true, "select: null": true, "keep: {weights: null}": true,
		"budget: {wall: null, max_runs: 50}": true,
		"base: {early_stop: null}":           true, "base: {early_stop: {patience: null}}": true,
		"base: {log: {every: null}, optimizer: {beta2: 0.9}}": true,
		"data: {train: null, test: 30}":                       true, "grid: {lr: null}": true,
		"grid: {init: null, batch: [5, 10]}": true, "exclude: [{init: b}]": true,
		"sample: {seed: null}": true, "sample: {method: lhs}": true, "sample: {method: lsh}": false,
		"grid: {l2: {log_uniform: [1, 2]}}": true,
		"grid: {l2: {log_uniform: [0, 2]}}": false, "grid: {l2: {unifrom: [0, 2]}}": false,
		"base: {early_stop: {patient: null}}": false, "base: {lr: x}": false, "budget: {wall: 3}": false, "seed: null": false,
		"keep: {weights: all}":                          false,
		"rules: [{when: {lr: 1}, set: {epochs: null}}]": false, "data: {train: -1}": false, "from: [a]": false,
		"from: '/a.toml'": false,
	} {
		text := []byte("study: s\nfrom: other.yaml\n" + over + "\n")
		if strings.HasPrefix(over, "from:") {
			text = []byte("study: s\n" + over + "\n")
		}
		if _, err := study.Load("s.yaml", text, nil, read); (err == nil) != good {
			t.Errorf("%s: %v", over, err)
		}
		if err := s.check(text); (err == nil) != good {
			t.Errorf("%s: the schema says: %v", over, err)
		}
	}
}

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
