package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
)

// PutStudy records a study, which runs belong to it, and a pending row for
// every run that has none yet; runs that exist keep their state and results and
// may be left out of runs. Members that an earlier version of the study had are
// no longer its members; their runs stay. A file or settings of the command line
// that differ from those of the newest version make a new version of the study.
func (db *DB) PutStudy(ctx context.Context, s Study, runs []Run, members []StudyRun) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		in := newInserter(ctx, tx)
		keys, err := in.pending(runs)
		if err != nil {
			return err
		}
		study, err := in.study(s, keys, members)
		if err != nil {
			return err
		}
		return in.newVersion(study)
	})
	if err != nil {
		return fmt.Errorf("recording study %s: %w", s.Study, err)
	}
	return nil
}

// pending adds those of the runs that are new, and gives the key of every run.
func (in *inserter) pending(runs []Run) (map[string]int64, error) {
	keys, err := in.runKeys()
	if err != nil {
		return nil, err
	}
	next := int64(0)
	for _, key := range keys {
		next = max(next, key)
	}
	list := batch{in: in, into: `run (` + planColumns + `)`}
	for _, r := range runs {
		if _, ok := keys[r.ID]; ok {
			continue
		}
		next++
		keys[r.ID] = next
		row, err := in.planned(next, r)
		if err != nil {
			return nil, err
		}
		if err := list.add(row...); err != nil {
			return nil, err
		}
	}
	return keys, list.flush()
}

// runKeys gives the key of every run. One pass over all of them is faster than
// a search for each run of a study.
func (in *inserter) runKeys() (map[string]int64, error) {
	rows, err := in.tx.QueryContext(in.ctx, `SELECT id, key FROM run`)
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

// study replaces the row of a study and its members, whose runs have the keys
// given, and gives its key.
func (in *inserter) study(s Study, keys map[string]int64, members []StudyRun) (int64, error) {
	set, err := json.Marshal(s.Set)
	if err != nil {
		return 0, err
	}
	study, _, err := in.find(`INSERT INTO study (study, question, yaml, "select", "set", at) VALUES (?,?,?,?,?,?)
		ON CONFLICT (study) DO UPDATE SET question = excluded.question, yaml = excluded.yaml,
			"select" = excluded."select", "set" = excluded."set", at = excluded.at
		RETURNING key`, s.Study, s.Question, s.YAML, s.Select, string(set), encodeTime(s.At))
	if err != nil {
		return 0, err
	}
	rows := make([]memberRow, len(members))
	for i, m := range members {
		run, ok := keys[m.RunID]
		if !ok {
			return 0, fmt.Errorf("member %s: %w", m.RunID, ErrNotFound)
		}
		place, err := in.placeKey(m)
		if err != nil {
			return 0, err
		}
		rows[i] = memberRow{run, place}
	}
	return study, in.members(study, rows)
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
