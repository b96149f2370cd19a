package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whoever has a database of an older version is told the command that brings it up to date, and it does.
func TestMigrate(t *testing.T) {
	old, err := os.ReadFile("../store/testdata/schema3.db")
	if err != nil {
		t.Fatal(err)
	}
	db := filepath.Join(t.TempDir(), "my old.db")
	if err := os.WriteFile(db, old, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		command string
		code    int
		says    string
	}{
		{"list", exitError, "nightshift migrate --db '" + db + "' brings it up to date"},
		{"serve", exitError, "nightshift migrate --db "},
		{"gc --dry-run", exitError, "nightshift migrate --db "},
		{"rm small --dry-run", exitError, "nightshift migrate --db "},
		{"migrate", exitOK, "was brought up to date"},
		{"migrate", exitOK, "is up to date"},
		{"list", exitOK, "question"},
		{"gc --dry-run", exitOK, "would delete"},
	} {
		var out strings.Builder
		if code := Main(append(strings.Fields(step.command), "--db", db), strings.NewReader(""), &out, &out); code != step.code ||
			!strings.Contains(out.String(), step.says) {
			t.Errorf("%s: exit code %d, %s", step.command, code, &out)
		}
	}
}
