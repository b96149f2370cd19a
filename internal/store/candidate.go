package store

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// candidate is what a database has of a run.
type candidate struct {
	Run
	key     int64  // of its row in db; 0 where what is there is not taken
	bits    string // of a result; "" until it is asked for by measure
	db      *DB    // that holds the rest of it; nil for a row of conflict
	sum     string
	damaged bool       // what db has of it is not what was written
	left    *artifacts // what db has of it beside the row
}

// rank orders the states of runs by what they are worth.
func (c candidate) rank() int {
	if c.damaged {
		return 0
	}
	return map[Status]int{Done: 3, Diverged: 3, Pruned: 2, Failed: 1}[c.Status]
}

// compare orders what databases have of a run: the first is the run's.
func (c candidate) compare(o candidate) int {
	further := 0
	if c.rank() < 3 {
		further = cmp.Or(cmp.Compare(o.Epochs, c.Epochs), cmp.Compare(o.Seconds, c.Seconds)) // the end of an epoch, or a step in it
	}
	return cmp.Or(cmp.Compare(o.rank(), c.rank()), further, strings.Compare(c.bits, o.bits),
		c.Started.Compare(o.Started), strings.Compare(c.Host, o.Host))
}

// untrained is the run without anything that trainings have left.
func (c candidate) untrained() candidate {
	r := c.Run
	return candidate{Run: Run{
		ID: r.ID, Cell: r.Cell, Label: r.Label, Status: Pending, SeedData: r.SeedData, SeedInit: r.SeedInit, SeedOrder: r.SeedOrder,
		Config: r.Config, Data: r.Data, Parameters: r.Parameters,
	}}
}

// artifacts reads everything that the training of a candidate has left, with its
// checkpoint. Of one that is kept apart there is its row only.
func (m *Merged) artifacts(ctx context.Context, c candidate) (Result, *Checkpoint, error) {
	if c.db == nil {
		return Result{Run: c.Run}, nil, nil
	}
	r := c.left.Result
	if c.left.unreadable {
		return r, nil, fmt.Errorf("run %.12s: %w", c.ID, ErrChanged)
	}
	if !c.left.more {
		return r, nil, nil
	}
	var err error
	if r.Weights, err = m.weights(ctx, c); err != nil {
		return r, nil, err
	}
	state, ok, err := c.db.Checkpoint(ctx, c.ID)
	if !ok || errors.Is(err, ErrChanged) || c.rank() == 3 && state.Epoch != c.Epochs {
		return r, nil, nil
	}
	return r, &state, err
}

// weights gives those of a candidate that are what was written.
func (m *Merged) weights(ctx context.Context, c candidate) ([]Snapshot, error) {
	var list []Snapshot
	err := c.db.read(ctx, func(rows *sql.Rows) error {
		var s Snapshot
		var sum string
		if err := rows.Scan(&s.Epoch, &s.Tensors, &sum); err != nil {
			return err
		}
		if sum != "" && sum != digest(s.Tensors) {
			m.Damaged = append(m.Damaged, Damaged{c.ID, c.Label, fmt.Sprintf("weights after epoch %d: %v", s.Epoch, ErrChanged)})
			return nil
		}
		list = append(list, s)
		return nil
	}, `SELECT weight.epoch, weight.tensors, weight.digest
		FROM run JOIN weight ON weight.run = run.key WHERE run.id = ? ORDER BY weight.epoch`, c.ID)
	if unreadable(ctx, err) {
		m.Damaged = append(m.Damaged, Damaged{c.ID, c.Label, "weights cannot be read"})
		err = nil
	}
	return list, err
}

// missingWeights gives those that others of the same bits have beyond those of best.
func (m *Merged) missingWeights(ctx context.Context, best candidate, have []Snapshot, all []candidate) ([]Snapshot, error) {
	if best.rank() < 3 || best.db == nil {
		return nil, nil
	}
	var more []Snapshot
	for _, c := range all {
		if c.db == nil || c.db == best.db || !c.left.more || c.bits != best.bits {
			continue
		}
		other, err := m.weights(ctx, c)
		if err != nil {
			return nil, err
		}
		for _, w := range other {
			if !slices.ContainsFunc(have, func(h Snapshot) bool { return h.Epoch == w.Epoch }) {
				more = append(more, w)
			}
		}
	}
	return more, nil
}

// runsAmong are those whose identities are in a list.
func runsAmong(ids []string) (runSet, error) {
	text, err := json.Marshal(ids)
	return runSet{where: `run.id IN (SELECT value FROM json_each(?))`, args: []any{string(text)}}, err
}

// keys gives those of runs that a database has, by their identities.
func (db *DB) keys(ctx context.Context, of runSet) (map[string]int64, error) {
	keys := map[string]int64{}
	err := db.read(ctx, func(rows *sql.Rows) error {
		var id string
		var key int64
		err := rows.Scan(&id, &key)
		keys[id] = key
		return err
	}, `SELECT id, key FROM run WHERE `+of.where, of.args...)
	return keys, err
}

// runKeys are what a database says of its runs beside Run.
type runKeys struct {
	ids  map[int64]string // by keys
	keys map[string]int64 // by identities
	sums map[string]string
}

func newRunKeys() runKeys {
	return runKeys{map[int64]string{}, map[string]int64{}, map[string]string{}}
}

func (k runKeys) add(key int64, id, sum string) { k.ids[key], k.keys[id], k.sums[id] = id, key, sum }

// runKeys reads them.
func (db *DB) runKeys(ctx context.Context, of runSet) (runKeys, error) {
	known := newRunKeys()
	return known, db.read(ctx, func(rows *sql.Rows) error {
		var key int64
		var id, sum string
		err := rows.Scan(&key, &id, &sum)
		known.add(key, id, sum)
		return err
	}, `SELECT key, id, checksum FROM run WHERE `+of.where, of.args...)
}

// rowsOf gives the rows of runs. Those that cannot be read are left out.
func (m *Merged) rowsOf(ctx context.Context, db *DB, of runSet) ([]Run, runKeys, error) {
	if db.pages.alone() && of.first > 0 {
		if rows, known, err := db.pages.rows(of.first, of.last); err == nil {
			return rows, known, nil
		}
	}
	rows, err := db.runs(ctx, selectRuns+`WHERE `+of.where+` ORDER BY run.key`, of.args...)
	if unreadable(ctx, err) {
		rows, err = m.oneByOne(ctx, db, of)
	}
	if err != nil || len(rows) == 0 {
		return nil, newRunKeys(), err
	}
	known, err := db.runKeys(ctx, of)
	return rows, known, err
}

// candidates gives what a database has of runs, the row of runs first. Rows that cannot be read are left out.
func (m *Merged) candidates(ctx context.Context, db *DB, of runSet) (map[string][]candidate, error) {
	rows, known, err := m.rowsOf(ctx, db, of)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	of.within(slices.Collect(maps.Keys(known.ids)))
	left, err := db.manyArtifacts(ctx, of, rows, known.ids)
	if err != nil {
		return nil, err
	}
	all := make(map[string][]candidate, len(rows))
	for _, r := range rows {
		c := candidate{Run: r, key: known.keys[r.ID], db: db, sum: known.sums[r.ID], left: left[r.ID]}
		if c.rank() == 3 || c.sum != "" {
			c.damaged = c.left.unreadable || c.sum != "" && !unchanged(c.sum, c.left.Result)
		}
		all[r.ID] = []candidate{c}
	}
	if db.pages.alone() && db.pages.empty("conflict") {
		return all, nil
	}
	apart, err := db.conflicts(ctx, of)
	if unreadable(ctx, err) {
		what := Damaged{Label: "conflicts", What: "they cannot be read and are left out"}
		if !slices.Contains(m.Damaged, what) {
			m.Damaged = append(m.Damaged, what)
		}
		return all, nil
	}
	for _, c := range apart {
		if all[c.ID] != nil {
			all[c.ID] = append(all[c.ID], c)
		}
	}
	return all, err
}

// oneByOne gives the rows of runs that can be read.
func (m *Merged) oneByOne(ctx context.Context, db *DB, of runSet) (list []Run, err error) {
	var ids []string
	if err := db.read(ctx, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT id FROM run WHERE `+of.where+` ORDER BY key`, of.args...); err != nil {
		return nil, err
	}
	for _, id := range ids {
		r, err := db.Run(ctx, id)
		switch {
		case errors.Is(err, ErrNotFound) || unreadable(ctx, err):
			m.Damaged = append(m.Damaged, Damaged{id, "", "its row cannot be read"})
		case err != nil:
			return nil, err
		default:
			list = append(list, r)
		}
	}
	return list, nil
}

// measure takes the bits of results.
func measure(list []candidate) {
	for i := range list {
		if c := &list[i]; c.rank() == 3 && c.bits == "" {
			c.bits = bits(c.left.Result)
		}
	}
}

// bits is the SHA-256 of everything that a result's training measured, without
// times and places: what two trainings of a run have to agree on.
func bits(r Result) string {
	h := sha256.New()
	n := coverages[0].metrics // whatever came later
	fmt.Fprint(h, r.Run.Status, r.Run.Epochs, r.Run.Digest, metricValues(n, r.Run.Train, r.Run.Valid, r.Run.Test))
	for _, e := range r.Epochs {
		fmt.Fprint(h, e.Epoch, e.Steps, e.LR, e.Distance, metricValues(n, e.Train, e.Valid, e.Test))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// conflicts gives the results of runs that are kept apart, those of a run by their bits.
func (db *DB) conflicts(ctx context.Context, of runSet) ([]candidate, error) {
	var list []candidate
	var some bool
	if err := db.queryer().QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM conflict)`).Scan(&some); err != nil || !some {
		return nil, fault(err)
	}
	order := ` WHERE ` + of.where + ` ORDER BY run.id, run.bits`
	const apart = `(SELECT c.*, run.id, run.cell, run.seed_data, run.seed_init, run.seed_order
		FROM conflict AS c JOIN run ON run.key = c.run) AS run JOIN cell`
	s := shared{map[string]json.RawMessage{}, map[Provenance]Provenance{}}
	err := db.read(ctx, func(rows *sql.Rows) error {
		r, err := scanRun(rows, s)
		list = append(list, candidate{Run: r})
		return err
	}, strings.Replace(selectRuns, "run JOIN cell", apart, 1)+order, of.args...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	at := 0
	return list, db.read(ctx, func(rows *sql.Rows) error {
		at++
		return rows.Scan(&list[at-1].bits)
	}, `SELECT bits FROM `+strings.TrimSuffix(apart, " JOIN cell")+order, of.args...)
}
