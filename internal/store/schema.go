package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// applicationID marks the files of this program in SQLite's header: "NITE".
const applicationID = 0x4e495445

// migrations[i] takes a database from schema version i to i+1. What has been
// released is never edited; a change is a new file at the end.
var migrations = []string{"migrations/1.sql", "migrations/2.sql", "migrations/3.sql", "migrations/4.sql", "migrations/5.sql",
	"migrations/6.sql", "migrations/7.sql", "migrations/8.sql"}

// newest makes at once what all migrations make of an empty file, which takes less than half of their time.
const newest = "migrations/newest.sql"

//go:generate go test . -run ^TestNewest$ -update
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
		if version == 0 {
			if err := execFile(ctx, tx, newest); err != nil {
				return err
			}
			return mark(ctx, tx, len(migrations))
		}
		if err := migrateTo(ctx, tx, version, len(migrations)); err != nil {
			return err
		}
		if err := newInserter(ctx, tx).takeSums(); err != nil {
			return fmt.Errorf("checksums: %w", err)
		}
		return nil
	})
}

// migrateTo takes a database from one schema version to another.
func migrateTo(ctx context.Context, tx *sql.Tx, from, to int) error {
	for v := from; v < to; v++ {
		if err := execFile(ctx, tx, migrations[v]); err != nil {
			return err
		}
	}
	return mark(ctx, tx, to)
}

// execFile runs the statements of a file of the schema.
func execFile(ctx context.Context, tx *sql.Tx, name string) error {
	text, err := migrationFiles.ReadFile(name)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, string(text)); err != nil {
		return fmt.Errorf("migration %s: %w", name, err)
	}
	return nil
}

// mark says in the file's header whose it is, and which version its schema has.
func mark(ctx context.Context, tx *sql.Tx, version int) error {
	_, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d; PRAGMA user_version = %d", applicationID, version))
	return err
}

// version gives the schema version of the file.
func (db *DB) version(ctx context.Context) (v int, err error) {
	err = db.sql.QueryRowContext(ctx, "PRAGMA user_version").Scan(&v)
	return v, err
}

// queryer is the transaction within which the database is used, its connection, or the database.
func (db *DB) queryer() queryer {
	switch {
	case db.in != nil:
		return db.in.tx
	case db.conn != nil:
		return db.conn
	}
	return db.sql
}

// prepare makes a statement that is closed with the transaction, or with the database.
func (db *DB) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if db.in != nil {
		return db.in.stmt(query)
	}
	return db.sql.PrepareContext(ctx, query)
}

// changedSchema names the tables, views, indexes and triggers of a database that are not those of
// the newest schema.
func (db *DB) changedSchema(ctx context.Context) ([]definition, error) {
	want, err := newestSchema()
	if err != nil {
		return nil, err
	}
	have, err := db.definitions(ctx)
	if err != nil {
		return nil, err
	}
	var changed []definition
	for name, d := range want {
		if have[name] != d {
			changed = append(changed, d)
		}
	}
	slices.SortFunc(changed, func(a, b definition) int { return strings.Compare(a.name, b.name) })
	return changed, nil
}

// newestSchema is what a new database has, made once: that takes longer than reading a small study.
var newestSchema = sync.OnceValues(func() (all map[string]definition, err error) {
	err = newDatabase(func(ctx context.Context, fresh *DB) error {
		all, err = fresh.definitions(ctx)
		return err
	})
	return all, err
})

// newDatabase gives a new database in memory to f.
func newDatabase(f func(context.Context, *DB) error) error {
	pool, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return err
	}
	defer pool.Close()
	pool.SetMaxOpenConns(1)
	ctx := context.Background()
	fresh := &DB{sql: pool}
	if err := fresh.migrate(ctx); err != nil {
		return err
	}
	return f(ctx, fresh)
}

// definition is what makes a table, view, index or trigger; the text of an index that follows from a table is "".
type definition struct{ name, of, text string }

// definitions gives what makes the tables, views, indexes and triggers, by kind and name.
func (db *DB) definitions(ctx context.Context) (map[string]definition, error) {
	all := map[string]definition{}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var d definition
		err := rows.Scan(&d.name, &d.of, &d.text)
		all[d.name] = d
		return err
	}, `SELECT type || ' ' || name, tbl_name, coalesce(sql, '') FROM sqlite_schema`)
	return all, err
}
