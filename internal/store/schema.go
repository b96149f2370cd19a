package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
)

// applicationID marks the files of this program in SQLite's header: "NITE".
const applicationID = 0x4e495445

// migrations[i] takes a database from schema version i to i+1. What has been
// released is never edited; a change is a new file at the end.
var migrations = []string{"migrations/1.sql", "migrations/2.sql", "migrations/3.sql", "migrations/4.sql", "migrations/5.sql", "migrations/6.sql"}

//go:embed migrations/*.sql
var migrationFiles embed.FS

// migrate brings the database to the newest schema, all of it or nothing.
func (db *DB) migrate(ctx context.Context) error {
	v, err := db.version(ctx)
	if err != nil || v == len(migrations) {
		return err
	}
	return db.write(ctx, func(tx *sql.Tx) error {
		// Read again: another process may have been faster.
		var version int
		if err := tx.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
			return err
		}
		for ; version < len(migrations); version++ {
			text, err := migrationFiles.ReadFile(migrations[version])
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, string(text)); err != nil {
				return fmt.Errorf("migration %s: %w", migrations[version], err)
			}
		}
		if err := newInserter(ctx, tx).takeSums(); err != nil {
			return fmt.Errorf("checksums: %w", err)
		}
		_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, version))
		return err
	})
}

// version gives the schema version of the file.
func (db *DB) version(ctx context.Context) (v int, err error) {
	err = db.sql.QueryRowContext(ctx, "PRAGMA user_version").Scan(&v)
	return v, err
}

// write runs f in one transaction that holds the write lock from its start.
func (db *DB) write(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := db.sql.BeginTx(ctx, nil)
	if err != nil {
		return fault(err)
	}
	defer tx.Rollback() // of no effect after Commit
	if err := f(tx); err != nil {
		return fault(err)
	}
	return fault(tx.Commit())
}
