package store

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// What keeps a database from being written or read. What was committed before
// is not touched by any of them.
var (
	ErrFull     = errors.New("the disk is full")
	ErrReadOnly = errors.New("the database cannot be written")
	ErrDamaged  = errors.New("the database is damaged")
	ErrDisk     = errors.New("the disk fails to read or write")
	ErrLimit    = errors.New("the database has come to the limit on the size of files")
)

// fault says what an error of SQLite means and what can be done about it.
func fault(err error) error {
	for _, said := range []error{ErrFull, ErrReadOnly, ErrDamaged, ErrDisk, ErrLimit, ErrNotDatabase} {
		if errors.Is(err, said) {
			return err
		}
	}
	switch resultCode(err) {
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w: make space and run the same command again, nothing that was recorded is lost (%w)", ErrFull, err)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return fmt.Errorf("%w: allow writing to the file and its folder, or name another with --db (%w)", ErrReadOnly, err)
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return damaged(err)
	case sqlite3.SQLITE_IOERR:
		return ioFault(err)
	}
	return err
}

// rescue is what can be done with a damaged file.
const rescue = "save all that is whole of it with nightshift fsck --db FILE --rescue NEW.db"

func damaged(why error) error {
	return fmt.Errorf("%w: keep a copy of it, look at it with nightshift fsck, and %s (%w)", ErrDamaged, rescue, why)
}

// ioFault tells the disk that has no room, also for the files beside the
// database, from one that fails.
func ioFault(err error) error {
	var e *sqlite.Error
	if errors.As(err, &e) {
		switch e.Code() {
		case sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_TRUNCATE, sqlite3.SQLITE_IOERR_SHMSIZE:
			if most, limited := fileSizeLimit(); limited {
				return fmt.Errorf("%w, of %d bytes (ulimit -f), or their disk fails: raise it and run the same command again, "+
					"nothing that was recorded is lost (%w)", ErrLimit, most, err)
			}
		}
		switch e.Code() {
		case sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMMAP:
			return fmt.Errorf("%w: there is no room for the files beside the database, or their disk fails; "+
				"make space and run the same command again, nothing that was recorded is lost (%w)", ErrFull, err)
		}
	}
	return fmt.Errorf("%w: copy the database to another one, check it there with nightshift fsck, "+
		"and run the same command with --db (%w)", ErrDisk, err)
}
