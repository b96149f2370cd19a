package dataset

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRepeatedExamples: of 30 test examples those are counted whose rows the training file has, too, whatever their label.
func TestRepeatedExamples(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, from, to int) {
		text := "a,b,label\n"
		for i := from; i < to; i++ {
			text += fmt.Sprintf("%d.5,%d,%s\n", i%17, i, []string{"x", "y", "z"}[(i+from)%3])
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for shared, says := range map[int]string{0: "", 1: "1 of 30 test examples (3.33 %) stands",
		7: "7 of 30 test examples (23.3 %) stand "} {
		write("train.csv", 0, 60)
		write("test.csv", 60-shared, 90-shared)
		s, _ := Default("csv")
		s.Path, s.TestPath, s.Dir, s.Valid = "train.csv", "test.csv", dir, 0
		about, err := NewFiles(nil).Describe(s)
		if err != nil {
			t.Fatal(err)
		}
		all := strings.Join(about.Warnings, "\n")
		if !strings.Contains(all, says) || says == "" && strings.Contains(all, "among the training examples") {
			t.Errorf("%d shared: %q, want %q", shared, all, says)
		}
	}
}

// TestRepeatedResampled: where each data seed draws a split of its own, the count is said to be that of the first.
func TestRepeatedResampled(t *testing.T) {
	dir := t.TempDir()
	text := "a,b,label\n"
	for i := range 60 {
		text += fmt.Sprintf("%d.5,%d,%s\n", i%20, i%20, []string{"x", "y"}[i%2])
	}
	if err := os.WriteFile(filepath.Join(dir, "t.csv"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	s, _ := Default("csv")
	s.Path, s.Dir, s.Valid, s.Test, s.Resample = "t.csv", dir, 0, 0.5, "holdout"
	about, err := NewFiles(nil).Describe(s)
	if err != nil {
		t.Fatal(err)
	}
	all := strings.Join(about.Warnings, "\n")
	if !strings.Contains(all, "in the first split ") || strings.Contains(all, "with group") {
		t.Errorf("said: %q", all)
	}
}

// TestRepeatedPixels: the count is the same whether bytes are kept whole, without zeros, or as numbers.
func TestRepeatedPixels(t *testing.T) {
	rows := [][]byte{{0, 0, 7, 0}, {1, 2, 3, 4}, {0, 7, 0, 0}, {0, 0, 0, 0}, {1, 2, 3, 4}, {0, 0, 7, 0}, {9, 0, 0, 9}}
	sparse, dense := newPixels(4, len(rows)), newPixels(4, len(rows))
	for _, row := range rows {
		sparse.add(row)
		dense.add(row)
	}
	if sparse.start == nil {
		t.Fatal("zeros are not left out")
	}
	dense.fill()
	for name, p := range map[string]parts{
		"without zeros": {train: part{sparse.examples(), []int32{0, 1, 2}}, test: part{sparse.examples(), []int32{3, 4, 5, 6}}},
		"whole":         {train: part{dense.examples(), []int32{0, 1, 2}}, test: part{dense.examples(), []int32{3, 4, 5, 6}}},
		"mixed":         {train: part{sparse.examples(), []int32{0, 1, 2}}, test: part{dense.examples(), []int32{3, 4, 5, 6}}},
	} {
		if n := p.shared(); n != 2 {
			t.Errorf("%s: %d of 4, want 2", name, n)
		}
	}
}
