package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
)

// PutStudy records a study, which runs belong to it, and a pending row for
// every run that has none yet; runs that exist keep their state and results and
// may be left out of runs. Members that an earlier version of the study had are
// no longer its members; their runs stay. A file or settings of the command line
// that differ from those of the newest version make a new version of the study.
func (db *DB) PutStudy(ctx context.Context, s Study, runs []Run, members []StudyRun) error {
	return db.PutWanted(ctx, s, runs, members, nil)
}

// PutWanted is PutStudy for a study that does not want all runs that it has
// planned: the members are listed as they are planned, and a run that is not
// wanted is one only if the study had it before, and it has a result or the study is
// the same as then. Without wanted all are.
func (db *DB) PutWanted(ctx context.Context, s Study, runs []Run, members []StudyRun, wanted func(id string) bool) error {
	err := db.write(ctx, func(tx *sql.Tx) error {
		in := newInserter(ctx, tx)
		keys, err := in.pending(runs)
		if err != nil {
			return err
		}
		if wanted != nil {
			had, err := in.keptMembers(s)
			if err != nil {
				return err
			}
			members = slices.DeleteFunc(slices.Clone(members), func(m StudyRun) bool { return !wanted(m.RunID) && !had[m.RunID] })
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

// keptMembers are the runs that a study has and keeps whether or not it wants them.
func (in *inserter) keptMembers(s Study) (map[string]bool, error) {
	set, err := json.Marshal(s.Set)
	if err != nil {
		return nil, err
	}
	rows, err := in.tx.QueryContext(in.ctx, `SELECT run.id FROM study JOIN member ON member.study = study.key
		JOIN run ON run.key = member.run
		WHERE study.study = ? AND (run.`+withResult+` OR study.yaml = ? AND study."set" = ?)`, s.Study, s.YAML, string(set))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	ids := map[string]bool{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids[id] = true
	}
	return ids, rows.Err()
}

// members replaces those of a study. Most studies are recorded again and again
// with the members that they have already, and then nothing is written, or with
// some behind them, which are added.
func (in *inserter) members(study int64, members []memberRow) error {
	from, err := in.firstMembers(study, members)
	if err != nil {
		return err
	}
	if from < 0 {
		from = 0
		if err := in.exec(`DELETE FROM member WHERE study = ?`, study); err != nil {
			return err
		}
	}
	list := batch{in: in, into: `member (study, position, run, place)`}
	for i, m := range members[from:] {
		if err := list.add(study, from+i, m.run, m.place); err != nil {
			return err
		}
	}
	return list.flush()
}

// firstMembers says how many of the members a study has already; -1 where what it
// has is not what they begin with.
func (in *inserter) firstMembers(study int64, members []memberRow) (n int, err error) {
	rows, err := in.tx.QueryContext(in.ctx, `SELECT run, place FROM member WHERE study = ? ORDER BY position`, study)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for ; rows.Next(); n++ {
		var m memberRow
		if err := rows.Scan(&m.run, &m.place); err != nil {
			return 0, err
		}
		if n >= len(members) || m != members[n] {
			return -1, nil
		}
	}
	return n, rows.Err()
}
