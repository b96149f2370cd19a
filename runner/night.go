// Package runner trains what remains of studies, on all cores, and stores every
// result as soon as it is there.
//
// Night is the table of contents: it reads what the database says (package
// night), lists the jobs that remain (plan.go), and lets workers train them. The
// life of a run:
//
//	plan.go       todo: the jobs that remain, the first seed of every cell before the second of any
//	   |
//	hold.go       held: this process alone trains it; what others hold is checked in others.go
//	   |
//	next.go       a worker gets it, unless it would not be over at the deadline
//	   |
//	train.go      trained by one thread, epoch by epoch; checkpoint.go brings it to where it was
//	   |     \
//	   |      rungs.go   in a study that prunes it waits at a rung, with a checkpoint, until it is
//	   |                 known whether it goes on (todo again) or is given up (prune.go)
//	   |
//	writer.go     its outcome is in the database, with those of others in one transaction
//	   |
//	rounds.go     in a study that goes on until its claims are decided these are looked at when all
//	   |          runs that it wants are over, and more jobs may come to be wanted (todo)
//	   |
//	observer.go   it is counted, and an event is sent (event.go)
//
// Each worker trains one run at a time on a single thread, so the bits of a
// result depend on neither the number of workers nor what trains beside it. A
// night that is stopped at any instant goes on where it was: what the store holds
// as done or diverged is never trained again, but for weights that are kept since
// (backfill.go), and what it holds a checkpoint of goes on from there, to the same
// bits. Several processes may work on one database: each holds a run before it
// trains it, says that it is alive (ownership.go), and takes over what a dead one
// held.
//
// Model forecasts a night (model.go, forecast.go), and Verify trains a run of the
// database again and compares (verify.go).
package runner

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"nightshift/internal/night"
	"nightshift/internal/panics"
	"nightshift/internal/store"
)

// Night records the studies and trains those of their runs that have no result
// yet. A run that fails or diverges does not end the night. An error is
// returned for data that cannot be read, before anything is trained, and for a
// database that cannot be written, after which nothing more is trained.
//
// When the context is cancelled, trainings stop within a step and are recorded
// as interrupted; that is no error, but leaves Summary.Remaining above zero.
func Night(ctx context.Context, db *store.DB, studies []Study, o Options) (Summary, error) {
	o = o.withDefaults()
	startedAt := o.Now()
	p, err := newPlan(studies, o.Sources)
	if err != nil {
		return Summary{}, err
	}
	// What is known is recorded also while the night is being stopped.
	recording := context.WithoutCancel(ctx)
	known, err := night.Read(recording, db, studies, startedAt, o.Lease)
	if err != nil {
		return Summary{}, err
	}
	known.By = o.Provenance
	dead, err := reapDead(recording, db, known.Owners, o)
	if err != nil {
		return Summary{}, err
	}
	if len(dead) > 0 {
		if known, err = night.Read(recording, db, studies, startedAt, o.Lease); err != nil {
			return Summary{}, err
		}
		known.By = o.Provenance
	}
	agenda := known.Agenda(o.RetryFailed, studies...)
	studyAt := o.StudyAt
	if studyAt.IsZero() {
		studyAt = startedAt
	}
	if err := p.record(recording, db, agenda, studyAt); err != nil {
		return Summary{}, err
	}
	record := func(ctx context.Context, ids []string) error { return p.recordMore(ctx, db, agenda, studyAt, ids) }
	if o, err = o.withModel(ctx, db, known); err != nil {
		return Summary{}, err
	}
	todo, so := work{p.remaining(agenda), agenda.Halving, newRounds(p, agenda, record)}, p.summary(agenda)
	o.Log.Info("night", "studies", names(studies), "runs", so.Total, "reused", so.Reused, "left", so.Remaining, "workers",
		o.Workers)
	obs := newObserver(o, so, todo.all(), p.pace(agenda))
	obs.round = slices.ContainsFunc(studies, func(s Study) bool { return s.Round != nil })
	obs.tellTakenOver(dead)
	late, err := runWorkers(ctx, db, todo, obs, o)
	s, broken := obs.close()
	err = cmp.Or(err, broken)
	s.Elapsed = o.Now().Sub(startedAt)
	s.Deadline = late && s.Remaining > 0
	if err != nil {
		o.Log.Error("the night has stopped", "error", err)
	}
	if s.Remaining > 0 || s.ToTrain > so.ToTrain {
		o.Model = nil // the night was not what was forecast
	}
	if err == nil {
		err = logNights(recording, db, studies, obs.over, s, o, startedAt)
	}
	o.Log.Info("over", "done", s.Done, "diverged", s.Diverged, "pruned", s.Pruned, "failed", s.Failed,
		"interrupted", s.Interrupted, "left", s.Remaining, "seconds", s.Elapsed.Seconds())
	return s, err
}

func names(studies []Study) []string {
	list := make([]string, len(studies))
	for i, s := range studies {
		list[i] = s.Name
	}
	return list
}

// work is what a night has to train, and what decides how much of it.
type work struct {
	jobs    []job // that remain
	halving *night.Halving
	rounds  rounds
}

// all are the jobs that remain and those that may come to be wanted.
func (w work) all() []job { return slices.AppendSeq(slices.Clone(w.jobs), maps.Values(w.rounds.later)) }

// runWorkers trains the jobs and returns when every worker and the writer have
// ended, and whether the deadline was what ended it.
func runWorkers(ctx context.Context, db *store.DB, todo work, obs *observer, o Options) (late bool, err error) {
	if len(todo.jobs) == 0 || ctx.Err() != nil {
		return false, nil
	}
	working, stop := o.untilDeadline(ctx)
	defer stop()
	recording := context.WithoutCancel(ctx)
	heartbeat, err := startHeartbeat(working, db, o, stop)
	if err != nil {
		return false, err
	}
	out := newWriter(recording, db, obs, stop, o)
	all := tools{0, db, newLibrary(o.Sources.files, todo.all()), obs, out, o}
	q := newQueue(all, todo, heartbeat)

	var workers sync.WaitGroup
	errs := make([]error, min(o.Workers, len(todo.all())))
	for i := range errs {
		w := &worker{all}
		w.n = i
		workers.Go(func() {
			if errs[i] = panics.Caught(func() error { return w.serve(working, q) }); errs[i] != nil {
				stop()
			}
		})
	}
	workers.Wait()
	late = len(q.late) > 0 || context.Cause(working) == errDeadline
	// What has stopped one worker may have met others, too: it is said once.
	if err := cmp.Or(append([]error{out.close()}, errs...)...); err != nil {
		// What it cannot give back, the next night takes.
		if gone := heartbeat.leave(recording); gone != nil && gone == heartbeat.gone {
			err = gone
		}
		return late, fmt.Errorf("the night has stopped: %w", err)
	}
	return late, heartbeat.leave(recording)
}
