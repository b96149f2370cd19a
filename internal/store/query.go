package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Query runs somebody's own SQL and hands the names of its columns and then each row to fn. Values are nil, int64, float64,
// string or []byte, and are fn's to keep. Whatever the SQL says, nothing is written: neither this database, nor another one by
// ATTACH, nor a file by VACUUM INTO. It ends with ctx.
func (db *DB) Query(ctx context.Context, statement string, columns func([]string) error, row func([]any) error) (err error) {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return fault(err)
	}
	defer conn.Close()
	restore, err := readOnly(ctx, conn)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, restore()) }()
	if strings.Contains(strings.ToLower(statement), StudyCells) {
		if err := db.makeStudyCells(ctx, conn); err != nil {
			return err
		}
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

// readOnly takes from a connection what a database that was opened for reading still allows: other files. The connection
// gives it back before others use it.
func readOnly(ctx context.Context, conn *sql.Conn) (restore func() error, err error) {
	attached, err := sqlite.Limit(conn, sqlite3.SQLITE_LIMIT_ATTACHED, 0)
	if err != nil {
		return nil, fmt.Errorf("closing the door to other databases: %w", err)
	}
	if _, err = conn.ExecContext(ctx, "PRAGMA query_only = 1"); err != nil {
		return nil, fault(err)
	}
	return func() error {
		_, err := sqlite.Limit(conn, sqlite3.SQLITE_LIMIT_ATTACHED, attached)
		_, off := conn.ExecContext(context.WithoutCancel(ctx), "PRAGMA query_only = 0")
		return fault(errors.Join(err, off))
	}, nil
}
