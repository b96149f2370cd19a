package night

import (
	"context"
	"maps"
	"slices"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
)

// trial is one study whose cells get rounds of seeds until its claims are decided.
// Every cell has the first rounds. When all runs that are wanted are over, the
// claims are looked at, and the cells that an open one needs get one round more.
type trial struct {
	of      *study.Study
	results *verdict.Results
	places  map[string]place // of each run
	cells   [][][]string     // the runs of each cell, by round
	ids     []string         // of the cells
	rounds  int              // of the study: fewer than it may have where only those are known that were wanted so far

	goals  []int           // rounds that are wanted of each cell
	left   map[string]bool // runs that are wanted and not over
	over   map[string]bool // runs that are, wanted or not
	unread []string        // runs that are wanted and over, and whose results have not been read
	looks  int             // rounds at the last look at the claims; 0 before the first
	claims []verdict.ClaimState
	ended  bool // no more runs will be wanted
}

// place is where a run stands in its study.
type place struct{ cell, round int }

func newTrial(ctx context.Context, db *store.DB, s Study) (*trial, error) {
	results, err := verdict.Planned(ctx, db, s.Study, s.Runs)
	if err != nil {
		return nil, err
	}
	t := &trial{of: s.Study, results: results, places: map[string]place{},
		left: map[string]bool{}, over: map[string]bool{}, claims: make([]verdict.ClaimState, len(s.Expect))}
	at := map[string]int{}
	for i := range s.Runs {
		run := &s.Runs[i]
		c, ok := at[run.Cell]
		if !ok {
			c = len(t.cells)
			at[run.Cell] = c
			t.cells, t.ids = append(t.cells, nil), append(t.ids, run.Cell)
		}
		for len(t.cells[c]) <= run.Round {
			t.cells[c] = append(t.cells[c], nil)
		}
		t.cells[c][run.Round] = append(t.cells[c][run.Round], run.ID)
		t.places[run.ID] = place{c, run.Round}
		t.rounds = max(t.rounds, run.Round+1)
	}
	t.goals = make([]int, len(t.cells))
	for c := range t.cells {
		t.want(c, s.Until.Min)
	}
	return t, nil
}

// clone is a trial of its own, which shares what has been read of results.
func (t *trial) clone() *trial {
	c := *t
	c.goals, c.unread, c.claims = slices.Clone(t.goals), slices.Clone(t.unread), slices.Clone(t.claims)
	c.left, c.over = maps.Clone(t.left), maps.Clone(t.over)
	return &c
}

// want raises the goal of a cell, and lists the runs that are wanted now.
func (t *trial) want(cell, rounds int) (ids []string) {
	for r := t.goals[cell]; r < min(rounds, len(t.cells[cell])); r++ {
		for _, id := range t.cells[cell][r] {
			ids = append(ids, id)
			if t.over[id] {
				t.unread = append(t.unread, id)
			} else {
				t.left[id] = true
			}
		}
	}
	t.goals[cell] = max(t.goals[cell], rounds)
	return ids
}

// wants says whether a run is wanted by now.
func (t *trial) wants(id string) bool {
	p, ok := t.places[id]
	return ok && p.round < t.goals[p.cell]
}

// mayWant says whether a run is not wanted by now, but may be after another look.
func (t *trial) mayWant(id string) bool {
	p, ok := t.places[id]
	return ok && !t.ended && t.goals[p.cell] > t.looks && !t.wants(id)
}

// end notes that a run is over, whatever it has come to, and says whether its result is
// needed for the next look.
func (t *trial) end(id string) (wanted bool) {
	if _, ok := t.places[id]; !ok || t.over[id] {
		return false
	}
	t.over[id] = true
	if wanted = t.left[id]; wanted {
		delete(t.left, id)
		t.unread = append(t.unread, id)
	}
	return wanted
}

// due says whether it is time to look at the claims.
func (t *trial) due() bool { return !t.ended && len(t.left) == 0 && t.looks < t.rounds }

// advance looks at the claims for as long as that is due, and lists the runs that
// have come to be wanted.
func (t *trial) advance(ctx context.Context) (opened []string, err error) {
	for t.due() {
		if err := t.results.Learn(ctx, t.unread); err != nil {
			return opened, err
		}
		t.unread = nil
		t.looks = max(t.looks+1, min(t.of.Until.Min, t.rounds))
		states, err := t.results.Progress(ctx, t.of, t.looks)
		if err != nil {
			return opened, err
		}
		opened = append(opened, t.goOn(states)...)
	}
	return opened, nil
}

// goOn draws the conclusions of a look: a claim that is decided or given up stays
// so, and the cells of the others get one round more.
func (t *trial) goOn(states []verdict.ClaimState) (opened []string) {
	needed := map[string]bool{}
	for i, s := range states {
		last := t.looks == t.of.Until.Max
		switch was := t.claims[i].Stage; {
		case was == verdict.Decided || s.Stage == verdict.Decided:
			s.Stage = verdict.Decided
		case was == verdict.Undecidable || last:
			s.Stage = verdict.Undecidable
		}
		t.claims[i] = s
		if s.Stage == verdict.Open {
			for _, cell := range s.Cells {
				needed[cell] = true
			}
		}
	}
	t.ended = len(needed) == 0
	for c := range t.cells {
		if needed[t.ids[c]] {
			opened = append(opened, t.want(c, t.looks+1)...)
		}
	}
	return opened
}
