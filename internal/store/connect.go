package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// busyTimeout is how long a database that somebody else has locked is waited for.
const busyTimeout = 10 * time.Second

// connectWriter waits also where SQLite does not: for another process that
// turns the new file's journal into WAL in the same moment.
func connectWriter(path string, journal Journal) (*DB, error) {
	for stopAt := time.Now().Add(busyTimeout); ; time.Sleep(10 * time.Millisecond) {
		db, err := connect(path, "mode=rw&"+journal.pragmas()+"&_pragma=foreign_keys(1)&_txlock=immediate")
		if resultCode(err) != sqlite3.SQLITE_BUSY || time.Now().After(stopAt) {
			return db, err
		}
	}
}

// connectReader also takes back what a process has left half written that died with a rollback journal: until then nobody can
// read the file. That needs the right to write.
func connectReader(path string) (*DB, error) {
	db, err := connect(path, "mode=ro")
	var e *sqlite.Error
	if !errors.As(err, &e) || e.Code() != sqlite3.SQLITE_READONLY_ROLLBACK {
		return db, err
	}
	if db, err = connect(path, "mode=rw"); err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	return connect(path, "mode=ro")
}

// cacheSize is what SQLite keeps of the pages that a connection reads: minus so many KB.
const cacheSize = "-65536"

// connect opens the file and makes sure that it is a database of ours, or an
// empty one, of a schema that this version knows.
func connect(path, params string) (*DB, error) {
	db, err := unread(path, "_pragma=cache_size("+cacheSize+")&"+params)
	if err != nil {
		return nil, err
	}
	if err := db.check(context.Background()); err != nil {
		return nil, errors.Join(fmt.Errorf("database %s: %w", path, err), db.sql.Close())
	}
	return db, nil
}

// unread is the file as a database, before anything of it is read.
func unread(path, params string) (*DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	always := fmt.Sprintf("_pragma=busy_timeout(%d)&_pragma=temp_store(MEMORY)&", busyTimeout.Milliseconds())
	dsn := url.URL{Scheme: "file", OmitHost: true, Path: filepath.ToSlash(abs), RawQuery: always + params}
	pool, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, fmt.Errorf("database %s: %w", path, err)
	}
	return &DB{sql: pool, dsn: dsn.String()}, nil
}

func (db *DB) check(ctx context.Context) error {
	var application, version, tables int
	err := db.sql.QueryRowContext(ctx, `SELECT
		(SELECT application_id FROM pragma_application_id), (SELECT user_version FROM pragma_user_version),
		(SELECT count(*) FROM sqlite_schema)`).Scan(&application, &version, &tables)
	switch code := resultCode(err); {
	case code == sqlite3.SQLITE_NOTADB, code == sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("%w, or a damaged one (%w); it is left as it is: name another with --db, or save what can be read of it "+
			"with nightshift fsck --rescue NEW.db", ErrNotDatabase, err)
	case err != nil:
		return fault(err)
	case application != applicationID && (application != 0 || version != 0 || tables != 0):
		return fmt.Errorf("%w but one of another program; it is left as it is: name another with --db", ErrNotDatabase)
	case version > len(migrations):
		return fmt.Errorf("%w (schema %d, this one knows %d): update nightshift, or name another database with --db",
			ErrNewerSchema, version, len(migrations))
	}
	return nil
}

// resultCode gives the primary result code of SQLite, 0 if err is not one.
func resultCode(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

// cannotShare says whether SQLite could not make the files beside a database
// through which its readers and writers share it.
func cannotShare(err error) bool {
	code := resultCode(err)
	return code == sqlite3.SQLITE_CANTOPEN || code == sqlite3.SQLITE_READONLY
}

// hasLog says whether there is a log beside a database without which the file is not what was committed.
func hasLog(path string) bool { return holds(path, "-wal") }

// holds says whether there is anything in a file whose name is that of a database with an end. Where a link leads to the database
// SQLite names it by the file that the link leads to, or, on Windows, by the link.
func holds(path, end string) bool {
	followed, err := filepath.EvalSymlinks(path)
	return holdsAnything(path+end) || err == nil && followed != path && holdsAnything(followed+end)
}

func holdsAnything(path string) bool {
	info, err := os.Stat(path)
	return !errors.Is(err, fs.ErrNotExist) && (err != nil || info.Size() > 0)
}
