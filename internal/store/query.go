package store

import (
	"context"
	"database/sql"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Query runs somebody's own SQL and hands the names of its columns and then each row to fn. Values are nil, int64, float64,
// string or []byte, and are fn's to keep. Whatever the SQL says, nothing is written: neither this database, nor another one by
// ATTACH, nor a file by VACUUM INTO. It ends with ctx.
func (db *DB) Query(ctx context.Context, statement string, columns func([]string) error, row func([]any) error) error {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return fault(err)
	}
	defer conn.Close()
	if err := readOnly(ctx, conn); err != nil {
		return err
	}
	rows, err := conn.QueryContext(ctx, statement)
	if err != nil {
		return fault(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return fault(err)
	}
	if err := columns(names); err != nil {
		return err
	}
	for rows.Next() {
		values := make([]any, len(names))
		targets := make([]any, len(names))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		if err := row(values); err != nil {
			return err
		}
	}
	return fault(rows.Err())
}

// readOnly takes from a connection what a database that was opened for reading still allows: other files.
func readOnly(ctx context.Context, conn *sql.Conn) error {
	if _, err := sqlite.Limit(conn, sqlite3.SQLITE_LIMIT_ATTACHED, 0); err != nil {
		return fmt.Errorf("closing the door to other databases: %w", err)
	}
	_, err := conn.ExecContext(ctx, "PRAGMA query_only = 1")
	return fault(err)
}
