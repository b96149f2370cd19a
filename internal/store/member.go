package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"
)

// membership is a member of a version of a study, as the database has it.
type membership struct {
	StudyRun
	position int
	sum      sql.Null[int64]

	cell, place   int64
	status        Status
	version       int64
	newest        bool // the version says what the study says now
	at, yaml, set string
}

// changed says whether a member is not what was written.
func (p membership) changed() bool {
	return p.sum.Valid && p.sum.V != memberSum(p.RunID, int64(p.position), p.CellLabel, string(p.Axes))
}

// compare orders what databases say of a run's place in the same version.
func (p membership) compare(o membership) int {
	return cmp.Or(cmp.Compare(p.position, o.position), strings.Compare(p.CellLabel, o.CellLabel),
		strings.Compare(string(p.Axes), string(o.Axes)))
}

// runsOfStudy selects the keys of the members of the study that is the first parameter.
const runsOfStudy = `(SELECT member.run FROM study JOIN version ON version.study = study.key
	JOIN member ON member.version = version.key WHERE study.study = ?1)`

const selectMembers = `SELECT run.id, place.label, place.axes, m.position, m.checksum, run.cell, m.place, run.status, v.key,
		v.yaml = study.yaml AND v."set" = study."set", coalesce(v.at, ''), v.yaml, v."set"
	FROM version AS v JOIN study ON study.key = v.study JOIN member AS m ON m.version = v.key
	JOIN run ON run.key = m.run JOIN place ON place.key = m.place `

func (p *membership) targets() []any {
	return []any{&p.RunID, &p.CellLabel, (*[]byte)(&p.Axes), &p.position, &p.sum, &p.cell, &p.place, (*string)(&p.status),
		&p.version, &p.newest, &p.at, &p.yaml, &p.set}
}

// StudyRuns lists the members of a study: those of its newest version in the
// order in which they were planned, and then those of versions before that have
// a result. A study only grows: no version takes members from it.
func (db *DB) StudyRuns(ctx context.Context, study string) ([]StudyRun, error) {
	all, err := db.memberships(ctx, study, selectMembers+`WHERE study.study = ?`, study)
	return current(all), err
}

// memberships are the rows that a query selects of the members of the versions of a study.
func (db *DB) memberships(ctx context.Context, study, query string, args ...any) ([]membership, error) {
	var all []membership
	err := db.read(ctx, func(rows *sql.Rows) error {
		p := membership{StudyRun: StudyRun{Study: study}}
		err := rows.Scan(p.targets()...)
		all = append(all, p)
		return err
	}, query, args...)
	return all, err
}

// memberSums are the sums of the checksums of the members of each version of a study.
func (db *DB) memberSums(ctx context.Context, study string) (map[int64]int64, error) {
	sums := map[int64]int64{}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var version int64
		var sum sql.Null[int64]
		err := rows.Scan(&version, &sum)
		sums[version] += sum.V
		return err
	}, `SELECT m.version, m.checksum FROM member AS m JOIN version AS v ON v.key = m.version JOIN study ON study.key = v.study
		WHERE study.study = ?`, study)
	return sums, err
}

// newerFirst orders members by what decides over their place: the newest version,
// and of the others the last.
func (p membership) newerFirst(o membership) int {
	if p.newest != o.newest {
		if p.newest {
			return -1
		}
		return 1
	}
	return cmp.Or(strings.Compare(o.at, p.at), strings.Compare(o.yaml, p.yaml), strings.Compare(o.set, p.set),
		p.compare(o), strings.Compare(p.RunID, o.RunID))
}

// current makes members of what versions have planned: each run once, at the place that the newest gives it. Where
// the newest version was recorded more than once, with data that changed in
// between, the cells of the last time are its.
func current(all []membership) []StudyRun {
	slices.SortFunc(all, membership.newerFirst)
	seen := map[string]bool{}
	cells := map[place]int64{}
	var members []membership
	for _, p := range all {
		if seen[p.RunID] {
			continue
		}
		seen[p.RunID] = true
		p.Former = !p.newest
		if p.newest {
			at := place{p.CellLabel, string(p.Axes)}
			first, ok := cells[at]
			if !ok {
				first = p.cell
				cells[at] = first
			}
			p.Former = first != p.cell
		}
		if p.Former && p.status != Done && p.status != Diverged && p.status != Pruned {
			continue
		}
		members = append(members, p)
	}
	slices.SortStableFunc(members, func(a, b membership) int {
		if a.Former != b.Former {
			if b.Former {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.position, b.position), strings.Compare(a.RunID, b.RunID))
	})
	list := make([]StudyRun, len(members))
	for i, p := range members {
		list[i] = p.StudyRun
	}
	return list
}

// allMembers gives the members of every version of a study.
func (db *DB) allMembers(ctx context.Context, study string) (map[int64][]membership, error) {
	all := map[int64][]membership{}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var p membership
		err := rows.Scan(p.targets()...)
		all[p.version] = append(all[p.version], p)
		return err
	}, selectMembers+`WHERE study.study = ? ORDER BY v.key, m.position`, study)
	return all, err
}

// plannedOf gives the members of a version by run.
func (in *inserter) plannedOf(version int64) (map[string]membership, error) {
	rows, err := in.tx.QueryContext(in.ctx, selectMembers+`WHERE v.key = ?`, version)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	have := map[string]membership{}
	for rows.Next() {
		var p membership
		if err := rows.Scan(p.targets()...); err != nil {
			return nil, err
		}
		have[p.RunID] = p
	}
	return have, rows.Err()
}
