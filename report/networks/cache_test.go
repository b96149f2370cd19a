package networks

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestCached: what was computed of the same inputs by the same program is not computed again, and nothing else is taken.
func TestCached(t *testing.T) {
	dir := t.TempDir()
	computed := 0
	ask := func(c Cache, inputs ...any) int {
		v, err := Cached(c, func() (int, error) { computed++; return 7, nil }, inputs...)
		if err != nil || v != 7 {
			t.Errorf("%d, %v", v, err)
		}
		return computed
	}
	program := func(code string) func() (string, error) { return func() (string, error) { return code, nil } }
	c := Cache{dir, program("a")}
	for i, step := range []struct {
		c      Cache
		inputs []any
		want   int
	}{
		{c, []any{"x", 1}, 1}, {c, []any{"x", 1}, 1}, {c, []any{"x", 2}, 2}, {c, []any{"x1"}, 3}, {c, []any{"x", "1"}, 4},
		{Cache{dir, program("b")}, []any{"x", 1}, 5}, {Cache{}, []any{"x", 1}, 6}, {c, []any{"x", 1}, 6},
	} {
		if got := ask(step.c, step.inputs...); got != step.want {
			t.Errorf("step %d: computed %d times, want %d", i, got, step.want)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(files) != 5 {
		t.Fatalf("files %v, %v", files, err)
	}
	for _, f := range files { // as a disk may leave them
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		text[len(text)-1] ^= 1
		if err := os.WriteFile(f, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got := ask(c, "x", 1); got != 7 {
		t.Errorf("computed %d times: a damaged file was taken", got)
	}
	failed := errors.New("no")
	for range 2 {
		if _, err := Cached(c, func() (int, error) { return 0, failed }, "fails"); !errors.Is(err, failed) {
			t.Errorf("%v", err)
		}
	}
	if v, err := Cached(c, func() ([]float64, error) { return []float64{1}, nil }, "x", 1); err != nil || len(v) != 1 {
		t.Errorf("another type: %v, %v", v, err)
	}
}

func TestProgramIsKnown(t *testing.T) {
	code, err := NewCache(t.TempDir()).Code()
	if err != nil || len(code) != 64 {
		t.Errorf("%q, %v", code, err)
	}
}
