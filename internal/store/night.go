package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Night is one night of one study: what was foreseen, and what came of it.
type Night struct {
	Study                        string
	Started, Finished            time.Time
	Workers, Trained             int     // runs trained in this night
	Forecast, Low, High, Seconds float64 // wall time
}

// PutNight records a night, replacing the one of the study that started in the
// same millisecond.
func (db *DB) PutNight(ctx context.Context, n Night) error {
	err := db.insert(ctx, func(in *inserter) error {
		study, ok, err := in.find(`SELECT key FROM study WHERE study = ?`, n.Study)
		if err != nil {
			return err
		}
		if !ok {
			return ErrNotFound
		}
		if err := in.exec(`DELETE FROM night WHERE study = ? AND started_at = ?`, study, encodeTime(n.Started)); err != nil {
			return err
		}
		values := []any{encodeTime(n.Started), encodeTime(n.Finished), n.Workers, n.Trained,
			encodeFloat(n.Forecast), encodeFloat(n.Low), encodeFloat(n.High), encodeFloat(n.Seconds)}
		return in.exec(`INSERT INTO night (checksum, study, started_at, finished_at, workers, trained, forecast, low, high,
				seconds)
			VALUES (?,?,?,?,?,?,?,?,?,?)`,
			append([]any{rowSum("night", append([]any{n.Study}, values...)...), study}, values...)...)
	})
	if err != nil {
		return fmt.Errorf("recording the night of study %s: %w", n.Study, err)
	}
	return nil
}

// Nights lists the nights of a study, the first one first.
func (db *DB) Nights(ctx context.Context, study string) ([]Night, error) {
	var list []Night
	err := db.read(ctx, func(rows *sql.Rows) error {
		n := Night{Study: study}
		var started, finished sql.Null[string]
		err := rows.Scan(&started, &finished, &n.Workers, &n.Trained,
			toFloat{&n.Forecast}, toFloat{&n.Low}, toFloat{&n.High}, toFloat{&n.Seconds})
		if err == nil {
			n.Started, err = decodeTime(started)
		}
		if err == nil {
			n.Finished, err = decodeTime(finished)
		}
		list = append(list, n)
		return err
	}, `SELECT started_at, finished_at, workers, trained, forecast, low, high, seconds
		FROM night WHERE study = (SELECT key FROM study WHERE study = ?) ORDER BY started_at, key`, study)
	return list, err
}
