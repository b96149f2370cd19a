package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// ErrGone says that a database is not where it was opened any more: what is written to it reaches no
// file that anybody will find.
var ErrGone = errors.New("the database was deleted, moved or replaced")

// Place is a database's file as it was opened, and a connection to it that stays: those that the pool makes later would find
// whatever has the name then.
type Place struct {
	path string
	file os.FileInfo
	conn *sql.Conn
}

// Place looks at the file of the database, which was opened at path. It has to be closed.
func (db *DB) Place(ctx context.Context, path string) (*Place, error) {
	file, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("database: %w", err)
	}
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("database: %w", fault(err))
	}
	// SQLite opens the log beside the file when it first reads.
	if _, err := conn.ExecContext(ctx, `SELECT count(*) FROM study`); err != nil {
		return nil, errors.Join(fmt.Errorf("database: %w", fault(err)), conn.Close())
	}
	return &Place{path, file, conn}, nil
}

// Close gives the connection back.
func (p *Place) Close() error { return p.conn.Close() }

// Check is ErrGone where the file is not the one that was opened.
func (p *Place) Check() error {
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
func (p *Place) SaveAs(ctx context.Context, path string) error {
	if _, err := p.conn.ExecContext(ctx, `VACUUM INTO ?`, path); err != nil {
		return fmt.Errorf("saving the database as %s: %w", path, fault(err))
	}
	return nil
}
