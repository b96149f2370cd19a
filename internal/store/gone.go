package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// ErrGone says that a database is not where it was opened any more: what is written to it reaches no
// file that anybody will find.
var ErrGone = errors.New("the database was deleted, moved or replaced")

// Place is a database's file as it was opened.
type Place struct {
	path string
	file os.FileInfo
}

// PlaceOf looks at the file of an open database.
func PlaceOf(path string) (Place, error) {
	file, err := os.Stat(path)
	if err != nil {
		return Place{}, fmt.Errorf("database: %w", err)
	}
	return Place{path, file}, nil
}

// Check is ErrGone where the file is not the one that was opened.
func (p Place) Check() error {
	switch now, err := os.Stat(p.path); {
	case errors.Is(err, fs.ErrNotExist), err == nil && !os.SameFile(now, p.file):
		return fmt.Errorf("%w: %s", ErrGone, p.path)
	case err != nil:
		return fmt.Errorf("database: %w", err)
	}
	return nil
}

// SaveAs writes all that the database holds, also where its file has no name any more, to a
// new file. One that is there is an error.
func (db *DB) SaveAs(ctx context.Context, path string) error {
	// A connection of the pool that is made now would find no file; those that are there still have it, and come free.
	for stopAt := time.Now().Add(busyTimeout); ; time.Sleep(10 * time.Millisecond) {
		_, err := db.sql.ExecContext(ctx, `VACUUM INTO ?`, path)
		if err == nil {
			return nil
		}
		if resultCode(err)&0xff != sqlite3.SQLITE_CANTOPEN || time.Now().After(stopAt) {
			return fmt.Errorf("saving the database as %s: %w", path, fault(err))
		}
	}
}
