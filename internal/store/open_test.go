package store

import (
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// foreign makes an SQLite file of another program.
func foreign(t *testing.T, path string, statements string) {
	t.Helper()
	other, err := sql.Open("sqlite", path)
	check(t, err)
	_, err = other.Exec(statements)
	check(t, err)
	check(t, other.Close())
}

func TestOpenRefuses(t *testing.T) {
	finished := filepath.Join(t.TempDir(), "ours.db")
	db := openAt(t, finished)
	check(t, db.Finish(ctx, result(planned("aa", "0.1"))))
	check(t, db.Close())
	ours, err := os.ReadFile(finished)
	check(t, err)

	noise := make([]byte, 10_000)
	rand.NewChaCha8([32]byte{1}).Read(noise)
	for name, c := range map[string]struct {
		make func(path string)
		want error
		says string
	}{
		"text":      {func(p string) { check(t, os.WriteFile(p, []byte("study: not a database\n"), 0o666)) }, ErrNotDatabase, ""},
		"noise":     {func(p string) { check(t, os.WriteFile(p, noise, 0o666)) }, ErrNotDatabase, ""},
		"truncated": {func(p string) { check(t, os.WriteFile(p, ours[:len(ours)/2], 0o666)) }, ErrNotDatabase, "fsck --rescue NEW.db"},
		"header":    {func(p string) { check(t, os.WriteFile(p, ours[:50], 0o666)) }, ErrNotDatabase, ""},
		"foreign":   {func(p string) { foreign(t, p, "CREATE TABLE birds (name)") }, ErrNotDatabase, "another program"},
		"newer": {func(p string) {
			foreign(t, p, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, len(migrations)+1))
		}, ErrNewerSchema, fmt.Sprintf("schema %d", len(migrations)+1)},
		"folder": {func(p string) { check(t, os.Mkdir(p, 0o777)) }, ErrNotDatabase, "a folder"},
		"device": {func(p string) { check(t, os.Symlink(os.DevNull, p)) }, ErrNotDatabase, "a device"},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "nightshift.db")
			c.make(path)
			before, _ := os.ReadFile(path)
			for how, open := range map[string]func(string) (*DB, error){"Open": Open, "OpenReadOnly": OpenReadOnly} {
				_, err := open(path)
				switch {
				case err == nil:
					t.Fatalf("%s took it", how)
				case c.want != nil && !errors.Is(err, c.want):
					t.Errorf("%s: %v, want %v", how, err, c.want)
				case strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), path):
					t.Errorf("%s: not one line that names the file: %v", how, err)
				case how == "Open" && !strings.Contains(err.Error(), c.says):
					t.Errorf("%s: %v, want a word of %q", how, err, c.says)
				}
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestOpenWhereNothingCanBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	check(t, os.WriteFile(file, nil, 0o666))
	if _, err := Open(filepath.Join(file, "nightshift.db")); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("a file in place of the folder: %v", err)
	}
	if _, err := OpenReadOnly(filepath.Join(t.TempDir(), "none.db")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing file: %v", err)
	}
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := t.TempDir()
	check(t, os.Chmod(dir, 0o555))
	if _, err := Open(filepath.Join(dir, "nightshift.db")); !errors.Is(err, fs.ErrPermission) {
		t.Errorf("read-only folder: %v", err)
	}
}

// Characters that mean something in a URI mean themselves in a path.
func TestOpenOddPath(t *testing.T) {
	path := filepath.Join(t.TempDir(), "50% of? #1 ü", "a b&mode=ro.db")
	check(t, openAt(t, path).Close())
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
	db, err := OpenReadOnly(path)
	check(t, err)
	check(t, db.Close())
}

// An empty file, as version 0 of the schema is, becomes a database; opening one again changes nothing.
func TestMigrations(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nightshift.db")
	check(t, os.WriteFile(path, nil, 0o666))
	if _, err := OpenReadOnly(path); err == nil || !strings.Contains(err.Error(), "it is empty") {
		t.Errorf("reading version 0: %v", err)
	}
	db := openAt(t, path)
	check(t, db.Finish(ctx, result(planned("aa", "0.1"))))
	check(t, db.Close())
	db = openAt(t, path)
	if v := count(t, db, `SELECT user_version FROM pragma_user_version`); v != len(migrations) {
		t.Errorf("schema version %d, want %d", v, len(migrations))
	}
	if n := count(t, db, `SELECT count(*) FROM runs`); n != 1 {
		t.Errorf("%d runs after opening again, want 1", n)
	}
	for _, pragma := range []struct{ name, want string }{
		{"journal_mode", "wal"}, {"foreign_keys", "1"}, {"busy_timeout", "10000"}, {"synchronous", "1"},
	} {
		if got := column(t, db, "PRAGMA "+pragma.name); got[0] != pragma.want {
			t.Errorf("%s = %s, want %s", pragma.name, got[0], pragma.want)
		}
	}
	if bad := column(t, db, `PRAGMA foreign_key_check`); len(bad) > 0 {
		t.Errorf("foreign keys: %v", bad)
	}
}

func TestReadOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nightshift.db")
	writer := openAt(t, path)
	reader, err := OpenReadOnly(path)
	check(t, err)
	defer reader.Close()
	for id := range 3 { // a reader sees what is committed while it is open
		check(t, writer.Finish(ctx, result(planned(fmt.Sprint(id), "0.1"))))
		statuses, err := reader.Statuses(ctx)
		check(t, err)
		if len(statuses) != id+1 {
			t.Errorf("the reader sees %d runs, want %d", len(statuses), id+1)
		}
	}
	if err := reader.Finish(ctx, result(planned("x", "0.1"))); err == nil {
		t.Error("a read-only database was written to")
	}
	check(t, writer.Close())
	if _, err := reader.Run(ctx, "1"); err != nil {
		t.Errorf("after the writer has gone: %v", err)
	}
}

// A reader in the middle of a query neither stops the writer nor sees half of what it does.
func TestReaderBesideWriter(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nightshift.db")
	writer := openAt(t, path)
	for i := range 10 {
		check(t, writer.Finish(ctx, result(planned(fmt.Sprint("before", i), "0.1"))))
	}
	reader, err := OpenReadOnly(path)
	check(t, err)
	defer reader.Close()
	rows := 0
	check(t, reader.read(ctx, func(*sql.Rows) error {
		rows++
		return writer.Finish(ctx, result(planned(fmt.Sprint("during", rows), "0.1")))
	}, `SELECT id FROM run`))
	if rows != 10 {
		t.Errorf("the reader saw %d runs, want the 10 from before it began", rows)
	}
	if n := count(t, reader, `SELECT count(*) FROM run`); n != 20 {
		t.Errorf("%d runs afterwards, want 20", n)
	}
}

// A copy that came without its folder being writable is read as it stands.
func TestReadOnlyFolder(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	path := filepath.Join(t.TempDir(), "nightshift.db")
	db := openAt(t, path)
	check(t, db.Finish(ctx, result(planned("aa", "0.1"))))
	check(t, db.Close())
	check(t, os.Chmod(path, 0o444))
	check(t, os.Chmod(filepath.Dir(path), 0o555))
	defer os.Chmod(filepath.Dir(path), 0o777)
	reader, err := OpenReadOnly(path)
	check(t, err)
	defer reader.Close()
	if _, err := reader.Run(ctx, "aa"); err != nil {
		t.Error(err)
	}
}

// Handles share nothing but the file, as processes do.
func TestWritersAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nightshift.db")
	const writers, each = 4, 25
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			db, err := Open(path) // all create it at the same time
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			for i := range each {
				r := planned(fmt.Sprintf("%d-%d", w, i), "0.1")
				s := Study{Study: fmt.Sprint(w)}
				if err := db.PutStudy(ctx, s, []Run{r}, []StudyRun{{Study: s.Study, RunID: r.ID}}); err != nil {
					t.Error(err)
				}
				if err := db.Finish(ctx, result(r)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	db := openAt(t, path)
	if n := count(t, db, `SELECT count(*) FROM runs WHERE status = 'diverged'`); n != writers*each {
		t.Errorf("%d runs, want %d", n, writers*each)
	}
	if s := column(t, db, `PRAGMA integrity_check`); s[0] != "ok" {
		t.Errorf("integrity: %v", s)
	}
}

// A file that another process is just making is waited for.
func TestOpenWaits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "nightshift.db")
	other, err := sql.Open("sqlite", path+"?_txlock=immediate")
	check(t, err)
	defer other.Close()
	tx, err := other.Begin()
	check(t, err)
	opened := make(chan error)
	go func() {
		db, err := Open(path)
		if err == nil {
			err = db.Close()
		}
		opened <- err
	}()
	select {
	case err := <-opened:
		t.Fatalf("not waited for: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	check(t, tx.Rollback())
	check(t, <-opened)
}

func TestRunByPrefix(t *testing.T) {
	db := open(t)
	var runs []Run
	for _, id := range []string{"abc", "abc1", "abd", "ffff", "00", "c1", "c2", "c3", "c4", "c5", "c6"} {
		runs = append(runs, planned(id, "0.1"))
	}
	check(t, db.PutStudy(ctx, Study{Study: "s"}, runs, nil))
	for prefix, want := range map[string]string{"abc": "abc", "abc1": "abc1", "abd": "abd", "f": "ffff", "ffff": "ffff", "0": "00"} {
		r, err := db.Run(ctx, prefix)
		if err != nil || r.ID != want {
			t.Errorf("Run(%q) = %q, %v; want %q", prefix, r.ID, err, want)
		}
	}
	for prefix, want := range map[string]error{
		"ab": ErrAmbiguous, "": ErrAmbiguous, "x": ErrNotFound, "abc12": ErrNotFound, "%": ErrNotFound, "*": ErrNotFound,
	} {
		if _, err := db.Run(ctx, prefix); !errors.Is(err, want) {
			t.Errorf("Run(%q): %v, want %v", prefix, err, want)
		}
	}
	_, err := db.Run(ctx, "ab")
	for _, candidate := range []string{"abc (lr=0.1)", "abc1", "abd"} {
		if !strings.Contains(err.Error(), candidate) {
			t.Errorf("%v does not name %s", err, candidate)
		}
	}
	if _, err := db.Run(ctx, "c"); !strings.HasSuffix(err.Error(), "...") || strings.Contains(err.Error(), "c6") {
		t.Errorf("with many candidates: %v", err)
	}
	if _, err := db.Outputs(ctx, "nobody"); !errors.Is(err, ErrNotFound) {
		t.Errorf("Outputs of no run: %v", err)
	}
	if _, err := db.Dataset(ctx, "nothing"); !errors.Is(err, ErrNotFound) {
		t.Errorf("no data set: %v", err)
	}
}
