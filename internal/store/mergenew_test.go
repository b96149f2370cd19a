package store

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// contents is what a database holds of runs: every table, by identities instead of keys.
func contents(t *testing.T, db *DB) (lines []string) {
	t.Helper()
	for _, query := range []string{
		`SELECT * FROM runs ORDER BY id`, `SELECT id, checksum FROM run ORDER BY id`,
		`SELECT id, epoch.* FROM epoch JOIN run ON run.key = epoch.run ORDER BY id, epoch`,
		`SELECT id, layer.* FROM layer JOIN run ON run.key = layer.run ORDER BY id, epoch, layer`,
		`SELECT id, logits FROM output JOIN run ON run.key = output.run ORDER BY id`,
		`SELECT id, epoch, tensors FROM weight JOIN run ON run.key = weight.run ORDER BY id, epoch`,
		`SELECT id, c.epoch, state, c.checksum FROM checkpoint AS c JOIN run ON run.key = c.run ORDER BY id`,
		`SELECT * FROM study_runs ORDER BY study, run_id`, `SELECT * FROM study_versions`,
	} {
		rows, err := db.sql.Query(query)
		check(t, err)
		names, err := rows.Columns()
		check(t, err)
		values, targets := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			targets[i] = &values[i]
		}
		for rows.Next() {
			check(t, rows.Scan(targets...))
			line := ""
			for i, v := range values {
				if names[i] != "run" { // a key
					line += fmt.Sprintf("%s=%v ", names[i], v)
				}
			}
			lines = append(lines, line)
		}
		check(t, rows.Err())
	}
	return lines
}

// shard makes a database of some finished runs, one that is interrupted with a checkpoint, and gaps between keys.
func shard(t *testing.T, path, prefix string) {
	t.Helper()
	var list []Result
	for i := range 30 {
		r := result(planned(fmt.Sprintf("%s%02d", prefix, i), fmt.Sprint(i%3)))
		switch i % 4 {
		case 1:
			r.Weights = nil
		case 2:
			r.Outputs, r.Layers = nil, nil
		case 3:
			r.Weights, r.Layers = nil, nil
			r.Epochs[1].LR, r.Epochs[1].Distance = 3, 0 // which SQLite stores as integers
		}
		list = append(list, r)
	}
	holding(t, path, list)
	db := openAt(t, path)
	r := planned(prefix+"cp", "0")
	plan(t, db, r.ID)
	_, err := db.sql.Exec(`DELETE FROM member WHERE run IN (SELECT key FROM run WHERE id IN (?, ?));
		DELETE FROM run WHERE id IN (?, ?)`,
		prefix+"07", prefix+"19", prefix+"07", prefix+"19")
	check(t, err)
}

// What is merged is what the others have, row by row.
func TestMergeTakesRowsOver(t *testing.T) {
	dir := t.TempDir()
	var paths, want []string
	for i := range 3 {
		path := filepath.Join(dir, fmt.Sprint(i, ".db"))
		shard(t, path, fmt.Sprint("r", i/2)) // the last has other runs
		db, err := OpenReadOnly(path)
		check(t, err)
		want = append(want, contents(t, db)...)
		check(t, db.Close())
		paths = append(paths, path)
	}
	slices.Sort(want)
	want = slices.Compact(want)
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 2, 2}} {
		var from []string
		for _, i := range order {
			from = append(from, paths[i])
		}
		into := open(t)
		added := 0
		for range 2 {
			check(t, MergeAll(ctx, into, from, nil, func(_ string, m Merged) { added += m.Added }))
		}
		got := contents(t, into)
		slices.Sort(got)
		equal(t, "content", got, want)
		if added != 58 || len(got) < 400 {
			t.Errorf("%d runs, %d rows", added, len(got))
		}
		found, err := into.Check(ctx, func(r Run) (string, error) { return r.ID, nil })
		check(t, err)
		for _, f := range found {
			if !strings.Contains(f.What, "not a safetensors file") { // nor are they, here
				t.Error(f.What)
			}
		}
	}
}

// Where somebody has added an index or a trigger of their own, or lets SQLite move pages, these are kept.
func TestMergeKeepsWhatUsersAdded(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "from.db")
	shard(t, path, "r")
	plain := open(t)
	_, err := Merge(ctx, plain, path, nil)
	check(t, err)
	want := contents(t, plain)
	for i, added := range []string{
		`CREATE INDEX mine ON epoch (train_loss)`,
		`CREATE TABLE log (run); CREATE TRIGGER mine AFTER INSERT ON layer BEGIN INSERT INTO log VALUES (new.run); END`,
		`PRAGMA journal_mode = DELETE; PRAGMA auto_vacuum = 1; VACUUM`,
	} {
		into := openAt(t, filepath.Join(dir, fmt.Sprint(i, ".db")))
		_, err := into.sql.Exec(added)
		check(t, err)
		_, err = Merge(ctx, into, path, nil)
		check(t, err)
		equal(t, added, contents(t, into), want)
		var found string
		check(t, into.sql.QueryRow(`PRAGMA integrity_check`).Scan(&found))
		if found != "ok" {
			t.Errorf("%s: %s", added, found)
		}
		if i == 1 && count(t, into, `SELECT count(*) FROM log`) != count(t, into, `SELECT count(*) FROM layer`) {
			t.Error("the trigger did not see all rows")
		}
	}
}

// Runs that are here already are written among those that were put behind them, in one transaction after the other.
func TestMergeAmongOthers(t *testing.T) {
	dir := t.TempDir()
	into, tx := open(t), (*target)(nil)
	var want []Result
	for i, status := range []Status{Failed, Pruned, Done} {
		var list []Result
		for k := range 60 {
			r := result(planned(fmt.Sprintf("%02d", k+20*i), "0"))
			if k < 20 {
				r = result(planned(fmt.Sprintf("again%02d", k), "0"))
				r.Run.Status = status
			}
			r.Run.Host = fmt.Sprint("host", i)
			list = append(list, r)
		}
		want = list
		path := filepath.Join(dir, fmt.Sprint(i, ".db"))
		holding(t, path, list)
		if tx == nil {
			var err error
			tx, err = into.target(ctx, false, mergeWhole, func(*other) {})
			check(t, err)
		}
		o := openOther(ctx, path, nil, nil)
		check(t, o.err)
		check(t, tx.bring(ctx, o))
		check(t, tx.end(ctx))
	}
	check(t, tx.close())
	for _, r := range want[:20] {
		epochs, err := into.Epochs(ctx, r.Run.ID)
		check(t, err)
		equal(t, "epochs of "+r.Run.ID, epochs, r.Epochs)
	}
	if n := count(t, into, `SELECT count(DISTINCT run) FROM epoch`); n != 100 {
		t.Errorf("%d runs have epochs", n)
	}
	found, err := into.Check(ctx, func(r Run) (string, error) { return r.ID, nil })
	check(t, err)
	for _, f := range found {
		if !strings.Contains(f.What, "not a safetensors file") {
			t.Error(f.What)
		}
	}
}

// More runs than one transaction writes, all of which have another result here, are conflicts, each of them once.
func TestMergeOfManyConflicts(t *testing.T) {
	dir := t.TempDir()
	const n = maxChanges + 5
	for _, name := range []string{"a", "b"} {
		var list []Result
		for i := range n {
			r := Result{Run: result(planned(fmt.Sprintf("%04d", i), "1")).Run}
			r.Run.Digest = name
			list = append(list, r)
		}
		holding(t, filepath.Join(dir, name), list)
	}
	db := openAt(t, filepath.Join(dir, "b"))
	for range 2 {
		m, err := Merge(ctx, db, filepath.Join(dir, "a"), nil)
		check(t, err)
		if m.Same != n || len(m.Conflicts) != n || len(m.Replaced)+len(m.Damaged) > 0 {
			t.Errorf("%d runs are the same, %d are conflicts", m.Same, len(m.Conflicts))
		}
	}
	if have := count(t, db, `SELECT count(*) FROM conflict`); have != n {
		t.Errorf("%d conflicts are kept", have)
	}
}
