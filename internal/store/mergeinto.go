package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	sqlite3 "modernc.org/sqlite/lib"
)

// target is a database that others are brought into, by one transaction after the other.
type target struct {
	*DB        // within the transaction
	conn       *sql.Conn
	tx         *sql.Tx
	behind     *behind // what is written at its end; nil where SQLite has to write all
	afterwards string  // statements that make the connection what it was
}

// target begins to bring others, or many of them, into the database. On the connection that it does this by nobody looks up whether
// the row is there that a row belongs to: what is written here was found, or written, in the same transaction.
func (db *DB) target(ctx context.Context, many bool) (*target, error) {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return nil, fault(err)
	}
	t := &target{DB: &DB{sql: db.sql}, conn: conn, afterwards: `PRAGMA foreign_keys = 1; `}
	if err := t.prepare(ctx, many); err != nil {
		return nil, errors.Join(fault(err), t.close())
	}
	return t, nil
}

// prepare makes the connection one that much is written by. Into a new database many are brought with a rollback journal, by
// which every page is written once and not twice; in another the log is not written back after every 1,000 pages.
func (t *target) prepare(ctx context.Context, many bool) error {
	var journal string
	var known bool
	if err := t.conn.QueryRowContext(ctx, `SELECT journal_mode, EXISTS (SELECT 1 FROM run) FROM pragma_journal_mode`).
		Scan(&journal, &known); err != nil {
		return err
	}
	if many && journal == "wal" && !known {
		err := t.conn.QueryRowContext(ctx, `PRAGMA journal_mode = TRUNCATE`).Scan(&journal)
		if err != nil && resultCode(err) != sqlite3.SQLITE_BUSY {
			return err
		}
		if journal != "wal" {
			t.afterwards += `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL`
			_, err := t.conn.ExecContext(ctx, `PRAGMA foreign_keys = 0; PRAGMA synchronous = FULL`)
			return err
		}
	}
	t.afterwards += `PRAGMA wal_autocheckpoint = 1000`
	_, err := t.conn.ExecContext(ctx, `PRAGMA foreign_keys = 0; PRAGMA wal_autocheckpoint = 16000`)
	return err
}

// begin begins a transaction, which holds the write lock from its start.
func (t *target) begin(ctx context.Context) error {
	tx, err := t.conn.BeginTx(ctx, nil)
	if err != nil {
		return fault(err)
	}
	t.tx, t.in = tx, newInserter(ctx, tx)
	t.behind = nil
	if plain, err := t.plain(ctx); err != nil || !plain {
		return err
	}
	trees, err := t.tableTrees(ctx)
	t.behind = newBehind(trees)
	return err
}

// commit ends the transaction, after writing what goes behind the rows that are there. SQLite knows nothing of these pages, so it
// has to forget what it has in memory of those that lead to them.
func (t *target) commit(ctx context.Context) error {
	written := !t.behind.empty()
	if written {
		if err := t.behind.write(ctx, t.DB); err != nil {
			return fault(err)
		}
	}
	if err := t.tx.Commit(); err != nil {
		return fault(err)
	}
	t.tx = nil
	if written {
		return t.forget()
	}
	return nil
}

// again ends the transaction and begins another one.
func (t *target) again(ctx context.Context) error {
	if err := t.commit(ctx); err != nil {
		return err
	}
	return t.begin(ctx)
}

// forget takes the pages that the connection has in memory from it, or the connection from everybody.
func (t *target) forget() error {
	if _, err := t.conn.ExecContext(context.Background(), `PRAGMA shrink_memory`); err != nil {
		return errors.Join(fault(err), t.discard())
	}
	return nil
}

// rollback ends the transaction, if there is one, as if it had never been.
func (t *target) rollback() error {
	if t.tx == nil {
		return nil
	}
	t.tx.Rollback() // which may have happened, as when the disk is full
	t.tx = nil
	return t.forget()
}

// merge brings databases into this one, and says how many of the first of them it has brought: all, unless there is an error.
func (t *target) merge(ctx context.Context, group []*other, one func(context.Context, *target, *other) error) (merged int, err error) {
	for {
		failed, now := t.atOnce(ctx, group, one)
		if now == nil {
			return len(group), err
		}
		now = errors.Join(now, t.rollback())
		switch {
		case ctx.Err() != nil || failed == len(group):
			return 0, errors.Join(err, now)
		default:
			err = errors.Join(err, now)
			group = group[:failed] // what comes before it is merged all the same
		}
		for _, o := range group {
			if now := o.again(ctx); now != nil {
				return 0, errors.Join(err, now)
			}
		}
	}
}

// atOnce merges databases in one transaction, or says which of them it was that failed; their number where it was the transaction.
func (t *target) atOnce(ctx context.Context, group []*other, one func(context.Context, *target, *other) error) (failed int, err error) {
	if err := t.begin(ctx); err != nil {
		return len(group), err
	}
	for i, o := range group {
		if err := one(ctx, t, o); err != nil {
			return i, fault(err)
		}
	}
	return len(group), t.commit(ctx)
}

// discard makes sure that nobody uses the connection again.
func (t *target) discard() error {
	if err := t.conn.Raw(func(any) error { return driver.ErrBadConn }); !errors.Is(err, driver.ErrBadConn) {
		return err
	}
	return nil
}

// close ends it; what was not committed is as if it had never been.
func (t *target) close() error {
	ctx := context.Background()
	err := t.rollback()
	if _, failed := t.conn.ExecContext(ctx, t.afterwards); failed != nil {
		err = errors.Join(err, fault(failed), t.discard())
	}
	if closed := t.conn.Close(); !errors.Is(closed, sql.ErrConnDone) {
		err = errors.Join(err, closed)
	}
	return err
}
