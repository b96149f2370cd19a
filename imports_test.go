package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows is the picture of docs/architecture.md: what each package may import of ours.
var arrows = map[string][]string{
	"nightshift": {"internal/cli"},
	"nightshift/internal/cli": {
		"experiments", "runner", "runner/slurm", "report", "report/networks", "internal/verdict", "internal/night",
		"internal/cost", "internal/study",
		"internal/study/source", "internal/study/schema", "internal/study/wandb", "internal/dataset", "internal/store",
		"internal/bench", "internal/array", "internal/file", "mlp", "internal/metric", "internal/number", "internal/download",
		"internal/export", "internal/nearest", "internal/panics", "internal/serve",
	},
	"nightshift/internal/serve": {"report", "internal/night", "internal/study", "internal/store", "internal/number",
		"internal/panics"},
	"nightshift/internal/bench": {"runner", "internal/cost", "internal/panics", "internal/study", "internal/dataset", "internal/store", "mlp",
		"internal/metric"},
	"nightshift/runner": {
		"internal/verdict", "mlp", "internal/array", "internal/night", "internal/cost", "internal/study", "internal/panics",
		"internal/dataset", "internal/store", "internal/metric",
	},
	"nightshift/runner/slurm": {"internal/file", "internal/retry"},
	"nightshift/report": {
		"internal/verdict", "internal/cost", "report/figure", "report/networks", "report/stat", "internal/number",
		"internal/study", "internal/store",
		"internal/dataset", "internal/file", "internal/panics", "mlp",
		"internal/metric", "internal/formula",
	},
	"nightshift/internal/verdict": {"internal/nearest", "internal/panics", "internal/study", "internal/store",
		"internal/dataset", "internal/metric", "internal/number", "mlp", "report/stat", "report/networks"},
	"nightshift/internal/number": {"report/stat"},
	"nightshift/internal/night": {"internal/verdict", "internal/cost", "internal/store", "internal/study",
		"internal/metric", "mlp"},
	"nightshift/internal/cost": {"internal/study", "internal/dataset", "internal/panics", "mlp"},
	"nightshift/internal/study": {"internal/nearest", "internal/study/source", "internal/study/alias", "mlp",
		"internal/dataset", "internal/stream", "internal/metric", "internal/formula", "internal/number"},
	"nightshift/internal/study/source": {},
	"nightshift/internal/study/schema": {"internal/study", "mlp"},
	"nightshift/internal/study/alias":  {},
	"nightshift/internal/study/wandb":  {"internal/study", "internal/study/source", "internal/study/alias", "mlp"},
	"nightshift/internal/dataset":      {"internal/nearest", "internal/panics", "internal/stream"},
	"nightshift/internal/nearest":      {},
	"nightshift/mlp":                   {"internal/stream", "mlp/internal/kernel", "internal/metric"},
	"nightshift/mlp/internal/kernel":   {},
	"nightshift/report/figure":         {"report/stat", "internal/number", "internal/file"},
	"nightshift/report/networks": {
		"mlp", "internal/store", "internal/dataset", "internal/study", "internal/array", "internal/file", "internal/panics",
	},
	"nightshift/report/stat":         {},
	"nightshift/internal/store":      {"internal/file", "internal/metric", "internal/store/page"},
	"nightshift/internal/store/page": {},
	"nightshift/internal/array":      {},
	"nightshift/internal/metric":     {},
	"nightshift/internal/formula":    {},
	"nightshift/internal/race":       {},
	"nightshift/internal/chromium":   {},
	"nightshift/internal/cli/faults": {},
	"nightshift/internal/export": {
		"internal/verdict", "internal/store", "internal/study", "internal/dataset", "internal/metric", "internal/number",
		"internal/file", "internal/retry", "mlp",
	},
	"nightshift/records":               {"internal/store", "internal/study", "mlp"},
	"nightshift/internal/download":     {"internal/file", "internal/retry"},
	"nightshift/internal/retry":        {},
	"nightshift/internal/panics":       {},
	"nightshift/internal/contributing": {},
	"nightshift/internal/generated":    {},
	"nightshift/internal/file":         {},
	"nightshift/internal/stream":       {},
	"nightshift/experiments":           {},
}

// doors are the packages that alone may import a library with all that it holds.
var doors = map[string]string{
	"gopkg.in/yaml.v3":                           "nightshift/internal/study/source",
	"gonum.org/v1/plot":                          "nightshift/report/figure",
	"github.com/google/jsonschema-go/jsonschema": "nightshift/internal/study/schema",
}

// mlp computes; it reads no files, no YAML and no SQL.
var forbidden = map[string][]string{
	"nightshift/mlp":                 {"os", "database/sql", "modernc.org/sqlite"},
	"nightshift/mlp/internal/kernel": {"os", "database/sql", "modernc.org/sqlite"},
}

func TestImportGraph(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := map[string]bool{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		seen[p.ImportPath] = true
		allowed, drawn := arrows[p.ImportPath]
		if !drawn {
			t.Errorf("package %s is not in the picture", p.ImportPath)
		}
		for _, imported := range p.Imports {
			if ours, ok := strings.CutPrefix(imported, "nightshift/"); ok && !slices.Contains(allowed, ours) {
				t.Errorf("%s imports %s: no such arrow in the picture", p.ImportPath, imported)
			}
			if slices.Contains(forbidden[p.ImportPath], imported) {
				t.Errorf("%s imports %s, which it must know nothing of", p.ImportPath, imported)
			}
			for library, door := range doors {
				if (imported == library || strings.HasPrefix(imported, library+"/")) && p.ImportPath != door {
					t.Errorf("%s imports %s, which only %s may", p.ImportPath, imported, door)
				}
			}
		}
	}
	for p := range arrows {
		if !seen[p] {
			t.Errorf("the picture has a package %s that does not exist", p)
		}
	}
}
