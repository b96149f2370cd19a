// Package runner trains what is left of studies, on all cores, and hands every
// result to the store as soon as there is one.
//
// Runs go from the plan to the workers in seed-major order. Each worker trains
// one run at a time on a single thread, so the bits of a result depend on
// neither the number of workers nor what trains beside it. One writer records
// what the workers have finished, many runs in a transaction when they are
// quick. A night that is stopped at any instant goes on where it was: what the
// store holds as done or diverged is never trained again.
package runner

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"time"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// Study is a study with the runs that it consists of.
type Study struct {
	*study.Study
	Runs []study.Run
}

// Options say how a night is run, not what is trained: none of them changes a result.
type Options struct {
	Workers     int              // runs trained at the same time; 0 for one per core
	RetryFailed bool             // whether runs that failed before are trained again
	Sources     *Sources         // where real data is; nil for nowhere
	Provenance  store.Provenance // recorded with every run, see the function
	Now         func() time.Time // the clock; nil for time.Now
	Observe     func(Event)      // told what happens, one call at a time; nil for nobody
	Log         *slog.Logger     // gets a line for every run and every surprise; nil for nobody
	Retries     int              // how often a failure that may be passing is tried again
	Deadline    time.Time        // when the night is over, whatever is left; zero for never

	start starter // nil for mlp.Start
}

// starter makes an untrained network.
type starter func(mlp.Config, mlp.Data, mlp.Seeds) (mlp.Training, error)

// withDefaults fills in what is not given.
func (o Options) withDefaults() Options {
	if o.Workers == 0 {
		o.Workers = runtime.NumCPU()
	}
	if o.Sources == nil {
		o.Sources = NewSources(nil)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.start == nil {
		o.start = mlp.Start
	}
	return o
}

// Summary is how a night went.
type Summary struct {
	Progress
	Elapsed  time.Duration
	Deadline bool      // whether it ended at Options.Deadline with runs left
	Failures []Failure // those of earlier nights first, then in the order in which they happened
}

// Failure is a run without a result.
type Failure struct{ ID, Label, Reason string }

// Night records the studies and trains those of their runs that have no result
// yet. A run that fails or diverges does not end the night. An error is
// returned for data that cannot be read, before anything is trained, and for a
// database that cannot be written, after which nothing more is trained.
//
// When the context is cancelled, trainings stop within a step and are recorded
// as interrupted; that is no error, but leaves Summary.Left above zero.
func Night(ctx context.Context, db *store.DB, studies []Study, o Options) (Summary, error) {
	o = o.withDefaults()
	began := o.Now()
	p, err := newPlan(studies, o.Sources)
	if err != nil {
		return Summary{}, err
	}
	// What is known is recorded also while the night is being stopped.
	recording := context.WithoutCancel(ctx)
	known, err := db.Statuses(recording)
	if err != nil {
		return Summary{}, err
	}
	if err := p.record(recording, db, known, began); err != nil {
		return Summary{}, err
	}
	jobs, so, err := p.left(recording, db, known, o.RetryFailed)
	if err != nil {
		return Summary{}, err
	}
	o.Log.Info("night", "studies", names(studies), "runs", so.Total, "reused", so.Reused, "left", so.Left, "workers", o.Workers)
	obs := newObserver(o, so)
	err = work(ctx, db, jobs, obs, o)
	s := obs.close()
	s.Elapsed = o.Now().Sub(began)
	if err != nil {
		o.Log.Error("the night has stopped", "error", err)
	}
	o.Log.Info("over", "done", s.Done, "diverged", s.Diverged, "failed", s.Failed, "interrupted", s.Interrupted, "left", s.Left, "seconds", s.Elapsed.Seconds())
	return s, err
}

func names(studies []Study) []string {
	list := make([]string, len(studies))
	for i, s := range studies {
		list[i] = s.Name
	}
	return list
}

// work trains the jobs and returns when every worker and the writer have ended.
func work(ctx context.Context, db *store.DB, jobs []job, obs *observer, o Options) error {
	working, stop := context.WithCancel(ctx)
	defer stop()
	out := newWriter(context.WithoutCancel(ctx), db, obs, stop, o.Workers)
	lib := newLibrary(o.Sources.files, jobs)

	queue := make(chan job)
	var workers sync.WaitGroup
	for i := range min(o.Workers, len(jobs)) {
		w := &worker{i, db, lib, obs, out, o}
		workers.Go(func() { w.work(working, queue) })
	}
	feed(working, queue, jobs)
	workers.Wait()
	if err := out.close(); err != nil {
		return fmt.Errorf("the night has stopped: %w", err)
	}
	return nil
}

// feed hands out the jobs in their order until they or the night are over.
func feed(ctx context.Context, queue chan<- job, jobs []job) {
	defer close(queue)
	for _, j := range jobs {
		if ctx.Err() != nil {
			return
		}
		select {
		case queue <- j:
		case <-ctx.Done():
			return
		}
	}
}
