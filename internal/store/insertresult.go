package store

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// results replaces everything that is known of runs and ends the work on them. What is beside their rows is written together.
func (in *inserter) results(list ...Result) error {
	beside := newMeasuredRows(in)
	for _, r := range list {
		if err := in.result(r, beside); err != nil {
			return fmt.Errorf("run %s: %w", r.Run.ID, err)
		}
	}
	return beside.flush()
}

// result replaces everything that is known of a run and ends the work on it. A
// result that is there is not replaced by an attempt that has none, and one that
// was interrupted before it measured anything new keeps what its checkpoint covers.
func (in *inserter) result(r Result, beside *measuredRows) error {
	if beside.of[r.Run.ID] { // so that they are there to be cleared
		if err := beside.flush(); err != nil {
			return err
		}
	}
	had, err := in.present(r.Run)
	if err != nil {
		return err
	}
	run := had.key
	if err := in.exec(`DELETE FROM claim WHERE run = ?`, run); err != nil {
		return err
	}
	if had.result && r.Run.Status != Done && r.Run.Status != Diverged {
		return nil
	}
	if r.Run.Status == Interrupted && r.Epochs == nil {
		return in.exec(`UPDATE run SET status = ?, reason = ?, stack = ?, finished_at = ?, checksum = '' WHERE key = ?`,
			string(Interrupted), r.Run.Reason, r.Run.Stack, encodeTime(r.Run.Finished), run)
	}
	if had.left {
		if err := in.clear(run); err != nil {
			return err
		}
	}
	sum := ""
	switch r.Run.Status {
	case Done, Diverged, Pruned:
		sum = checksum(r)
	}
	if err := in.outcome(run, r.Run, sum); err != nil {
		return err
	}
	if err := beside.add(run, r); err != nil || r.Final == nil {
		return err
	}
	return in.checkpoint(run, *r.Final)
}

// present is what there is of a run before more is written.
type present struct {
	key    int64
	result bool // it is done or has diverged
	left   bool // trainings have left something beside its row
}

// present is that of a run, after inserting it as pending if it is new.
func (in *inserter) present(r Run) (s present, err error) {
	known, err := in.stmt(selectPresent)
	if err != nil {
		return s, err
	}
	err = known.QueryRowContext(in.ctx, r.ID).Scan(&s.key, &s.result, &s.left)
	if errors.Is(err, sql.ErrNoRows) {
		s.key, err = in.runKey(r)
	}
	return s, err
}

var selectPresent = func() string {
	var left []string
	for _, table := range besideRun {
		left = append(left, `EXISTS (SELECT 1 FROM `+table+` WHERE `+table+`.run = run.key)`)
	}
	return `SELECT key, ` + withResult + `, ` + strings.Join(left, ` OR `) + ` FROM run WHERE id = ?`
}()

// artifactTables lists the tables with what trainings leave beside a run's row.
var artifactTables = []string{"checkpoint", "epoch", "layer", "output", "weight"}

// besideRun lists all tables with rows that a training leaves, those included that it takes back at its end.
var besideRun = append([]string{"aside"}, artifactTables...)

// clear removes what trainings of a run have left beside its row.
func (in *inserter) clear(run int64) error {
	for _, table := range besideRun {
		if err := in.exec(`DELETE FROM `+table+` WHERE run = ?`, run); err != nil {
			return err
		}
	}
	return nil
}

// trained writes all that a training has left, in the run's row, with a checksum, and beside it, where there is nothing of
// another one.
func (in *inserter) trained(run int64, r Result, sum string) error {
	if err := in.outcome(run, r.Run, sum); err != nil {
		return err
	}
	return in.measured(run, r)
}

// measured adds what a training has left beside the run's row.
func (in *inserter) measured(run int64, r Result) error {
	rows := newMeasuredRows(in)
	if err := rows.add(run, r); err != nil {
		return err
	}
	return rows.flush()
}

// measuredRows are the rows beside those of runs, on their way into the database.
type measuredRows struct {
	in                      *inserter
	epochs, layers, outputs batch
	of                      map[string]bool // the runs whose rows they are
}

func newMeasuredRows(in *inserter) *measuredRows {
	return &measuredRows{
		in:      in,
		epochs:  batch{in: in, into: `epoch (run, epoch, steps, lr, distance, seconds, ` + metricColumns + `)`},
		layers:  batch{in: in, into: `layer (run, epoch, layer, ` + layerColumns + `)`},
		outputs: batch{in: in, into: `output (run, logits)`},
		of:      map[string]bool{},
	}
}

// add adds what a training has left, where there is nothing of another one.
func (m *measuredRows) add(run int64, r Result) error {
	m.of[r.Run.ID] = true
	for _, e := range r.Epochs {
		values := append([]any{run, e.Epoch, e.Steps, encodeFloat(e.LR), encodeFloat(e.Distance), encodeFloat(e.Seconds)},
			metrics(e.Train, e.Valid, e.Test)...)
		if err := m.epochs.add(values...); err != nil {
			return fmt.Errorf("epochs until epoch %d: %w", e.Epoch, err)
		}
	}
	for _, l := range r.Layers {
		values := []any{run, l.Epoch, l.Layer}
		for _, v := range l.Fields() {
			values = append(values, encodeFloat(*v))
		}
		if err := m.layers.add(values...); err != nil {
			return fmt.Errorf("layers until layer %d of epoch %d: %w", l.Layer, l.Epoch, err)
		}
	}
	if r.Outputs != nil {
		logits, err := encodeArray(r.Outputs)
		if err != nil {
			return err
		}
		if err := m.outputs.add(run, logits); err != nil {
			return fmt.Errorf("outputs: %w", err)
		}
	}
	return m.in.weights(run, r.Weights)
}

// flush writes what is not written yet.
func (m *measuredRows) flush() error {
	clear(m.of)
	for _, rows := range []*batch{&m.epochs, &m.layers, &m.outputs} {
		if err := rows.flush(); err != nil {
			return err
		}
	}
	return nil
}

// weights adds snapshots of a run's weights.
func (in *inserter) weights(run int64, list []Snapshot) error {
	for _, w := range list {
		if err := in.exec(`INSERT INTO weight (run, epoch, tensors, digest) VALUES (?,?,?,?)`,
			run, w.Epoch, w.Tensors, digest(w.Tensors)); err != nil {
			return fmt.Errorf("weights after epoch %d: %w", w.Epoch, err)
		}
	}
	return nil
}

// outcome replaces what a run's row says of its training, and its checksum ("" for none).
func (in *inserter) outcome(run int64, r Run, sum string) error {
	if !slices.Contains(statuses, r.Status) { // which this connection leaves to us
		return fmt.Errorf("unknown status %q", r.Status)
	}
	maker, err := in.makerKey(r.Provenance)
	if err != nil {
		return err
	}
	values := []any{maker, string(r.Status), r.Reason, r.Stack, r.Parameters, r.Epochs, encodeFloat(r.Seconds),
		encodeTime(r.Started), encodeTime(r.Finished), r.Digest, sum}
	values = append(values, metrics(r.Train, r.Valid, r.Test)...)
	return in.exec(`UPDATE run SET (maker, status, reason, stack, parameters, epochs, seconds,
			started_at, finished_at, digest, checksum, `+metricColumns+`)
		= (?,?,?,?,?,?,?,?,?,?,?, `+metricMarks+`) WHERE key = ?`, append(values, run)...)
}
