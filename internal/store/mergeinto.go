package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	sqlite3 "modernc.org/sqlite/lib"
)

// target is a database that others are brought into, by one transaction after the other.
type target struct {
	*DB        // within the transaction
	conn       *sql.Conn
	tx         *sql.Tx
	attached   map[*other]string // databases beside it, with their names in statements
	afterwards string            // statements that make the connection what it was
}

// target begins to bring others, or many of them, into the database. On the connection that it does this by nobody looks up whether
// the row is there that a row belongs to: what is written here was found, or written, in the same transaction.
func (db *DB) target(ctx context.Context, many bool) (*target, error) {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return nil, fault(err)
	}
	t := &target{DB: &DB{sql: db.sql}, conn: conn, attached: map[*other]string{}, afterwards: `PRAGMA foreign_keys = 1; `}
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
	return nil
}

// commit ends the transaction.
func (t *target) commit(ctx context.Context) error {
	if err := t.tx.Commit(); err != nil {
		return fault(err)
	}
	t.tx = nil
	return t.detach(ctx)
}

// rollback ends the transaction, if there is one, as if it had never been.
func (t *target) rollback(ctx context.Context) error {
	if t.tx != nil {
		t.tx.Rollback() // which may have happened, as when the disk is full
		t.tx = nil
	}
	return t.detach(ctx)
}

// merge brings databases into this one, and says how many of the first of them it has brought: all, unless there is an error.
func (t *target) merge(ctx context.Context, group []*other, one func(context.Context, *target, *other) error) (merged int, err error) {
	for {
		failed, now := t.atOnce(ctx, group, one)
		if now == nil {
			return len(group), err
		}
		now = errors.Join(now, t.rollback(context.WithoutCancel(ctx)))
		switch {
		case ctx.Err() != nil || failed == len(group):
			return 0, errors.Join(err, now)
		case errors.Is(now, errNotAsRead) && !group[failed].byRows:
			group[failed].byRows = true
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

// attach puts another database beside this one until the end of the transaction, and gives its name there. It is errNotAsRead
// unless the other is as it was when it was begun to be read.
func (t *target) attach(ctx context.Context, o *other) (string, error) {
	if name, ok := t.attached[o]; ok {
		return name, nil
	}
	name := fmt.Sprint("beside", len(t.attached))
	if _, err := t.tx.ExecContext(ctx, `ATTACH ? AS `+name, o.dsn); err != nil {
		return "", errors.Join(errNotAsRead, err)
	}
	t.attached[o] = name
	// From the first row on that is read of it, it stays as it is until the end of the transaction.
	var runs bool
	if err := t.tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM `+name+`.run)`).Scan(&runs); err != nil {
		return "", errors.Join(errNotAsRead, err)
	}
	if now, err := o.DB.stamp(ctx); err != nil || now != o.stamp {
		return "", errors.Join(errNotAsRead, err)
	}
	return name, nil
}

// detach takes away what is beside the database. Where that fails nobody uses the connection again.
func (t *target) detach(ctx context.Context) error {
	for o, name := range t.attached {
		if _, err := t.conn.ExecContext(ctx, `DETACH `+name); err != nil {
			return errors.Join(fault(err), t.discard())
		}
		delete(t.attached, o)
	}
	return nil
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
	err := t.rollback(ctx)
	if _, failed := t.conn.ExecContext(ctx, t.afterwards); failed != nil {
		err = errors.Join(err, fault(failed), t.discard())
	}
	if closed := t.conn.Close(); !errors.Is(closed, sql.ErrConnDone) {
		err = errors.Join(err, closed)
	}
	return err
}
