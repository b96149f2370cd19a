package store

import (
	"errors"
	"path/filepath"
	"testing"
	"time"
)

// TestRemarks: what is said of a study and of its runs is kept once, goes with a merge, is checked, and goes with what it is
// about.
func TestRemarks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	empty(t, path)
	db, other := openAt(t, path), open(t)
	a := planned("a", "0.1")
	for _, d := range []*DB{db, other} {
		check(t, d.PutStudy(ctx, Study{Study: "s", At: evening}, []Run{a}, []StudyRun{{Study: "s", RunID: a.ID, Axes: []byte("[]")}}))
	}
	all := []Remark{
		{Study: "s", Kind: Note, Text: "first", At: evening},
		{Run: a.ID, Kind: Tag, Text: "odd", At: evening.Add(time.Second)},
		{Run: a.ID, Kind: Note, Text: "it jumps", At: evening.Add(2 * time.Second)},
	}
	check(t, db.PutRemarks(ctx, all...))
	again := all[0]
	again.At = evening.Add(time.Hour)
	check(t, db.PutRemarks(ctx, again))
	if err := db.PutRemarks(ctx, Remark{Run: "none", Kind: Tag, Text: "x"}); !errors.Is(err, ErrNotFound) {
		t.Errorf("a tag of a run that is not there: %v", err)
	}
	have, err := db.Remarks(ctx, "s")
	check(t, err)
	equal(t, "Remarks", have, all)
	have, err = db.RunRemarks(ctx, a.ID)
	check(t, err)
	equal(t, "RunRemarks", have, all[1:])

	check(t, other.PutRemarks(ctx, Remark{Study: "s", Kind: Tag, Text: "mine", At: evening}))
	for range 2 {
		_, err = Merge(ctx, other, path, nil)
		check(t, err)
	}
	equal(t, "remarks after merging", column(t, other, `SELECT text FROM remark ORDER BY text`),
		[]string{"first", "it jumps", "mine", "odd"})

	n, err := db.RemoveRemarks(ctx, all[1], Remark{Study: "s", Kind: Tag, Text: "odd"})
	check(t, err)
	equal(t, "removed", n, 1)
	_, err = db.sql.Exec(`UPDATE remark SET text = 'it jumped' WHERE text = 'it jumps'`)
	check(t, err)
	found, err := db.Check(ctx, func(r Run) (string, error) { return r.ID, nil })
	check(t, err)
	if len(found) != 1 || found[0].about.table != "remark" {
		t.Errorf("a changed note is %v", found)
	}
	m, err := Merge(ctx, other, path, nil)
	check(t, err)
	equal(t, "left out", len(m.Damaged), 1)
	_, err = db.Remove(ctx, "s", nil, nil, false)
	check(t, err)
	equal(t, "remarks of what is deleted", column(t, db, `SELECT text FROM remark`), []string(nil))
}
