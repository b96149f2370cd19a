package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// byStatements opens a database for merging without reading its pages.
func byStatements(t *testing.T, path string) *other {
	t.Helper()
	o := &other{path: path}
	var err error
	o.DB, err = OpenReadOnly(path)
	check(t, err)
	check(t, o.begin(ctx))
	return o
}

// manyTables makes a database with rows in all tables that are read by pages alone.
func manyTables(t *testing.T, path string) *DB {
	t.Helper()
	var list []Result
	var members []StudyRun
	for i := range 12 {
		r := result(planned(fmt.Sprintf("r%02d", i), fmt.Sprint(i%3)))
		r.Run.Data, r.Weights = fmt.Sprint("data", i%4), nil
		if i%2 == 0 {
			r.Run.Repository = Repository{"example.org/r", "abc", true}
		}
		if i%5 == 0 {
			r.Outputs, r.Layers = nil, nil
		}
		r.Epochs[1].LR = float64(i % 2) // which SQLite stores as an integer
		list = append(list, r)
		members = append(members, StudyRun{Study: "s", RunID: r.Run.ID, CellLabel: fmt.Sprint("label", i%5), Axes: []byte("[]")})
	}
	holding(t, path, list)
	db := openAt(t, path)
	for i, name := range []string{"s", "s", "z", "a"} {
		check(t, db.PutStudy(ctx, Study{Study: name, YAML: fmt.Sprint(name, i), Set: []string{"a=1"},
			At: evening.Add(time.Duration(i/2) * time.Hour)}, nil, members[i:6+i]))
		check(t, db.PutNight(ctx, Night{Study: name, Started: evening.Add(time.Duration(9-i) * time.Minute), Forecast: 1, Low: 0.5,
			Workers: i}))
	}
	for i, d := range []Dataset{
		{Spec: []byte(`{}`), In: 2, Out: 3, Classes: []string{"a", "b"}, TestLabels: []int32{1, 2}},
		{Spec: []byte(`{"set":1}`), Regression: true, In: 2, Out: 1, NoiseVariance: 0.25, TestTargets: []float32{7},
			TestTruth: []float32{3}, Warnings: []string{"w"}},
		{Spec: []byte(`{}`)},
	} {
		d.ID = fmt.Sprint("data", i)
		check(t, db.PutDataset(ctx, d))
	}
	return db
}

// changedFile changes a database by a statement, and gives the bytes of its file.
func changedFile(t *testing.T, db *DB, path, change string) []byte {
	t.Helper()
	_, err := db.sql.Exec(change + `; PRAGMA wal_checkpoint(TRUNCATE)`)
	check(t, err)
	file, err := os.ReadFile(path)
	check(t, err)
	return file
}

// What is read by pages alone is what statements read, also where it is not what was written.
func TestReadAlone(t *testing.T) {
	inside := cmp.Exporter(func(reflect.Type) bool { return true })
	path := filepath.Join(t.TempDir(), "from.db")
	db := manyTables(t, path)
	for i, change := range []string{
		``, `UPDATE cell SET label = 'other' WHERE key = 1`, `UPDATE study SET question = 'other' WHERE study = 'z'`,
		`UPDATE member SET position = 7 WHERE position = 2`, `UPDATE dataset SET inputs = 7 WHERE id = 'data2'`,
		`UPDATE epoch SET train_loss = 9 WHERE run = 3`, `UPDATE run SET seconds = 9 WHERE key = 4`,
		`DELETE FROM study WHERE study = 's'`, `UPDATE study SET at = NULL WHERE study = 'z'`, `DELETE FROM run`,
	} {
		copied := filepath.Join(filepath.Dir(path), fmt.Sprint(i, ".db"))
		check(t, os.WriteFile(copied, changedFile(t, db, path, change), 0o666))
		got, want := &other{path: copied}, byStatements(t, copied)
		if err := got.beginAlone(ctx); err != nil {
			t.Fatalf("%s: %v", change, err)
		}
		for _, all := range []map[string][]candidate{got.first, want.first} {
			for _, list := range all {
				list[0].db = nil
			}
		}
		for _, d := range []string{
			cmp.Diff(want.first, got.first, inside, cmpopts.EquateNaNs()), cmp.Diff(want.sets, got.sets, inside),
			cmp.Diff(want.badCells, got.badCells), cmp.Diff(want.studies, got.studies, inside), cmp.Diff(want.found, got.found),
		} {
			if d != "" {
				t.Errorf("%s (-by statements +by pages):\n%s", change, d)
			}
		}
		for i := range 4 {
			id := fmt.Sprint("data", i)
			d, err := got.dataset(ctx, id)
			d2, err2 := want.dataset(ctx, id)
			equal(t, change+": data set", d, d2)
			if errors.Is(err, ErrChanged) != errors.Is(err2, ErrChanged) || errors.Is(err, ErrNotFound) != errors.Is(err2, ErrNotFound) {
				t.Errorf("%s: data set: %v, by statements %v", change, err, err2)
			}
		}
		check(t, closeAll([]*other{got, want}))
	}
}

// A database is read by pages alone only where SQLite would find nothing else in it.
func TestReadAloneRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "from.db")
	db := manyTables(t, path)
	file := changedFile(t, db, path, ``)
	if _, err := wholeFile(file); err != nil {
		t.Fatal(err)
	}
	for _, end := range []int{len(file) - 4096, 4096, 50, 0} {
		if _, err := wholeFile(file[:end]); err == nil {
			t.Errorf("the first %d bytes are read by pages", end)
		}
	}
	root := count(t, db, `SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_dataset_1'`)
	clear(file[(root-1)*4096 : root*4096])
	if _, err := wholeFile(file); err == nil {
		t.Error("an index that is lost is not noticed")
	}
	for _, change := range []string{
		`PRAGMA user_version = 7`, `PRAGMA user_version = 8; CREATE INDEX mine ON run (seconds)`, `DROP INDEX mine; DROP VIEW outputs`,
	} {
		if _, err := wholeFile(changedFile(t, db, path, change)); err == nil {
			t.Errorf("%s: read by pages", change)
		}
	}
}

// What is in a log beside a database is read also where the database is named by a link, which SQLite follows before it names
// the log.
func TestReadAloneByLink(t *testing.T) {
	dir, elsewhere := t.TempDir(), t.TempDir()
	path, link := filepath.Join(dir, "from.db"), filepath.Join(elsewhere, "link.db")
	holding(t, path, []Result{result(planned("aa", "0"))})
	if err := os.Symlink(path, link); err != nil {
		t.Skip("links cannot be made here: ", err)
	}
	check(t, openAt(t, path).Finish(ctx, result(planned("bb", "0")))) // which stays in the log until it is closed
	into := open(t)
	m, err := Merge(ctx, into, link, nil)
	check(t, err)
	if m.Added != 2 {
		t.Errorf("%d runs were merged, of 2", m.Added)
	}
}
