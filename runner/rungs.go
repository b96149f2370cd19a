package runner

import (
	"context"

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
	done   bool
	pruned bool    // by this night
	work   float64 // that it was, once it is over
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
	if e.pruned = row.Status == store.Pruned; e.pruned {
		e.work = j.part(float64(row.Epochs))
	}
	r.news = true
}
