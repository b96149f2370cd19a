package store

import (
	"errors"
	"testing"
)

// What is being trained by a process that is alive is not taken out; what one that is gone held is.
func TestRemoveHeld(t *testing.T) {
	db := open(t)
	a := planned("a", "0.1")
	check(t, db.PutStudy(t.Context(), Study{Study: "s"}, []Run{a}, []StudyRun{{Study: "s", RunID: a.ID}}))
	now := evening
	check(t, db.Register(t.Context(), Owner{ID: "owner", Host: "here", Seen: now}))
	if held, err := db.Hold(t.Context(), "owner", now, a.ID); err != nil || len(held) != 1 {
		t.Fatal(held, err)
	}
	if _, err := db.Remove(t.Context(), "s", nil, []string{"owner"}, false); !errors.Is(err, ErrTraining) {
		t.Errorf("taken out of the hands of a process: %v", err)
	}
	done, err := db.Remove(t.Context(), "s", nil, nil, false)
	if err != nil || done != (Removal{Runs: 1, Deleted: 1, Study: true}) {
		t.Errorf("%+v, %v", done, err)
	}
	if runs, err := db.Runs(t.Context(), ""); err != nil || len(runs) != 0 {
		t.Errorf("left: %v, %v", runs, err)
	}
}
