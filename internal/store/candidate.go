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
	"slices"
	"strings"
)

// candidate is what a database has of a run.
type candidate struct {
	Run
	bits    string
	db      *DB // that holds the rest of it; nil for a row of conflict
	sum     string
	damaged bool // what db has of it is not what was written
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
	r, err := c.db.artifacts(ctx, c.Run)
	if err != nil {
		return r, nil, err
	}
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
		if c.db == nil || c.db == best.db || c.bits != best.bits {
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

// among is a condition on rows of run and its parameters: that their identities are in a list (nil for all).
func among(ids []string) (where string, args []any, err error) {
	if ids == nil {
		return `TRUE`, nil, nil
	}
	text, err := json.Marshal(ids)
	return `run.id IN (SELECT value FROM json_each(?))`, []any{string(text)}, err
}

// candidates gives what a database has of runs (nil for all), the row of runs first. Rows
// that cannot be read are left out.
func (m *Merged) candidates(ctx context.Context, db *DB, ids []string) (map[string][]candidate, error) {
	where, args, err := among(ids)
	if err != nil {
		return nil, err
	}
	rows, err := db.runs(ctx, selectRuns+`WHERE `+where+` ORDER BY run.key`, args...)
	if unreadable(ctx, err) {
		rows, err = m.oneByOne(ctx, db, where, args)
	}
	if err != nil {
		return nil, err
	}
	sums, err := db.checksums(ctx, `AND `+where, args...)
	if err != nil {
		return nil, err
	}
	all := make(map[string][]candidate, len(rows))
	for _, r := range rows {
		c := candidate{Run: r, db: db, sum: sums[r.ID]}
		if c.rank() == 3 || c.sum != "" {
			found, err := db.artifacts(ctx, r)
			if err != nil && !unreadable(ctx, err) {
				return nil, err
			}
			if c.rank() == 3 {
				c.bits = bits(found)
			}
			c.damaged = err != nil || c.sum != "" && !unchanged(c.sum, found)
		}
		all[r.ID] = []candidate{c}
	}
	apart, err := db.conflicts(ctx, where, args)
	if unreadable(ctx, err) {
		m.Damaged = append(m.Damaged, Damaged{Label: "conflicts", What: "they cannot be read and are left out"})
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
func (m *Merged) oneByOne(ctx context.Context, db *DB, where string, args []any) (list []Run, err error) {
	var ids []string
	if err := db.read(ctx, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		ids = append(ids, id)
		return err
	}, `SELECT id FROM run WHERE `+where+` ORDER BY key`, args...); err != nil {
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
func (db *DB) conflicts(ctx context.Context, where string, args []any) ([]candidate, error) {
	var list []candidate
	order := ` WHERE ` + where + ` ORDER BY run.id, run.bits`
	const apart = `(SELECT c.*, run.id, run.cell, run.seed_data, run.seed_init, run.seed_order
		FROM conflict AS c JOIN run ON run.key = c.run) AS run JOIN cell`
	s := shared{map[string]json.RawMessage{}, map[Provenance]Provenance{}}
	err := db.read(ctx, func(rows *sql.Rows) error {
		r, err := scanRun(rows, s)
		list = append(list, candidate{Run: r})
		return err
	}, strings.Replace(selectRuns, "run JOIN cell", apart, 1)+order, args...)
	if err != nil {
		return nil, err
	}
	at := 0
	return list, db.read(ctx, func(rows *sql.Rows) error {
		at++
		return rows.Scan(&list[at-1].bits)
	}, `SELECT bits FROM `+strings.TrimSuffix(apart, " JOIN cell")+order, args...)
}
