package store

import (
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

// What is read by pages alone is what statements read, also where it is not what was written.
func TestReadAlone(t *testing.T) {
	inside := cmp.Exporter(func(reflect.Type) bool { return true })
	path := filepath.Join(t.TempDir(), "from.db")
	var list []Result
	for i := range 12 {
		r := result(planned(fmt.Sprintf("r%02d", i), fmt.Sprint(i%3)))
		r.Run.Data, r.Weights = fmt.Sprint("data", i%4), nil
		if r.Run.Repository.Commit = ""; i%2 == 0 {
			r.Run.Repository = Repository{"example.org/r", "abc", true}
		}
		if i%5 == 0 {
			r.Outputs, r.Layers = nil, nil
		}
		r.Epochs[1].LR = float64(i % 2) // which SQLite stores as an integer
		list = append(list, r)
	}
	holding(t, path, list)
	db := openAt(t, path)
	var members []StudyRun
	for i, r := range list {
		members = append(members, StudyRun{Study: "s", RunID: r.Run.ID, CellLabel: fmt.Sprint("label", i%5), Axes: []byte("[]")})
	}
	for i, name := range []string{"s", "s", "z", "a"} {
		check(t, db.PutStudy(ctx, Study{Study: name, YAML: fmt.Sprint(name, i), Set: []string{"a=1"},
			At: evening.Add(time.Duration(i/2) * time.Hour)}, nil, members[i:6+i]))
		check(t, db.PutNight(ctx, Night{Study: name, Started: evening.Add(time.Duration(9-i) * time.Minute), Forecast: 1, Low: 0.5, Workers: i}))
	}
	for i, d := range []Dataset{
		{Spec: []byte(`{}`), In: 2, Out: 3, Classes: []string{"a", "b"}, TestLabels: []int32{1, 2}},
		{Spec: []byte(`{"set":1}`), Regression: true, In: 2, Out: 1, NoiseVariance: 0.25, TestTargets: []float32{7}, TestTruth: []float32{3},
			Warnings: []string{"w"}},
		{Spec: []byte(`{}`)},
	} {
		d.ID = fmt.Sprint("data", i)
		check(t, db.PutDataset(ctx, d))
	}
	for i, change := range []string{
		``, `UPDATE cell SET label = 'other' WHERE key = 1`, `UPDATE study SET question = 'other' WHERE study = 'z'`,
		`UPDATE member SET position = 7 WHERE position = 2`, `UPDATE dataset SET inputs = 7 WHERE id = 'data2'`,
		`UPDATE epoch SET train_loss = 9 WHERE run = 3`, `UPDATE run SET seconds = 9 WHERE key = 4`, `DELETE FROM study WHERE study = 's'`,
		`UPDATE study SET at = NULL WHERE study = 'z'`, `DELETE FROM run`,
	} {
		_, err := db.sql.Exec(change + `; PRAGMA wal_checkpoint(TRUNCATE)`)
		check(t, err)
		file, err := os.ReadFile(path)
		check(t, err)
		copied := filepath.Join(filepath.Dir(path), fmt.Sprint(i, ".db"))
		check(t, os.WriteFile(copied, file, 0o666))
		got, want := &other{path: copied}, byStatements(t, copied)
		if err := got.beginAlone(ctx); err != nil {
			t.Errorf("%s: not read by pages: %v", change, err)
			continue
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
			if (err == nil) != (err2 == nil) {
				t.Errorf("%s: data set: %v, %v", change, err, err2)
			}
		}
		check(t, closeAll([]*other{got, want}))
	}
	for _, change := range []string{
		`PRAGMA user_version = 7`, `PRAGMA user_version = 8; CREATE INDEX mine ON run (seconds)`, `DROP INDEX mine; DROP VIEW outputs`,
	} {
		_, err := db.sql.Exec(change + `; PRAGMA wal_checkpoint(TRUNCATE)`)
		check(t, err)
		file, err := os.ReadFile(path)
		check(t, err)
		if _, err := wholeFile(file); err == nil {
			t.Errorf("%s: read by pages", change)
		}
	}
}
