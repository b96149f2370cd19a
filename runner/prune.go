package runner

import (
	"context"
	"slices"

	"nightshift/internal/night"
	"nightshift/internal/store"
)

// sortWaiting sorts the jobs that wait: those that may be trained, those that have
// lost, and those that go on waiting.
func (q *queue) sortWaiting(ctx context.Context) error {
	r := &q.rungs
	if !r.news {
		return nil
	}
	r.news = false
	r.Decide()
	var free, waiting, lost []job
	for _, j := range r.waiting {
		switch _, v := r.Goal(j.run.ID); v {
		case night.Advance:
			free = append(free, r.withGoal(j))
		case night.Wait:
			waiting = append(waiting, j)
		case night.Stop:
			lost = append(lost, j)
		}
	}
	if r.waiting = waiting; len(free) > 0 {
		q.todo = append(free, q.todo...)
		q.sortTodo()
	}
	q.expect()
	return q.prune(ctx, lost)
}

// prune gives up jobs. Those that cannot be, because somebody holds them or
// done it already, are others.
func (q *queue) prune(ctx context.Context, jobs []job) error {
	if len(jobs) == 0 {
		return nil
	}
	results := make([]store.Result, len(jobs))
	for i, j := range jobs {
		var err error
		if results[i], err = q.prunedResult(ctx, j); err != nil {
			return err
		}
	}
	pruned, err := q.db.Prune(ctx, results...)
	if err != nil {
		return err
	}
	for i, j := range jobs {
		if !slices.Contains(pruned, j.run.ID) {
			q.others = append(q.others, j)
			continue
		}
		row := results[i].Run
		q.rungs.end(j, row)
		q.obs.send(Event{
			Kind: Finished, Run: *j.run, Status: row.Status, Reason: row.Reason, Seconds: row.Seconds, Epochs: row.Epochs,
			Errors: [3]store.Number{row.Train.Error, row.Valid.Error, row.Test.Error}, work: j.work(),
		})
		q.lib.release(j)
	}
	return nil
}

// prunedResult makes a result of what a job has come to.
func (q *queue) prunedResult(ctx context.Context, j job) (r store.Result, err error) {
	id := j.run.ID
	if r.Run, err = q.db.Run(ctx, id); err != nil {
		return r, err
	}
	if r.Epochs, err = q.db.Epochs(ctx, id); err != nil {
		return r, err
	}
	if r.Layers, err = q.db.Layers(ctx, id); err != nil {
		return r, err
	}
	if r.Weights, err = q.db.Weights(ctx, id); err != nil || len(r.Epochs) == 0 {
		return r, err
	}
	last := r.Epochs[len(r.Epochs)-1]
	if r.Run.Epochs != last.Epoch {
		r.Run.Digest = "" // is that of a later epoch, which was not measured
	}
	r.Run.Status, r.Run.Reason, r.Run.Stack, r.Run.Finished = store.Pruned, q.rungs.Reason(id), "", q.o.Now()
	r.Run.Epochs, r.Run.Train, r.Run.Valid, r.Run.Test = last.Epoch, last.Train, last.Valid, last.Test
	kept := j.retention.Epochs(j.run.Config.Config, r.Run, r.Epochs)
	r.Weights = slices.DeleteFunc(r.Weights, func(w store.Snapshot) bool { return !slices.Contains(kept, w.Epoch) })
	return r, nil
}

// expect tells the observer what is to be expected of the jobs that compete.
func (q *queue) expect() {
	r := &q.rungs
	sum := 0.0
	for _, e := range r.all {
		if e.done {
			sum += e.work
			continue
		}
		for _, s := range r.Stages(e.run) {
			sum += e.part(s.Chance * float64(s.To-s.From))
		}
	}
	if change := sum - r.reported; change != 0 {
		r.reported = sum
		q.obs.send(Event{Kind: Expected, work: change})
	}
}
