package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"
)

// otherStudy is a study of another database.
type otherStudy struct {
	Study
	changed  bool // its row is not what was written
	versions []version
	members  map[int64][]membership // by version
	nights   []Night
}

// readStudies reads the studies with their versions, members and nights.
func (db *DB) readStudies(ctx context.Context) ([]otherStudy, error) {
	studies, err := db.Studies(ctx)
	if err != nil {
		return nil, err
	}
	list := make([]otherStudy, len(studies))
	for i, study := range studies {
		s := &list[i]
		s.Study = study
		if s.changed, err = db.changedStudy(ctx, s.Study.Study); err != nil {
			return nil, err
		}
		if s.versions, err = db.versions(ctx, selectVersions+`WHERE study.study = ? `+byTime, s.Study.Study); err != nil {
			return nil, err
		}
		if s.members, err = db.allMembers(ctx, s.Study.Study); err != nil {
			return nil, err
		}
		if s.nights, err = db.Nights(ctx, s.Study.Study); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// studies merges those of another database with their versions, members, whose runs are here, and nights.
func (m *Merged) studies(ctx context.Context, into *DB, theirs []otherStudy) error {
	if len(theirs) == 0 {
		return nil
	}
	ours, err := into.Studies(ctx)
	if err != nil {
		return err
	}
	known := map[string]Study{}
	for _, s := range ours {
		known[s.Study] = s
	}
	for _, o := range theirs {
		s := o.Study
		if o.changed {
			m.Damaged = append(m.Damaged, Damaged{Label: "study " + s.Study,
				What: "its file as it was last is " + ErrChanged.Error() + " and is left out"})
			if _, ok := known[s.Study]; !ok {
				continue
			}
			s = known[s.Study]
		}
		have, ok := known[s.Study]
		if !ok || later(s, have) {
			if err := into.replaceStudy(ctx, s); err != nil {
				return err
			}
		}
		if err := m.versions(ctx, into, o); err != nil {
			return err
		}
		if err := mergeNights(ctx, into, o); err != nil {
			return err
		}
	}
	return nil
}

// changedStudy says whether the row of a study is not what was written.
func (db *DB) changedStudy(ctx context.Context, study string) (changed bool, err error) {
	for _, s := range summedTables {
		if s.table == "study" {
			err = s.rows(ctx, db.sql, `WHERE t.study = ?`, func(_ int64, had sql.Null[int64], now int64, _ []any) {
				changed = had.Valid && had.V != now
			}, study)
		}
	}
	return changed, err
}

// later says whether a study stands before another of its name.
func later(s, than Study) bool {
	return cmp.Or(s.At.Compare(than.At), strings.Compare(s.YAML, than.YAML), slices.Compare(s.Set, than.Set)) > 0
}

// replaceStudy makes the row of a study that another database has ours.
func (db *DB) replaceStudy(ctx context.Context, s Study) error {
	return db.insert(ctx, func(in *inserter) error {
		_, err := in.study(s)
		return err
	})
}

// versions brings those of a study, which is here already, with their members.
func (m *Merged) versions(ctx context.Context, into *DB, s otherStudy) error {
	study := s.Study.Study
	return into.insert(ctx, func(in *inserter) error {
		key, ok, err := in.find(`SELECT key FROM study WHERE study = ?`, study)
		if err != nil {
			return err
		}
		if !ok {
			return fmt.Errorf("study %s: %w", study, ErrNotFound)
		}
		var ids []string
		for _, list := range s.members {
			for _, p := range list {
				ids = append(ids, p.RunID)
			}
		}
		runs, err := in.keysOf(ids)
		if err != nil {
			return err
		}
		for _, v := range s.versions {
			if v.damaged() {
				m.Damaged = append(m.Damaged, Damaged{Label: "study " + study,
					What: "a version that is " + ErrChanged.Error() + " is left out"})
				continue
			}
			version, isNew, err := in.knownVersion(key, v)
			if err != nil {
				return err
			}
			if err := m.members(in, study, version, isNew, runs, s.members[v.key]); err != nil {
				return err
			}
		}
		return nil
	})
}

// members adds those that another database has of a version. Where it has a run at
// another place, the first of the two stays.
func (m *Merged) members(
	in *inserter, study string, version int64, isNew bool, runs map[string]int64, theirs []membership,
) (err error) {
	var have map[string]membership
	if !isNew {
		if have, err = in.plannedOf(version); err != nil {
			return err
		}
	}
	if err := in.readPlacesOf(theirs); err != nil {
		return err
	}
	var rows []memberRow
	lost := 0
	for _, p := range theirs {
		if _, ok := runs[p.RunID]; !ok || p.changed() {
			lost++
			continue
		}
		if our, ok := have[p.RunID]; ok && our.compare(p) <= 0 {
			continue
		}
		row, err := in.memberRow(p.position, p.StudyRun, runs)
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	if lost > 0 {
		m.Damaged = append(m.Damaged, Damaged{Label: "study " + study,
			What: fmt.Sprintf("members that are %v are left out: %d", ErrChanged, lost)})
	}
	if isNew {
		return in.newMembers(version, nil, rows)
	}
	return in.members(version, rows)
}

func mergeNights(ctx context.Context, into *DB, s otherStudy) error {
	if len(s.nights) == 0 {
		return nil
	}
	ours, err := into.Nights(ctx, s.Study.Study)
	if err != nil {
		return err
	}
	known := map[time.Time]bool{}
	for _, n := range ours {
		known[n.Started] = true
	}
	for _, n := range s.nights {
		if known[n.Started] {
			continue
		}
		if err := into.PutNight(ctx, n); err != nil {
			return err
		}
	}
	return nil
}
