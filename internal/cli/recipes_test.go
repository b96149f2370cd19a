package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// sqlBlock is a statement of docs/store.md.
var sqlBlock = regexp.MustCompile("(?s)```sql\n(.*?)```")

// TestRecipes runs the statements of docs/store.md on the study that they are about, which leaves rows for each.
func TestRecipes(t *testing.T) {
	text, err := os.ReadFile("../../docs/store.md")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	db := filepath.Join(dir, "nightshift.db")
	var out strings.Builder
	run := []string{"run", "quickstart", "--no-report", "--out", dir}
	for _, set := range []string{"base.epochs=1", "base.log={layers: true}", "seeds=2", "expect=null", "report=null", "also=null",
		"data.train=100", "data.valid=50", "data.test=50"} {
		run = append(run, "--set", set)
	}
	if code := Main(run, nil, &out, &out); code != exitOK {
		t.Fatalf("exit code %d\n%s", code, &out)
	}
	recipes := sqlBlock.FindAllStringSubmatch(string(text), -1)
	if len(recipes) < 10 {
		t.Errorf("there are %d recipes", len(recipes))
	}
	for _, recipe := range recipes {
		out.Reset()
		if code := Main([]string{"query", recipe[1], "--db", db, "--format", "csv"}, nil, &out, &out); code != exitOK {
			t.Errorf("%s\nexit code %d: %s", recipe[1], code, &out)
		} else if rows := strings.Count(out.String(), "\n"); rows < 2 {
			t.Errorf("%s\ngives no row: %s", recipe[1], &out)
		}
	}
}
