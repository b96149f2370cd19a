package runner

import (
	"cmp"
	"context"
	"slices"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/store"
)

// queue hands out the jobs of a night to its workers, in the order of the plan. Before it hands out a job this process takes a
// hold on it, so that only one of several processes on a database trains it. Jobs that others hold are checked at the end, and
// taken over when their process is dead.
type queue struct {
	db        *store.DB
	heartbeat *heartbeat
	lib       *library
	out       *writer
	obs       *observer
	o         Options

	lock      chan struct{} // a mutex for the fields below: full while it is locked
	todo      []job         // jobs that no process is known to work on
	held      []task        // held by this process and not handed out yet
	others    []job         // held by other processes
	rungs     rungs         // jobs that wait for others at a rung
	rounds    rounds        // jobs of rounds that are not wanted so far
	handedOut int           // number of tasks that are handed out
	lateOut   int           // of them, those that will not be over at the deadline
	changed   chan struct{} // closed when one of them is over
	late      []job         // jobs that would not be over at the deadline, in the order of the plan
	started   bool          // whether a task has been handed out
	watch     night.Watch   // over the processes that hold others
	alone     alone         // jobs that are trained when nothing else is
	speed     float64       // work of a worker per second, measured on finished tasks; 0 for not yet
}

const (
	holdAhead        = 100 * time.Millisecond // of a worker's time are held at once
	maxHeldPerWorker = 64                     // runs of a worker are held, however short
	pollMin          = 10 * time.Millisecond  // until others are checked again, doubled each time
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

// takeBatch splits off the first jobs, so many that taking a hold is no noticeable part of their time, and leaves the others to
// other processes.
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

// sortTodo sorts the jobs that no process is known to work on by the order of the plan.
func (q *queue) sortTodo() {
	slices.SortStableFunc(q.todo, func(a, b job) int { return cmp.Compare(a.position, b.position) })
}

// record notes the outcome of a task. It returns false for a job that is not over for this night: it waits at a rung, or
// another process holds it.
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

// learn updates the speed of a worker, in work per second.
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
