package store

import (
	"context"
	"database/sql"
	"fmt"
)

// Final is the end of a run that another with more epochs can go on from.
type Final struct {
	Epoch   int
	Seconds float64    // of training
	By      Provenance // who made it
}

// Finals gives the ends of all runs that are done and whose final state is kept, by run.
func (db *DB) Finals(ctx context.Context) (map[string]Final, error) {
	all := map[string]Final{}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var id string
		var f Final
		err := rows.Scan(append([]any{&id, &f.Epoch, toFloat{&f.Seconds}}, makerTargets(&f.By)...)...)
		all[id] = f
		return err
	}, `SELECT run.id, c.epoch, c.seconds, `+makerColumns+`
		FROM checkpoint AS c JOIN run ON run.key = c.run JOIN maker ON maker.key = coalesce(c.maker, run.maker)
		WHERE run.status = 'done' AND c.epoch = run.epochs`)
	return all, err
}

// TrainedEpochs lists the numbers of epochs, as configured, that runs were trained for which are done, the smallest first.
func (db *DB) TrainedEpochs(ctx context.Context) ([]int, error) {
	var list []int
	err := db.read(ctx, func(rows *sql.Rows) error {
		var n int
		err := rows.Scan(&n)
		list = append(list, n)
		return err
	}, `SELECT DISTINCT config ->> 'epochs' AS n FROM cell
		WHERE CASE WHEN json_valid(config) THEN json_type(config, '$.epochs') = 'integer' END
			AND key IN (SELECT cell FROM run WHERE status = 'done') ORDER BY n`)
	return list, err
}

// Ending reads what a run that is done has left, with its final state: nil where there is none. It is ErrChanged where any of
// this is not what was written.
func (db *DB) Ending(ctx context.Context, id string) (Result, error) {
	row, err := db.Run(ctx, id)
	if err != nil {
		return Result{}, err
	}
	all, err := db.artifacts(ctx, row)
	if err != nil {
		return all, err
	}
	sums, err := db.checksums(ctx, `AND id = ?`, id)
	if err != nil {
		return all, err
	}
	if sum := sums[id]; row.Status != Done || sum != "" && !unchanged(sum, all) {
		return all, fmt.Errorf("run %.12s: %w", id, ErrChanged)
	}
	if all.Weights, err = db.Weights(ctx, id); err != nil {
		return all, err
	}
	c, ok, err := db.Checkpoint(ctx, id)
	if ok && c.Epoch == row.Epochs {
		all.Final = &c
	}
	return all, err
}
