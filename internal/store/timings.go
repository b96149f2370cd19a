package store

import (
	"context"
	"database/sql"
	"encoding/json"
)

// Timing is how long a training has taken, and what that depends on.
type Timing struct {
	Cell          string
	Config        json.RawMessage
	Data          string // identity of the data set
	In, Out, Test int    // inputs, outputs, and examples of the test split
	Epochs        int
	Seconds       float64
}

// Timings gives those of the latest runs that were done on machines with this
// processor and kernel, at most so many, the latest first.
func (db *DB) Timings(ctx context.Context, cpu, kernel string, most int) ([]Timing, error) {
	var list []Timing
	configs := map[string]json.RawMessage{} // what the runs of a cell share
	err := db.read(ctx, func(rows *sql.Rows) error {
		var t Timing
		var config sql.RawBytes
		if err := rows.Scan(&t.Cell, &config, &t.Data, &t.In, &t.Out, &t.Test, &t.Epochs, toFloat{&t.Seconds}); err != nil {
			return err
		}
		if configs[t.Cell] == nil {
			configs[t.Cell] = append(json.RawMessage{}, config...)
		}
		t.Config = configs[t.Cell]
		list = append(list, t)
		return nil
	}, `SELECT cell.id, cell.config, cell.data, inputs, outputs,
			coalesce(length(test_labels) / 4, length(test_targets) / 4 / outputs, 0), run.epochs, run.seconds
		FROM run JOIN cell ON cell.key = run.cell JOIN dataset ON dataset.id = cell.data
		WHERE run.status = 'done' AND run.maker IN (SELECT key FROM maker WHERE cpu = ? AND kernel = ?)
		ORDER BY run.key DESC LIMIT ?`, cpu, kernel, most)
	return list, err
}
