package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"unicode"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Query runs somebody's own SQL and hands the names of its columns and then each row to fn. Values are nil, int64, float64,
// string or []byte, and are fn's to keep. Whatever the SQL says, nothing is written: neither this database, nor another one by
// ATTACH, nor a file by VACUUM INTO. It ends with ctx as soon as
// the call of a function of SQL is over that is being made then.
func (db *DB) Query(ctx context.Context, statement string, columns func([]string) error, row func([]any) error) (err error) {
	if one, rest := firstStatement(statement); rest != "" {
		return fmt.Errorf("there are several, of which one is to be chosen: behind %q stands %q", one, rest)
	}
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

// firstStatement ends at a semicolon outside of quotes and comments; the rest is what stands behind it other than blanks,
// comments and semicolons.
func firstStatement(text string) (one, rest string) {
	for i := 0; i < len(text); i++ {
		switch {
		case strings.IndexByte("'\"`[", text[i]) >= 0:
			i += through(text[i+1:], closing(text[i]))
		case strings.HasPrefix(text[i:], "--"):
			i += through(text[i+1:], "\n")
		case strings.HasPrefix(text[i:], "/*"):
			i += 1 + through(text[i+2:], "*/")
		case rest == "" && one == "" && text[i] == ';':
			one = text[:i]
		case one != "" && text[i] != ';' && !unicode.IsSpace(rune(text[i])):
			return one, text[i:]
		}
	}
	return one, ""
}

func closing(quote byte) string {
	if quote == '[' {
		return "]"
	}
	return string(quote)
}

// through is how many bytes there are up to the end of mark, or of the text.
func through(text, mark string) int {
	if i := strings.Index(text, mark); i >= 0 {
		return i + len(mark)
	}
	return len(text)
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
