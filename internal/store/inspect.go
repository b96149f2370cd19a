package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

// Inspection is a study as far as it is what was written: what else there is of it is
// left out, and said.
type Inspection struct {
	Study   Study
	Members []StudyRun
	Runs    []Run    // of these members, in their order
	Says    []string // what is not what was written, or cannot be read, for people
}

// keys selects those of the runs that are asked for, with the parameters of args.
func (in *inspector) keys() string {
	if in.cells == "" {
		return runsOfStudy
	}
	return runsOfCells
}

func (in *inspector) args() []any {
	if in.cells == "" {
		return []any{in.study}
	}
	return []any{in.study, in.cells}
}

// inspector collects what is wrong with a study.
type inspector struct {
	*DB
	study string
	cells string          // a JSON list; "" for all
	bad   map[string]bool // runs that are left out
	made  Inspection
}

// Inspect reads a study, or some of its cells by their identities where these are not nil, and
// holds its rows against their checksums. It is
// ErrNotFound for one that is not known. What runs have left beside their rows is
// looked at when it is read, but for those of older versions, whose checksum is one of all.
func (db *DB) Inspect(ctx context.Context, study string, cells []string) (Inspection, error) {
	in := inspector{DB: db, study: study, bad: map[string]bool{}}
	if cells != nil {
		list, err := json.Marshal(cells)
		if err != nil {
			return in.made, err
		}
		in.cells = string(list)
	}
	for _, look := range []func(context.Context) error{in.row, in.schema, in.rows, in.members, in.runs} {
		if err := look(ctx); err != nil {
			return in.made, fmt.Errorf("study %s: %w", study, err)
		}
	}
	return in.made, nil
}

func (in *inspector) say(format string, args ...any) {
	in.made.Says = append(in.made.Says, fmt.Sprintf(format, args...))
}

func (in *inspector) row(ctx context.Context) error {
	list, err := in.studies(ctx, `WHERE study = ?`, in.study)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return ErrNotFound
	}
	in.made.Study = list[0]
	return nil
}

// schema says whether tables and views are those of this version.
func (in *inspector) schema(ctx context.Context) error {
	changed, err := in.changedSchema(ctx)
	for _, c := range changed {
		in.say("the definition of %s in the database is %v", c.name, ErrChanged)
	}
	return err
}

// rows looks at the rows with checksums that the study needs.
func (in *inspector) rows(ctx context.Context) error {
	for _, s := range summedTables {
		where, runs, args := "", "", in.args() // which rows are the study's, and the runs that a bad one takes with it
		switch s.table {
		case "study":
			where, args = `WHERE t.study = ?1`, args[:1]
		case "night":
			where, args = `WHERE study.study = ?1`, args[:1]
		case "cell":
			where = `WHERE t.key IN (SELECT cell FROM run WHERE key IN ` + in.keys() + `)`
			runs = `SELECT id FROM run WHERE cell = ?`
		case "place":
			where = `WHERE t.key IN (SELECT member.place FROM member JOIN version ON version.key = member.version
				JOIN study ON study.key = version.study WHERE study.study = ?1 AND +member.run IN ` + in.keys() + `)`
			runs = `SELECT run.id FROM run JOIN member ON member.run = run.key WHERE member.place = ?`
		default:
			continue // a data set is looked at when it is read, and nobody draws conflicts
		}
		var keys []int64
		err := s.rows(ctx, in.sql, where, func(key int64, had sql.Null[int64], now int64, values []any) {
			if had.Valid && had.V != now {
				keys = append(keys, key)
				in.say(s.what+" is %v", values[0], ErrChanged)
			}
		}, args...)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if runs == "" {
				continue
			}
			if err := in.leaveOut(ctx, runs, key); err != nil {
				return err
			}
		}
	}
	return nil
}

func (in *inspector) leaveOut(ctx context.Context, query string, args ...any) error {
	return in.read(ctx, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		in.bad[id] = true
		return err
	}, query, args...)
}

// members looks at the members of all versions, and at these; where only some cells are asked for, at theirs, and of the others
// at whether they are there.
func (in *inspector) members(ctx context.Context) error {
	versions, err := in.versions(ctx, selectVersions+`WHERE study.study = ?`, in.study)
	if err != nil {
		return err
	}
	sums, err := in.memberSums(ctx, in.study)
	if err != nil {
		return err
	}
	changed, missing := map[string]bool{}, 0 // runs, which several versions may have
	for _, v := range versions {
		if v.damaged() {
			in.say("a version of the study's file is %v", ErrChanged)
		}
		if v.members.Valid && v.members.V != sums[v.key] {
			missing++
		}
	}
	// The plus has every row read in its turn: one whose key is another by now is not found by its key.
	all, err := in.memberships(ctx, in.study, selectMembers+`WHERE study.study = ?1 AND +m.run IN `+in.keys(), in.args()...)
	if err != nil {
		return err
	}
	for _, m := range all {
		if m.changed() {
			in.bad[m.RunID], changed[m.RunID] = true, true
		}
	}
	if len(changed) > 0 {
		in.say("which runs the study has is %v: %d of its members are left out", ErrChanged, len(changed))
	}
	if missing > 0 {
		in.say("members of the study are missing, or %v", ErrChanged)
	}
	in.made.Members = current(all)
	return nil
}

// runs looks at the rows of the members.
func (in *inspector) runs(ctx context.Context) error {
	list, err := in.readableRuns(ctx)
	if err != nil {
		return err
	}
	sums, err := in.checksums(ctx, `AND key IN `+in.keys(), in.args()...)
	if err != nil {
		return err
	}
	found := map[string]bool{}
	changed := 0
	for _, r := range list {
		found[r.ID] = true
		all := Result{Run: r}
		sum := sums[r.ID]
		if v := versionOf(sum); sum != "" && v > 0 && !coverages[v-1].parts {
			if all, err = in.artifacts(ctx, r); err != nil && !unreadable(ctx, err) {
				return err
			}
			if err != nil || !unchanged(sum, all) {
				in.bad[r.ID], changed = true, changed+1
			}
			continue
		}
		if !unchangedPart(sum, rowPart, all) {
			in.bad[r.ID], changed = true, changed+1
		}
	}
	lost := 0
	for _, m := range in.made.Members {
		if !found[m.RunID] {
			in.bad[m.RunID], lost = true, lost+1
		}
	}
	if changed > 0 {
		in.say("results that are %v are left out: %d", ErrChanged, changed)
	}
	if lost > 0 {
		in.say("runs that cannot be read are left out: %d", lost)
	}
	in.made.Runs = slices.DeleteFunc(list, func(r Run) bool { return in.bad[r.ID] })
	in.made.Members = slices.DeleteFunc(in.made.Members, func(m StudyRun) bool { return in.bad[m.RunID] })
	return nil
}

// readableRuns gives the members' rows; one by one where they cannot be read together.
func (in *inspector) readableRuns(ctx context.Context) ([]Run, error) {
	list, err := in.DB.runs(ctx, selectRuns+`WHERE run.key IN `+in.keys(), in.args()...)
	if !unreadable(ctx, err) {
		return asMembers(list, in.made.Members), err
	}
	list = nil
	for _, m := range in.made.Members {
		r, err := in.Run(ctx, m.RunID)
		switch {
		case errors.Is(err, ErrNotFound) || unreadable(ctx, err):
		case err != nil:
			return nil, err
		default:
			list = append(list, r)
		}
	}
	return list, nil
}
