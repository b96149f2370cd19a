package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
)

// epochColumns names the columns that epochTargets takes.
var epochColumns = `epoch, steps, lr, distance, seconds, ` + metricColumns

func epochTargets(e *Epoch) []any {
	targets := []any{&e.Epoch, &e.Steps, toFloat{&e.LR}, toFloat{&e.Distance}, toFloat{&e.Seconds}}
	return append(targets, metricTargets(&e.Train, &e.Valid, &e.Test)...)
}

// layerTargets takes the columns epoch, layer and layerColumns.
func layerTargets(l *Layer) []any {
	targets := []any{&l.Epoch, &l.Layer}
	for _, v := range l.Fields() {
		targets = append(targets, toFloat{v})
	}
	return targets
}

// Epochs gives the epochs of one run in order.
func (db *DB) Epochs(ctx context.Context, id string) ([]Epoch, error) {
	var list []Epoch
	err := db.read(ctx, func(rows *sql.Rows) error {
		var e Epoch
		err := rows.Scan(epochTargets(&e)...)
		list = append(list, e)
		return err
	}, `SELECT `+epochColumns+` FROM epoch WHERE run = (SELECT key FROM run WHERE id = ?) ORDER BY epoch`, id)
	return list, err
}

// Layers gives what was measured of a run's layers, by epoch and layer; as it can be
// read, with the error ErrChanged, where that is not what was written.
func (db *DB) Layers(ctx context.Context, id string) ([]Layer, error) {
	list, err := db.layers(ctx, id)
	if err != nil {
		return nil, changed(ctx, err)
	}
	return list, db.holdPart(ctx, id, layerPart, Result{Layers: list})
}

func (db *DB) layers(ctx context.Context, id string) ([]Layer, error) {
	var list []Layer
	err := db.read(ctx, func(rows *sql.Rows) error {
		var l Layer
		err := rows.Scan(layerTargets(&l)...)
		list = append(list, l)
		return err
	}, `SELECT layer.epoch, layer.layer, `+layerColumns+`
		FROM run JOIN layer ON layer.run = run.key WHERE run.id = ? ORDER BY layer.epoch, layer.layer`, id)
	return list, err
}

// Outputs gives the logits of a finished run on the test split, [n, out]; nil where it has left none,
// and them with the error ErrChanged where they are not what was written.
func (db *DB) Outputs(ctx context.Context, id string) ([]float32, error) {
	logits, err := db.outputs(ctx, id)
	if err != nil {
		return nil, changed(ctx, err)
	}
	return logits, db.holdPart(ctx, id, outputPart, Result{Outputs: logits})
}

// EachOutputs hands on the logits of runs as Outputs gives them, in any order and together. Those that cannot be read so, or are
// not what was written, it leaves out: Outputs says why.
func (db *DB) EachOutputs(ctx context.Context, ids []string, do func(id string, logits []float32)) error {
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	var id, of, sum string
	var encoded sql.RawBytes
	h := newChecksummer()
	err = db.read(ctx, func(rows *sql.Rows) error {
		if err := rows.Scan(&id, &of, &sum, &encoded); err != nil {
			return err
		}
		logits, err := decodeArray[float32](encoded)
		if err == nil && id == of && h.unchangedPart(sum, outputPart, Result{Outputs: logits}) {
			do(id, logits)
		}
		return nil
	}, `SELECT asked.value, whole.id, whole.checksum, output.logits
		FROM json_each(?) AS asked CROSS JOIN run ON run.id = asked.value CROSS JOIN run AS whole ON whole.key = run.key
		LEFT JOIN output ON output.run = run.key`, string(list))
	if unreadable(ctx, err) {
		return nil
	}
	return err
}

// holdPart holds a part of what a run has left against its checksum. The index of
// identities may lead to another run's row, so the row is asked whose it is.
func (db *DB) holdPart(ctx context.Context, id string, p part, r Result) error {
	var of, sum string
	err := db.sql.QueryRowContext(ctx, `SELECT whole.id, whole.checksum FROM run JOIN run AS whole ON whole.key = run.key
		WHERE run.id = ?`, id).Scan(&of, &sum)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("run %.12s: %w", id, ErrNotFound)
	case err != nil:
		return fmt.Errorf("run %.12s: %w", id, changed(ctx, fault(err)))
	case of != id || !unchangedPart(sum, p, r):
		return fmt.Errorf("run %.12s: what it has left is %w", id, ErrChanged)
	}
	return nil
}

func (db *DB) outputs(ctx context.Context, id string) ([]float32, error) {
	var logits []byte
	err := db.queryer().QueryRowContext(ctx, `SELECT logits
		FROM run LEFT JOIN output ON output.run = run.key WHERE run.id = ?`, id).Scan(&logits)
	if err != nil {
		return nil, fmt.Errorf("outputs of run %s: %w", id, fault(notFound(err)))
	}
	return decodeArray[float32](logits)
}

// Weights gives the snapshots that were kept of a run's weights, by epoch.
func (db *DB) Weights(ctx context.Context, id string) ([]Snapshot, error) {
	var list []Snapshot
	err := db.read(ctx, func(rows *sql.Rows) error {
		var s Snapshot
		err := rows.Scan(&s.Epoch, &s.Tensors)
		list = append(list, s)
		return err
	}, `SELECT weight.epoch, weight.tensors FROM run JOIN weight ON weight.run = run.key
		WHERE run.id = ? ORDER BY weight.epoch`, id)
	return list, err
}

// WeightEpochs lists the epochs whose weights were kept, by run.
func (db *DB) WeightEpochs(ctx context.Context) (map[string][]int, error) {
	kept := map[string][]int{}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var id string
		var epoch int
		err := rows.Scan(&id, &epoch)
		kept[id] = append(kept[id], epoch)
		return err
	}, `SELECT run.id, weight.epoch FROM weight JOIN run ON run.key = weight.run ORDER BY weight.run, weight.epoch`)
	return kept, err
}
