package store

import (
	"context"
	"database/sql"
)

// EachEpoch hands on the epochs of all the runs of a study, those of a run together and in order. What fn is given is
// its own only until it returns: there may be millions.
func (db *DB) EachEpoch(ctx context.Context, study string, fn func(id string, e *Epoch) error) error {
	var id string
	var e Epoch
	targets := append([]any{&id}, epochTargets(&e)...)
	return db.read(ctx, func(rows *sql.Rows) error {
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		return fn(id, &e)
	}, `SELECT (SELECT id FROM run WHERE key = epoch.run), `+epochColumns+`
		FROM epoch WHERE epoch.run IN `+runsOfStudy+` ORDER BY epoch.run, epoch`, study)
}
