package schema

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

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
