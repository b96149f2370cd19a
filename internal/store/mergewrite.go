package store

import (
	"context"
	"database/sql"
)

// changes are those of runs that are written in one transaction.
type changes struct {
	db    *DB
	list  []func(in *inserter) error
	bytes int // about, that they hold
}

// Changes that are written together at most.
const (
	maxChanges     = 1000
	maxChangeBytes = 64 << 20
)

// rowBytes is about what an epoch, or a layer of one, takes in memory.
const rowBytes = 400

// add notes a change that holds about so many bytes.
func (c *changes) add(ctx context.Context, bytes int, change func(in *inserter) error) error {
	c.list, c.bytes = append(c.list, change), c.bytes+bytes
	if len(c.list) < maxChanges && c.bytes < maxChangeBytes {
		return nil
	}
	return c.write(ctx)
}

// write makes all changes that are noted, or none.
func (c *changes) write(ctx context.Context) error {
	if len(c.list) == 0 {
		return nil
	}
	err := c.db.write(ctx, func(tx *sql.Tx) error {
		in := newInserter(ctx, tx)
		for _, change := range c.list {
			if err := change(in); err != nil {
				return err
			}
		}
		return nil
	})
	c.list, c.bytes = nil, 0
	return err
}

// adopt makes what another database has of a run, which may be new here, ours, with its checksum.
func (in *inserter) adopt(run int64, isNew bool, r Result, sum string, checkpoint *Checkpoint) error {
	if r.Run.Status == Running {
		r.Run.Status = Interrupted // whoever trains it does so in another database
	}
	if !isNew {
		if r.Run.Status == Done || r.Run.Status == Diverged {
			if err := in.exec(`DELETE FROM claim WHERE run = ?`, run); err != nil {
				return err
			}
		}
		if err := in.clear(run); err != nil {
			return err
		}
	}
	if err := in.trained(run, r); err != nil {
		return err
	}
	if err := in.setChecksum(run, sum); err != nil || checkpoint == nil {
		return err
	}
	return in.checkpoint(run, *checkpoint)
}

// conflicts replaces the results of a run that are kept apart.
func (in *inserter) conflicts(run int64, apart []candidate) error {
	if err := in.exec(`DELETE FROM conflict WHERE run = ?`, run); err != nil {
		return err
	}
	for _, c := range apart {
		maker, err := in.makerKey(c.Provenance)
		if err != nil {
			return err
		}
		values := append([]any{run, maker, c.bits, string(c.Status), c.Reason, c.Stack, c.Parameters, c.Epochs,
			encodeFloat(c.Seconds),
			encodeTime(c.Started), encodeTime(c.Finished), c.Digest}, metrics(c.Train, c.Valid, c.Test)...)
		if err := in.exec(`INSERT INTO conflict (run, maker, bits, status, reason, stack, parameters, epochs, seconds,
				started_at, finished_at, digest, `+metricColumns+`)
			VALUES `+marks(len(values)), values...); err != nil {
			return err
		}
	}
	return nil
}
