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
	var c codedDataset
	err := db.queryer().QueryRowContext(ctx, `SELECT `+datasetColumns+` FROM dataset WHERE id = ?`, id).Scan(c.targets(&d)...)
	if err == nil {
		err = c.decode(&d)
	}
	if err != nil {
		return Dataset{}, fmt.Errorf("data set %s: %w", id, changed(ctx, fault(notFound(err))))
	}
	return d, nil
}

// datasetColumns are those that codedDataset has targets for.
const datasetColumns = `spec, regression, inputs, outputs, noise_variance, classes, warnings, ` +
	`test_labels, test_targets, test_truth`

// codedDataset is what a data set has in the database in a coded form.
type codedDataset struct{ classes, warnings, labels, numbers, truth []byte }

func (c *codedDataset) targets(d *Dataset) []any {
	return []any{(*[]byte)(&d.Spec), &d.Regression, &d.In, &d.Out, toFloat{&d.NoiseVariance},
		&c.classes, &c.warnings, &c.labels, &c.numbers, &c.truth}
}

// decode adds it to the data set.
func (c *codedDataset) decode(d *Dataset) error {
	err := json.Unmarshal(c.classes, &d.Classes)
	if err == nil && string(c.warnings) != "[]" {
		err = json.Unmarshal(c.warnings, &d.Warnings)
	}
	if err == nil {
		d.TestLabels, err = decodeArray[int32](c.labels)
	}
	if err == nil {
		d.TestTargets, err = decodeArray[float32](c.numbers)
	}
	if err == nil {
		d.TestTruth, err = decodeArray[float32](c.truth)
	}
	return err
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
