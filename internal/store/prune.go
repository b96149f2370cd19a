package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"nightshift/internal/metric"
)

// AtRungs is how far a run has come, and a metric of it at the rungs.
type AtRungs struct {
	Status Status
	Epochs int            // finished, as the run's row has it
	Last   int            // last measured epoch; -1 for none
	At     map[int]Number // the metric at those of the epochs asked for that are measured
}

// AtRungs gives that of runs, by a metric such as valid_error, at some epochs.
// Runs that are not known are left out.
func (db *DB) AtRungs(ctx context.Context, of string, epochs []int, ids []string) (map[string]AtRungs, error) {
	if _, _, ok := metric.Parse(of); !ok {
		return nil, fmt.Errorf("there is no metric %q", of)
	}
	wanted, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	at, err := json.Marshal(epochs)
	if err != nil {
		return nil, err
	}
	all := make(map[string]AtRungs, len(ids))
	err = db.read(ctx, func(rows *sql.Rows) error {
		var id, status string
		var s AtRungs
		var epoch sql.Null[int]
		var value Number
		if err := rows.Scan(&id, &status, &s.Epochs, &s.Last, &epoch, toNumber{&value}); err != nil {
			return err
		}
		if known, ok := all[id]; ok {
			s = known
		} else {
			s.Status, s.At = Status(status), map[int]Number{}
			all[id] = s
		}
		if epoch.Valid {
			s.At[epoch.V] = value
		}
		return nil
	}, `SELECT run.id, run.status, run.epochs,
			coalesce((SELECT max(epoch) FROM epoch WHERE epoch.run = run.key), -1), epoch.epoch, epoch.`+of+`
		FROM json_each(?) AS wanted JOIN run ON run.id = wanted.value
		LEFT JOIN epoch ON epoch.run = run.key AND epoch.epoch IN (SELECT value FROM json_each(?))`, string(wanted), string(at))
	return all, err
}

// Prune ends runs where they are, all in one transaction: as Finish does, but
// only those that are as the results have them. It returns them: without those
// that have a result, are pruned already, are held, or have come further.
func (db *DB) Prune(ctx context.Context, results ...Result) (pruned []string, err error) {
	err = db.insert(ctx, func(in *inserter) error {
		for _, r := range results {
			_, ok, err := in.find(`SELECT key FROM run WHERE id = ?
				AND NOT `+withResult+` AND status <> '`+string(Pruned)+`'
				AND key NOT IN (SELECT run FROM claim)
				AND (SELECT max(epoch) FROM epoch WHERE epoch.run = run.key) = ?`, r.Run.ID, r.Run.Epochs)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			if err := in.results(r); err != nil {
				return err
			}
			pruned = append(pruned, r.Run.ID)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("pruning runs: %w", err)
	}
	return pruned, nil
}
