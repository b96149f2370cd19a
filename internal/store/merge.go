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
	"time"
)

// Merged says what Merge has found in the other database.
type Merged struct {
	Added     int // runs that were not known
	Completed int // runs of which the other had a result, or had come further
	Same      int // runs that have nothing to add
	Conflicts []Conflict
}

// Conflict is a run that has two results: same identity, different bits.
type Conflict struct {
	ID, Label   string
	Kept, Apart Provenance // of the result in runs and of the one in conflicts
}

// Merge brings what another database holds into this one: runs by their
// identity, with all that they have left, data sets, studies and nights. The
// other file is read only. Merging it again changes nothing, and several
// databases give the same content in any order:
//
//   - A result stands before a run without one, and what has come further
//     before what has not.
//   - Of equal results the one that began first is kept, with the weights of both.
//   - Of results with different bits the one of the lowest digest stays the run's;
//     the others are rows of the view conflicts, with their final metrics.
//   - Of studies of one name the one recorded last is kept.
func Merge(ctx context.Context, into *DB, from string) (Merged, error) {
	src, err := OpenReadOnly(from)
	if err != nil {
		return Merged{}, err
	}
	defer src.Close()
	var m Merged
	if err := m.runs(ctx, into, src); err != nil {
		return m, fmt.Errorf("merging the runs of %s: %w", from, err)
	}
	if err := mergeStudies(ctx, into, src); err != nil {
		return m, fmt.Errorf("merging the studies of %s: %w", from, err)
	}
	return m, nil
}

// candidate is what a database has of a run.
type candidate struct {
	Run
	bits string
	db   *DB // that holds the rest of it; nil for a row of conflict
}

// rank orders the states of runs by what they are worth.
func (c candidate) rank() int {
	return map[Status]int{Done: 3, Diverged: 3, Pruned: 2, Failed: 1}[c.Status]
}

// before orders what databases have of a run: the first is the run's.
func (c candidate) before(o candidate) int {
	further := 0
	if c.rank() < 3 {
		further = cmp.Compare(o.Epochs, c.Epochs)
	}
	return cmp.Or(cmp.Compare(o.rank(), c.rank()), further, strings.Compare(c.bits, o.bits), c.Started.Compare(o.Started), strings.Compare(c.Host, o.Host))
}

// runs merges those of src.
func (m *Merged) runs(ctx context.Context, into, src *DB) error {
	theirs, err := candidates(ctx, src)
	if err != nil {
		return err
	}
	ours, err := candidates(ctx, into)
	if err != nil {
		return err
	}
	datasets := map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(theirs)) {
		if data := theirs[id][0].Data; !datasets[data] {
			datasets[data] = true
			if err := mergeDataset(ctx, into, src, data); err != nil {
				return err
			}
		}
		if err := m.run(ctx, into, ours[id], theirs[id]); err != nil {
			return err
		}
	}
	return nil
}

func mergeDataset(ctx context.Context, into, src *DB, id string) error {
	d, err := src.Dataset(ctx, id)
	if err != nil {
		return nil // of runs that have not begun nothing is known
	}
	return into.PutDataset(ctx, d)
}

// run merges one. The first of ours and of theirs is the row of runs.
func (m *Merged) run(ctx context.Context, into *DB, ours, theirs []candidate) error {
	all := slices.Concat(ours, theirs)
	slices.SortStableFunc(all, candidate.before)
	all = slices.CompactFunc(all, func(a, b candidate) bool {
		return a.rank() < 3 && b.rank() < 3 || b.rank() < 3 || a.bits == b.bits
	})
	best := all[0]
	known := len(ours) > 0 && best.db == into
	switch {
	case len(ours) == 0:
		m.Added++
	case ours[0].rank() < best.rank() || ours[0].Epochs < best.Epochs:
		m.Completed++
	default:
		m.Same++
	}
	var apart []candidate
	for _, c := range all[1:] {
		if c.rank() == 3 {
			apart = append(apart, c)
			m.Conflicts = append(m.Conflicts, Conflict{best.ID, best.Label, best.Provenance, c.Provenance})
		}
	}
	result, checkpoint, err := best.whole(ctx)
	if err != nil {
		return err
	}
	missing, err := weightsOf(ctx, best, slices.Concat(ours, theirs))
	if err != nil {
		return err
	}
	if known && len(missing) == 0 && len(apart) == max(0, len(ours)-1) && slices.EqualFunc(apart, ours[1:], func(a, b candidate) bool {
		return a.bits == b.bits && a.Started.Equal(b.Started)
	}) {
		return nil
	}
	result.Weights = append(result.Weights, missing...)
	if result.Run.Status == Running && !known {
		result.Run.Status = Interrupted // whoever trains it does so in another database
	}
	return into.write(ctx, func(tx *sql.Tx) error {
		in := newInserter(ctx, tx)
		run, err := in.runKey(result.Run)
		if err != nil {
			return err
		}
		if err := in.exec(`DELETE FROM conflict WHERE run = ?`, run); err != nil {
			return err
		}
		for _, c := range apart {
			if err := in.conflict(run, c); err != nil {
				return err
			}
		}
		if known {
			return in.measured(run, Result{Weights: missing})
		}
		if result.Run.Status == Done || result.Run.Status == Diverged {
			if err := in.exec(`DELETE FROM claim WHERE run = ?`, run); err != nil {
				return err
			}
		}
		if err := in.clear(run); err != nil {
			return err
		}
		if err := in.outcome(run, result.Run); err != nil {
			return err
		}
		if err := in.measured(run, result); err != nil || checkpoint == nil {
			return err
		}
		return in.checkpoint(run, *checkpoint)
	})
}

// conflict keeps a result apart.
func (in *inserter) conflict(run int64, c candidate) error {
	maker, err := in.makerKey(c.Provenance)
	if err != nil {
		return err
	}
	values := append([]any{run, maker, c.bits, string(c.Status), c.Reason, c.Stack, c.Parameters, c.Epochs, encodeFloat(c.Seconds),
		encodeTime(c.Started), encodeTime(c.Finished), c.Digest}, metrics(c.Train, c.Valid, c.Test)...)
	return in.exec(`INSERT INTO conflict (run, maker, bits, status, reason, stack, parameters, epochs, seconds, started_at, finished_at, digest, `+metricColumns+`)
		VALUES (?,?,?,?,?,?,?,?,?,?,?,?, `+metricMarks+`)`, values...)
}

// whole reads everything that a candidate has left. Of one that is kept apart
// there is its row only.
func (c candidate) whole(ctx context.Context) (r Result, checkpoint *Checkpoint, err error) {
	r.Run = c.Run
	if c.db == nil {
		return r, nil, nil
	}
	if r.Epochs, err = c.db.Epochs(ctx, c.ID); err != nil {
		return r, nil, err
	}
	if r.Layers, err = c.db.Layers(ctx, c.ID); err != nil {
		return r, nil, err
	}
	if r.Outputs, err = c.db.Outputs(ctx, c.ID); err != nil {
		return r, nil, err
	}
	if r.Weights, err = c.db.Weights(ctx, c.ID); err != nil {
		return r, nil, err
	}
	if c.rank() == 3 {
		return r, nil, nil
	}
	state, ok, err := c.db.Checkpoint(ctx, c.ID)
	if errors.Is(err, ErrChanged) {
		return r, nil, nil
	}
	if ok {
		checkpoint = &state
	}
	return r, checkpoint, err
}

// weightsOf gives the weights that others of the same bits have beyond those of best.
func weightsOf(ctx context.Context, best candidate, all []candidate) ([]Snapshot, error) {
	if best.rank() < 3 || best.db == nil {
		return nil, nil
	}
	have, err := best.db.Weights(ctx, best.ID)
	if err != nil {
		return nil, err
	}
	var more []Snapshot
	for _, c := range all {
		if c.db == nil || c.db == best.db || c.bits != best.bits {
			continue
		}
		other, err := c.db.Weights(ctx, c.ID)
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

// candidates gives what a database has of every run, its row of runs first.
func candidates(ctx context.Context, db *DB) (map[string][]candidate, error) {
	rows, err := db.Runs(ctx, "")
	if err != nil {
		return nil, err
	}
	all := make(map[string][]candidate, len(rows))
	for _, r := range rows {
		c := candidate{Run: r, db: db}
		if c.rank() == 3 {
			if c.bits, err = bits(ctx, db, r); err != nil {
				return nil, err
			}
		}
		all[r.ID] = []candidate{c}
	}
	apart, err := db.conflicts(ctx)
	for _, c := range apart {
		all[c.ID] = append(all[c.ID], c)
	}
	return all, err
}

// bits is the SHA-256 of everything that a result's training measured.
func bits(ctx context.Context, db *DB, r Run) (string, error) {
	epochs, err := db.Epochs(ctx, r.ID)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprint(h, r.Status, r.Epochs, r.Digest, metrics(r.Train, r.Valid, r.Test))
	for _, e := range epochs {
		fmt.Fprint(h, e.Epoch, e.Steps, e.LR, e.Distance, metrics(e.Train, e.Valid, e.Test))
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// conflicts gives the results that are kept apart, those of a run by their bits.
func (db *DB) conflicts(ctx context.Context) ([]candidate, error) {
	var list []candidate
	const order = ` ORDER BY run.id, run.bits`
	const apart = `(SELECT c.*, run.id, run.cell, run.seed_data, run.seed_init, run.seed_order FROM conflict AS c JOIN run ON run.key = c.run) AS run JOIN cell`
	s := shared{map[string]json.RawMessage{}, map[Provenance]Provenance{}}
	err := db.read(ctx, func(rows *sql.Rows) error {
		r, err := scanRun(rows, s)
		list = append(list, candidate{Run: r})
		return err
	}, strings.Replace(selectRuns, "run JOIN cell", apart, 1)+order)
	if err != nil {
		return nil, err
	}
	at := 0
	return list, db.read(ctx, func(rows *sql.Rows) error {
		at++
		return rows.Scan(&list[at-1].bits)
	}, `SELECT bits FROM `+strings.TrimSuffix(apart, " JOIN cell")+order)
}

// mergeStudies merges studies with their members, whose runs are here, and nights.
func mergeStudies(ctx context.Context, into, src *DB) error {
	theirs, err := src.Studies(ctx)
	if err != nil {
		return err
	}
	ours, err := into.Studies(ctx)
	if err != nil {
		return err
	}
	known := map[string]Study{}
	for _, s := range ours {
		known[s.Study] = s
	}
	for _, s := range theirs {
		members, err := src.StudyRuns(ctx, s.Study)
		if err != nil {
			return err
		}
		have, ok := known[s.Study]
		later := cmp.Or(s.At.Compare(have.At), strings.Compare(s.YAML, have.YAML), slices.Compare(s.Set, have.Set))
		if ok && later == 0 {
			other, err := into.StudyRuns(ctx, s.Study)
			if err != nil {
				return err
			}
			later = slices.CompareFunc(members, other, func(a, b StudyRun) int { return strings.Compare(a.RunID, b.RunID) })
		}
		if !ok || later > 0 {
			if err := into.PutStudy(ctx, s, nil, members); err != nil {
				return err
			}
		}
		if err := mergeNights(ctx, into, src, s.Study); err != nil {
			return err
		}
	}
	return nil
}

func mergeNights(ctx context.Context, into, src *DB, study string) error {
	theirs, err := src.Nights(ctx, study)
	if err != nil {
		return err
	}
	ours, err := into.Nights(ctx, study)
	if err != nil {
		return err
	}
	began := map[time.Time]bool{}
	for _, n := range ours {
		began[n.Started] = true
	}
	for _, n := range theirs {
		if began[n.Started] {
			continue
		}
		if err := into.PutNight(ctx, n); err != nil {
			return err
		}
	}
	return nil
}
