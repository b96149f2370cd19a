package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
)

// artifacts reads what a run's training has left beside its row, without weights.
func (db *DB) artifacts(ctx context.Context, r Run) (Result, error) {
	all := Result{Run: r}
	var err error
	if all.Epochs, err = db.Epochs(ctx, r.ID); err != nil {
		return all, err
	}
	if all.Layers, err = db.layers(ctx, r.ID); err != nil {
		return all, err
	}
	all.Outputs, err = db.outputs(ctx, r.ID)
	return all, err
}

// artifacts are what the training of a run has left beside its row.
type artifacts struct {
	Result          // epochs, layers and outputs
	unreadable bool // not all of these can be read
	more       bool // there are weights or a checkpoint, too
}

// runSet is a condition on rows of run, and its parameters.
type runSet struct {
	where       string
	args        []any
	first, last int64 // keys between which there are few other runs; 0 where that is not known
}

// within notes between which keys the runs are, given these.
func (s *runSet) within(keys []int64) {
	if len(keys) == 0 {
		return
	}
	first, last := slices.Min(keys), slices.Max(keys)
	if few := int64(2 * len(keys)); first > 0 && last-first < few {
		s.first, s.last = first, last
	}
}

// keys selects those of the runs.
func (s runSet) keys() string { return `(SELECT run.key FROM run WHERE ` + s.where + `)` }

// manyArtifacts is artifacts for a set of runs whose identities are given by their keys. Each table is read once and in its
// order, which takes a small part of the time of a search for each run; one by one where something cannot be read.
func (db *DB) manyArtifacts(ctx context.Context, of runSet, rows []Run, ids map[int64]string) (map[string]*artifacts, error) {
	all := make(map[string]*artifacts, len(rows))
	for _, r := range rows {
		all[r.ID] = &artifacts{Result: Result{Run: r}}
	}
	// A key without a row that can be read belongs to nobody here.
	byKey := make(map[int64]*artifacts, len(ids))
	for key, id := range ids {
		byKey[key] = all[id]
	}
	err := db.readArtifacts(ctx, of, byKey)
	if err != nil && !unreadable(ctx, err) {
		return nil, err
	}
	for _, a := range all {
		if err != nil {
			found, err := db.artifacts(ctx, a.Run)
			if err != nil && !unreadable(ctx, err) {
				return nil, err
			}
			*a = artifacts{found, err != nil, true}
		}
		a.unreadable = a.unreadable || !a.inOrder()
	}
	return all, nil
}

// inOrder says whether epochs and layers are in the order of their keys, each of which is there once.
func (a *artifacts) inOrder() bool {
	return slices.IsSortedFunc(a.Epochs, func(e, before Epoch) int { return cmp.Compare(e.Epoch, before.Epoch+1) }) &&
		slices.IsSortedFunc(a.Layers, func(l, before Layer) int {
			return cmp.Or(cmp.Compare(l.Epoch, before.Epoch), cmp.Compare(l.Layer, before.Layer+1))
		})
}

// readArtifacts adds to what is given by the keys of runs.
func (db *DB) readArtifacts(ctx context.Context, of runSet, byKey map[int64]*artifacts) error {
	var key int64
	add := func(f func(a *artifacts)) {
		if a := byKey[key]; a != nil {
			f(a)
		}
	}
	each := func(query string, f func(a *artifacts), targets ...any) error {
		targets = append([]any{&key}, targets...)
		return db.read(ctx, func(rows *sql.Rows) error {
			err := rows.Scan(targets...)
			if err == nil {
				add(f)
			}
			return err
		}, query, of.args...)
	}
	if err := db.readMeasured(ctx, of, byKey); err != nil {
		return err
	}
	if db.pages.alone() && of.first > 0 && db.pages.outputs(of.first, of.last, byKey) == nil &&
		db.pages.empty("weight") && db.pages.empty("checkpoint") {
		return nil
	}
	var logits sql.RawBytes
	var decoding error
	if err := each(`SELECT run, logits FROM output WHERE run IN `+of.keys()+` ORDER BY run`, func(a *artifacts) {
		if decoding == nil {
			a.Outputs, decoding = decodeArray[float32](logits)
		}
	}, &logits); err != nil || decoding != nil {
		return errors.Join(err, decoding)
	}
	return each(`SELECT run.key FROM run WHERE (`+of.where+`) AND (EXISTS (SELECT 1 FROM weight WHERE weight.run = run.key)
			OR EXISTS (SELECT 1 FROM checkpoint WHERE checkpoint.run = run.key))`,
		func(a *artifacts) { a.more = true })
}

// addEpoch adds an epoch, of a run of about as many as its row says.
func (a *artifacts) addEpoch(e Epoch) {
	const most = 10_000
	if a.Epochs == nil {
		a.Epochs = make([]Epoch, 0, min(max(a.Run.Epochs, 0)+1, most))
	}
	a.Epochs = append(a.Epochs, e)
}

// readMeasured adds epochs and layers, from pages where the database is read by them and these are as they should be.
func (db *DB) readMeasured(ctx context.Context, of runSet, byKey map[int64]*artifacts) error {
	var key int64
	var e Epoch
	var l Layer
	tables := []struct {
		table, columns, order string
		targets               []any
		add                   func(a *artifacts)
		clear                 func(a *artifacts)
	}{
		{"epoch", epochColumns, "epoch", epochTargets(&e),
			func(a *artifacts) { a.addEpoch(e) }, func(a *artifacts) { a.Epochs = nil }},
		{"layer", "epoch, layer, " + layerColumns, "epoch, layer", layerTargets(&l),
			func(a *artifacts) { a.Layers = append(a.Layers, l) }, func(a *artifacts) { a.Layers = nil }},
	}
	for _, t := range tables {
		targets, columns := append([]any{&key}, t.targets...), "run, "+t.columns
		add := func() {
			if a := byKey[key]; a != nil {
				t.add(a)
			}
		}
		if db.pages != nil && of.first > 0 {
			if db.pages.each(t.table, columns, of.first, of.last, targets, add) == nil {
				continue
			}
			for _, a := range byKey {
				if a != nil {
					t.clear(a)
				}
			}
		}
		if err := db.read(ctx, func(rows *sql.Rows) error {
			err := rows.Scan(targets...)
			if err == nil {
				add()
			}
			return err
		}, `SELECT `+columns+` FROM `+t.table+` WHERE run IN `+of.keys()+` ORDER BY run, `+t.order, of.args...); err != nil {
			return err
		}
	}
	return nil
}
