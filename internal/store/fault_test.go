package store

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// outOfSpace records results until there is no room, and goes on when there is.
func outOfSpace(t *testing.T, path string, limit, makeSpace func(*DB)) {
	t.Helper()
	db, err := Open(path)
	check(t, err)
	defer func() { check(t, db.Close()) }()
	limit(db)
	big := func(i int) Result {
		r := result(planned(fmt.Sprint(i), "0.1"))
		r.Weights = []Snapshot{{1, bytes.Repeat([]byte{byte(i)}, 50_000)}}
		return r
	}
	n := 0
	for ; err == nil && n < 100; n++ {
		err = db.Finish(ctx, big(n))
	}
	n-- // which failed
	if !errors.Is(err, ErrFull) || !strings.Contains(err.Error(), "make space") || strings.Contains(err.Error(), "\n") {
		t.Fatalf("after %d results: %v, want ErrFull", n, err)
	}
	if n < 2 {
		t.Fatalf("only %d results had room", n)
	}
	if err := db.Finish(ctx, big(n)); !errors.Is(err, ErrFull) {
		t.Errorf("a second time: %v, want ErrFull", err)
	}
	intact := func(want int) {
		t.Helper()
		for i := range want {
			r, err := db.Run(ctx, fmt.Sprint(i))
			check(t, err)
			equal(t, "Run", r, big(i).Run)
			w, err := db.Weights(ctx, r.ID)
			check(t, err)
			if want := big(i).Weights; len(w) != 1 || w[0].Epoch != 1 || !bytes.Equal(w[0].Tensors, want[0].Tensors) {
				t.Errorf("the weights of run %d are not those that were written", i)
			}
		}
		equal(t, "runs", count(t, db, `SELECT count(*) FROM run`), want)
		equal(t, "integrity", column(t, db, `PRAGMA integrity_check`), []string{"ok"})
	}
	intact(n)
	makeSpace(db)
	check(t, db.Finish(ctx, big(n)))
	intact(n + 1)
}

func TestFull(t *testing.T) {
	pages := func(n int) func(*DB) {
		return func(db *DB) {
			check(t, db.insert(ctx, func(in *inserter) error { // the limit is one of the connection
				_, err := in.tx.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", n))
				return err
			}))
		}
	}
	outOfSpace(t, filepath.Join(t.TempDir(), "nightshift.db"), pages(100), pages(1000))
}

func TestReadOnlyFault(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nightshift.db")
	check(t, openAt(t, path).Close())
	db, err := OpenReadOnly(path)
	check(t, err)
	defer db.Close()
	if err := db.Finish(ctx, result(planned("aa", "0.1"))); !errors.Is(err, ErrReadOnly) || !strings.Contains(err.Error(), "--db") {
		t.Errorf("%v, want ErrReadOnly that says what to do", err)
	}
}

// scribble writes noise over a page of a file.
func scribble(t *testing.T, path string, page int) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	check(t, err)
	_, err = f.WriteAt(bytes.Repeat([]byte{0xa5}, 2000), int64(page-1)*4096)
	check(t, err)
	check(t, f.Close())
}

// A database that was being written when its process died is looked at before
// it is written again; one that was closed, or that somebody else has open, is not.
func TestUncleanClose(t *testing.T) {
	dir := t.TempDir()
	path, copied := filepath.Join(dir, "nightshift.db"), filepath.Join(dir, "copy.db")
	db := openAt(t, path)
	for i := range 40 {
		r := result(planned(fmt.Sprint(i), "0.1"))
		r.Weights = []Snapshot{{1, make([]byte, 10_000)}}
		check(t, db.Finish(ctx, r))
	}
	_, err := db.sql.Exec("PRAGMA wal_checkpoint(PASSIVE)")
	check(t, err)
	check(t, db.Finish(ctx, result(planned("last", "0.1"))))
	crash := func() { // what a process that is killed leaves behind
		for _, suffix := range []string{"", "-wal"} {
			text, err := os.ReadFile(path + suffix)
			check(t, err)
			check(t, os.WriteFile(copied+suffix, text, 0o666))
		}
	}
	crash()
	again := openAt(t, copied)
	if _, err := again.Run(ctx, "last"); err != nil {
		t.Errorf("the last result before the crash: %v", err)
	}
	quickest := time.Duration(math.MaxInt64) // of several, since the machine may stand still in one
	for n := 0; n < 5 && quickest > busyTimeout/2; n++ {
		began := time.Now()
		other, err := Open(copied) // the log is that of the one who has it open
		check(t, err)
		check(t, other.Close())
		quickest = min(quickest, time.Since(began))
	}
	if quickest > busyTimeout/2 {
		t.Errorf("a second process waited %v", quickest)
	}
	check(t, again.Close())

	crash()
	scribble(t, copied, count(t, db, `SELECT rootpage FROM sqlite_schema WHERE name = 'weight'`))
	if _, err := Open(copied); !errors.Is(err, ErrDamaged) {
		t.Fatalf("damaged: %v", err)
	} else if says := err.Error(); !strings.Contains(says, copied) || !strings.Contains(says, "fsck") ||
		!strings.Contains(says, "--rescue") {
		t.Errorf("%v does not say what to do", err)
	}
	closed, err := OpenReadOnly(copied) // what can be read is shown
	check(t, err)
	defer closed.Close()
	if _, err := closed.Weights(ctx, "1"); !errors.Is(err, ErrDamaged) {
		t.Errorf("reading what is damaged: %v", err)
	}
	if _, err := closed.Run(ctx, "1"); err != nil {
		t.Error(err)
	}
}

// Opening a database a second time leaves the locks of the first handle, so a
// process that has it for itself afterwards cannot take the log away.
func TestOpenKeepsLocks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nightshift.db")
	openAt(t, path)
	check(t, openAt(t, path).Close())
	if why := child(t, path); !strings.Contains(why, "locked") {
		t.Errorf("another process, as if nobody had the file open: %q", why)
	}
}

// exclusive reads a database that nobody else has open.
func exclusive(path string) error {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=locking_mode(EXCLUSIVE)")
	if err != nil {
		return err
	}
	defer db.Close()
	return db.QueryRow("SELECT count(*) FROM sqlite_schema").Scan(new(int))
}
