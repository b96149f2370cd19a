package store

import (
	"context"
	"fmt"
	"time"
)

// withResult is the condition on rows of run that have a result, which no
// training replaces.
const withResult = `status IN ('` + string(Done) + `', '` + string(Diverged) + `')`

// Hold gives runs to an owner, all in one transaction, and returns those that
// it has from then on, in the order in which they were asked for: without those
// that others hold, are done or diverged, or are unknown. It is
// ErrHoldLost for an owner who is not registered.
func (db *DB) Hold(ctx context.Context, ownerID string, at time.Time, ids ...string) (held []string, err error) {
	return db.hold(ctx, ownerID, at, `NOT `+withResult, ids)
}

// HoldForBackfill is Hold for runs that are trained once more for their weights:
// for those that are done or diverged, and no others.
func (db *DB) HoldForBackfill(ctx context.Context, ownerID string, at time.Time, ids ...string) (held []string, err error) {
	return db.hold(ctx, ownerID, at, withResult, ids)
}

func (db *DB) hold(ctx context.Context, ownerID string, at time.Time, which string, ids []string) (held []string, err error) {
	err = db.insert(ctx, func(in *inserter) error {
		owner, err := in.ownerKey(ownerID)
		if err != nil {
			return err
		}
		take, err := in.stmt(`INSERT INTO claim (run, owner, at)
			SELECT key, ?, ? FROM run WHERE id = ? AND ` + which + `
			ON CONFLICT (run) DO UPDATE SET at = excluded.at WHERE owner = excluded.owner`)
		if err != nil {
			return err
		}
		for _, id := range ids {
			r, err := take.ExecContext(ctx, owner, encodeTime(at), id)
			if err != nil {
				return err
			}
			n, err := r.RowsAffected()
			if err != nil {
				return err
			}
			if n == 1 {
				held = append(held, id)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("holding runs: %w", err)
	}
	return held, nil
}

// Release gives up holds of an owner; those that it does not have are no error.
func (db *DB) Release(ctx context.Context, ownerID string, ids ...string) error {
	err := db.insert(ctx, func(in *inserter) error {
		for _, id := range ids {
			if err := in.exec(`DELETE FROM claim WHERE run = (SELECT key FROM run WHERE id = ?)
				AND owner = (SELECT key FROM owner WHERE id = ?)`, id, ownerID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("releasing runs: %w", err)
	}
	return nil
}
