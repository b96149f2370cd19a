package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
)

// Checkpoint is what a training goes on from.
type Checkpoint struct {
	RunID   string
	Epoch   int // the last one that is finished
	State   []byte
	Seconds float64    // of training until then
	By      Provenance // who made it
	// Aside holds weights that a run with a result is trained once more for; nil
	// of other runs, whose weights are with their epochs.
	Aside []Snapshot
}

// ErrChanged says that something is not what was written.
var ErrChanged = errors.New("not what was written")

// PutCheckpoint records how far an owner has come with a run that it
// holds, in one transaction: the state, the run's row, and the epochs, layers
// and weights that are new since the last checkpoint. A run's first checkpoint
// replaces what earlier attempts have left. With that of a run that is
// interrupted its owner gives it back. A run that has a result keeps it as it
// is: only the weights are recorded, and set aside. It is ErrHoldLost, and
// nothing is written, where the owner no longer has the run.
func (db *DB) PutCheckpoint(ctx context.Context, ownerID string, r Result, c Checkpoint) error {
	err := db.insert(ctx, func(in *inserter) error {
		run, err := in.held(ownerID, c.RunID)
		if err != nil {
			return err
		}
		has, err := in.hasResult(run)
		if err != nil {
			return err
		}
		if has {
			if err := in.checkpoint(run, c); err != nil {
				return err
			}
			return in.aside(run, r.Weights)
		}
		_, exists, err := in.find(`SELECT 1 FROM checkpoint WHERE run = ?`, run)
		if err != nil {
			return err
		}
		if !exists {
			if err := in.clear(run); err != nil {
				return err
			}
		}
		if err := in.trained(run, r, ""); err != nil {
			return err
		}
		if err := in.checkpoint(run, c); err != nil || r.Run.Status != Interrupted {
			return err
		}
		return in.exec(`DELETE FROM claim WHERE run = ?`, run)
	})
	if err != nil {
		return fmt.Errorf("recording a checkpoint of run %s: %w", c.RunID, err)
	}
	return nil
}

// DropCheckpoint removes the checkpoint of a run that an owner holds, with
// what it covers: the run is as it was before any training, and the row given
// is its row. A result stays. It is ErrHoldLost where the owner no longer has
// the run.
func (db *DB) DropCheckpoint(ctx context.Context, ownerID string, r Run) error {
	err := db.insert(ctx, func(in *inserter) error {
		run, err := in.held(ownerID, r.ID)
		if err != nil {
			return err
		}
		if has, err := in.hasResult(run); has || err != nil {
			return errors.Join(err, in.exec(`DELETE FROM checkpoint WHERE run = ?`, run))
		}
		if err := in.clear(run); err != nil {
			return err
		}
		return in.outcome(run, r, "")
	})
	if err != nil {
		return fmt.Errorf("dropping the checkpoint of run %s: %w", r.ID, err)
	}
	return nil
}

// held gives the key of a run that an owner holds, or ErrHoldLost.
func (in *inserter) held(ownerID, id string) (int64, error) {
	run, ok, err := in.find(`SELECT run.key FROM run JOIN claim ON claim.run = run.key JOIN owner ON owner.key = claim.owner
		WHERE run.id = ? AND owner.id = ?`, id, ownerID)
	if !ok && err == nil {
		err = ErrHoldLost
	}
	return run, err
}

func (in *inserter) hasResult(run int64) (bool, error) {
	_, ok, err := in.find(`SELECT 1 FROM run WHERE key = ? AND `+withResult, run)
	return ok, err
}

// checkpoint replaces that of a run.
func (in *inserter) checkpoint(run int64, c Checkpoint) error {
	maker, err := in.makerKey(c.By)
	if err != nil {
		return err
	}
	return in.exec(`INSERT INTO checkpoint (run, epoch, seconds, state, maker, checksum) VALUES (?,?,?,?,?,?)
		ON CONFLICT (run) DO UPDATE SET (epoch, seconds, state, maker, checksum)
			= (excluded.epoch, excluded.seconds, excluded.state, excluded.maker, excluded.checksum)`,
		run, c.Epoch, encodeFloat(c.Seconds), c.State, maker, c.checksum())
}

func (in *inserter) aside(run int64, weights []Snapshot) error {
	for _, w := range weights {
		if err := in.exec(`INSERT OR REPLACE INTO aside (run, epoch, tensors, digest) VALUES (?,?,?,?)`,
			run, w.Epoch, w.Tensors, digest(w.Tensors)); err != nil {
			return fmt.Errorf("weights after epoch %d: %w", w.Epoch, err)
		}
	}
	return nil
}

func (c Checkpoint) checksum() string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %v\n", c.Epoch, c.Seconds)
	h.Write(c.State)
	return hex.EncodeToString(h.Sum(nil))
}

// Checkpoint gives the last checkpoint of a run, if there is one. The error is
// ErrChanged for one that has been damaged since it was written.
func (db *DB) Checkpoint(ctx context.Context, id string) (Checkpoint, bool, error) {
	c := Checkpoint{RunID: id}
	var sum string
	err := db.queryer().QueryRowContext(ctx, `SELECT c.epoch, c.seconds, state, c.checksum,
			`+makerColumns+`
		FROM checkpoint AS c JOIN run ON run.key = c.run JOIN maker ON maker.key = coalesce(c.maker, run.maker) WHERE run.id = ?`, id).
		Scan(append([]any{&c.Epoch, toFloat{&c.Seconds}, &c.State, &sum}, makerTargets(&c.By)...)...)
	if errors.Is(err, sql.ErrNoRows) {
		return Checkpoint{}, false, nil
	}
	if err == nil && sum != "" && sum != c.checksum() {
		err = ErrChanged
	}
	if err == nil {
		c.Aside, err = db.aside(ctx, id)
	}
	if err != nil {
		return Checkpoint{}, false, fmt.Errorf("checkpoint of run %s: %w", id, fault(err))
	}
	return c, true, nil
}

func (db *DB) aside(ctx context.Context, id string) ([]Snapshot, error) {
	var list []Snapshot
	err := db.read(ctx, func(rows *sql.Rows) error {
		var s Snapshot
		var sum string
		if err := rows.Scan(&s.Epoch, &s.Tensors, &sum); err != nil {
			return err
		}
		if sum != digest(s.Tensors) {
			return ErrChanged
		}
		list = append(list, s)
		return nil
	}, `SELECT aside.epoch, aside.tensors, aside.digest
		FROM aside JOIN run ON run.key = aside.run WHERE run.id = ? ORDER BY aside.epoch`, id)
	return list, err
}

// Checkpoints gives the epoch of every checkpoint by run; where runs are named, of theirs.
func (db *DB) Checkpoints(ctx context.Context, ids ...string) (map[string]int, error) {
	query, args := `SELECT run.id, checkpoint.epoch FROM checkpoint JOIN run ON run.key = checkpoint.run`, []any(nil)
	if len(ids) > 0 {
		text, err := json.Marshal(ids)
		if err != nil {
			return nil, err
		}
		query, args = query+` WHERE run.id IN (SELECT value FROM json_each(?))`, []any{string(text)}
	}
	epochs := map[string]int{}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var id string
		var epoch int
		err := rows.Scan(&id, &epoch)
		epochs[id] = epoch
		return err
	}, query, args...)
	return epochs, err
}
