package cli

import (
	"slices"
	"strings"
	"testing"
)

// TestLecture: the lecture is all of its studies that have their data here, of which those without are named.
func TestLecture(t *testing.T) {
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("NIGHTSHIFT_DATA", "")
	var said strings.Builder
	a := &app{dataDir: "nowhere", err: &said}
	plan, _, err := a.expand(a.reader(false), []string{lecture}, nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range plan {
		names = append(names, s.Name)
	}
	for name, want := range map[string]bool{"xor": true, "bias-variance": true, "quickstart": false, "lecture-mnist": false} {
		if slices.Contains(names, name) != want {
			t.Errorf("%s among %q is %v", name, names, !want)
		}
	}
	if want := "lecture-mnist is left out of the lecture: "; !strings.Contains(said.String(), want) ||
		!strings.Contains(said.String(), "mnist not found") {
		t.Errorf("said %q, want %q", &said, want)
	}
}
