package store

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// PutMore adds members to the newest version of a study that goes on until its claims are
// decided, by their positions, and a pending row for each of the runs that has none. It
// leaves alone what PutWanted has recorded before, so a few members cost as much in a study
// of many. It is false, and nothing is recorded, where the newest version is another one.
func (db *DB) PutMore(ctx context.Context, s Study, runs []Run, members map[int]StudyRun) (newest bool, err error) {
	err = db.insert(ctx, func(in *inserter) error {
		var version, sum int64
		if version, sum, newest, err = in.versionOf(s); err != nil || !newest {
			return err
		}
		keys := map[string]int64{}
		for _, r := range runs {
			if keys[r.ID], err = in.runKey(r); err != nil {
				return err
			}
		}
		for _, position := range slices.Sorted(maps.Keys(members)) {
			change, err := in.more(version, position, members[position], keys)
			if err != nil {
				return err
			}
			sum += change
		}
		return in.exec(`UPDATE version SET members = ?2 WHERE key = ?1 AND members IS NOT ?2`, version, sum)
	})
	if err != nil {
		return false, fmt.Errorf("recording study %s: %w", s.Study, err)
	}
	return newest, nil
}

// versionOf finds the newest version of a study, with the checksum of its members, if it is
// what is given and has one.
func (in *inserter) versionOf(s Study) (key, sum int64, same bool, err error) {
	set, err := encodeSet(s.Set)
	if err != nil {
		return 0, 0, false, err
	}
	key, same, err = in.find(`SELECT key FROM (SELECT version.key, version.yaml, version."set", version.members
		FROM study JOIN version ON version.study = study.key WHERE study.study = ?1
		ORDER BY version.at DESC, version.yaml DESC, version."set" DESC LIMIT 1)
		WHERE yaml = ?2 AND "set" = ?3 AND members IS NOT NULL`, s.Study, s.YAML, set)
	if err == nil && same {
		sum, _, err = in.find(`SELECT members FROM version WHERE key = ?`, key)
	}
	return key, sum, same, err
}

// more adds one member, and gives the change of the checksum of all.
func (in *inserter) more(version int64, position int, m StudyRun, keys map[string]int64) (change int64, err error) {
	if _, ok := keys[m.RunID]; !ok {
		key, ok, err := in.find(`SELECT key FROM run WHERE id = ?`, m.RunID)
		if err != nil {
			return 0, err
		}
		if ok {
			keys[m.RunID] = key
		}
	}
	row, err := in.memberRow(position, m, keys)
	if err != nil {
		return 0, err
	}
	had, _, err := in.find(`SELECT coalesce(checksum, 0) FROM member WHERE version = ? AND run = ?`, version, row.run)
	if err != nil || had == row.sum {
		return 0, err
	}
	return row.sum - had, in.exec(`INSERT OR REPLACE INTO member (version, run, position, place, checksum) VALUES (?,?,?,?,?)`,
		version, row.run, row.position, row.place, row.sum)
}
