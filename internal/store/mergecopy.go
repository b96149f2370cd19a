package store

import "errors"

// copied is a run that is new here, whose rows are taken over from the other database as they are there.
type copied struct {
	key        int64 // of the run there
	result     Result
	sum        string
	checkpoint *Checkpoint
}

// copiedTables are those whose rows are taken over by one statement for many runs, with their columns behind that of the run.
var copiedTables = []struct{ table, columns string }{
	{"epoch", epochColumns}, {"layer", "epoch, layer, " + layerColumns}, {"output", "logits"},
}

// errNotAsRead is about rows that cannot be taken over as they are: they may not be what was read of them before.
var errNotAsRead = errors.New("the other database has changed meanwhile")

// copyAll takes over runs, which are new here, of the database that is beside ours under a name.
func (in *inserter) copyAll(beside string, list []copied) error {
	next, _, err := in.find(`SELECT coalesce(max(key), 0) FROM run`)
	if err != nil {
		return err
	}
	runs := batch{in: in, into: `run (` + planColumns + `, started_at, finished_at, digest, checksum, ` + metricColumns + `)`}
	var spans []span
	for _, c := range list {
		next++
		row, err := in.trainedRow(next, c)
		if err != nil {
			return err
		}
		if err := runs.add(row...); err != nil {
			return err
		}
		in.added[c.result.Run.ID] = next
		spans = extend(spans, c, next)
	}
	if err := runs.flush(); err != nil {
		return err
	}
	for _, s := range spans {
		if err := in.copySpan(beside, s); err != nil {
			return err
		}
	}
	return nil
}

// trainedRow is the row of a run as another database has it.
func (in *inserter) trainedRow(key int64, c copied) ([]any, error) {
	r := c.result.Run
	row, err := in.planned(key, r)
	if err != nil {
		return nil, err
	}
	const status = 8 // where in planColumns what a training has left begins
	row = append(row[:status], string(r.Status.taken()), r.Reason, r.Stack, r.Epochs, encodeFloat(r.Seconds),
		encodeTime(r.Started), encodeTime(r.Finished), r.Digest, c.sum)
	return append(row, metrics(r.Train, r.Valid, r.Test)...), nil
}

// span is some runs whose keys follow each other in both databases.
type span struct {
	first, last int64 // keys there
	offset      int64 // of the keys here
	rows        []int // in each of copiedTables, as they were read
	more        []copied
}

// extend adds a run, which has a key here, to the last span, or to a new one.
func extend(spans []span, c copied, key int64) []span {
	if n := len(spans); n == 0 || spans[n-1].last+1 != c.key || spans[n-1].offset != key-c.key {
		spans = append(spans, span{first: c.key, offset: key - c.key, rows: make([]int, len(copiedTables))})
	}
	s := &spans[len(spans)-1]
	s.last = c.key
	outputs := 0
	if c.result.Outputs != nil {
		outputs = 1
	}
	for i, n := range []int{len(c.result.Epochs), len(c.result.Layers), outputs} {
		s.rows[i] += n
	}
	if len(c.result.Weights) > 0 || c.checkpoint != nil {
		s.more = append(s.more, c)
	}
	return spans
}

// copySpan takes over what the runs of a span have left.
func (in *inserter) copySpan(beside string, s span) error {
	for i, t := range copiedTables {
		if s.rows[i] == 0 {
			continue
		}
		n, err := in.affected(`INSERT INTO main.`+t.table+` (run, `+t.columns+`)
			SELECT run + ?, `+t.columns+` FROM `+beside+`.`+t.table+` WHERE run BETWEEN ? AND ? ORDER BY run`, s.offset, s.first, s.last)
		if err != nil || n != s.rows[i] {
			return errors.Join(errNotAsRead, err)
		}
	}
	for _, c := range s.more {
		run := c.key + s.offset
		if err := in.measured(run, Result{Weights: c.result.Weights}); err != nil {
			return err
		}
		if c.checkpoint != nil {
			if err := in.checkpoint(run, *c.checkpoint); err != nil {
				return err
			}
		}
	}
	return nil
}
