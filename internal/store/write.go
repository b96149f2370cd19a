package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// PutStudy records a study, which runs belong to it, and a pending row for
// every run that has none yet; runs that exist keep their state and results and
// may be left out of runs. Members that an earlier version of the study had are
// no longer its members; their runs stay.
func (db *DB) PutStudy(ctx context.Context, s Study, runs []Run, members []StudyRun) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		keys, err := runKeys(ctx, tx)
		if err != nil {
			return err
		}
		in := newInserter(ctx, tx)
		pending := batch{in: in, into: `run (` + planColumns + `)`}
		next := int64(0)
		for _, key := range keys {
			next = max(next, key)
		}
		for _, r := range runs {
			if _, ok := keys[r.ID]; ok {
				continue
			}
			next++
			keys[r.ID] = next
			row, err := in.planned(next, r)
			if err != nil {
				return err
			}
			if err := pending.add(row...); err != nil {
				return err
			}
		}
		if err := pending.flush(); err != nil {
			return err
		}
		study, err := putStudy(ctx, tx, s)
		if err != nil {
			return err
		}
		rows := make([]memberRow, len(members))
		for i, m := range members {
			run, ok := keys[m.RunID]
			if !ok {
				return fmt.Errorf("member %s: %w", m.RunID, ErrNotFound)
			}
			place, err := in.placeKey(m)
			if err != nil {
				return err
			}
			rows[i] = memberRow{run, place}
		}
		return in.members(study, rows)
	})
	if err != nil {
		return fmt.Errorf("recording study %s: %w", s.Study, err)
	}
	return nil
}

// memberRow is a row of the table member, in the order of position.
type memberRow struct{ run, place int64 }

// members replaces those of a study. Most studies are recorded again and again
// with the members that they have already: then nothing is written.
func (in *inserter) members(study int64, members []memberRow) error {
	same, err := in.haveMembers(study, members)
	if same || err != nil {
		return err
	}
	if err := in.exec(`DELETE FROM member WHERE study = ?`, study); err != nil {
		return err
	}
	list := batch{in: in, into: `member (study, position, run, place)`}
	for i, m := range members {
		if err := list.add(study, i, m.run, m.place); err != nil {
			return err
		}
	}
	return list.flush()
}

func (in *inserter) haveMembers(study int64, members []memberRow) (bool, error) {
	rows, err := in.tx.QueryContext(in.ctx, `SELECT run, place FROM member WHERE study = ? ORDER BY position`, study)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	n := 0
	for ; rows.Next(); n++ {
		var m memberRow
		if err := rows.Scan(&m.run, &m.place); err != nil {
			return false, err
		}
		if n >= len(members) || m != members[n] {
			return false, nil
		}
	}
	return n == len(members), rows.Err()
}

// runKeys gives the key of every run. One pass over all of them is faster than
// a search for each run of a study.
func runKeys(ctx context.Context, tx *sql.Tx) (map[string]int64, error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, key FROM run`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	keys := map[string]int64{}
	for rows.Next() {
		var id string
		var key int64
		if err := rows.Scan(&id, &key); err != nil {
			return nil, err
		}
		keys[id] = key
	}
	return keys, rows.Err()
}

func putStudy(ctx context.Context, tx *sql.Tx, s Study) (key int64, err error) {
	set, err := json.Marshal(s.Set)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRowContext(ctx, `INSERT INTO study (study, question, yaml, "select", "set", at) VALUES (?,?,?,?,?,?)
		ON CONFLICT (study) DO UPDATE SET question = excluded.question, yaml = excluded.yaml,
			"select" = excluded."select", "set" = excluded."set", at = excluded.at
		RETURNING key`, s.Study, s.Question, s.YAML, s.Select, string(set), encodeTime(s.At)).Scan(&key)
	return key, err
}

// PutDataset records what a report needs of a data set; a second time changes nothing.
func (db *DB) PutDataset(ctx context.Context, d Dataset) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		classes, err := json.Marshal(d.Classes)
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
		_, err = tx.ExecContext(ctx, `INSERT INTO dataset
			(id, spec, regression, inputs, outputs, classes, noise_variance, test_labels, test_targets, test_truth)
			VALUES (?,?,?,?,?,?,?,?,?,?) ON CONFLICT (id) DO NOTHING`,
			d.ID, string(d.Spec), d.Regression, d.In, d.Out, string(classes), encodeFloat(d.NoiseVariance), labels, targets, truth)
		return err
	})
	if err != nil {
		return fmt.Errorf("recording data set %s: %w", d.ID, err)
	}
	return nil
}

// Start marks runs as running since the given time; those that have a result keep it.
func (db *DB) Start(ctx context.Context, at time.Time, ids ...string) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		mark, err := tx.PrepareContext(ctx, `UPDATE run SET status = ?, reason = '', stack = '', checksum = '', started_at = ?, finished_at = NULL
			WHERE id = ? AND NOT `+withResult)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, err := mark.ExecContext(ctx, string(Running), encodeTime(at), id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("marking runs as running: %w", err)
	}
	return nil
}

// Finish writes the results of runs in one transaction, replacing whatever
// earlier attempts left, and removes their holds and checkpoints. An attempt
// without a result (neither done nor diverged) does not replace a result. One
// that was interrupted and brings no epochs leaves those that are there, and
// the checkpoint that covers them.
func (db *DB) Finish(ctx context.Context, results ...Result) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		in := newInserter(ctx, tx)
		for _, r := range results {
			if err := in.result(r); err != nil {
				return fmt.Errorf("run %s: %w", r.Run.ID, err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("recording results: %w", err)
	}
	return nil
}

// PutWeights adds snapshots to those of a run, or replaces those of the same
// epochs, and ends the work on it: hold and checkpoint are removed.
func (db *DB) PutWeights(ctx context.Context, id string, weights ...Snapshot) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		for _, w := range weights {
			r, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO weight (run, epoch, tensors, digest) SELECT key, ?, ?, ? FROM run WHERE id = ?`,
				w.Epoch, w.Tensors, digest(w.Tensors), id)
			if err != nil {
				return err
			}
			if n, err := r.RowsAffected(); err != nil || n == 0 {
				return errors.Join(err, ErrNotFound)
			}
		}
		for _, table := range []string{"claim", "checkpoint"} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE run = (SELECT key FROM run WHERE id = ?)`, id); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("recording weights of run %s: %w", id, err)
	}
	return nil
}
