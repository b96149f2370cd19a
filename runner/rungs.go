package runner

import (
	"cmp"
	"context"
	"slices"

	"nightshift/internal/store"
)

// rungs are where the jobs of studies that prune wait for each other. The queue
// takes those of them that may be trained, as far as the next rung.
type rungs struct {
	*halving
	waiting  []job
	news     bool // whether waiting jobs have to be looked at again
	entrants map[string]*entrant
	all      []*entrant // in the order of the plan
	told     float64    // work of all entrants that the observer knows of
}

// entrant is a job that competes.
type entrant struct {
	job
	over bool
	work float64 // that it was, once it is over
}

// newRungs lets the jobs wait that compete. The others are free to be trained.
func newRungs(h *halving, jobs []job) (r rungs, free []job) {
	r = rungs{halving: h, entrants: map[string]*entrant{}}
	if len(h.races) == 0 {
		return r, jobs
	}
	for _, j := range jobs {
		if j.had != nil || !h.competes(j.run.ID) {
			free = append(free, j)
			continue
		}
		r.waiting = append(r.waiting, j)
		e := &entrant{job: j}
		r.entrants[j.run.ID], r.all = e, append(r.all, e)
		r.told += j.work()
	}
	r.news = true
	return r, free
}

// wait takes a job that has come to its rung.
func (r *rungs) wait(j job) {
	r.waiting = append(r.waiting, j)
	r.news = true
}

// aim sets how far a job is trained.
func (r *rungs) aim(j job) job {
	goal, _ := r.judge(j.run.ID)
	if j.until = goal; goal > j.run.Epochs || j.had != nil {
		j.until = 0
	}
	return j
}

// read learns what the database knows of those of the jobs that compete.
func (r *rungs) read(ctx context.Context, db *store.DB, jobs []job) error {
	var ids []string
	for _, j := range jobs {
		if r.entrants[j.run.ID] != nil {
			ids = append(ids, j.run.ID)
		}
	}
	if err := r.halving.read(ctx, db, ids, false); err != nil {
		return err
	}
	r.news = r.decide() || r.news
	return nil
}

// over takes note of what a job's training has come to, and says whether the job waits.
func (r *rungs) over(j job, o *outcome) (waits bool) {
	if r.entrants[j.run.ID] == nil {
		return false
	}
	row := o.result.Run
	if r.learn(j.run.ID, row.Status, o.result.Epochs); o.waits {
		j.reopens = false
		r.wait(j)
		return true
	}
	r.end(j, row)
	return false
}

// end takes note of the work that a run was which is over.
func (r *rungs) end(j job, row store.Run) {
	e := r.entrants[j.run.ID]
	if e == nil {
		return
	}
	e.over, e.work = true, j.work()
	if row.Status == store.Pruned {
		e.work = j.part(float64(row.Epochs))
	}
	r.news = true
}

// judge sorts the jobs that wait: those that may be trained, those that have
// lost, and those that go on waiting.
func (q *queue) judge(ctx context.Context) error {
	r := &q.rungs
	if !r.news {
		return nil
	}
	r.news = false
	r.decide()
	var free, still, lost []job
	for _, j := range r.waiting {
		switch _, v := r.judge(j.run.ID); v {
		case train:
			free = append(free, r.aim(j))
		case wait:
			still = append(still, j)
		case settle:
			lost = append(lost, j)
		}
	}
	if r.waiting = still; len(free) > 0 {
		q.todo = append(free, q.todo...)
		slices.SortStableFunc(q.todo, func(a, b job) int { return cmp.Compare(a.place, b.place) })
	}
	q.expect()
	return q.prune(ctx, lost)
}

// prune gives up jobs. Those that cannot be, because somebody has claimed them or
// done it already, are others.
func (q *queue) prune(ctx context.Context, jobs []job) error {
	if len(jobs) == 0 {
		return nil
	}
	results := make([]store.Result, len(jobs))
	for i, j := range jobs {
		var err error
		if results[i], err = q.cut(ctx, j); err != nil {
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

// cut makes a result of what a job has come to.
func (q *queue) cut(ctx context.Context, j job) (r store.Result, err error) {
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
	r.Run.Status, r.Run.Reason, r.Run.Stack, r.Run.Finished = store.Pruned, q.rungs.why(id), "", q.o.Now()
	r.Run.Epochs, r.Run.Train, r.Run.Valid, r.Run.Test = last.Epoch, last.Train, last.Valid, last.Test
	kept := j.kept.epochs(j.run.Config.Config, r.Run, r.Epochs)
	r.Weights = slices.DeleteFunc(r.Weights, func(w store.Snapshot) bool { return !slices.Contains(kept, w.Epoch) })
	return r, nil
}

// there gives back those of the runs just claimed that others have brought to
// where they are wanted in the meantime.
func (q *queue) there(ctx context.Context, owner string, claimed []string) (map[string]bool, error) {
	there := map[string]bool{}
	var back []string
	for _, id := range claimed {
		if q.rungs.entrants[id] != nil {
			back = append(back, id)
		}
	}
	if len(back) == 0 {
		return there, nil
	}
	if err := q.rungs.halving.read(ctx, q.db, back, true); err != nil { // what has failed before is being tried again
		return nil, err
	}
	q.rungs.news = q.rungs.decide() || q.rungs.news
	back = slices.DeleteFunc(back, func(id string) bool {
		_, v := q.rungs.judge(id)
		return v == train
	})
	for _, id := range back {
		there[id] = true
	}
	if len(back) == 0 {
		return there, nil
	}
	return there, q.db.Release(ctx, owner, back...)
}

// expect tells the observer what is to be expected of the jobs that compete.
func (q *queue) expect() {
	r := &q.rungs
	sum, chances := 0.0, r.chances()
	for _, e := range r.all {
		if e.over {
			sum += e.work
			continue
		}
		for _, s := range r.stretches(e.run, chances) {
			sum += e.part(s.chance * float64(s.to-s.from))
		}
	}
	if change := sum - r.told; change != 0 {
		r.told = sum
		q.obs.send(Event{Kind: Expected, work: change})
	}
}
