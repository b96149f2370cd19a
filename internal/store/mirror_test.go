package store

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// mirrored is a database with a mirror.
func mirrored(t testing.TB, path, to string) (*DB, *Mirror) {
	t.Helper()
	m, err := NewMirror(path, to)
	check(t, err)
	check(t, m.Restore())
	db := openAt(t, path)
	check(t, m.Adopt(ctx, db))
	return db, m
}

// inFile gives the statuses of the runs in a database that nobody has open.
func inFile(t testing.TB, path string) map[string]Status {
	t.Helper()
	db, err := OpenReadOnly(path)
	check(t, err)
	defer db.Close()
	statuses, err := db.Statuses(ctx)
	check(t, err)
	return statuses
}

// A copy is a whole database that nobody holds runs of, and in which what was being trained goes on from its checkpoint.
func TestMirror(t *testing.T) {
	dir := t.TempDir()
	to := filepath.Join(dir, "far", "copy.db")
	db, m := mirrored(t, filepath.Join(dir, "near.db"), to)
	plan(t, db, "aa", "bb")
	check(t, db.Register(ctx, owner("me")))
	_, err := db.Hold(ctx, "me", evening, "aa", "bb")
	check(t, err)
	check(t, db.PutCheckpoint(ctx, "me", Result{Run: running("aa", 2), Epochs: []Epoch{epoch(0), epoch(1), epoch(2)},
		Layers: []Layer{{Epoch: 0}, {Epoch: 1}, {Epoch: 2}}, Weights: []Snapshot{{0, []byte("w0")}}},
		Checkpoint{RunID: "aa", Epoch: 2, State: []byte("two"), Seconds: 2.5}))
	check(t, db.Reach(ctx, Reached{ID: "aa", Epoch: 7, Seconds: 9}))
	check(t, m.Update(ctx, db))
	check(t, db.Finish(ctx, result(planned("bb", "0.1"))))

	equal(t, "the copy", inFile(t, to), map[string]Status{"aa": Interrupted, "bb": Pending})
	header := make([]byte, 20)
	f, err := os.Open(to)
	check(t, err)
	_, err = f.Read(header)
	check(t, errors.Join(err, f.Close()))
	if header[18] != 1 || header[19] != 1 { // "file format write version" of sqlite.org/fileformat2.html
		t.Errorf("versions of the file format are %v: readers of the copy would need a log beside it", header[18:20])
	}
	statuses, err := db.Statuses(ctx)
	check(t, err)
	equal(t, "the database", statuses, map[string]Status{"aa": Running, "bb": Diverged})

	check(t, m.Update(ctx, db))
	other, _ := mirrored(t, filepath.Join(dir, "elsewhere", "near.db"), to)
	statuses, err = other.Statuses(ctx)
	check(t, err)
	equal(t, "a database that begins from the copy", statuses, map[string]Status{"aa": Interrupted, "bb": Diverged})
	whole(t, other, Checkpoint{RunID: "aa", Epoch: 2, State: []byte("two"), Seconds: 2.5}, "of a copy")
	owners, err := other.Owners(ctx)
	check(t, err)
	if len(owners) > 0 {
		t.Errorf("the copy has owners: %v", owners)
	}
	entries, err := os.ReadDir(filepath.Join(dir, "far"))
	check(t, err)
	if len(entries) != 1 {
		t.Errorf("beside the copy is left: %v", entries)
	}
}

// Whoever mirrors what to the same file, in whatever order, it holds at each moment what any of them has copied.
func TestMirrorsNeverHoldLess(t *testing.T) {
	dir := t.TempDir()
	to := filepath.Join(dir, "copy.db")
	ids := []string{"aa", "bb", "cc", "dd", "ee", "ff"}
	var dbs []*DB
	var mirrors []*Mirror
	for _, name := range []string{"first.db", "second.db"} {
		db, m := mirrored(t, filepath.Join(dir, name), to)
		plan(t, db, ids...)
		dbs, mirrors = append(dbs, db), append(mirrors, m)
	}
	random := rand.New(rand.NewPCG(1, 2))
	copied, done := map[string]bool{}, []map[string]bool{{}, {}}
	for range 16 {
		k := random.IntN(2)
		id := ids[random.IntN(len(ids))]
		check(t, dbs[k].Finish(ctx, result(planned(id, "0.1"))))
		done[k][id] = true
		if random.IntN(2) == 0 {
			continue
		}
		check(t, mirrors[k].Update(ctx, dbs[k]))
		maps.Copy(copied, done[k])
		now := inFile(t, to)
		for id := range copied {
			if now[id] != Diverged {
				t.Fatalf("%s is %s in the copy, which had a result of it", id, now[id])
			}
		}
	}
	if len(copied) != len(ids) {
		t.Errorf("only %d runs were copied: the test shows little", len(copied))
	}
}

// Two that mirror at the same time lose nothing of each other.
func TestMirrorsAtOnce(t *testing.T) {
	dir := t.TempDir()
	to := filepath.Join(dir, "copy.db")
	var together sync.WaitGroup
	for _, id := range []string{"aa", "bb", "cc"} {
		db, m := mirrored(t, filepath.Join(dir, id+".db"), to)
		plan(t, db, "aa", "bb", "cc")
		check(t, db.Finish(ctx, result(planned(id, "0.1"))))
		together.Go(func() {
			for range 3 {
				if err := m.Update(ctx, db); err != nil {
					t.Error(err)
				}
			}
		})
	}
	together.Wait()
	equal(t, "the copy", inFile(t, to), map[string]Status{"aa": Diverged, "bb": Diverged, "cc": Diverged})
}

// The lock of a process that has died keeps nobody out for long, and one that was taken away lets nothing be replaced.
func TestMirrorLocks(t *testing.T) {
	dir := t.TempDir()
	to := filepath.Join(dir, "copy.db")
	db, m := mirrored(t, filepath.Join(dir, "near.db"), to)
	check(t, os.WriteFile(to+".lock", []byte("dead 1 X\n"), 0o666))
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	_, err := lock(stopped, to+".lock", time.Hour)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "dead 1 X") {
		t.Errorf("locked: %v", err)
	}
	m.patience = time.Millisecond
	check(t, m.Update(ctx, db))
	plan(t, db, "aa")
	mine := filepath.Join(dir, "mine.db")
	check(t, db.copyTo(ctx, mine))
	if err := m.put(ctx, mine, func() bool { return false }); err == nil {
		t.Error("a copy was replaced without the lock")
	}
	if n := len(inFile(t, to)); n != 0 {
		t.Errorf("the copy has %d runs", n)
	}
	if _, err := os.Stat(to + ".lock"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the lock is left: %v", err)
	}
}

// What is no copy of a database stays as it is.
func TestMirrorRefuses(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "near.db")
	db := openAt(t, path)
	for to, says := range map[string]string{dir: "is a folder", path: "is the database itself"} {
		if _, err := NewMirror(path, to); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", to, err)
		}
	}
	to := filepath.Join(dir, "text")
	check(t, os.WriteFile(to, []byte("study: no database\n"), 0o666))
	m, err := NewMirror(path, to)
	check(t, err)
	if err := m.Update(ctx, db); !errors.Is(err, ErrNotDatabase) {
		t.Errorf("a text: %v", err)
	}
	if text, err := os.ReadFile(to); string(text) != "study: no database\n" {
		t.Errorf("it was replaced: %q, %v", text, err)
	}
}

func TestJournals(t *testing.T) {
	for _, c := range []struct {
		journal Journal
		network string
		want    Journal
	}{
		{AutoJournal, "", WALJournal}, {AutoJournal, "NFS", RollbackJournal}, {WALJournal, "", WALJournal},
		{RollbackJournal, "", RollbackJournal}, {RollbackJournal, "Lustre", RollbackJournal}, {WALJournal, "NFS", ""},
	} {
		got, err := c.journal.on(c.network)
		if got != c.want || (err != nil) != (c.want == "") || err != nil && !errors.Is(err, ErrNetworkFS) {
			t.Errorf("%s on %q is %s, %v", c.journal, c.network, got, err)
		}
	}
	path := filepath.Join(t.TempDir(), "a.db")
	for _, c := range []struct {
		journal      Journal
		mode         string
		synchronous  int
		filesOfALoad bool
	}{
		{AutoJournal, "wal", 1, true}, {RollbackJournal, "delete", 2, false}, {WALJournal, "wal", 1, true},
		{AutoJournal, "wal", 1, true},
	} {
		db, err := OpenWith(path, c.journal)
		check(t, err)
		plan(t, db, "aa")
		var mode string
		var synchronous int
		check(t, db.sql.QueryRow(`SELECT journal_mode, synchronous FROM pragma_journal_mode, pragma_synchronous`).
			Scan(&mode, &synchronous))
		_, err = os.Stat(path + "-wal")
		if mode != c.mode || synchronous != c.synchronous || (err == nil) != c.filesOfALoad {
			t.Errorf("%s: journal_mode %s, synchronous %d, log %v", c.journal, mode, synchronous, err == nil)
		}
		check(t, db.Close())
	}
	for _, name := range []string{"auto", "wal", "rollback"} {
		if j, err := ParseJournal(name); err != nil || string(j) != name {
			t.Errorf("%s: %s, %v", name, j, err)
		}
	}
	if _, err := ParseJournal("none"); err == nil || !strings.Contains(err.Error(), "rollback") {
		t.Errorf("none: %v", err)
	}
}
