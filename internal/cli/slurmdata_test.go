package cli

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"nightshift/internal/file"
)

// Files and folders are brought once, and again where they have changed or the copy has lost something.
func TestNearby(t *testing.T) {
	far, near := t.TempDir(), filepath.Join(t.TempDir(), "data")
	for name, text := range map[string]string{"pictures/a/1.png": "one", "pictures/b/2.png": "two", "labels.csv": "file,label"} {
		if err := file.Replace(filepath.Join(far, name), []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	paths := []string{filepath.Join(far, "pictures"), filepath.Join(far, "labels.csv")}
	bring := func() string {
		t.Helper()
		folder, err := nearbyIn(t.Context(), near)(paths)
		if err != nil {
			t.Fatal(err)
		}
		return folder
	}
	holds := func(folder, name, want string) {
		t.Helper()
		if text, err := os.ReadFile(filepath.Join(folder, name)); string(text) != want {
			t.Errorf("%s holds %q (%v), want %q", name, text, err, want)
		}
	}
	first := bring()
	holds(first, "pictures/a/1.png", "one")
	holds(first, "pictures/b/2.png", "two")
	holds(first, "labels.csv", "file,label")

	mark := filepath.Join(first, "mark")
	if err := os.WriteFile(mark, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if again := bring(); again != first || !exists(mark) {
		t.Errorf("brought again to %s, first to %s", again, first)
	}
	if err := os.Truncate(filepath.Join(first, "pictures/a/1.png"), 1); err != nil {
		t.Fatal(err)
	}
	if again := bring(); again != first || exists(mark) {
		t.Errorf("what was cut short is not brought again")
	}
	holds(first, "pictures/a/1.png", "one")
	changed := filepath.Join(far, "pictures/b/2.png")
	if err := os.WriteFile(changed, []byte("new"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(changed, time.Time{}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	second := bring()
	holds(second, "pictures/b/2.png", "new")

	paths = []string{filepath.Join(far, "nothing")}
	if folder, err := nearbyIn(t.Context(), near)(paths); err == nil {
		t.Errorf("what is not there is in %s", folder)
	}
	if left, _ := filepath.Glob(filepath.Join(near, "*.part")); len(left) > 0 {
		t.Errorf("left are %v", left)
	}
}
