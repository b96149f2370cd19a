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
	behind     *behind  // what is written at its end; nil where SQLite has to write all
	brought    []*other // what it has brought, until it ends
	cached     bool     // SQLite may have pages in memory that what is behind changes
	afterwards string   // statements that make the connection what it was

	one  func(context.Context, *target, *other) error // brings one
	tell func(*other)                                 // is told of each that was brought
}

// target begins to bring others, or many of them, into the database. On the connection that it does this by nobody looks up
// whether the row is there that a row belongs to: what is written here was found, or written, in the same transaction.
func (db *DB) target(
	ctx context.Context, many bool, one func(context.Context, *target, *other) error, tell func(*other),
) (*target, error) {
	conn, err := db.sql.Conn(ctx)
	if err != nil {
		return nil, fault(err)
	}
	t := &target{DB: &DB{sql: db.sql}, conn: conn, cached: true, one: one, tell: tell, afterwards: `PRAGMA foreign_keys = 1; `}
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
		t.cached = true
		return err
	}
	trees, err := t.tableTrees(ctx)
	t.behind = newBehind(trees)
	return err
}

// commit ends the transaction, after writing what goes behind the rows that are there. SQLite knows nothing of these pages, so it
// has to forget what it has in memory of those that lead to them, if it has read any.
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
	if written && t.cached {
		return t.forget()
	}
	return nil
}

// again ends the transaction, with all that was brought before the last, and begins another one for the rest of that.
func (t *target) again(ctx context.Context) error {
	if err := t.commit(ctx); err != nil {
		return err
	}
	if err := t.done(max(0, len(t.brought)-1)); err != nil {
		return err
	}
	return t.begin(ctx)
}

// forget takes the pages that the connection has in memory from it, or the connection from everybody.
func (t *target) forget() error {
	if _, err := t.conn.ExecContext(context.Background(), `PRAGMA shrink_memory`); err != nil {
		return errors.Join(fault(err), t.discard())
	}
	t.cached = false
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

// bring brings another database into this one, in one transaction with those before it, as long as these are not many. It closes
// the other when the transaction has ended.
func (t *target) bring(ctx context.Context, o *other) error {
	if t.tx == nil {
		if err := t.begin(ctx); err != nil {
			return errors.Join(fault(err), o.Close())
		}
	}
	t.brought = append(t.brought, o)
	if err := t.one(ctx, t, o); err != nil {
		return errors.Join(fault(err), t.bringBefore(ctx))
	}
	o.release()
	if len(t.brought) == together || t.behind.bytes() > maxChangeBytes {
		return t.end(ctx)
	}
	return nil
}

// bringBefore ends the transaction as if it had never been, and brings those again that were before the last.
func (t *target) bringBefore(ctx context.Context) error {
	before, last := t.brought[:len(t.brought)-1], t.brought[len(t.brought)-1]
	t.brought = nil
	if err := errors.Join(last.Close(), t.rollback()); err != nil || ctx.Err() != nil {
		return errors.Join(err, closeAll(before))
	}
	for i, o := range before {
		err := o.again(ctx)
		if err == nil {
			err = t.bring(ctx, o)
		}
		if err != nil {
			return errors.Join(err, closeAll(before[i:]))
		}
	}
	return t.end(ctx)
}

// end ends the transaction, and tells what it has brought.
func (t *target) end(ctx context.Context) error {
	if t.tx == nil {
		return nil
	}
	if err := t.commit(ctx); err != nil {
		return err
	}
	return t.done(len(t.brought))
}

// done tells of the first that were brought, so many, nothing of which can be taken back any more, and closes them.
func (t *target) done(n int) error {
	brought := t.brought[:n]
	t.brought = t.brought[n:]
	for _, o := range brought {
		t.tell(o)
	}
	return closeAll(brought)
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
	err := errors.Join(t.rollback(), closeAll(t.brought))
	if _, failed := t.conn.ExecContext(ctx, t.afterwards); failed != nil {
		err = errors.Join(err, fault(failed), t.discard())
	}
	if closed := t.conn.Close(); !errors.Is(closed, sql.ErrConnDone) {
		err = errors.Join(err, closed)
	}
	return err
}
