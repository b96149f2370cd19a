// Package store keeps everything that runs leave behind in one SQLite file.
//
// A tour of its files: store.go opens the file, by connect.go, schema.go and migrations/ bring it to the newest schema,
// writing.go begins transactions, types.go has what goes in and out. study.go records studies, version.go and member.go say what
// they were and are; hold.go and owner.go say which process trains what; checkpoint.go, write.go, dataset.go and prune.go record
// how far runs have come and what became of them, all by the inserter of insert.go and insertresult.go. read.go, measured.go,
// epochs.go, each.go, listing.go, average.go, query.go, timings.go and night.go read.
//
// checksum.go and rowsum.go tell what is not what was written: inspect.go asks them for a report, fsck.go, fsckrows.go and
// spare.go for a repair, rescue.go (with package page) where SQLite cannot read the file. merge.go brings databases together:
// mergeahead.go and mergeother.go read the others, mergepages.go and wholefile.go those that are small by their pages alone,
// tablepages.go and artifacts.go what runs have left in them, candidate.go decides what is kept, mergeinto.go has the
// transaction, mergerun.go, mergewrite.go, mergenew.go, mergebehind.go and mergestudy.go write. fault.go, limit_*.go, journal.go
// and network.go say what a disk or a file system does to all this; mirror.go keeps a copy on another one.
//
// Every write is one short transaction that holds the write lock from its start, so any number of goroutines and processes
// may write; a training's metrics, checkpoint and hold change in the same one. What has been released of the schema is
// never edited: a change is a new migration, and the columns of metrics follow from the tables of package metric.
//
// The tables are the program's own and may change; the views are for everyone who brings other tools and stay as they are:
//
//	runs            one row a run: id, label, status, final metrics (test_error, ...),
//	                seeds, times, provenance, config (JSON, every key)
//	studies         study, question, at, select, set, yaml (the file as it was)
//	study_versions  study, at, set, yaml: what a study said, and since when
//	study_runs      study, run_id, cell_label, axes (JSON): a run may belong to several
//	epochs          run_id, epoch, split (train, valid, test), loss, error, mse, nll, brier, ece
//	progress        run_id, epoch, steps, lr, distance, seconds
//	layers          run_id, epoch, layer, norms and activations of a layer of weights
//	nights          study, started_at, finished_at, workers, trained, forecast, low, high, seconds
//	notes, tags     study or run_id, at, note or tag: what people say of a study or run
//	outputs         run_id, example, output, value: what a run says of the test examples
//	predictions     run_id, example, label, predicted, wrong: of classes
//	conflicts       results of runs that have another one, after a merge
//
// # Numbers
//
// A number that does not exist (the error of a regression, an empty split) is NULL. Infinities are REAL infinities. SQLite
// has no NaN, so NaN is the TEXT 'NaN': it sorts after every number and is never < a number, as a diverged run should be.
// It also means that x > 1 is true of NaN, that max() gives NaN where there is one, and that avg() and sum() take it for 0:
// leave diverged runs out first, as in
//
//	SELECT label, avg(test_error) FROM runs WHERE status = 'done' GROUP BY cell
//
// Times are TEXT in RFC 3339, UTC, to the millisecond. Seeds from 2^63 on appear as the negative number of the same 64 bits.
// The columns "commit", "select" and "set" are keywords of SQL and have to be quoted.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	sqlite3 "modernc.org/sqlite/lib"

	"nightshift/internal/file"
)

// What Open and OpenReadOnly may find instead of a database of theirs.
var (
	ErrNotDatabase = errors.New("not a nightshift database")
	ErrNewerSchema = errors.New("written by a newer version of nightshift")
	ErrOlderSchema = errors.New("written by an older version of nightshift")
)

// errEmpty is about a file in which nothing was recorded yet.
var errEmpty = fmt.Errorf("%w: it is empty, as a file is in which nothing was ever recorded; name another with --db",
	ErrNotDatabase)

// DB is an open database. It may be used by many goroutines at once, and the
// file by many processes: writers wait for each other, readers for nobody.
type DB struct {
	sql     *sql.DB
	dsn     string
	writing writing     // by which this process writes rows
	in      *inserter   // of the transaction within which all this is; nil for none
	conn    *sql.Conn   // by which alone it is read; nil for any
	pages   *tablePages // by which tables are read; nil for statements
	network string      // the file system of another machine that it was opened for writing on; "" for none
}

// Network names the file system of another machine that the database is on, as far as that is known of one that was opened for
// writing; "" for a disk of this one. Where it names one a single process may write.
func (db *DB) Network() string { return db.network }

// Open opens the database for writing, creating or migrating it where needed,
// the folders that lead to it included. A file that is something else is
// ErrNotDatabase and is left alone; so is one that ErrNewerSchema is about.
func Open(path string) (*DB, error) { return OpenWith(path, AutoJournal) }

// OpenWith is Open with a journal of the given kind.
func OpenWith(path string, journal Journal) (*DB, error) {
	if err := regular(path); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, fmt.Errorf("folder for the database: %w", err)
	}
	network := networkOf(filepath.Dir(path))
	journal, err := journal.on(network)
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	if err := create(path); err != nil {
		return nil, err
	}
	// Looked at before anything is set, because journal_mode changes the file.
	if db, err := connectReader(path); err != nil {
		return nil, err
	} else if err := db.Close(); err != nil {
		return nil, err
	}
	if hasLog(path) {
		if err := checkUnclean(path); err != nil {
			return nil, fmt.Errorf("database %s: %w", path, err)
		}
	}
	db, err := connectWriter(path, journal)
	if err != nil {
		return nil, err
	}
	db.network = network
	if err := db.migrate(context.Background()); err != nil {
		return nil, errors.Join(fmt.Errorf("database %s: %w", path, err), db.Close())
	}
	return db, nil
}

// regular refuses what is there and cannot be a database, by what it is.
func regular(path string) error {
	info, err := os.Stat(path)
	what := ""
	switch {
	case err != nil || info.Mode().IsRegular():
		return nil // what cannot be looked at is said when it is opened
	case info.IsDir():
		what = "a folder"
	case info.Mode()&fs.ModeDevice != 0:
		what = "a device"
	default:
		what = "no file that stays, such as a pipe or socket"
	}
	return fmt.Errorf("database %s: %w but %s; name a file with --db", path, ErrNotDatabase, what)
}

// checkUnclean looks for damage where a log was left behind, as by a process
// that was killed or a machine that lost its power. As long as somebody else
// has the database open the log is theirs, and nothing is looked at.
func checkUnclean(path string) error {
	db, err := connect(path, "_pragma=locking_mode(EXCLUSIVE)&_pragma=busy_timeout(0)")
	if resultCode(err) == sqlite3.SQLITE_BUSY {
		return nil
	}
	if err != nil {
		return err
	}
	var first string
	err = db.sql.QueryRow("PRAGMA quick_check(1)").Scan(&first)
	if resultCode(err) == sqlite3.SQLITE_BUSY {
		err = nil
	} else if err == nil && first != "ok" {
		err = damaged(errors.New(first))
	}
	return errors.Join(fault(err), db.Close())
}

// create makes an empty file if there is none. One that is there is not opened:
// closing it would drop the locks that this process holds on it, and another
// process could then remove the log that is being written to.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		err = writable(path)
	} else if err == nil {
		err = f.Close()
	}
	if err != nil {
		return fmt.Errorf("%w: name another with --db (%w)", ErrReadOnly, err)
	}
	return nil
}

// OpenReadOnly opens an existing database for reading only, also while another
// process writes to it, and also where the file or its folder is read-only. A
// missing file is fs.ErrNotExist, a database of an older version ErrOlderSchema:
// it is to be opened for writing once.
func OpenReadOnly(path string) (*DB, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	if err := regular(path); err != nil {
		return nil, err
	}
	db, err := connectReader(path)
	if cannotShare(err) && !hasLog(path) && !holds(path, "-journal") {
		// Without a log or journal nobody is writing, and whoever cannot make the log's
		// index beside the file cannot be told of one who starts to.
		db, err = connect(path, "mode=ro&immutable=1")
	}
	if err != nil {
		return nil, err
	}
	v, err := db.version(context.Background())
	if err == nil && v == 0 {
		err = errEmpty
	} else if err == nil && v < len(migrations) {
		err = fmt.Errorf("%w (schema %d, now %d); nightshift migrate --db %s brings it up to date", ErrOlderSchema, v, len(migrations),
			file.ShellWord(path))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("database %s: %w", path, err), db.Close())
	}
	return db, nil
}

// Close closes the database.
func (db *DB) Close() error { return errors.Join(db.writing.close(), db.sql.Close()) }
