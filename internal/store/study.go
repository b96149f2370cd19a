package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
)

// PutStudy records a study, which runs belong to it, and a pending row for
// every run that has none yet; runs that exist keep their state and results and
// may be left out of runs. Members that an earlier version of the study had stay. A
// file or settings of the command line that differ from those of the newest version
// make a new version of the study.
func (db *DB) PutStudy(ctx context.Context, s Study, runs []Run, members []StudyRun) error {
	return db.PutWanted(ctx, s, runs, members, nil)
}

// PutWanted is PutStudy for a study that does not want all runs that it has
// planned: the members are listed as they are planned, and a run that is not wanted
// becomes one of this version only if the study had it before with a result. Without
// wanted all are wanted.
func (db *DB) PutWanted(ctx context.Context, s Study, runs []Run, members []StudyRun, wanted func(id string) bool) error {
	err := db.insert(ctx, func(in *inserter) error {
		keys, err := in.pending(runs)
		if err != nil {
			return err
		}
		rows := make([]memberRow, 0, len(members))
		had, err := in.keptMembers(s.Study, wanted)
		if err != nil {
			return err
		}
		for i, m := range members {
			if wanted != nil && !wanted(m.RunID) && !had[m.RunID] {
				continue
			}
			row, err := in.memberRow(i, m, keys)
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		study, err := in.study(s)
		if err != nil {
			return err
		}
		version, err := in.newestVersion(study, rows)
		if err != nil {
			return err
		}
		return in.members(version, rows)
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

// keysOf gives the keys of some runs.
func (in *inserter) keysOf(ids []string) (map[string]int64, error) {
	keys := make(map[string]int64, len(ids))
	for _, id := range ids {
		if key, ok := in.added[id]; ok {
			keys[id] = key
			continue
		}
		key, ok, err := in.find(`SELECT key FROM run WHERE id = ?`, id)
		if err != nil {
			return nil, err
		}
		if ok {
			keys[id] = key
		}
	}
	return keys, nil
}

// study replaces the row of a study, and gives its key.
func (in *inserter) study(s Study) (int64, error) {
	set, err := encodeSet(s.Set)
	if err != nil {
		return 0, err
	}
	values := []any{s.Study, s.Question, s.YAML, s.Select, set, encodeTime(s.At)}
	key, _, err := in.find(`INSERT INTO study (study, question, yaml, "select", "set", at, checksum) VALUES (?,?,?,?,?,?,?)
		ON CONFLICT (study) DO UPDATE SET question = excluded.question, yaml = excluded.yaml,
			"select" = excluded."select", "set" = excluded."set", at = excluded.at, checksum = excluded.checksum
		RETURNING key`, append(values, rowSum("study", values...))...)
	return key, err
}

// encodeSet writes the settings of the command line as the database has them.
func encodeSet(set []string) (string, error) {
	text, err := json.Marshal(set)
	return string(text), err
}

// memberRow is a row of the table member, without its version.
type memberRow struct {
	run, position, place int64
	sum                  int64
}

// memberRow makes a member of a run whose key is among those given.
func (in *inserter) memberRow(position int, m StudyRun, keys map[string]int64) (memberRow, error) {
	run, ok := keys[m.RunID]
	if !ok {
		return memberRow{}, fmt.Errorf("member %s: %w", m.RunID, ErrNotFound)
	}
	place, err := in.placeKey(m)
	return memberRow{run, int64(position), place, memberSum(m.RunID, int64(position), m.CellLabel, string(m.Axes))}, err
}

// keptMembers are the runs that a study has with a result; none where all are wanted anyway.
func (in *inserter) keptMembers(study string, wanted func(string) bool) (map[string]bool, error) {
	ids := map[string]bool{}
	if wanted == nil {
		return ids, nil
	}
	rows, err := in.tx.QueryContext(in.ctx, `SELECT run.id FROM study JOIN version ON version.study = study.key
		JOIN member ON member.version = version.key JOIN run ON run.key = member.run
		WHERE study.study = ? AND run.`+withResult, study)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids[id] = true
	}
	return ids, rows.Err()
}

// members adds some to those of a version. Most studies are recorded again and again with
// the members that they have already, and then nothing is written.
func (in *inserter) members(version int64, members []memberRow) error {
	have, err := in.membersOf(version)
	if err != nil {
		return err
	}
	return in.newMembers(version, have, members)
}

// newMembers is members for a version that has some.
func (in *inserter) newMembers(version int64, have map[int64]memberRow, members []memberRow) error {
	unlike := slices.DeleteFunc(slices.Clone(members), func(m memberRow) bool { return have[m.run] == m })
	slices.SortStableFunc(unlike, func(a, b memberRow) int { return cmp.Compare(a.run, b.run) }) // as the table has them
	list := batch{in: in, into: `member (version, run, position, place, checksum)`, or: "OR REPLACE"}
	for _, m := range unlike {
		if err := list.add(version, m.run, m.position, m.place, m.sum); err != nil {
			return err
		}
	}
	if err := list.flush(); err != nil {
		return err
	}
	return in.exec(`UPDATE version SET members = ?2 WHERE key = ?1 AND members IS NOT ?2`, version, sumOf(have, members))
}

// membersOf gives the members of a version by their runs.
func (in *inserter) membersOf(version int64) (map[int64]memberRow, error) {
	rows, err := in.tx.QueryContext(in.ctx, `SELECT run, position, place, coalesce(checksum, 0) FROM member WHERE version = ?`,
		version)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	have := map[int64]memberRow{}
	for rows.Next() {
		var m memberRow
		if err := rows.Scan(&m.run, &m.position, &m.place, &m.sum); err != nil {
			return nil, err
		}
		have[m.run] = m
	}
	return have, rows.Err()
}
