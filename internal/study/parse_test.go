package study_test

import (
	"fmt"
	"testing"

	"nightshift/experiments"
	"nightshift/internal/dataset"
	"nightshift/internal/study"
)

// same stands for a fingerprint: the spec itself.
func same(s dataset.Spec) (string, error) { return fmt.Sprint(s), nil }

func TestShippedStudies(t *testing.T) {
	entries, err := experiments.Files.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := experiments.Files.ReadFile(e.Name())
		if err != nil {
			t.Fatal(err)
		}
		s, err := study.Parse(e.Name(), text, nil)
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		runs, err := s.Runs(same)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range runs {
			if testing.Verbose() && r.Seeds.Init == 0 && r.Seeds.Data == 0 {
				t.Logf("%s %.12s %s %+v", s.Name, r.ID, r.Label, r.Config)
			}
		}
	}
}
