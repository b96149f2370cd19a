package runner

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"nightshift/internal/store"
)

// worker trains one job at a time.
type worker struct {
	n   int // counted from 0
	db  *store.DB
	lib *library
	obs *observer
	out *writer
	o   Options
}

// work trains the jobs of a queue until it is closed.
func (w *worker) work(ctx context.Context, queue <-chan job) {
	for j := range queue {
		at := w.o.Now()
		w.out.send(message{job: j, worker: w.n, started: at})
		w.obs.send(Event{Kind: Started, Run: *j.run, Worker: w.n, Of: j.run.Epochs, work: j.work()})
		w.out.send(message{job: j, worker: w.n, outcome: w.train(ctx, j, at)})
		w.lib.release(j)
	}
}

// train makes a job's outcome. Whatever goes wrong, a panic included, is part
// of it, after as many attempts as the options allow where it may be passing.
func (w *worker) train(ctx context.Context, j job, began time.Time) *outcome {
	for attempt := 1; ; attempt++ {
		t := &trainee{worker: w, job: j, row: j.row(), began: began}
		t.row.Started, t.row.Provenance = began, w.o.Provenance
		t.result.Run = t.row
		err := caught(func() error { return t.train(ctx) })
		switch {
		case err == nil:
		case ctx.Err() != nil:
			t.result = store.Result{Run: t.row} // it will be trained from the start
			t.result.Run.Status = store.Interrupted
		case attempt <= w.o.Retries && passing(err):
			w.o.Log.Warn("trying again", "run", j.run.ID[:min(12, len(j.run.ID))], "label", j.run.Label, "attempt", attempt, "reason", err)
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
	var p panicked
	if errors.As(err, &p) {
		r.Stack = p.stack
	}
}
