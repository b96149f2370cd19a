package runner

import (
	"cmp"
	"context"
	"slices"

	"nightshift/internal/night"
	"nightshift/internal/store"
)

// rungs are where the jobs of studies that prune wait for each other. The queue
// takes those of them that may be trained, as far as the next rung.
type rungs struct {
	*night.Halving
	waiting    []job
	news       bool // whether waiting jobs have to be looked at again
	contenders map[string]*contender
	all        []*contender // in the order of the plan
	reported   float64      // work of all contenders that the observer knows of
}

// contender is a job that competes.
type contender struct {
	job
	done bool
	work float64 // that it was, once it is over
}

// newRungs lets the jobs wait that compete. The others are free to be trained.
func newRungs(h *night.Halving, jobs []job) (r rungs, free []job) {
	r = rungs{Halving: h, contenders: map[string]*contender{}}
	for _, j := range jobs {
		if j.oldResult != nil || !h.Competes(j.run.ID) {
			free = append(free, j)
			continue
		}
		r.waiting = append(r.waiting, j)
		e := &contender{job: j}
		r.contenders[j.run.ID], r.all = e, append(r.all, e)
		r.reported += j.work()
	}
	r.news = true
	return r, free
}

// wait takes a job that has come to its rung.
func (r *rungs) wait(j job) {
	r.waiting = append(r.waiting, j)
	r.news = true
}

// withGoal sets how far a job is trained.
func (r *rungs) withGoal(j job) job {
	goal, _ := r.Goal(j.run.ID)
	if j.stopAt = goal; goal > j.run.Epochs || j.oldResult != nil {
		j.stopAt = 0
	}
	return j
}

// read learns what the database knows of those of the jobs that compete.
func (r *rungs) read(ctx context.Context, db *store.DB, jobs []job) error {
	var ids []string
	for _, j := range jobs {
		if r.contenders[j.run.ID] != nil {
			ids = append(ids, j.run.ID)
		}
	}
	news, err := r.Halving.Read(ctx, db, ids, false)
	r.news = r.news || news
	return err
}

// record takes note of what a job's training has come to, and says whether the job waits.
func (r *rungs) record(j job, o *outcome) (waits bool) {
	if r.contenders[j.run.ID] == nil {
		return false
	}
	row := o.result.Run
	if r.Learn(j.run.ID, row.Status, o.result.Epochs); o.waits {
		j.reopens = false
		r.wait(j)
		return true
	}
	r.end(j, row)
	return false
}

// end takes note of the work that a run was which is over.
func (r *rungs) end(j job, row store.Run) {
	e := r.contenders[j.run.ID]
	if e == nil {
		return
	}
	e.done, e.work = true, j.work()
	if row.Status == store.Pruned {
		e.work = j.part(float64(row.Epochs))
	}
	r.news = true
}

// sortWaiting sorts the jobs that wait: those that may be trained, those that have
// lost, and those that go on waiting.
func (q *queue) sortWaiting(ctx context.Context) error {
	r := &q.rungs
	if !r.news {
		return nil
	}
	r.news = false
	r.Decide()
	var free, still, lost []job
	for _, j := range r.waiting {
		switch _, v := r.Goal(j.run.ID); v {
		case night.Advance:
			free = append(free, r.withGoal(j))
		case night.Wait:
			still = append(still, j)
		case night.Stop:
			lost = append(lost, j)
		}
	}
	if r.waiting = still; len(free) > 0 {
		q.todo = append(free, q.todo...)
		slices.SortStableFunc(q.todo, func(a, b job) int { return cmp.Compare(a.position, b.position) })
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

// releaseReached gives back those of the runs just held that others have brought to
// where they are wanted in the meantime.
func (q *queue) releaseReached(ctx context.Context, owner string, held []string) (map[string]bool, error) {
	reached := map[string]bool{}
	var release []string
	for _, id := range held {
		if q.rungs.contenders[id] != nil {
			release = append(release, id)
		}
	}
	if len(release) == 0 {
		return reached, nil
	}
	news, err := q.rungs.Halving.Read(ctx, q.db, release, true) // what has failed before is being tried again
	if err != nil {
		return nil, err
	}
	q.rungs.news = q.rungs.news || news
	release = slices.DeleteFunc(release, func(id string) bool {
		_, v := q.rungs.Goal(id)
		return v == night.Advance
	})
	for _, id := range release {
		reached[id] = true
	}
	if len(release) == 0 {
		return reached, nil
	}
	return reached, q.db.Release(ctx, owner, release...)
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
