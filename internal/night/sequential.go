package night

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
)

// Sequential says which runs studies want that go on until their claims are
// decided, from what is known of results. What is known never changes and is never
// forgotten, so neither does what follows from it.
type Sequential struct{ trials []*trial }

// Wants says whether one of these studies wants a run by now.
func (q *Sequential) Wants(id string) bool {
	return slices.ContainsFunc(q.trials, func(t *trial) bool { return t.wants(id) })
}

// MayWant says whether a study that does not want a run by now may come to.
func (q *Sequential) MayWant(id string) bool {
	return slices.ContainsFunc(q.trials, func(t *trial) bool { return t.mayWant(id) })
}

// Of gives which runs a study of this name wants by now; nil for one that wants all.
func (q *Sequential) Of(study string) (wants func(id string) bool) {
	for _, t := range q.trials {
		if t.of.Name == study {
			return t.wants
		}
	}
	return nil
}

// wantsFor says whether a study wants one of its runs by now.
func (q *Sequential) wantsFor(study, id string) bool {
	wants := q.Of(study)
	return wants == nil || wants(id)
}

// Learn notes what has become of a run. Its result has to be in the database before
// Advance.
func (q *Sequential) Learn(id string, status store.Status) {
	if !Final(status) {
		return
	}
	for _, t := range q.trials {
		t.end(id)
	}
}

// Finish notes how a run ended that this process has trained. Its result has to be in the
// database before Advance, which need not read it again.
func (q *Sequential) Finish(result store.Result) {
	if !Final(result.Run.Status) {
		return
	}
	for _, t := range q.trials {
		if t.end(result.Run.ID) {
			t.results.Bring(result)
		}
	}
}

// Due says whether it is time to look at claims: all runs that a study wants are over.
func (q *Sequential) Due() bool { return slices.ContainsFunc(q.trials, (*trial).due) }

// Advance looks at the claims for which that is due, and lists the runs that have
// come to be wanted.
func (q *Sequential) Advance(ctx context.Context) (opened []string, err error) {
	for _, t := range q.trials {
		ids, err := t.advance(ctx)
		if opened = append(opened, ids...); err != nil {
			return opened, fmt.Errorf("claims of study %s: %w", t.of.Name, err)
		}
	}
	return opened, nil
}

// Claims counts the claims of studies by how far they have come.
type Claims struct {
	Decided     int `json:"decided"`
	Undecidable int `json:"not_decidable"`
	Open        int `json:"open"`
}

// Claims are those of the studies that go on until they are decided, all in all.
func (q *Sequential) Claims() (c Claims) {
	for _, t := range q.trials {
		c.add(t)
	}
	return c
}

// ClaimsOf are those of one study; false for one that wants all of its runs anyway.
func (q *Sequential) ClaimsOf(study string) (c Claims, ok bool) {
	for _, t := range q.trials {
		if t.of.Name == study {
			c.add(t)
			return c, true
		}
	}
	return c, false
}

func (c *Claims) add(t *trial) {
	for _, claim := range t.claims {
		switch claim.Stage {
		case verdict.Decided:
			c.Decided++
		case verdict.Undecidable:
			c.Undecidable++
		default:
			c.Open++
		}
	}
}

// String says how many claims are decided; "" where there are none.
func (c Claims) String() string {
	all := c.Decided + c.Undecidable + c.Open
	if all == 0 {
		return ""
	}
	parts := []string{fmt.Sprintf("%d of %d claims decided", c.Decided, all)}
	if all == 1 {
		parts[0] = fmt.Sprintf("%d of 1 claim decided", c.Decided)
	}
	if c.Undecidable > 0 {
		parts = append(parts, fmt.Sprintf("%d not decidable", c.Undecidable))
	}
	switch {
	case c.Open == 1:
		parts = append(parts, "1 goes on")
	case c.Open > 1:
		parts = append(parts, fmt.Sprintf("%d go on", c.Open))
	}
	return strings.Join(parts, ", ")
}

// readTrials learns from the database which runs the studies want that go on until
// their claims are decided: once where a failure is a result, and once where
// failures are tried again.
func (s *Snapshot) readTrials(ctx context.Context, db *store.DB) error {
	s.trials = map[bool]map[string]*trial{false: {}, true: {}}
	for _, of := range s.Studies {
		if of.Until == nil {
			continue
		}
		t, err := s.readTrial(ctx, db, of, false)
		if err != nil {
			return err
		}
		s.trials[false][of.Name], s.trials[true][of.Name] = t, t
		failed := func(r study.Run) bool { return s.Status(r.ID) == store.Failed }
		if slices.ContainsFunc(of.Runs, failed) {
			if s.trials[true][of.Name], err = s.readTrial(ctx, db, of, true); err != nil {
				return err
			}
		}
	}
	return nil
}

// readTrial learns which runs one of these studies wants.
func (s *Snapshot) readTrial(ctx context.Context, db *store.DB, of Study, retryFailed bool) (*trial, error) {
	t, err := newTrial(ctx, db, of)
	if err != nil {
		return nil, fmt.Errorf("study %s: %w", of.Name, err)
	}
	for i := range of.Runs {
		id := of.Runs[i].ID
		if status := s.Status(id); Final(status) && !(retryFailed && status == store.Failed) {
			t.end(id)
		}
	}
	if _, err := t.advance(ctx); err != nil {
		return nil, fmt.Errorf("claims of study %s: %w", of.Name, err)
	}
	return t, nil
}

// sequential gives the trials of studies, to go on with.
func (s *Snapshot) sequential(studies []Study, retryFailed bool) *Sequential {
	q := &Sequential{}
	for _, of := range studies {
		if of.Until != nil {
			q.trials = append(q.trials, s.trials[retryFailed][of.Name].clone())
		}
	}
	return q
}
