package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Start marks runs as running since the given time, and by whom; those that have a result keep it, and those that are
// interrupted the reason. A checkpoint that does not say who made it is of those who had the run before.
func (db *DB) Start(ctx context.Context, at time.Time, by Provenance, ids ...string) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		in := newInserter(ctx, tx)
		maker, err := in.makerKey(by)
		if err != nil {
			return err
		}
		mark, err := in.stmt(`UPDATE run
			SET status = ?, reason = CASE status WHEN ? THEN reason ELSE '' END, stack = '', checksum = '', started_at = ?, finished_at = NULL,
				maker = CASE WHEN EXISTS (SELECT 1 FROM checkpoint AS c WHERE c.run = run.key AND c.maker IS NULL) THEN maker ELSE ? END
			WHERE id = ? AND NOT ` + withResult)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, err := mark.ExecContext(ctx, string(Running), string(Interrupted), encodeTime(at), maker, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("marking runs as running: %w", err)
	}
	return nil
}

// Finish writes the results of runs in one transaction, replacing whatever
// earlier attempts left, and removes their holds and checkpoints. An attempt
// without a result (neither done nor diverged) does not replace a result. One
// that was interrupted and brings no epochs leaves those that are there, and
// the checkpoint that covers them.
func (db *DB) Finish(ctx context.Context, results ...Result) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		in := newInserter(ctx, tx)
		for _, r := range results {
			if err := in.result(r); err != nil {
				return fmt.Errorf("run %s: %w", r.Run.ID, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("recording results: %w", err)
	}
	return nil
}

// PutWeights adds snapshots to those of a run, or replaces those of the same
// epochs, and ends the work on it: hold and checkpoint are removed.
func (db *DB) PutWeights(ctx context.Context, id string, weights ...Snapshot) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		for _, w := range weights {
			r, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO weight (run, epoch, tensors, digest)
				SELECT key, ?, ?, ? FROM run WHERE id = ?`, w.Epoch, w.Tensors, digest(w.Tensors), id)
			if err != nil {
				return err
			}
			if n, err := r.RowsAffected(); err != nil || n == 0 {
				return errors.Join(err, ErrNotFound)
			}
		}
		for _, table := range []string{"claim", "checkpoint"} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE run = (SELECT key FROM run WHERE id = ?)`, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("recording weights of run %s: %w", id, err)
	}
	return nil
}
