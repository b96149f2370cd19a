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

// FuzzClaim: what a claim is read as is printed as a claim that is read as the
// same.
func FuzzClaim(f *testing.F) {
	for _, text := range []string{
		`test_error(lr=1, width=8, pair="a, b") - 0.5 * best test_error(pair="it's") < 1-2e-3`,
		`everywhere share(test_error(pair="a, b") < 0.1) > .9`,
		"sd(sd(layer=1,lr=1,width=8,pair=it's)) > 0.1", "best sd(layer=2) = 1 within 0.5 because 'so'",
		"-trend(test_error(lr=1, pair=it's, epoch=3), width) < 0", "best bias2() - best variance < - best variance_init + 0.1",
		"best test_error reproduces 0.0233", "best diverged = 0 within .1",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := readClaim(text)
		if err != nil || len(s.Expect) != 1 {
			return
		}
		checkClaim(t, s)
	})
}
