package store

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
)

// Merged says what Merge has found in the other database.
type Merged struct {
	Added     int // runs that were not known
	Completed int // runs of which the other had a result, or had come further
	Same      int // runs that have nothing to add
	Conflicts []Conflict
	Damaged   []Damaged // left out: of no use to anybody
	Replaced  []Damaged // of ours, that were not what was written: what the other has is here now
}

// Damaged is a run, or weights of a run, that is not what was written; or a
// version of a study, which has no ID and the study's name for a label.
type Damaged struct{ ID, Label, What string }

// Conflict is a run that has two results: same identity, different bits.
type Conflict struct {
	ID, Label   string
	Kept, Apart Provenance // of the result in runs and of the one in conflicts
	Difference  float64    // the largest one of their final metrics, as a part of it; NaN where one has none that the other has
}

// OtherArithmetic says whether the results were made by different kernels, processors or
// systems, which is why their last bits may differ.
func (c Conflict) OtherArithmetic() bool {
	return c.Kept.Kernel != c.Apart.Kernel || c.Kept.CPU != c.Apart.CPU || c.Kept.OS != c.Apart.OS
}

// newConflict compares the results of a run.
func newConflict(kept, apart candidate) Conflict {
	c := Conflict{kept.ID, kept.Label, kept.Provenance, apart.Provenance, 0}
	for _, of := range []func(*candidate) *Metrics{
		func(r *candidate) *Metrics { return &r.Train }, func(r *candidate) *Metrics { return &r.Valid },
		func(r *candidate) *Metrics { return &r.Test },
	} {
		a, b := of(&kept).Fields(), of(&apart).Fields()
		for i := range a {
			switch x, y := a[i].V, b[i].V; {
			case a[i].Valid != b[i].Valid:
				c.Difference = math.NaN()
			case x != y && (x == x || y == y):
				c.Difference = max(c.Difference, math.Abs(x-y)/max(math.Abs(x), math.Abs(y)))
			}
		}
	}
	return c
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
//   - Of studies of one name the file recorded last is kept, with the versions and members of all.
//   - A result that is not what was written is left out, and one of ours gives way.
//   - Notes and tags of both are kept.
//
// A run whose configuration, data and seeds identify takes for another one's is left
// out (nil takes all for what they say); so is whatever cannot be read, which keeps nothing else from being merged.
func Merge(ctx context.Context, into *DB, from string, identify func(Run) (string, error)) (m Merged, err error) {
	err = MergeAll(ctx, into, []string{from}, identify, func(_ string, of Merged) { m = of })
	return m, err
}

// MergeAll is Merge for databases one after the other, and tells what each has brought. Some are written in one transaction,
// while the next are read; what was told stays whatever happens then.
func MergeAll(
	ctx context.Context, into *DB, from []string, identify func(Run) (string, error), tell func(from string, m Merged),
) (err error) {
	ctx, cancel := context.WithCancel(ctx)
	ahead := readAhead(ctx, from, oneAtATime(identify))
	defer ahead.close()
	defer cancel()
	t, err := into.target(ctx, len(from) > few, mergeWhole, func(o *other) { tell(o.path, o.found) })
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.close()) }()
	for o := range ahead.list {
		ahead.took(o)
		if err := t.bring(ctx, o); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return t.end(ctx)
}

// oneAtATime is a function of identities that may be asked by many.
func oneAtATime(identify func(Run) (string, error)) func(Run) (string, error) {
	if identify == nil {
		return nil
	}
	var m sync.Mutex
	return func(r Run) (string, error) {
		m.Lock()
		defer m.Unlock()
		return identify(r)
	}
}

// Numbers of databases.
const (
	together = 64 // those that are written in one transaction, at most
	few      = 8  // so many are brought into a new database with the journal that it has
)

// mergeWhole brings everything that another database holds.
func mergeWhole(ctx context.Context, into *target, o *other) error {
	if o.err != nil {
		return o.err
	}
	m := &o.found
	if err := m.runs(ctx, into, o); err != nil {
		return fmt.Errorf("merging the runs of %s: %w", o.path, err)
	}
	if err := m.studies(ctx, into.DB, o.studies); err != nil {
		return fmt.Errorf("merging the studies of %s: %w", o.path, err)
	}
	if err := m.remarks(ctx, into.DB, o.remarks, o.badRemarks); err != nil {
		return fmt.Errorf("merging the notes and tags of %s: %w", o.path, err)
	}
	return nil
}

// MergeRuns is Merge for some runs, by their identities, and for nothing else: those that the other database does not know stay
// what they are.
func MergeRuns(ctx context.Context, into *DB, from string, ids []string) (Merged, error) {
	o := openOther(ctx, from, append([]string{}, ids...), nil)
	t, err := into.target(ctx, false, func(ctx context.Context, t *target, o *other) error {
		if o.err != nil {
			return o.err
		}
		if err := o.found.runs(ctx, t, o); err != nil {
			return fmt.Errorf("runs of %s: %w", from, err)
		}
		return nil
	}, func(*other) {})
	if err != nil {
		return Merged{}, errors.Join(err, o.Close())
	}
	if err = t.bring(ctx, o); err == nil {
		err = t.end(ctx)
	}
	return o.found, errors.Join(err, t.close())
}

// runs merges those of the other database that were asked for.
func (m *Merged) runs(ctx context.Context, into *target, src *other) error {
	changes := changes{into: into}
	datasets := map[string]bool{}
	for i, set := range src.sets {
		theirs := src.first
		if i > 0 {
			var err error
			if theirs, err = src.next(ctx, set); err != nil {
				return err
			}
		}
		ids := slices.Sorted(maps.Keys(theirs))
		ours, err := changes.ours(ctx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if data := theirs[id][0].Data; !datasets[data] {
				datasets[data] = true
				if err := m.dataset(ctx, into.DB, src, data); err != nil {
					return err
				}
			}
			if err := m.run(ctx, &changes, ours[id], theirs[id]); err != nil {
				return err
			}
		}
	}
	return changes.write(ctx)
}

// leaveOut takes out of candidates what is not what was written or another run than it says.
func (m *Merged) leaveOut(theirs map[string][]candidate, badCells map[string]bool, identify func(Run) (string, error)) {
	for _, id := range slices.Sorted(maps.Keys(theirs)) {
		c := theirs[id][0]
		what := ""
		if badCells[id] {
			what = "its configuration is " + ErrChanged.Error()
		} else {
			what = misidentified(c.Run, identify)
		}
		switch {
		case what != "":
			m.Damaged = append(m.Damaged, Damaged{id, c.Label, what})
			delete(theirs, id)
		case c.damaged:
			m.Damaged = append(m.Damaged, Damaged{id, c.Label, "what it has left is " + ErrChanged.Error()})
			theirs[id] = []candidate{c.untrained()}
		}
	}
}

// misidentified says what is wrong with the identity of a run; "" for nothing. That of
// another version, which this one cannot compute, is taken as it is.
func misidentified(r Run, identify func(Run) (string, error)) string {
	if identify == nil {
		return ""
	}
	id, err := identify(r)
	if err != nil || id == r.ID {
		return ""
	}
	return fmt.Sprintf("its configuration, data and seeds are those of run %.12s", id)
}

// dataset merges one.
func (m *Merged) dataset(ctx context.Context, into *DB, src *other, id string) error {
	d, err := src.dataset(ctx, id)
	switch {
	case errors.Is(err, ErrNotFound): // of runs that have not begun nothing is known
		return nil
	case errors.Is(err, ErrChanged):
		m.Damaged = append(m.Damaged, Damaged{Label: fmt.Sprintf("data set %.24s", id),
			What: ErrChanged.Error() + ", and is left out"})
		return nil
	case err != nil:
		return err
	}
	if known, err := into.hasDataset(ctx, id); known || err != nil {
		return err
	}
	return into.PutDataset(ctx, d)
}
