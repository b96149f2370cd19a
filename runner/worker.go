package runner

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"nightshift/internal/panics"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// worker trains one job at a time.
type worker struct{ tools }

// serve trains what the queue hands out until nothing is left.
func (w *worker) serve(ctx context.Context, q *queue) error {
	for {
		t, ok, err := q.next(ctx)
		if !ok || err != nil {
			return err
		}
		at := w.o.Now()
		w.out.send(message{job: t.job, worker: w.n, started: at})
		w.obs.send(Event{Kind: Started, Run: *t.run, Worker: w.n, Of: t.run.Epochs, reopens: t.reopens, work: t.work()})
		if t.alone {
			if err := w.out.flush(); err != nil { // so that it is known whose fault it is if memory runs out
				return err
			}
		}
		o := w.train(t, at)
		w.out.leave(t.run.ID)
		if o.waits {
			w.obs.send(Event{Kind: Waits, Run: *t.run, Worker: w.n, Epochs: o.result.Run.Epochs, Examples: o.examples})
		} else {
			w.out.send(message{job: t.job, worker: w.n, outcome: o})
		}
		if over := q.record(t, o, w.o.Now().Sub(at)); over {
			w.lib.release(t.job)
		}
	}
}

// train makes a task's outcome. Whatever goes wrong, a panic included, is part
// of it, after as many attempts as the options allow where it may be passing.
func (w *worker) train(task task, startedAt time.Time) *outcome {
	for attempt := 1; ; attempt++ {
		t := &trainee{tools: w.tools, task: task, row: task.row(), startedAt: startedAt}
		t.row.Started, t.row.Provenance = startedAt, w.o.Provenance
		t.result.Run = t.row
		err := t.refused
		if err == nil {
			err = panics.Caught(t.train)
		}
		switch {
		case errors.Is(err, store.ErrHoldLost), context.Cause(task.ctx) == errLost:
			t.lost = true
		case err == nil:
		case errors.Is(err, errAtRung):
			t.wait()
		case task.ctx.Err() != nil && t.refused == nil:
			t.stop()
		case attempt <= w.o.Retries && transient(err):
			w.o.Log.Warn("trying again", "run", study.ShortID(t.row.ID), "label", t.row.Label, "attempt", attempt, "reason", err)
			task.hasCheckpoint = true
			continue
		default:
			t.fail(err, attempt)
		}
		r := &t.result.Run
		r.Finished = w.o.Now()
		r.Seconds = t.seconds(r.Finished)
		return &t.outcome
	}
}

// fail makes an error the reason of a failure.
func (t *trainee) fail(err error, attempts int) {
	r := &t.result.Run
	r.Status = store.Failed
	r.Reason = strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; ")
	if attempts > 1 {
		r.Reason += fmt.Sprintf(" (%d attempts)", attempts)
	}
	var p panics.Error
	if errors.As(err, &p) {
		r.Stack = p.Stack
	}
}
