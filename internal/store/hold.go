package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// withResult is the condition on rows of run that have a result, which no
// training replaces.
const withResult = `status IN ('` + string(Done) + `', '` + string(Diverged) + `')`

// Claim gives runs to an owner, all in one transaction, and returns those that
// it has from then on, in the order in which they were asked for: without those
// that are claimed by others, are done or diverged, or are unknown. It is
// ErrClaimLost for an owner who is not registered.
func (db *DB) Claim(ctx context.Context, ownerID string, at time.Time, ids ...string) (claimed []string, err error) {
	return db.claim(ctx, ownerID, at, `NOT `+withResult, ids)
}

// ClaimAgain is Claim for runs that are to be trained once more: of those that
// are done or diverged, and of no others.
func (db *DB) ClaimAgain(ctx context.Context, ownerID string, at time.Time, ids ...string) (claimed []string, err error) {
	return db.claim(ctx, ownerID, at, withResult, ids)
}

func (db *DB) claim(ctx context.Context, ownerID string, at time.Time, which string, ids []string) (claimed []string, err error) {
	err = db.write(ctx, func(tx *sql.Tx) error {
		in := newInserter(ctx, tx)
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
				claimed = append(claimed, id)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("claiming runs: %w", err)
	}
	return claimed, nil
}

// Release gives up claims of an owner; those that it does not have are no error.
func (db *DB) Release(ctx context.Context, ownerID string, ids ...string) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		in := newInserter(ctx, tx)
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
