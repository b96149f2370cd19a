package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// writing is the connection on which a process writes rows, one transaction after the other. Its statements stay prepared from
// one to the next: preparing them takes longer than writing a run of a few rows. The first who writes opens it.
type writing struct {
	mu    sync.Mutex // held for the time of a transaction
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

// insert runs f in one transaction that holds the write lock from its start, or in the one within which the database is used.
func (db *DB) insert(ctx context.Context, f func(*inserter) error) error {
	if db.in != nil {
		return f(db.in)
	}
	w := &db.writing
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn == nil {
		conn, err := db.sql.Conn(ctx)
		if err != nil {
			return fault(err)
		}
		// For every row whose status changes SQLite would build a table of the words that it may be: a third of the time that
		// an outcome takes. See outcome, which looks at it.
		if _, err := conn.ExecContext(ctx, "PRAGMA ignore_check_constraints = 1"); err != nil {
			return errors.Join(fault(err), conn.Close())
		}
		w.conn, w.stmts = conn, map[string]*sql.Stmt{}
	}
	// Prepared on the connection, statements are part of the transaction that is open there.
	return transact(ctx, w.conn, func(tx *sql.Tx) error { return f(newInserterOn(ctx, tx, w.conn, w.stmts)) })
}

// Together runs f in one transaction: of what it writes to the database that it is given, all is written or nothing.
func (db *DB) Together(ctx context.Context, f func(*DB) error) error {
	return db.insert(ctx, func(in *inserter) error { return f(&DB{sql: db.sql, dsn: db.dsn, in: in}) })
}

// write runs f in one transaction that holds the write lock from its start.
func (db *DB) write(ctx context.Context, f func(*sql.Tx) error) error {
	return transact(ctx, db.sql, f)
}

// beginner begins transactions: a connection, or any of a database.
type beginner interface {
	BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error)
}

func transact(ctx context.Context, on beginner, f func(*sql.Tx) error) error {
	tx, err := on.BeginTx(ctx, nil)
	if err != nil {
		return fault(err)
	}
	defer tx.Rollback() // of no effect after Commit
	if err := f(tx); err != nil {
		return fault(err)
	}
	return fault(tx.Commit())
}

// close ends the statements, which the connection does not do by itself, and gives it back.
func (w *writing) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.conn == nil {
		return nil
	}
	var errs []error
	for _, s := range w.stmts {
		errs = append(errs, s.Close())
	}
	errs = append(errs, w.conn.Close())
	w.conn = nil
	return errors.Join(errs...)
}
