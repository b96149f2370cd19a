package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
)

// inserter writes rows within one transaction. It keeps its prepared statements
// and the keys of what many rows share.
type inserter struct {
	ctx    context.Context
	tx     *sql.Tx
	on     preparer             // the transaction, or the connection that it is on
	stmts  map[string]*sql.Stmt // that on has prepared
	cells  map[cell]int64
	makers map[Provenance]int64
	places map[place]int64  // nil until they are read
	added  map[string]int64 // runs that were taken over, by their identities
}

// cell and place are rows of the tables of these names.
type (
	cell  struct{ id, label, data, config string }
	place struct{ label, axes string }
)

// preparer prepares statements, which are closed with it.
type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

// newInserter writes by statements that end with the transaction.
func newInserter(ctx context.Context, tx *sql.Tx) *inserter {
	return newInserterOn(ctx, tx, tx, map[string]*sql.Stmt{})
}

func newInserterOn(ctx context.Context, tx *sql.Tx, on preparer, stmts map[string]*sql.Stmt) *inserter {
	return &inserter{ctx, tx, on, stmts, map[cell]int64{}, map[Provenance]int64{}, nil, map[string]int64{}}
}

func (in *inserter) stmt(query string) (*sql.Stmt, error) {
	if s, ok := in.stmts[query]; ok {
		return s, nil
	}
	s, err := in.on.PrepareContext(in.ctx, query)
	if err == nil {
		in.stmts[query] = s
	}
	return s, err
}

func (in *inserter) exec(query string, values ...any) error {
	_, err := in.wrote(query, values)
	return err
}

// insert returns the key of the new row.
func (in *inserter) insert(query string, values ...any) (int64, error) {
	r, err := in.wrote(query, values)
	if err != nil {
		return 0, err
	}
	return r.LastInsertId()
}

// wrote says what a statement that writes has done.
func (in *inserter) wrote(query string, values []any) (sql.Result, error) {
	s, err := in.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(in.ctx, values...)
}

// find returns the one integer that the query selects, and whether there is one.
func (in *inserter) find(query string, values ...any) (key int64, ok bool, err error) {
	s, err := in.stmt(query)
	if err != nil {
		return 0, false, err
	}
	err = s.QueryRowContext(in.ctx, values...).Scan(&key)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return key, err == nil, err
}

// runKey gives the key of a run, after inserting it as pending if it is new.
func (in *inserter) runKey(r Run) (int64, error) {
	key, ok, err := in.find(`SELECT key FROM run WHERE id = ?`, r.ID)
	if ok || err != nil {
		return key, err
	}
	row, err := in.planned(nil, r)
	if err != nil {
		return 0, err
	}
	return in.insert(`INSERT INTO run (`+planColumns+`) VALUES `+marks(len(row)), row...)
}

const planColumns = `key, id, seed_data, seed_init, seed_order, cell, maker, parameters, status, reason, stack, epochs, seconds`

// planned gives the values of planColumns for a run that waits to be trained.
func (in *inserter) planned(key any, r Run) ([]any, error) {
	cell, err := in.cellKey(r)
	if err != nil {
		return nil, err
	}
	maker, err := in.makerKey(r.Provenance)
	if err != nil {
		return nil, err
	}
	return []any{
		key, r.ID, int64(r.SeedData), int64(r.SeedInit), int64(r.SeedOrder), cell, maker, r.Parameters,
		string(Pending), "", "", 0, 0.0,
	}, nil
}

func (in *inserter) cellKey(r Run) (int64, error) {
	c := cell{r.Cell, r.Label, r.Data, string(r.Config)}
	if key, ok := in.cells[c]; ok {
		return key, nil
	}
	key, ok, err := in.find(`SELECT key FROM cell WHERE id = ? AND label = ? AND data = ? AND config = ?`,
		c.id, c.label, c.data, c.config)
	if !ok && err == nil {
		key, err = in.insert(`INSERT INTO cell (id, label, data, config, checksum) VALUES (?,?,?,?,?)`,
			c.id, c.label, c.data, c.config, rowSum("cell", c.id, c.label, c.data, c.config))
	}
	in.cells[c] = key
	return key, err
}

// makerColumns are the columns of a Provenance, in the order of makerTargets.
const makerColumns = `version, "commit", dirty, go, os, cpu, host, kernel, repository, repository_commit, repository_dirty`

func makerTargets(p *Provenance) []any {
	r := &p.Repository
	return []any{&p.Version, &p.Commit, &p.Dirty, &p.Go, &p.OS, &p.CPU, &p.Host, &p.Kernel, &r.Remote, &r.Commit, &r.Dirty}
}

func (in *inserter) makerKey(p Provenance) (int64, error) {
	if key, ok := in.makers[p]; ok {
		return key, nil
	}
	r := p.Repository
	values := []any{p.Version, p.Commit, p.Dirty, p.Go, p.OS, p.CPU, p.Host, p.Kernel, r.Remote, r.Commit, r.Dirty}
	key, ok, err := in.find(`SELECT key FROM maker WHERE (`+makerColumns+`) = `+marks(len(values)), values...)
	if !ok && err == nil {
		key, err = in.insert(`INSERT INTO maker (`+makerColumns+`) VALUES `+marks(len(values)), values...)
	}
	in.makers[p] = key
	return key, err
}

// result replaces everything that is known of a run and ends the work on it. A
// result that is there is not replaced by an attempt that has none, and one that
// was interrupted before it measured anything new keeps what its checkpoint covers.
func (in *inserter) result(r Result) error {
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
	if err := in.trained(run, r, sum); err != nil || r.Final == nil {
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

var selectPresent = func() string {
	var left []string
	for _, table := range besideRun {
		left = append(left, `EXISTS (SELECT 1 FROM `+table+` WHERE `+table+`.run = run.key)`)
	}
	return `SELECT key, ` + withResult + `, ` + strings.Join(left, ` OR `) + ` FROM run WHERE id = ?`
}()

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
	epochs := batch{in: in, into: `epoch (run, epoch, steps, lr, distance, seconds, ` + metricColumns + `)`}
	for _, e := range r.Epochs {
		values := append([]any{run, e.Epoch, e.Steps, encodeFloat(e.LR), encodeFloat(e.Distance), encodeFloat(e.Seconds)},
			metrics(e.Train, e.Valid, e.Test)...)
		if err := epochs.add(values...); err != nil {
			return fmt.Errorf("epochs until epoch %d: %w", e.Epoch, err)
		}
	}
	if err := epochs.flush(); err != nil {
		return fmt.Errorf("epochs: %w", err)
	}
	layers := batch{in: in, into: `layer (run, epoch, layer, ` + layerColumns + `)`}
	for _, l := range r.Layers {
		values := []any{run, l.Epoch, l.Layer}
		for _, v := range l.Fields() {
			values = append(values, encodeFloat(*v))
		}
		if err := layers.add(values...); err != nil {
			return fmt.Errorf("layers until layer %d of epoch %d: %w", l.Layer, l.Epoch, err)
		}
	}
	if err := layers.flush(); err != nil {
		return fmt.Errorf("layers: %w", err)
	}
	if r.Outputs != nil {
		logits, err := encodeArray(r.Outputs)
		if err != nil {
			return err
		}
		if err := in.exec(`INSERT INTO output (run, logits) VALUES (?,?)`, run, logits); err != nil {
			return fmt.Errorf("outputs: %w", err)
		}
	}
	return in.weights(run, r.Weights)
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

// batch inserts rows many at a time: three times as fast as one by one.
type batch struct {
	in     *inserter
	or     string // "" or OR REPLACE
	into   string // table and columns
	width  int
	values []any
}

const batchRows = 50

func (b *batch) add(row ...any) error {
	b.width = len(row)
	b.values = append(b.values, row...)
	if len(b.values) < batchRows*b.width {
		return nil
	}
	return b.flush()
}

func (b *batch) flush() error {
	if len(b.values) == 0 {
		return nil
	}
	rows := len(b.values) / b.width
	all := strings.Repeat(marks(b.width)+",", rows-1) + marks(b.width)
	err := b.in.exec(`INSERT `+b.or+` INTO `+b.into+` VALUES `+all, b.values...)
	b.values = b.values[:0]
	return err
}

// marks gives n placeholders in parentheses.
func marks(n int) string { return "(" + strings.Repeat("?,", n-1) + "?)" }
