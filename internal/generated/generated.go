// Package generated holds pages of the documentation to the tables that they describe: tests use it.
package generated

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// Parts holds a page to its parts, by their names: each stands between <!-- generated: NAME --> and <!-- end -->, one a line.
// With update they are written, else one that differs is an error of the test. It gives the page as it is then.
func Parts(t *testing.T, path string, parts map[string]string, update bool) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	page := string(text)
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		begin := "<!-- generated: " + name + " -->\n"
		before, rest, found := strings.Cut(page, begin)
		old, after, closed := strings.Cut(rest, "<!-- end -->")
		if !found || !closed {
			t.Fatalf("%s has no part %q", path, name)
		}
		if old != parts[name] && !update {
			t.Errorf("%s: the part %q is not up to date; run go generate ./...", path, name)
		}
		page = before + begin + parts[name] + "<!-- end -->" + after
	}
	if update {
		if err := os.WriteFile(path, []byte(page), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return page
}
