package runner

import (
	"context"

	"nightshift/internal/night"
)

// rounds are where jobs wait that no study wants so far: those of seeds that are
// trained only if claims stay open for so long.
type rounds struct {
	*night.Sequential
	later    map[string]job
	counted  map[string]bool                               // runs that the observer knows to be wanted
	failures map[string]Failure                            // of earlier nights, that are not tried again
	record   func(ctx context.Context, ids []string) error // runs that have come to be wanted
}

// newRounds lets the plan's jobs wait that may come to be wanted.
func newRounds(p *plan, a *night.Agenda, record func(context.Context, []string) error) rounds {
	r := rounds{a.Sequential, map[string]job{}, map[string]bool{}, map[string]Failure{}, record}
	for _, j := range p.later(a) {
		r.later[j.run.ID] = j
	}
	for _, j := range p.jobs {
		id := j.run.ID
		r.counted[id] = a.Wanted(id)
		if row := a.OldResult(id); a.NeedLater(id) == night.Failed {
			r.failures[id] = Failure{id, row.Label, row.Reason}
		}
	}
	return r
}

// lookAtClaims looks at the claims that all runs are over for, in the database, and
// adds the jobs that have come to be wanted.
func (q *queue) lookAtClaims(ctx context.Context) error {
	r := &q.rounds
	if !r.Due() {
		return nil
	}
	if err := q.out.flush(); err != nil {
		return err
	}
	ids, err := r.Advance(ctx)
	if err != nil {
		return err
	}
	if len(ids) > 0 {
		if err := r.record(ctx, ids); err != nil {
			return err
		}
	}
	var o opened
	for _, id := range ids {
		q.open(id, &o)
	}
	q.sortTodo()
	for id, j := range r.later {
		if !r.MayWant(id) {
			delete(r.later, id)
			q.lib.release(j)
		}
	}
	o.claims = r.Claims()
	q.obs.send(Event{Kind: Looked, opened: o})
	return nil
}

// open adds the job of a run that has come to be wanted, if it is to be trained and
// does not wait for others already.
func (q *queue) open(id string, o *opened) {
	r := &q.rounds
	q.rungs.WantFull(id)
	if e := q.rungs.contenders[id]; e != nil {
		q.rungs.news = true
		if e.pruned {
			o.unpruned++
			o.work += e.work
			e.done, e.pruned, e.reopens, e.checkpointEpoch = false, false, true, 0
			q.lib.add(e.job)
			q.todo = append(q.todo, q.rungs.withGoal(e.job))
		}
		return
	}
	j, waits := r.later[id]
	failure, failed := r.failures[id]
	switch known := r.counted[id]; {
	case known && waits: // it has a result, but not all that is wanted now
		o.reused--
	case known:
	case failed:
		o.failures = append(o.failures, failure)
	case !waits:
		o.reused++
	}
	if !r.counted[id] {
		r.counted[id] = true
		o.runs++
	}
	if !waits {
		return
	}
	delete(r.later, id)
	q.todo = append(q.todo, q.rungs.withGoal(j))
	o.train++
	o.work += j.work()
	o.worked += j.part(float64(j.checkpointEpoch))
	if j.oldResult != nil {
		o.backfilled++
	}
}
