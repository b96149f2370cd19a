package store

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// Pages that cannot be read keep neither the rest of a database from being merged, nor another one.
func TestMergeOfUnreadablePages(t *testing.T) {
	dir := t.TempDir()
	whole, good := filepath.Join(dir, "whole.db"), filepath.Join(dir, "good.db")
	for prefix, path := range map[string]string{"r": whole, "s": good} {
		var list []Result
		for i := range 30 {
			list = append(list, result(planned(fmt.Sprintf("%s%02d", prefix, i), "0")))
		}
		holding(t, path, list)
	}
	for _, table := range []string{"epoch", "layer", "output"} {
		path := filepath.Join(dir, table+".db")
		file, err := os.ReadFile(whole)
		check(t, err)
		check(t, os.WriteFile(path, file, 0o666))
		db := openAt(t, path)
		root := count(t, db, `SELECT rootpage FROM sqlite_schema WHERE name = '`+table+`'`)
		check(t, db.Close())
		scribble(t, path, root)
		into := open(t)
		var all []Merged
		check(t, MergeAll(ctx, into, []string{path, good}, nil, func(_ string, m Merged) { all = append(all, m) }))
		if len(all) != 2 || len(all[0].Damaged) != 30 || all[0].Added != 30 || len(all[1].Damaged) > 0 || all[1].Added != 30 {
			t.Errorf("%s: %+v", table, all)
		}
	}
}

// Of a database that is written to while it is merged each run is taken as it is in one moment.
func TestMergeOfWhatChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	var list []Result
	for i := range maxRuns + 2 {
		list = append(list, result(planned(fmt.Sprintf("r%03d", i), "1")))
	}
	holding(t, path, list)
	o := openOther(ctx, path, nil, nil)
	check(t, o.err)
	again := []Result{list[0], list[maxRuns+1]} // of the runs that were read, and of those that were not
	for i := range again {
		again[i].Epochs = slices.Clone(again[i].Epochs)
		again[i].Epochs[0].Train.Loss = is(9)
	}
	check(t, openAt(t, path).Finish(ctx, again...))
	into := open(t)
	tx, err := into.target(ctx, false, mergeWhole, func(*other) {})
	check(t, err)
	check(t, tx.bring(ctx, o))
	check(t, tx.end(ctx))
	check(t, tx.close())
	if o.found.Added != len(list) || len(o.found.Damaged) > 0 {
		t.Errorf("%d runs, damaged: %v", o.found.Added, o.found.Damaged)
	}
	for _, r := range []Result{list[0], again[1]} {
		epochs, err := into.Epochs(ctx, r.Run.ID)
		check(t, err)
		equal(t, "epochs of "+r.Run.ID, epochs, r.Epochs)
	}
}

// Whatever a process has written that is killed while it merges, the next one begins from what was committed.
func TestMergeKilled(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for i := range 2 {
		paths = append(paths, filepath.Join(dir, fmt.Sprint(i, ".db")))
		shard(t, paths[i], fmt.Sprint("r", i))
	}
	whole := open(t)
	check(t, MergeAll(ctx, whole, paths, nil, func(string, Merged) {}))
	want := contents(t, whole)
	live, killed := filepath.Join(dir, "live.db"), filepath.Join(dir, "killed.db")
	tx, err := openAt(t, live).target(ctx, true, mergeWhole, func(*other) {})
	check(t, err)
	_, err = tx.conn.ExecContext(ctx, `PRAGMA cache_size = 1`) // so that pages are written long before the end
	check(t, err)
	var others []*other
	for _, path := range paths {
		others = append(others, openOther(ctx, path, nil, nil))
	}
	check(t, tx.begin(ctx))
	for i := range len(others) + 1 {
		if i < len(others) {
			check(t, mergeWhole(ctx, tx, others[i]))
		} else {
			check(t, tx.behind.write(ctx, tx.DB)) // as before the transaction ends
		}
		for _, end := range []string{"", "-journal"} {
			file, err := os.ReadFile(live + end)
			check(t, err)
			if len(file) == 0 {
				t.Fatalf("nothing is in the file %q yet", end)
			}
			check(t, os.WriteFile(killed+end, file, 0o666))
		}
		read, err := OpenReadOnly(killed)
		check(t, err)
		if n := count(t, read, `SELECT count(*) FROM run`); n != 0 {
			t.Errorf("%d runs are there that were not committed", n)
		}
		check(t, read.Close())
		again := openAt(t, killed)
		check(t, MergeAll(ctx, again, paths, nil, func(string, Merged) {}))
		equal(t, "content", contents(t, again), want)
		check(t, again.Close())
		check(t, removeFile(killed))
	}
	check(t, tx.rollback())
	check(t, tx.begin(ctx)) // on the same connection
	for _, o := range others {
		check(t, o.again(ctx))
		check(t, mergeWhole(ctx, tx, o))
	}
	check(t, tx.commit(ctx))
	equal(t, "content after it was taken back", contents(t, &DB{sql: tx.sql}), want)
	check(t, tx.close())
	check(t, closeAll(others))
}
