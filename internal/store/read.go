package store

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Why a run or data set cannot be given.
var (
	ErrNotFound  = errors.New("not in the database")
	ErrAmbiguous = errors.New("more than one run begins like this")
)

// Statuses gives the state of every run that the database knows.
func (db *DB) Statuses(ctx context.Context) (map[string]Status, error) {
	statuses := map[string]Status{}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var id, status string
		if err := rows.Scan(&id, &status); err != nil {
			return err
		}
		statuses[id] = Status(status)
		return nil
	}, `SELECT id, status FROM run`)
	return statuses, err
}

// State is how far a run is.
type State struct {
	Status  Status
	Epochs  int     // finished, or until its last checkpoint
	Seconds float64 // of training until then
	Holder  string  // identity of the owner that holds it; "" for nobody
	Reason  string  // of a run that is trained or interrupted: why the process before was ended
}

// States gives the state of every run that the database knows.
func (db *DB) States(ctx context.Context) (map[string]State, error) { return db.states(ctx, "") }

// StatesSince gives those of the runs that are trained or interrupted, or were over at a time or later, by the clocks of those
// who trained them, and how many runs there are in all.
func (db *DB) StatesSince(ctx context.Context, at time.Time) (states map[string]State, all int, err error) {
	if states, err = db.states(ctx, `WHERE status IN ('`+string(Running)+`', '`+string(Interrupted)+`') OR finished_at >= ?`,
		encodeTime(at)); err != nil {
		return nil, 0, err
	}
	err = db.sql.QueryRowContext(ctx, `SELECT count(*) FROM run`).Scan(&all)
	return states, all, fault(err)
}

func (db *DB) states(ctx context.Context, where string, args ...any) (map[string]State, error) {
	states := map[string]State{}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var id string
		var s State
		if err := rows.Scan(&id, (*string)(&s.Status), &s.Epochs, toFloat{&s.Seconds}, &s.Holder, &s.Reason); err != nil {
			return err
		}
		states[id] = s
		return nil
	}, `SELECT run.id, status, epochs, seconds, coalesce(owner.id, ''),
			CASE WHEN status IN ('`+string(Running)+`', '`+string(Interrupted)+`') THEN reason ELSE '' END
		FROM run LEFT JOIN claim ON claim.run = run.key LEFT JOIN owner ON owner.key = claim.owner `+where, args...)
	return states, err
}

// Studies lists the studies, the one trained last first.
func (db *DB) Studies(ctx context.Context) ([]Study, error) { return db.studies(ctx, "") }

func (db *DB) studies(ctx context.Context, where string, args ...any) ([]Study, error) {
	var list []Study
	err := db.read(ctx, func(rows *sql.Rows) error {
		var s Study
		var set string
		var at sql.Null[string]
		if err := rows.Scan(&s.Study, &s.Question, &s.YAML, &s.Select, &set, &at); err != nil {
			return err
		}
		var err error
		if s.At, err = decodeTime(at); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(set), &s.Set); err != nil {
			return err
		}
		list = append(list, s)
		return nil
	}, `SELECT study, question, yaml, "select", "set", at FROM study `+where+` ORDER BY at DESC, key DESC`, args...)
	return list, err
}

// selectRuns selects the columns that scanRun takes. What follows the join may
// go on joining.
var selectRuns = `SELECT run.id, cell.id, cell.label, cell.data, cell.config, status, reason, stack,
		seed_data, seed_init, seed_order,
		parameters, epochs, seconds, started_at, finished_at, digest,
		` + makerColumns + `, ` + metricColumns + `
	FROM run JOIN cell ON cell.key = run.cell JOIN maker ON maker.key = run.maker `

// shared holds what many runs have in common once for all of them.
type shared struct {
	configs map[string]json.RawMessage
	makers  map[Provenance]Provenance
}

func scanRun(rows *sql.Rows, s shared) (Run, error) {
	var r Run
	var config sql.RawBytes
	var started, finished sql.Null[string]
	var seedData, seedInit, seedOrder int64
	targets := []any{
		&r.ID, &r.Cell, &r.Label, &r.Data, &config, (*string)(&r.Status), &r.Reason, &r.Stack, &seedData, &seedInit, &seedOrder,
		&r.Parameters, &r.Epochs, toFloat{&r.Seconds}, &started, &finished, &r.Digest,
	}
	targets = append(targets, makerTargets(&r.Provenance)...)
	if err := rows.Scan(append(targets, metricTargets(&r.Train, &r.Valid, &r.Test)...)...); err != nil {
		return Run{}, err
	}
	s.config(&r, config)
	s.maker(&r)
	r.SeedData, r.SeedInit, r.SeedOrder = uint64(seedData), uint64(seedInit), uint64(seedOrder)
	var err error
	if r.Started, err = decodeTime(started); err != nil {
		return Run{}, err
	}
	r.Finished, err = decodeTime(finished)
	return r, err
}

func (s shared) config(r *Run, text []byte) {
	config, ok := s.configs[string(text)]
	if !ok {
		config = bytes.Clone(text)
		s.configs[string(text)] = config
	}
	r.Config = config
}

func (s shared) maker(r *Run) {
	if known, ok := s.makers[r.Provenance]; ok {
		r.Provenance = known
		return
	}
	s.makers[r.Provenance] = r.Provenance
}

func (db *DB) runs(ctx context.Context, query string, args ...any) ([]Run, error) {
	var list []Run
	s := shared{map[string]json.RawMessage{}, map[Provenance]Provenance{}}
	err := db.read(ctx, func(rows *sql.Rows) error {
		r, err := scanRun(rows, s)
		list = append(list, r)
		return err
	}, query, args...)
	return list, err
}

// Runs lists the members of a study as StudyRuns does, or the runs of all studies if study is "".
func (db *DB) Runs(ctx context.Context, study string) ([]Run, error) {
	if study == "" {
		return db.runs(ctx, selectRuns+`ORDER BY run.key`)
	}
	members, err := db.StudyRuns(ctx, study)
	if err != nil {
		return nil, err
	}
	list, err := db.runs(ctx, selectRuns+`WHERE run.key IN `+runsOfStudy, study)
	if err != nil {
		return nil, err
	}
	return asMembers(list, members), nil
}

// asMembers orders runs as the members of a study, and leaves out what is none.
func asMembers(list []Run, members []StudyRun) []Run {
	place := make(map[string]int, len(members))
	for i, m := range members {
		place[m.RunID] = i
	}
	list = slices.DeleteFunc(list, func(r Run) bool { _, ok := place[r.ID]; return !ok })
	slices.SortFunc(list, func(a, b Run) int { return cmp.Compare(place[a.ID], place[b.ID]) })
	return list
}

// RunsWith lists those of some runs that are known, in no order.
func (db *DB) RunsWith(ctx context.Context, ids []string) ([]Run, error) {
	wanted, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	return db.runs(ctx, selectRuns+`WHERE run.id IN (SELECT value FROM json_each(?))`, string(wanted))
}

// Ends gives of runs with certain identities how and when they ended, and nothing else.
func (db *DB) Ends(ctx context.Context, ids []string) (map[string]Run, error) {
	wanted, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	ends := make(map[string]Run, len(ids))
	return ends, db.read(ctx, func(rows *sql.Rows) error {
		var id string
		var r Run
		var finished sql.Null[string]
		err := rows.Scan(&id, (*string)(&r.Status), &finished)
		if err == nil {
			r.Finished, err = decodeTime(finished)
		}
		ends[id] = r
		return err
	}, `SELECT id, status, finished_at FROM run WHERE id IN (SELECT value FROM json_each(?))`, string(wanted))
}

// Run finds a run by an unambiguous prefix of its identity. Otherwise the
// error is ErrNotFound, or ErrAmbiguous with some of the candidates.
func (db *DB) Run(ctx context.Context, prefix string) (Run, error) {
	const shown = 5
	// No identity has a character beyond U+10FFFF, so this is the prefix's range of the index.
	found, err := db.runs(ctx, selectRuns+`WHERE run.id >= ?1 AND run.id < ?1 || char(0x10ffff) ORDER BY run.id LIMIT ?2`,
		prefix, shown+1)
	switch {
	case err != nil:
		return Run{}, err
	case len(found) == 0:
		return Run{}, fmt.Errorf("run %q: %w", prefix, ErrNotFound)
	case len(found) == 1 || found[0].ID == prefix:
		return found[0], nil
	}
	var candidates []string
	for _, r := range found[:min(shown, len(found))] {
		candidates = append(candidates, fmt.Sprintf("%.12s (%s)", r.ID, r.Label))
	}
	if len(found) > shown {
		candidates = append(candidates, "...")
	}
	return Run{}, fmt.Errorf("run %q: %w: %s", prefix, ErrAmbiguous, strings.Join(candidates, ", "))
}

func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

// read calls scan for every row of a query.
func (db *DB) read(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	rows, err := db.query(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("reading the database: %w", fault(err))
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("reading the database: %w", fault(err))
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("reading the database: %w", fault(err))
	}
	return nil
}

// query asks by a statement that stays prepared where the database is used within a transaction: those come again and again.
func (db *DB) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if db.in == nil {
		return db.queryer().QueryContext(ctx, query, args...)
	}
	s, err := db.in.stmt(query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}
