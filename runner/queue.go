package runner

import (
	"cmp"
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
	out       *writer
	obs       *observer
	o         Options

	lock      chan struct{} // full while somebody looks at the following
	todo      []job         // that nobody works on, as far as is known
	held      []task        // by this process and not handed out yet
	others    []job         // somebody else was faster
	rungs     rungs         // where jobs wait for each other
	rounds    rounds        // where jobs wait that are not wanted so far
	handedOut int           // tasks that are handed out
	lateOut   int           // of them, those that will not be over at the deadline
	changed   chan struct{} // closed when one of them is over
	late      []job         // that would not be over at the deadline, in the order of the plan
	started   bool          // whether a task has been handed out
	watch     night.Watch   // over those who hold the jobs of others
	alone     alone         // that are trained when nothing else is
	speed     float64       // work of a worker per second, learnt from what is finished; 0 for not yet
}

const (
	holdAhead        = 100 * time.Millisecond // of a worker's time are held at once
	maxHeldPerWorker = 16                     // runs of a worker are held, however short
	pollMin          = 10 * time.Millisecond  // until others are looked after again, doubled each time
	pollMax          = time.Second
)

// newQueue gets the tools of workers, for all of them.
func newQueue(all tools, todo work, beat *heartbeat) *queue {
	q := &queue{db: all.db, heartbeat: beat, lib: all.lib, out: all.out, obs: all.obs, o: all.o, lock: make(chan struct{}, 1),
		changed: make(chan struct{})}
	q.rungs, q.todo = newRungs(todo.halving, todo.jobs)
	q.rounds, q.alone = todo.rounds, newAlone(all.o)
	return q
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
		if !q.fits(j) {
			q.late = append(q.late, j)
			continue
		}
		first = append(first, j)
		work += j.rest()
	}
	return first, nil
}

// sortTodo brings the jobs that nobody works on into the order of the plan.
func (q *queue) sortTodo() {
	slices.SortStableFunc(q.todo, func(a, b job) int { return cmp.Compare(a.position, b.position) })
}

// record takes note of what has become of a task. It is false for a job that
// this night has not seen the last of: it waits, or another process holds it.
func (q *queue) record(t task, o *outcome, took time.Duration) bool {
	q.lock <- struct{}{}
	defer func() { <-q.lock }()
	q.handedOut--
	if t.late {
		q.lateOut--
	}
	if t.alone {
		q.alone.out = false
	}
	close(q.changed)
	q.changed = make(chan struct{})
	if o.lost {
		q.others = append(q.others, t.job)
		return false
	}
	q.learn(t.job.rest() / max(took.Seconds(), 1e-6))
	if t.oldResult == nil {
		q.rounds.Finish(o.result)
	}
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

// fits says whether a job would be over before the deadline.
func (q *queue) fits(j job) bool {
	return q.o.Deadline.IsZero() || !q.o.Now().Add(q.o.estimate(j)).After(q.o.Deadline)
}

// holdLate takes hold of a job that will not be over at the deadline, so that the night
// gets on with it as far as there is time: one that has been begun, or else the first.
func (q *queue) holdLate(ctx context.Context) error {
	i := max(0, slices.IndexFunc(q.late, func(j job) bool { return j.checkpointEpoch > 0 }))
	j := q.late[i]
	q.late = slices.Delete(q.late, i, i+1)
	n := len(q.held)
	held, err := q.holdJobs(ctx, []job{j})
	if len(held) == 0 && err == nil {
		q.others = append(q.others, j)
	}
	for i := range q.held[n:] {
		q.held[n+i].late = true
	}
	return err
}
