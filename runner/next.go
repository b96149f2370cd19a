package runner

import (
	"context"
	"time"
)

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
	for !q.over(ctx) {
		if q.alone.out {
			return task{}, false, q.changed, nil
		}
		if t, ok = q.takeHeld(); ok {
			q.handOut(&t)
			return t, true, nil, nil
		}
		if err := q.lookAtClaims(recording); err != nil {
			return task{}, false, nil, err
		}
		if err := q.sortWaiting(recording); err != nil {
			return task{}, false, nil, err
		}
		switch {
		case len(q.todo) > 0:
			var taken []job
			taken, q.todo, err = q.holdBatch(recording, q.todo)
			q.others = append(q.others, taken...)
		case len(q.others) > 0:
			err = q.checkOthers(recording)
		}
		waiting := len(q.rungs.waiting) + len(q.rounds.later)
		switch {
		case err != nil:
			return task{}, false, nil, err
		case len(q.held) > 0 || len(q.todo) > 0 || q.rungs.news || q.rounds.Due():
		case waiting > 0 && q.handedOut > q.lateOut:
			return task{}, false, q.changed, nil
		case len(q.alone.jobs) > 0 && q.handedOut > 0:
			return task{}, false, q.changed, nil
		case len(q.alone.jobs) > 0:
			if err := q.holdAlone(recording); err != nil {
				return task{}, false, nil, err
			}
		case len(q.late) > 0:
			if err := q.holdLate(recording); err != nil {
				return task{}, false, nil, err
			}
		case len(q.others) > 0 || waiting > 0 && q.handedOut > 0:
			return task{}, false, q.changed, nil
		default:
			return task{}, false, nil, nil
		}
	}
	// A night that is over leaves what claims still want, and says so.
	return task{}, false, nil, q.lookAtClaims(recording)
}

// takeHeld gives the next of the tasks that are held, and puts those aside that others
// go before. It is false where none is left.
func (q *queue) takeHeld() (t task, ok bool) {
	for len(q.held) > 0 {
		t, q.held = q.held[0], q.held[1:]
		switch {
		case t.ctx.Err() != nil && context.Cause(t.ctx) != errDeadline: // from before the holds were lost
			q.others = append(q.others, t.job)
		case !t.alone && q.alone.wants(t.job):
			q.alone.jobs = append(q.alone.jobs, t.job)
		case t.alone || t.late || q.fits(t.job):
			return t, true
		default:
			q.late = append(q.late, t.job)
		}
	}
	return task{}, false
}

// handOut counts a task that a worker gets.
func (q *queue) handOut(t *task) {
	if t.alone {
		q.handOutAlone(t)
	}
	t.first, q.started = !q.started, true
	q.handedOut++
	if t.late {
		q.lateOut++
	}
}

// over says whether no more tasks are handed out. A night that is past its deadline is over only after it has handed out a
// task.
func (q *queue) over(ctx context.Context) bool {
	return ctx.Err() != nil && (q.started || context.Cause(ctx) != errDeadline)
}
