package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
)

// Standing is how a run stands in a competition.
type Standing struct {
	Status Status
	Epochs int            // finished, as the run's row has it
	Last   int            // last measured epoch; -1 for none
	At     map[int]Number // the metric at those of the epochs asked for that are measured
}

// Standings gives those of runs by a metric such as valid_error, at some epochs.
// Runs that are not known are left out.
func (db *DB) Standings(ctx context.Context, metric string, epochs []int, ids []string) (map[string]Standing, error) {
	if !slices.Contains(strings.FieldsFunc(metricColumns, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }), metric) {
		return nil, fmt.Errorf("there is no metric %q", metric)
	}
	wanted, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	at, err := json.Marshal(epochs)
	if err != nil {
		return nil, err
	}
	all := make(map[string]Standing, len(ids))
	err = db.read(ctx, func(rows *sql.Rows) error {
		var id, status string
		var s Standing
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
	}, `SELECT run.id, run.status, run.epochs, coalesce((SELECT max(epoch) FROM epoch WHERE epoch.run = run.key), -1), epoch.epoch, epoch.`+metric+`
		FROM json_each(?) AS wanted JOIN run ON run.id = wanted.value
		LEFT JOIN epoch ON epoch.run = run.key AND epoch.epoch IN (SELECT value FROM json_each(?))`, string(wanted), string(at))
	return all, err
}

// Cut says where a run ends that is given up.
type Cut struct {
	RunID   string
	Epoch   int // its last measured one
	Reason  string
	Weights []int // epochs whose weights stay
}

// Prune ends runs where they are, all in one transaction: the metrics of the
// epoch become the final ones, and the checkpoints go. It returns those that it
// has ended: without those that have a result, are pruned already, are claimed,
// or whose last epoch is another.
func (db *DB) Prune(ctx context.Context, at time.Time, cuts ...Cut) (pruned []string, err error) {
	err = db.write(ctx, func(tx *sql.Tx) error {
		in := newInserter(ctx, tx)
		for _, c := range cuts {
			run, ok, err := in.find(`SELECT key FROM run WHERE id = ?
				AND status NOT IN ('`+string(Done)+`', '`+string(Diverged)+`', '`+string(Pruned)+`')
				AND key NOT IN (SELECT run FROM claim)
				AND (SELECT max(epoch) FROM epoch WHERE epoch.run = run.key) = ?`, c.RunID, c.Epoch)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			if err := in.cut(run, at, c); err != nil {
				return err
			}
			pruned = append(pruned, c.RunID)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("pruning runs: %w", err)
	}
	return pruned, nil
}

func (in *inserter) cut(run int64, at time.Time, c Cut) error {
	// The digest is that of the epoch in the run's row.
	if err := in.exec(`UPDATE run SET status = '`+string(Pruned)+`', reason = ?, stack = '', finished_at = ?,
		digest = CASE epochs WHEN ?3 THEN digest ELSE '' END, epochs = ?3,
		(`+metricColumns+`) = (SELECT `+metricColumns+` FROM epoch WHERE run = ?4 AND epoch = ?3)
		WHERE key = ?4`, c.Reason, encodeTime(at), c.Epoch, run); err != nil {
		return err
	}
	if err := in.exec(`DELETE FROM checkpoint WHERE run = ?`, run); err != nil {
		return err
	}
	stays, err := json.Marshal(append([]int{}, c.Weights...))
	if err != nil {
		return err
	}
	return in.exec(`DELETE FROM weight WHERE run = ? AND epoch NOT IN (SELECT value FROM json_each(?))`, run, string(stays))
}
