package store

import (
	"context"
	"database/sql"
	"fmt"
)

// atOnce reads a database by f while nobody can change what is read. The statements of f go over the same connection: conn, or
// the only one of an sql.DB.
func atOnce(ctx context.Context, conn interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}, f func() error) error {
	if _, err := conn.ExecContext(ctx, `BEGIN`); err != nil {
		return fmt.Errorf("reading the database: %w", fault(err))
	}
	err := f()
	// COMMIT would fail after reading what is damaged, as f may have got over.
	if _, end := conn.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`); end != nil && err == nil {
		err = fmt.Errorf("reading the database: %w", fault(end))
	}
	return err
}
