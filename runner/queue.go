package runner

import (
	"context"
	"slices"
	"time"

	"nightshift/internal/store"
)

// queue hands out the jobs of a night, in the order of the plan, to its workers.
// Before a job is handed out it is claimed, so that of several processes that
// work on one database only one trains it. What others have claimed is waited
// for in the end, and taken over if they die.
type queue struct {
	db       *store.DB
	presence *presence
	lib      *library
	obs      *observer
	o        Options

	lock     chan struct{} // full while somebody looks at the following
	todo     []job         // that nobody works on, as far as is known
	mine     []task        // claimed and not handed out yet
	others   []job         // somebody else was faster
	rungs    rungs         // where jobs wait for each other
	training int           // tasks that are handed out
	moved    chan struct{} // closed when one of them is over
	late     int           // jobs that would not be ready at the deadline
	speed    float64       // work of a worker per second, learnt from what is finished; 0 for not yet
}

// task is a job in the hands of this process.
type task struct {
	job
	owner string
	ctx   context.Context // ends with the night or the claim
}

const (
	ahead     = 100 * time.Millisecond // of a worker's time are claimed at once
	mostAhead = 16                     // runs of a worker are, however short
	soonest   = 10 * time.Millisecond  // until others are looked after again, doubled each time
	latest    = time.Second
)

func newQueue(db *store.DB, jobs []job, h *halving, p *presence, lib *library, obs *observer, o Options) *queue {
	q := &queue{db: db, presence: p, lib: lib, obs: obs, o: o, lock: make(chan struct{}, 1), moved: make(chan struct{})}
	q.rungs, q.todo = newRungs(h, jobs)
	return q
}

// next gives a job to train. It is false when none is left, or the night is over.
func (q *queue) next(ctx context.Context) (t task, ok bool, err error) {
	for pause := soonest; ; pause = min(2*pause, latest) {
		t, ok, moved, err := q.take(ctx)
		if ok || moved == nil || err != nil {
			return t, ok, err
		}
		again := time.NewTimer(pause)
		select {
		case <-again.C:
		case <-moved:
			again.Stop()
		case <-ctx.Done():
			again.Stop()
			return task{}, false, nil
		}
	}
}

// take gives a job. If there may be one later, it says when to look again at the latest.
func (q *queue) take(ctx context.Context) (t task, ok bool, moved <-chan struct{}, err error) {
	q.lock <- struct{}{}
	defer func() { <-q.lock }()
	recording := context.WithoutCancel(ctx)
	for ctx.Err() == nil {
		for len(q.mine) > 0 {
			t, q.mine = q.mine[0], q.mine[1:]
			if t.ctx.Err() != nil { // claimed before the claims were lost
				q.others = append(q.others, t.job)
			} else if q.fits(t.job) {
				q.training++
				return t, true, nil, nil
			}
		}
		if err := q.judge(recording); err != nil {
			return task{}, false, nil, err
		}
		switch {
		case len(q.todo) > 0:
			err = q.claim(ctx, recording)
		case len(q.others) > 0:
			err = q.look(ctx, recording)
		}
		switch {
		case err != nil:
			return task{}, false, nil, err
		case len(q.mine) > 0 || len(q.todo) > 0 || q.rungs.news:
		case len(q.others) > 0 || len(q.rungs.waiting) > 0 && q.training > 0:
			return task{}, false, q.moved, nil
		default:
			return task{}, false, nil, nil
		}
	}
	return task{}, false, nil, nil
}

// claim takes the next few jobs.
func (q *queue) claim(ctx, recording context.Context) error {
	few, rest := q.few(q.todo)
	q.todo = rest
	claimed, err := q.claimOf(recording, few)
	for _, j := range few {
		if !slices.Contains(claimed, j.run.ID) {
			q.others = append(q.others, j)
		}
	}
	return err
}

// claimOf claims those of the jobs that nobody else has, and puts them into mine.
func (q *queue) claimOf(ctx context.Context, jobs []job) ([]string, error) {
	if len(jobs) == 0 {
		return nil, nil
	}
	var ids, again []string
	for _, j := range jobs {
		if j.had == nil {
			ids = append(ids, j.run.ID)
		} else {
			again = append(again, j.run.ID)
		}
	}
	now := q.presence.tenure()
	var claimed []string
	var err error
	if len(ids) > 0 {
		claimed, err = q.db.Claim(ctx, now.owner, q.o.Now(), ids...)
	}
	if err == nil && len(again) > 0 {
		again, err = q.claimAgain(ctx, now.owner, jobs, again)
		claimed = append(claimed, again...)
	}
	if err != nil || len(claimed) == 0 {
		return nil, err
	}
	checkpoints, err := q.db.Checkpoints(ctx) // whoever may have made them a moment ago
	if err != nil {
		return claimed, err
	}
	there, err := q.there(ctx, now.owner, claimed)
	for _, j := range jobs {
		switch {
		case there[j.run.ID]:
			q.rungs.wait(j)
		case slices.Contains(claimed, j.run.ID):
			j.from, j.begun = checkpoints[j.run.ID]
			q.mine = append(q.mine, task{q.rungs.aim(j), now.owner, now.ctx})
		}
	}
	return claimed, err
}

// claimAgain claims those of the jobs with a result. What another process has
// completed a moment ago is given back, and seen to later.
func (q *queue) claimAgain(ctx context.Context, owner string, jobs []job, ids []string) ([]string, error) {
	claimed, err := q.db.ClaimAgain(ctx, owner, q.o.Now(), ids...)
	if err != nil {
		return nil, err
	}
	over, err := complete(ctx, q.db, jobs)
	if err != nil {
		return nil, err
	}
	var mine, back []string
	for _, id := range claimed {
		if over[id] {
			back = append(back, id)
		} else {
			mine = append(mine, id)
		}
	}
	if len(back) == 0 {
		return mine, nil
	}
	return mine, q.db.Release(ctx, owner, back...)
}

// few splits off so many jobs that a claim is no noticeable part of their time,
// and leaves the others to other processes.
func (q *queue) few(jobs []job) (first, rest []job) {
	enough := q.speed * ahead.Seconds() * float64(q.o.Workers)
	work := 0.0
	for i, j := range jobs {
		if len(first) > 0 && (work+j.rest() > enough || len(first) == mostAhead*q.o.Workers) {
			return first, jobs[i:]
		}
		if q.fits(j) {
			first = append(first, j)
			work += j.rest()
		}
	}
	return first, nil
}

// over takes note of what has become of a task. It is false for a job that
// this night has not seen the last of: it waits, or another process has its claim.
func (q *queue) over(t task, o *outcome, took time.Duration) bool {
	q.lock <- struct{}{}
	defer func() { <-q.lock }()
	q.training--
	close(q.moved)
	q.moved = make(chan struct{})
	if o.lost {
		q.others = append(q.others, t.job)
		return false
	}
	q.learn(t.job.rest() / max(took.Seconds(), 1e-6))
	return !q.rungs.over(t.job, o)
}

// learn takes note of the speed of a worker.
func (q *queue) learn(speed float64) {
	switch {
	case q.speed == 0:
		q.speed = speed
	default:
		q.speed += (speed - q.speed) / 4
	}
}

// look sees what has become of the jobs that others had claimed: what is
// finished is counted, and what nobody has any more is claimed.
func (q *queue) look(ctx, recording context.Context) error {
	if err := bury(recording, q.db, q.o); err != nil {
		return err
	}
	statuses, err := q.db.Statuses(recording)
	if err != nil {
		return err
	}
	over, err := complete(recording, q.db, q.others)
	if err != nil {
		return err
	}
	if err := q.rungs.read(recording, q.db, q.others); err != nil {
		return err
	}
	var open, lost []job
	for _, j := range q.others {
		status := statuses[j.run.ID]
		if j.had != nil && !over[j.run.ID] && (status == store.Done || status == store.Diverged) {
			open = append(open, j)
			continue
		}
		j.had = nil // a result that has been taken back, as nightshift fsck does, is trained like any other
		_, v := q.rungs.judge(j.run.ID)
		switch {
		case ended(status), status == store.Pruned && v == settle:
			row, err := q.db.Run(recording, j.run.ID)
			if err != nil {
				return err
			}
			q.rungs.end(j, row)
			q.obs.send(Event{Kind: Elsewhere, Run: *j.run, Status: status, Reason: row.Reason, Epochs: row.Epochs, work: j.work()})
			q.lib.release(j)
		case v == wait:
			q.rungs.wait(j)
		case v == settle:
			lost = append(lost, j)
		default:
			open = append(open, q.rungs.aim(j))
		}
	}
	q.others = nil
	if err := q.prune(recording, lost); err != nil {
		return err
	}
	lost, q.others = q.others, nil // which somebody has claimed for another study
	few, rest := q.few(open)
	q.others = append(lost, rest...)
	claimed, err := q.claimOf(recording, few)
	for _, j := range few {
		if !slices.Contains(claimed, j.run.ID) {
			q.others = append(q.others, j)
		}
	}
	return err
}
