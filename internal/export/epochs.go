package export

import (
	"context"

	"nightshift/internal/metric"
	"nightshift/internal/store"
)

// Epochs is a row for each run, epoch and split that was measured: the columns of the views epochs and progress, with the cell's
// label.
func Epochs(ctx context.Context, db *store.DB, study string) (Table, error) {
	m, err := readMembers(ctx, db, study)
	if err != nil {
		return Table{}, err
	}
	t := Table{Columns: []Column{{"run_id", Text}, {"cell_label", Text}, {"epoch", Integer}, {"split", Text}}}
	for _, one := range metric.All() {
		t.Columns = append(t.Columns, Column{one.Name, Real})
	}
	t.Columns = append(t.Columns, Column{"steps", Integer}, Column{"lr", Real}, Column{"distance", Real}, Column{"seconds", Real})
	t.Rows = func(ctx context.Context, yield func([]any) error) error {
		row := make([]any, len(t.Columns))
		progress := row[len(row)-4:]
		return db.EachEpoch(ctx, study, func(id string, e *store.Epoch) error {
			row[0], row[1], row[2] = id, m.label(id), int64(e.Epoch)
			progress[0], progress[1], progress[2], progress[3] = int64(e.Steps), e.LR, e.Distance, e.Seconds
			for i, split := range []*store.Metrics{&e.Train, &e.Valid, &e.Test} {
				if !split.Loss.Valid {
					continue
				}
				row[3] = metric.Splits()[i]
				for j, n := range split.Fields() {
					row[4+j] = metricValue(*n)
				}
				if err := yield(row); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return t, nil
}

// Layers is a row for each run, epoch and layer of weights: the columns of the view layers, with the cell's label.
func Layers(ctx context.Context, db *store.DB, study string) (Table, error) {
	m, err := readMembers(ctx, db, study)
	if err != nil {
		return Table{}, err
	}
	t := Table{Columns: []Column{{"run_id", Text}, {"cell_label", Text}, {"epoch", Integer}, {"layer", Integer}}}
	for _, one := range metric.Layers() {
		t.Columns = append(t.Columns, Column{one.Name, Real})
	}
	t.Rows = func(ctx context.Context, yield func([]any) error) error {
		row := make([]any, len(t.Columns))
		for _, r := range m.runs {
			layers, err := db.Layers(ctx, r.ID)
			if err != nil {
				return err
			}
			for _, l := range layers {
				row[0], row[1], row[2], row[3] = r.ID, m.label(r.ID), int64(l.Epoch), int64(l.Layer)
				for j, v := range l.Fields() {
					row[4+j] = *v
				}
				if err := yield(row); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return t, nil
}
