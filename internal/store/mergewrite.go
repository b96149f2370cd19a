package store

import (
	"context"
)

// changes are those of runs that are written together.
type changes struct {
	into  *target
	known map[string]int64 // keys of runs that are here
	list  []func(in *inserter) error
	added []newRun
	bytes int // about, that they hold
}

// Changes that are written together at most.
const (
	maxChanges     = 1000
	maxChangeBytes = 64 << 20
)

// rowBytes is about what an epoch, or a layer of one, takes in memory.
const rowBytes = 400

// bytes is about what a result holds in memory, without weights.
func (r *Result) bytes() int { return 4*len(r.Outputs) + rowBytes*(len(r.Epochs)+len(r.Layers)) }

// ours gives what the database has of runs, which the next changes are of.
func (c *changes) ours(ctx context.Context, ids []string) (map[string][]candidate, error) {
	same, err := runsAmong(ids)
	if err != nil {
		return nil, err
	}
	if c.known, err = c.into.keys(ctx, same); err != nil || len(c.known) == 0 {
		return nil, err
	}
	c.into.cached = true
	for _, key := range c.known {
		if c.into.behind.has(key) { // not all of it is there yet
			if err := c.write(ctx); err != nil {
				return nil, err
			}
			if err := c.into.again(ctx); err != nil {
				return nil, err
			}
			break
		}
	}
	if c.into.pages, err = c.into.readPages(ctx); err != nil && !unreadable(ctx, err) {
		return nil, err
	}
	defer func() { c.into.pages = nil }()
	return (&Merged{}).candidates(ctx, c.into.DB, same)
}

// add notes a change that holds about so many bytes.
func (c *changes) add(ctx context.Context, bytes int, change func(in *inserter) error) error {
	c.list = append(c.list, change)
	return c.noted(ctx, bytes)
}

// addNew notes a run that is new here.
func (c *changes) addNew(ctx context.Context, bytes int, run newRun) error {
	c.added = append(c.added, run)
	return c.noted(ctx, bytes)
}

// noted writes what is noted if that is much, and ends the transaction.
func (c *changes) noted(ctx context.Context, bytes int) error {
	c.bytes += bytes
	if len(c.list)+len(c.added) < maxChanges && c.bytes < maxChangeBytes {
		return nil
	}
	if err := c.write(ctx); err != nil {
		return err
	}
	return c.into.again(ctx)
}

// write makes all changes that are noted.
func (c *changes) write(ctx context.Context) error {
	if len(c.added) > 0 {
		if err := c.into.in.addAll(c.into.behind, c.added); err != nil {
			return err
		}
	}
	for _, change := range c.list {
		if err := change(c.into.in); err != nil {
			return err
		}
	}
	c.list, c.added, c.bytes = nil, nil, 0
	return nil
}

// taken is the status of a run that was taken over: whoever trains it does so in another database.
func (s Status) taken() Status {
	if s == Running {
		return Interrupted
	}
	return s
}

// adopt makes what another database has of a run that is here ours, with its checksum.
func (in *inserter) adopt(run int64, r Result, sum string, checkpoint *Checkpoint) error {
	r.Run.Status = r.Run.Status.taken()
	if r.Run.Status == Done || r.Run.Status == Diverged {
		if err := in.exec(`DELETE FROM claim WHERE run = ?`, run); err != nil {
			return err
		}
	}
	if err := in.clear(run); err != nil {
		return err
	}
	if err := in.trained(run, r, sum); err != nil || checkpoint == nil {
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
