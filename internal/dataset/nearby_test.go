package dataset

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Data that were brought have the examples, fingerprint and record that they have where they are, and are read nowhere else.
func TestBring(t *testing.T) {
	far, near := t.TempDir(), t.TempDir()
	table := "x,y,label\n"
	for i := range 30 {
		table += string(rune('0'+i%10)) + "," + string(rune('0'+i/10)) + "," + string(rune('a'+i%2)) + "\n"
	}
	for name, text := range map[string]string{"data.csv": table, "test.csv": table} {
		if err := os.WriteFile(filepath.Join(far, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	spec := Spec{Set: "csv", Path: "data.csv", Train: 20, Valid: 5, Test: 5, Scale: "none"}
	spec.TestPath = "test.csv"
	there, here := NewFiles([]string{far}), NewFiles([]string{far})
	var brought []string
	here.Bring(func(files []string) (string, error) {
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				return "", err
			}
			if err := os.WriteFile(filepath.Join(near, filepath.Base(path)), text, 0o644); err != nil {
				return "", err
			}
			brought = append(brought, filepath.Base(path))
		}
		return near, nil
	})
	want, err := there.Describe(spec)
	if err != nil {
		t.Fatal(err)
	}
	got, err := here.Describe(spec)
	if err != nil || got.Fingerprint != want.Fingerprint {
		t.Errorf("brought: %+v, %v, want %+v", got, err, want)
	}
	if !slices.Equal(brought, []string{"data.csv", "test.csv"}) {
		t.Errorf("brought are %v", brought)
	}
	a, errA := there.Record(spec)
	b, errB := here.Record(spec)
	if errA != nil || errB != nil || string(a) != string(b) {
		t.Errorf("the record is %s, want %s (%v, %v)", b, a, errB, errA)
	}
}
