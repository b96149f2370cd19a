package night

import (
	"nightshift/internal/cost"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// Need is what a night has to do with a run.
type Need int

// The needs; the first three are to be trained.
const (
	Missing  Need = iota // has no result: it is trained, from its checkpoint if it has one
	Reopened             // was pruned, and is wanted further now: it is trained from its start
	Backfill             // has a result, but lacks weights that are to be kept: it is trained once more for them
	Present              // has all that is wanted of it, or of its round
	Failed               // has failed, and failures are not tried again
	Later                // is not wanted so far, but comes to be where a claim stays open for so long
	Unwanted             // has no result, and no study wants one
)

// Remains says whether the run is to be trained.
func (n Need) Remains() bool { return n <= Backfill }

// Agenda is what a night of some studies has to do, by a snapshot.
type Agenda struct {
	*Snapshot
	Halving    *Halving    // how far runs are trained
	Sequential *Sequential // which runs are wanted

	studies     []Study
	members     map[string]bool // runs of the studies
	retryFailed bool
	plain       map[string]bool // of them, those of a study that wants all of its runs
	backfill    map[string]bool // results that lack weights which are wanted
	lacking     map[string]bool // results that lack weights which may come to be wanted
	retentions  map[string]Retention
}

// Agenda says what a night of some of the snapshot's studies has to do, that
// trains runs which have failed before, too, or does not.
func (s *Snapshot) Agenda(retryFailed bool, studies ...Study) *Agenda {
	seq := s.sequential(studies, retryFailed)
	a := &Agenda{s, newHalving(studies, seq.wantsFor), seq, studies, map[string]bool{}, retryFailed, map[string]bool{},
		map[string]bool{}, map[string]bool{}, nil}
	for _, b := range a.Halving.brackets {
		b.recordAll(s.atRungs[b.study], retryFailed)
	}
	a.Halving.Decide()
	keeps, all := retentions(studies, seq.wantsFor), retentions(studies, nil)
	a.retentions = all
	for _, study := range studies {
		for i := range study.Runs {
			r := &study.Runs[i]
			a.members[r.ID] = true
			if study.Until == nil {
				a.plain[r.ID] = true
			}
			if row, ok := s.rows[r.ID]; ok && hasResult(row) {
				lacks := func(k Retention) bool { return k.lacks(r.Config.Config, row, s.measured[r.ID], s.weights[r.ID]) }
				a.backfill[r.ID] = lacks(keeps[r.ID])
				a.lacking[r.ID] = a.backfill[r.ID] || lacks(all[r.ID])
			}
		}
	}
	return a
}

// Has says whether a run belongs to the agenda's studies.
func (a *Agenda) Has(id string) bool { return a.members[id] }

// Wanted says whether one of the studies wants a run by now.
func (a *Agenda) Wanted(id string) bool { return a.plain[id] || a.Sequential.Wants(id) }

// Need says what the night has to do with a run of its studies.
func (a *Agenda) Need(id string) Need {
	status := a.Status(id)
	if !a.Wanted(id) && status != store.Done && status != store.Diverged {
		if a.Sequential.MayWant(id) {
			return Later
		}
		return Unwanted
	}
	_, d := a.Halving.Goal(id)
	if d == Wait && a.Halving.rests(id) {
		return Present
	}
	return a.need(id, d == Stop, a.backfill[id])
}

// NeedLater says what the night has to do with a run once another study wants it,
// that may come to; Present where none may, or there is nothing more to do then.
func (a *Agenda) NeedLater(id string) Need {
	if !a.Sequential.MayWant(id) || a.Need(id).Remains() {
		return Present
	}
	return a.need(id, false, a.lacking[id])
}

// need is that of a wanted run, given whether it is wanted no further where it was
// pruned and whether a result lacks weights.
func (a *Agenda) need(id string, stop, lacks bool) Need {
	switch a.Status(id) {
	case store.Done, store.Diverged:
		if lacks {
			return Backfill
		}
		return Present
	case store.Pruned:
		if stop {
			return Present
		}
		return Reopened
	case store.Failed:
		if !a.retryFailed {
			return Failed
		}
	}
	return Missing
}

// OldResult is the result of a run that is to be backfilled, which stays as it is.
func (a *Agenda) OldResult(id string) store.Run { return a.rows[id] }

// Failures lists the rows of the runs that have failed, in the order of the studies.
func (a *Agenda) Failures() []store.Run {
	var list []store.Run
	seen := map[string]bool{}
	for _, s := range a.studies {
		for i := range s.Runs {
			if id := s.Runs[i].ID; a.Need(id) == Failed && !seen[id] {
				seen[id] = true
				list = append(list, a.rows[id])
			}
		}
	}
	return list
}

// Stages divides a run that remains into the parts that are trained for certain
// and those that are trained if its cell does well enough.
func (a *Agenda) Stages(run *study.Run) []cost.Stage {
	if a.Need(run.ID) == Backfill || a.NeedLater(run.ID).Remains() {
		return []cost.Stage{{To: run.Epochs, Chance: 1}}
	}
	return a.Halving.Stages(run)
}

// Epochs is how many epochs are expected to be trained of a run that remains,
// beyond where it is.
func (a *Agenda) Epochs(run *study.Run) (epochs float64) {
	for _, s := range a.Stages(run) {
		if n := s.To - max(s.From, a.reached(run.ID)); n > 0 {
			epochs += s.Chance * float64(n)
		}
	}
	return epochs
}

// reached is the epoch that a run has come to: where it is trained, as others are told of it.
func (a *Agenda) reached(id string) int {
	if a.Status(id) != store.Running {
		return a.Checkpoint(id)
	}
	return max(a.Checkpoint(id), a.states[id].Epochs)
}
