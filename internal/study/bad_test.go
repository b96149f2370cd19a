package study_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"nightshift/internal/study"
	"nightshift/internal/study/source"
)

// TestBadStudies holds every message of testdata/bad.txtar to its place. @ stands
// for the file, {keys} for all keys.
func TestBadStudies(t *testing.T) {
	text, err := os.ReadFile("testdata/bad.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range txtar.Parse(text).Files {
		t.Run(f.Name, func(t *testing.T) {
			var want, set []string
			for line := range strings.Lines(string(f.Data)) {
				line = strings.TrimSpace(line)
				if message, ok := strings.CutPrefix(line, "# want "); ok {
					want = append(want,
						strings.NewReplacer("@", f.Name, "{keys}", strings.Join(study.Keys().Below(""), ", ")).Replace(message))
				}
				if override, ok := strings.CutPrefix(line, "# set "); ok {
					set = append(set, override)
				}
			}
			_, err := study.Parse(f.Name, f.Data, set)
			var errs source.Errors
			if !errors.As(err, &errs) {
				t.Fatalf("got %v, want Errors", err)
			}
			if got := err.Error(); got != strings.Join(want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
			}
		})
	}
}
