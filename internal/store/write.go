package store

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Start marks runs as running since the given time, and by whom; those that have a result keep it, and those that are
// interrupted the reason. A checkpoint that does not say who made it is of those who had the run before.
func (db *DB) Start(ctx context.Context, at time.Time, by Provenance, ids ...string) error {
	err := db.insert(ctx, func(in *inserter) error {
		maker, err := in.makerKey(by)
		if err != nil {
			return err
		}
		mark, err := in.stmt(`UPDATE run
			SET status = ?, reason = CASE status WHEN ? THEN reason ELSE '' END, stack = '', checksum = '',
				started_at = ?, finished_at = NULL,
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

// Reached is how far a run has come that is being trained.
type Reached struct {
	ID      string
	Epoch   int
	Seconds float64
	Loss    Number // on the training split, where it was measured
}

// Reach tells others how far runs have come since their checkpoints. What a process does not live to record goes with it: see
// Forget. Runs that are not being trained stay as they are.
func (db *DB) Reach(ctx context.Context, list ...Reached) error {
	err := db.insert(ctx, func(in *inserter) error {
		for _, r := range list {
			if err := in.exec(`UPDATE run SET epochs = ?, seconds = ?, train_loss = coalesce(?, train_loss) WHERE id = ? AND status = ?`,
				r.Epoch, encodeFloat(r.Seconds), encodeNumber(r.Loss), r.ID, string(Running)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("how far runs have come: %w", err)
	}
	return nil
}

// Finish writes the results of runs in one transaction, replacing whatever
// earlier attempts left, and removes their holds and checkpoints. An attempt
// without a result (neither done nor diverged) does not replace a result. One
// that was interrupted and brings no epochs leaves those that are there, and
// the checkpoint that covers them.
func (db *DB) Finish(ctx context.Context, results ...Result) error {
	err := db.insert(ctx, func(in *inserter) error { return in.results(results...) })
	if err != nil {
		return fmt.Errorf("recording results: %w", err)
	}
	return nil
}

// PutWeights adds the snapshots of a result to those of its run, or replaces those of the same
// epochs, and ends the work on it: the hold is removed, and the checkpoint gives way to the final state.
func (db *DB) PutWeights(ctx context.Context, r Result) error {
	id := r.Run.ID
	err := db.insert(ctx, func(in *inserter) error {
		run, ok, err := in.find(`SELECT key FROM run WHERE id = ?`, id)
		if !ok || err != nil {
			return errors.Join(err, ErrNotFound)
		}
		for _, w := range r.Weights {
			if err := in.exec(`INSERT OR REPLACE INTO weight (run, epoch, tensors, digest) VALUES (?,?,?,?)`, run, w.Epoch, w.Tensors,
				digest(w.Tensors)); err != nil {
				return err
			}
		}
		for _, table := range []string{"claim", "checkpoint"} {
			if err := in.exec(`DELETE FROM `+table+` WHERE run = ?`, run); err != nil {
				return err
			}
		}
		if r.Final == nil {
			return nil
		}
		return in.checkpoint(run, *r.Final)
	})
	if err != nil {
		return fmt.Errorf("recording weights of run %s: %w", id, err)
	}
	return nil
}
