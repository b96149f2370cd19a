package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Checkpoint is what a training goes on from.
type Checkpoint struct {
	RunID   string
	Epoch   int // the last one that is finished
	State   []byte
	Seconds float64 // of training until then
}

// PutCheckpoint records how far an owner has come with a run that it has
// claimed, in one transaction: the state, the run's row, and the epochs, layers
// and weights that are new since the last checkpoint. A run's first checkpoint
// replaces what earlier attempts have left. With that of a run that is
// interrupted its owner gives it back. It is ErrClaimLost, and nothing is
// written, where the owner no longer has the run.
func (db *DB) PutCheckpoint(ctx context.Context, ownerID string, r Result, c Checkpoint) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		in := newInserter(ctx, tx)
		run, ok, err := in.find(`SELECT run.key FROM run JOIN claim ON claim.run = run.key JOIN owner ON owner.key = claim.owner
			WHERE run.id = ? AND owner.id = ?`, c.RunID, ownerID)
		if err != nil {
			return err
		}
		if !ok {
			return ErrClaimLost
		}
		_, again, err := in.find(`SELECT 1 FROM checkpoint WHERE run = ?`, run)
		if err != nil {
			return err
		}
		if !again {
			if err := in.clear(run); err != nil {
				return err
			}
		}
		if err := in.outcome(run, r.Run); err != nil {
			return err
		}
		if err := in.measured(run, r); err != nil {
			return err
		}
		if err := in.exec(`INSERT OR REPLACE INTO checkpoint (run, epoch, seconds, state) VALUES (?,?,?,?)`, run, c.Epoch, encodeFloat(c.Seconds), c.State); err != nil {
			return err
		}
		if r.Run.Status != Interrupted {
			return nil
		}
		return in.exec(`DELETE FROM claim WHERE run = ?`, run)
	})
	if err != nil {
		return fmt.Errorf("recording a checkpoint of run %s: %w", c.RunID, err)
	}
	return nil
}

// Checkpoint gives the last checkpoint of a run, if there is one.
func (db *DB) Checkpoint(ctx context.Context, id string) (Checkpoint, bool, error) {
	c := Checkpoint{RunID: id}
	err := db.sql.QueryRowContext(ctx, `SELECT epoch, seconds, state FROM checkpoint WHERE run = (SELECT key FROM run WHERE id = ?)`, id).
		Scan(&c.Epoch, toFloat{&c.Seconds}, &c.State)
	if errors.Is(err, sql.ErrNoRows) {
		return Checkpoint{}, false, nil
	}
	if err != nil {
		return Checkpoint{}, false, fmt.Errorf("checkpoint of run %s: %w", id, fault(err))
	}
	return c, true, nil
}

// Checkpoints gives the epoch of every checkpoint by run.
func (db *DB) Checkpoints(ctx context.Context) (map[string]int, error) {
	epochs := map[string]int{}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var id string
		var epoch int
		err := rows.Scan(&id, &epoch)
		epochs[id] = epoch
		return err
	}, `SELECT run.id, checkpoint.epoch FROM checkpoint JOIN run ON run.key = checkpoint.run`)
	return epochs, err
}
