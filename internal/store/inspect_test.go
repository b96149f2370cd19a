package store

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
)

// What is read of some cells is what is read of all, and what is wrong with these is said; so is that others are not there.
func TestInspectCells(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nightshift.db")
	db := openAt(t, path)
	var runs []Run
	var members []StudyRun
	for i := range 6 {
		r := planned(fmt.Sprint("run", i), fmt.Sprint(i/2))
		runs = append(runs, r)
		members = append(members, StudyRun{Study: "s", RunID: r.ID, CellLabel: "lr=" + r.Cell, Axes: []byte("[]")})
	}
	check(t, db.PutStudy(ctx, Study{Study: "s", At: evening}, runs, members))
	for _, r := range runs {
		check(t, db.Finish(ctx, result(r)))
	}
	all, err := db.Inspect(ctx, "s", nil)
	check(t, err)
	some, err := db.Inspect(ctx, "s", []string{"1", "2"})
	check(t, err)
	equal(t, "says", some.Says, []string(nil))
	all.Runs = slices.DeleteFunc(all.Runs, func(r Run) bool { return r.Cell == "0" })
	equal(t, "Runs", some.Runs, all.Runs)
	equal(t, "Members", some.Members, all.Members[2:])

	foreign(t, path, `UPDATE run SET valid_error = 0.5 WHERE id IN ('run0', 'run2');
		UPDATE member SET position = 77 WHERE run = (SELECT key FROM run WHERE id = 'run4');
		DELETE FROM member WHERE run = (SELECT key FROM run WHERE id = 'run1');`)
	some, err = db.Inspect(ctx, "s", []string{"1", "2"})
	check(t, err)
	equal(t, "says", some.Says, []string{
		"which runs the study has is not what was written: 1 of its members are left out",
		"members of the study are missing, or not what was written",
		"results that are not what was written are left out: 1",
	})
	if len(some.Runs) != 2 || some.Runs[0].ID != "run3" || some.Runs[1].ID != "run5" {
		t.Errorf("runs %v", some.Runs)
	}
}
