package runner

import (
	"context"
	"slices"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/store"
)

// queue hands out the jobs of a night, in the order of the plan, to its workers.
// Before a job is handed out this process takes hold of it, so that of several that
// work on one database only one trains it. What others hold is waited
// for in the end, and taken over if they die.
type queue struct {
	db        *store.DB
	heartbeat *heartbeat
	lib       *library
	obs       *observer
	o         Options

	lock      chan struct{} // full while somebody looks at the following
	todo      []job         // that nobody works on, as far as is known
	held      []task        // by this process and not handed out yet
	others    []job         // somebody else was faster
	rungs     rungs         // where jobs wait for each other
	handedOut int           // tasks that are handed out
	changed   chan struct{} // closed when one of them is over
	late      int           // jobs that would not be ready at the deadline
	speed     float64       // work of a worker per second, learnt from what is finished; 0 for not yet
}

// task is a job in the hands of this process.
type task struct {
	job
	owner string
	ctx   context.Context // ends with the night or the hold
}

const (
	holdAhead        = 100 * time.Millisecond // of a worker's time are held at once
	maxHeldPerWorker = 16                     // runs of a worker are held, however short
	pollMin          = 10 * time.Millisecond  // until others are looked after again, doubled each time
	pollMax          = time.Second
)

func newQueue(db *store.DB, jobs []job, h *night.Halving, beat *heartbeat, lib *library, obs *observer, o Options) *queue {
	q := &queue{db: db, heartbeat: beat, lib: lib, obs: obs, o: o, lock: make(chan struct{}, 1), changed: make(chan struct{})}
	q.rungs, q.todo = newRungs(h, jobs)
	return q
}

// next gives a job to train. It is false when none is left, or the night is over.
func (q *queue) next(ctx context.Context) (t task, ok bool, err error) {
	for pause := pollMin; ; pause = min(2*pause, pollMax) {
		t, ok, changed, err := q.tryNext(ctx)
		if ok || changed == nil || err != nil {
			return t, ok, err
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-changed:
			timer.Stop()
		case <-ctx.Done():
			timer.Stop()
			return task{}, false, nil
		}
	}
}

// tryNext gives a job. If there may be one later, it says when to look again at the latest.
func (q *queue) tryNext(ctx context.Context) (t task, ok bool, changed <-chan struct{}, err error) {
	q.lock <- struct{}{}
	defer func() { <-q.lock }()
	recording := context.WithoutCancel(ctx)
	for ctx.Err() == nil {
		for len(q.held) > 0 {
			t, q.held = q.held[0], q.held[1:]
			if t.ctx.Err() != nil { // from before the holds were lost
				q.others = append(q.others, t.job)
			} else if q.fits(t.job) {
				q.handedOut++
				return t, true, nil, nil
			}
		}
		if err := q.sortWaiting(recording); err != nil {
			return task{}, false, nil, err
		}
		switch {
		case len(q.todo) > 0:
			err = q.holdBatch(ctx, recording)
		case len(q.others) > 0:
			err = q.checkOthers(ctx, recording)
		}
		switch {
		case err != nil:
			return task{}, false, nil, err
		case len(q.held) > 0 || len(q.todo) > 0 || q.rungs.news:
		case len(q.others) > 0 || len(q.rungs.waiting) > 0 && q.handedOut > 0:
			return task{}, false, q.changed, nil
		default:
			return task{}, false, nil, nil
		}
	}
	return task{}, false, nil, nil
}

// holdBatch takes hold of the next few jobs.
func (q *queue) holdBatch(ctx, recording context.Context) error {
	batch, rest := q.takeBatch(q.todo)
	q.todo = rest
	held, err := q.holdJobs(recording, batch)
	for _, j := range batch {
		if !slices.Contains(held, j.run.ID) {
			q.others = append(q.others, j)
		}
	}
	return err
}

// holdJobs takes hold of those of the jobs that nobody else has, and puts them into held.
func (q *queue) holdJobs(ctx context.Context, jobs []job) ([]string, error) {
	if len(jobs) == 0 {
		return nil, nil
	}
	var ids, backfills []string
	for _, j := range jobs {
		if j.oldResult == nil {
			ids = append(ids, j.run.ID)
		} else {
			backfills = append(backfills, j.run.ID)
		}
	}
	now := q.heartbeat.ownership()
	var held []string
	var err error
	if len(ids) > 0 {
		held, err = q.db.Hold(ctx, now.owner, q.o.Now(), ids...)
	}
	if err == nil && len(backfills) > 0 {
		backfills, err = q.holdForBackfill(ctx, now.owner, jobs, backfills)
		held = append(held, backfills...)
	}
	if err != nil || len(held) == 0 {
		return nil, err
	}
	checkpoints, err := q.db.Checkpoints(ctx) // whoever may have made them a moment ago
	if err != nil {
		return held, err
	}
	there, err := q.releaseReached(ctx, now.owner, held)
	for _, j := range jobs {
		switch {
		case there[j.run.ID]:
			q.rungs.wait(j)
		case slices.Contains(held, j.run.ID):
			j.checkpointEpoch, j.hasCheckpoint = checkpoints[j.run.ID]
			q.held = append(q.held, task{q.rungs.withGoal(j), now.owner, now.ctx})
		}
	}
	return held, err
}

// holdForBackfill takes hold of those of the jobs with a result. What another process has
// completed a moment ago is given back, and seen to later.
func (q *queue) holdForBackfill(ctx context.Context, owner string, jobs []job, ids []string) ([]string, error) {
	held, err := q.db.HoldForBackfill(ctx, owner, q.o.Now(), ids...)
	if err != nil {
		return nil, err
	}
	over, err := complete(ctx, q.db, jobs)
	if err != nil {
		return nil, err
	}
	var mine, back []string
	for _, id := range held {
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

// takeBatch splits off so many jobs that a hold is no noticeable part of their time,
// and leaves the others to other processes.
func (q *queue) takeBatch(jobs []job) (first, rest []job) {
	enough := q.speed * holdAhead.Seconds() * float64(q.o.Workers)
	work := 0.0
	for i, j := range jobs {
		if len(first) > 0 && (work+j.rest() > enough || len(first) == maxHeldPerWorker*q.o.Workers) {
			return first, jobs[i:]
		}
		if q.fits(j) {
			first = append(first, j)
			work += j.rest()
		}
	}
	return first, nil
}

// record takes note of what has become of a task. It is false for a job that
// this night has not seen the last of: it waits, or another process holds it.
func (q *queue) record(t task, o *outcome, took time.Duration) bool {
	q.lock <- struct{}{}
	defer func() { <-q.lock }()
	q.handedOut--
	close(q.changed)
	q.changed = make(chan struct{})
	if o.lost {
		q.others = append(q.others, t.job)
		return false
	}
	q.learn(t.job.rest() / max(took.Seconds(), 1e-6))
	return !q.rungs.record(t.job, o)
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

// checkOthers sees what has become of the jobs that others held: what is
// finished is counted, and what nobody holds any more is held by this process.
func (q *queue) checkOthers(ctx, recording context.Context) error {
	owners, err := night.Owners(recording, q.db, q.o.Now(), q.o.Lease)
	if err != nil {
		return err
	}
	if err := reapDead(recording, q.db, owners, q.o); err != nil {
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
		if j.oldResult != nil && !over[j.run.ID] && (status == store.Done || status == store.Diverged) {
			open = append(open, j)
			continue
		}
		j.oldResult = nil // a result that has been taken back, as nightshift fsck does, is trained like any other
		_, v := q.rungs.Goal(j.run.ID)
		switch {
		case night.Final(status), status == store.Pruned && v == night.Stop:
			row, err := q.db.Run(recording, j.run.ID)
			if err != nil {
				return err
			}
			q.rungs.end(j, row)
			q.obs.send(Event{Kind: Elsewhere, Run: *j.run, Status: status, Reason: row.Reason, Epochs: row.Epochs, work: j.work()})
			q.lib.release(j)
		case v == night.Wait:
			q.rungs.wait(j)
		case v == night.Stop:
			lost = append(lost, j)
		default:
			open = append(open, q.rungs.withGoal(j))
		}
	}
	q.others = nil
	if err := q.prune(recording, lost); err != nil {
		return err
	}
	lost, q.others = q.others, nil // which somebody holds for another study
	batch, rest := q.takeBatch(open)
	q.others = append(lost, rest...)
	held, err := q.holdJobs(recording, batch)
	for _, j := range batch {
		if !slices.Contains(held, j.run.ID) {
			q.others = append(q.others, j)
		}
	}
	return err
}
