package study

import (
	"errors"
	"os"
	"testing"

	"golang.org/x/tools/txtar"

	"nightshift/experiments"
	"nightshift/internal/study/source"
)

// FuzzParse: whatever the file and the override say, there is a study with
// cells or there are Errors with places, and never a panic. What is printed of a
// study is the same study.
func FuzzParse(f *testing.F) {
	entries, err := experiments.Files.ReadDir(".")
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		text, err := experiments.Files.ReadFile(e.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, "base.epochs=2")
	}
	bad, err := os.ReadFile("testdata/bad.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range txtar.Parse(bad).Files {
		f.Add(file.Data, "grid.lr=[0.1, 1]")
	}
	f.Fuzz(func(t *testing.T, text []byte, set string) {
		s, err := Parse("s.yaml", text, []string{set})
		var errs source.Errors
		switch {
		case errors.As(err, &errs):
			for _, e := range errs {
				if e.Message == "" || e.File == "s.yaml" && (e.Line < 1 || e.Column < 1) {
					t.Errorf("an error without place or message: %#v", e)
				}
			}
		case err != nil:
			t.Errorf("%T instead of Errors: %v", err, err)
		case len(s.Cells) == 0 || s.Name == "":
			t.Errorf("an empty study: %+v", s)
		default:
			checkPrinted(t, text, set)
		}
	})
}
