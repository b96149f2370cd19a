package study

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"nightshift/internal/dataset"
)

func TestSeeds(t *testing.T) {
	d := func(data, init, order uint64) Seeds { return Seeds{Data: data, Init: init, Order: order} }
	for text, want := range map[string][]Seeds{
		"2":                                 {d(0, 0, 0), d(0, 1, 1)},
		"[3, 1]":                            {d(0, 3, 3), d(0, 1, 1)},
		"{data: 2, init: [5, 7]}":           {d(0, 5, 0), d(0, 7, 0), d(1, 5, 0), d(1, 7, 0)},
		"{data: 2, init: 2, nested: true}":  {d(0, 0, 0), d(0, 1, 0), d(1, 2, 0), d(1, 3, 0)},
		"{data: [4, 2], nested: True}":      {d(4, 4, 0), d(2, 2, 0)},
		"{data: 2, init: 2, nested: false}": {d(0, 0, 0), d(0, 1, 0), d(1, 0, 0), d(1, 1, 0)},
		"{min: 3, max: 4, until: decided}":  {d(0, 0, 0), d(0, 1, 1), d(0, 2, 2), d(0, 3, 3)},
		"{init: {min: 3, max: 4}, data: 2, until: decided}": {d(0, 0, 0), d(1, 0, 0), d(0, 1, 0), d(1, 1, 0), d(0, 2, 0),
			d(1, 2, 0), d(0, 3, 0), d(1, 3, 0)},
		"{data: {min: 3, max: 4}, init: 2, nested: true, until: decided}": {d(0, 0, 0), d(0, 1, 0), d(1, 2, 0), d(1, 3, 0),
			d(2, 4, 0), d(2, 5, 0), d(3, 6, 0), d(3, 7, 0)},
	} {
		s, err := Parse("s.yaml", []byte("study: s\ndata: {set: blobs}\nexpect: [test_error < 0.5]\nseeds: "+text+"\n"), nil)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if diff := cmp.Diff(want, s.Cells[0].Seeds); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

// TestUntil: a round is one unit of every cell, and runs come round by round.
func TestUntil(t *testing.T) {
	s, err := Parse("s.yaml", []byte("study: s\ndata: {set: blobs}\ngrid: {lr: [0.1, 1]}\nexpect: [test_error(lr=1) < 0.5]\n"+
		"seeds: {data: {min: 3, max: 5}, init: 2, nested: true, until: decided}\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(&Until{Min: 3, Max: 5, Runs: 2}, s.Until); diff != "" {
		t.Error(diff)
	}
	runs, err := s.Runs(func(dataset.Spec) (string, error) { return "", nil })
	if err != nil || len(runs) != 20 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	for i, r := range runs {
		if want := i / 4; r.Round != want || r.Seeds.Data != uint64(want) {
			t.Errorf("run %d has data seed %d of round %d, want %d", i, r.Seeds.Data, r.Round, want)
		}
	}
}
