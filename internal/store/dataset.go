package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
)

// Dataset gives what is known of a data set; the error is ErrNotFound if that is
// nothing, and ErrChanged if it is not what was written.
func (db *DB) Dataset(ctx context.Context, id string) (Dataset, error) {
	d := Dataset{ID: id}
	damaged := false
	for _, s := range summedTables {
		if s.table != "dataset" {
			continue
		}
		if err := s.rows(ctx, db.queryer(), `WHERE t.id = ?`, func(_ int64, had sql.Null[int64], now int64, _ []any) {
			damaged = had.Valid && had.V != now
		}, id); err != nil {
			return Dataset{}, fmt.Errorf("data set %s: %w", id, changed(ctx, err))
		}
	}
	if damaged {
		return Dataset{}, fmt.Errorf("data set %.24s: %w; see nightshift fsck", id, ErrChanged)
	}
	var classes, warnings, labels, targets, truth []byte
	err := db.queryer().QueryRowContext(ctx, `SELECT spec, regression, inputs, outputs, classes, warnings, noise_variance,
			test_labels, test_targets, test_truth
		FROM dataset WHERE id = ?`, id).
		Scan((*[]byte)(&d.Spec), &d.Regression, &d.In, &d.Out, &classes, &warnings, toFloat{&d.NoiseVariance}, &labels, &targets,
			&truth)
	if err == nil {
		err = json.Unmarshal(classes, &d.Classes)
	}
	if err == nil && string(warnings) != "[]" {
		err = json.Unmarshal(warnings, &d.Warnings)
	}
	if err == nil {
		d.TestLabels, err = decodeArray[int32](labels)
	}
	if err == nil {
		d.TestTargets, err = decodeArray[float32](targets)
	}
	if err == nil {
		d.TestTruth, err = decodeArray[float32](truth)
	}
	if err != nil {
		return Dataset{}, fmt.Errorf("data set %s: %w", id, changed(ctx, fault(notFound(err))))
	}
	return d, nil
}

// PutDataset records what a report needs of a data set; a second time changes nothing.
func (db *DB) PutDataset(ctx context.Context, d Dataset) error {
	err := db.insert(ctx, func(in *inserter) error {
		classes, err := json.Marshal(d.Classes)
		if err != nil {
			return err
		}
		warnings, err := json.Marshal(slices.Concat([]string{}, d.Warnings)) // [] rather than null
		if err != nil {
			return err
		}
		labels, err := encodeArray(d.TestLabels)
		if err != nil {
			return err
		}
		targets, err := encodeArray(d.TestTargets)
		if err != nil {
			return err
		}
		truth, err := encodeArray(d.TestTruth)
		if err != nil {
			return err
		}
		values := []any{d.ID, string(d.Spec), d.Regression, d.In, d.Out, string(classes), string(warnings),
			encodeFloat(d.NoiseVariance), labels, targets, truth}
		return in.exec(`INSERT INTO dataset
			(id, spec, regression, inputs, outputs, classes, warnings, noise_variance,
				test_labels, test_targets, test_truth, checksum)
			VALUES (?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING`, append(values, rowSum("dataset", values...))...)
	})
	if err != nil {
		return fmt.Errorf("recording data set %s: %w", d.ID, err)
	}
	return nil
}

// hasDataset says whether anything is recorded of a data set.
func (db *DB) hasDataset(ctx context.Context, id string) (known bool, err error) {
	err = db.queryer().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM dataset WHERE id = ?)`, id).Scan(&known)
	return known, fault(err)
}
