package store

import (
	"errors"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// recorded puts a version of study s, so many hours after the evening.
func recorded(t *testing.T, db *DB, hours int, yaml string, set ...string) {
	t.Helper()
	check(t, db.PutStudy(ctx, Study{Study: "s", YAML: yaml, Set: set, At: at(hours)}, nil, nil))
}

func at(hours int) time.Time { return evening.Add(time.Duration(hours) * time.Hour) }

func versionsOf(t *testing.T, db *DB) []StudyVersion {
	t.Helper()
	list, err := db.StudyVersions(ctx, "s")
	check(t, err)
	return list
}

func TestStudyVersions(t *testing.T) {
	db := open(t)
	if _, err := db.StudyVersions(ctx, "s"); !errors.Is(err, ErrNotFound) {
		t.Errorf("of a study that is not known: %v", err)
	}
	recorded(t, db, 0, "a")
	recorded(t, db, 1, "a") // a second night of the same
	recorded(t, db, 2, "a", "seeds=9")
	recorded(t, db, 3, "b", "seeds=9")
	recorded(t, db, 4, "b", "seeds=9")
	recorded(t, db, 5, "a") // as at first
	check(t, db.PutStudy(ctx, Study{Study: "other", YAML: "b", At: at(6)}, nil, nil))
	equal(t, "versions", versionsOf(t, db), []StudyVersion{
		{at(0), "a", nil}, {at(2), "a", []string{"seeds=9"}}, {at(3), "b", []string{"seeds=9"}}, {at(5), "a", nil},
	})
	equal(t, "rows", count(t, db, `SELECT count(*) FROM study_versions WHERE study = 's'`), 4)
}

// Databases in which a study went its own way come together to one history.
func TestVersionsMerge(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name+".db") }
	one, two := openAt(t, path("one")), openAt(t, path("two"))
	recorded(t, one, 0, "a")
	recorded(t, two, 1, "a")
	recorded(t, two, 2, "b")
	recorded(t, one, 3, "a") // no version there, but the study as it was recorded last
	want := []StudyVersion{{at(0), "a", nil}, {at(2), "b", nil}, {at(3), "a", nil}}
	for _, order := range [][]string{{"one", "two"}, {"two", "one"}, {"two", "one", "two", "one"}} {
		db := open(t)
		for _, name := range order {
			_, err := Merge(ctx, db, path(name), nil)
			check(t, err)
		}
		equal(t, "versions", versionsOf(t, db), want)
		equal(t, "rows", count(t, db, `SELECT count(*) FROM version`), 3)
		recorded(t, db, 4, "a")
		equal(t, "versions after another night", versionsOf(t, db), append(slices.Clone(want[:2]), StudyVersion{at(4), "a", nil}))
	}
}

func TestDamagedVersion(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nightshift.db")
	db := openAt(t, path)
	for i, yaml := range []string{"a", "b", "c"} {
		recorded(t, db, i, yaml)
	}
	for _, change := range []string{`yaml = 'x'`, `"set" = '["x"]'`, `at = '2026-03-01T22:30:00.124Z'`} {
		_, err := db.sql.Exec(`UPDATE version SET ` + change + ` WHERE yaml = 'b'`)
		check(t, err)
		list, err := db.StudyVersions(ctx, "s")
		if !errors.Is(err, ErrChanged) {
			t.Errorf("%s: %v", change, err)
		}
		whole := []StudyVersion{{at(0), "a", nil}, {at(2), "c", nil}}
		equal(t, "versions that are whole", list, whole)
		other := open(t)
		m, err := Merge(ctx, other, path, nil)
		check(t, err)
		equal(t, "damaged", m.Damaged, []Damaged{{Label: "study s", What: "a version that is not what was written is left out"}})
		equal(t, "versions of the other", versionsOf(t, other), whole)
		found, err := db.Check(ctx, identified)
		check(t, err)
		if len(found) != 1 || found[0].Remedy == "" {
			t.Fatalf("findings: %+v", found)
		}
		check(t, db.Repair(ctx, found))
		equal(t, "versions restored from their copies", versionsOf(t, db),
			[]StudyVersion{{at(0), "a", nil}, {at(1), "b", nil}, {at(2), "c", nil}})
		_, err = db.sql.Exec(`UPDATE version SET ` + change + ` WHERE yaml = 'b'; DELETE FROM spare`)
		check(t, err)
		found, err = db.Check(ctx, identified)
		check(t, err)
		check(t, db.Repair(ctx, found))
		equal(t, "versions without copies", versionsOf(t, db), whole)
		_, err = db.sql.Exec(`DELETE FROM version`)
		check(t, err)
		for i, yaml := range []string{"a", "b", "c"} {
			recorded(t, db, i, yaml)
		}
	}
}
