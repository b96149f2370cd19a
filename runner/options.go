package runner

import (
	"context"
	"log/slog"
	"runtime"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/mlp"
)

// Options say how a night is run. None of them changes a result.
type Options struct {
	Workers     int              // runs trained at the same time; 0 for one per core
	RetryFailed bool             // whether runs that failed before are trained again
	Sources     *Sources         // where real data is; nil for nowhere
	Provenance  store.Provenance // recorded with every run, see the function
	Now         func() time.Time // the clock; nil for time.Now
	Observe     func(Event)      // called for every event, one call at a time; nil for none
	Log         *slog.Logger     // gets a line for every run and every warning; nil for none
	Retries     int              // how often a transient failure is retried
	Deadline    time.Time        // when the night is over, whatever is left; zero for never
	Model       *Model           // forecasts the night and what remains of its studies; nil for one that the night makes

	Free func() int64 // bytes of memory that can be used, 0 for unknown; nil for always unknown

	StudyAt time.Time // when the studies were written as they are; zero for when the night begins

	Check func() error // an error if the database file was removed or replaced; nil for no check

	Lease      time.Duration // a process without a heartbeat for so long counts as dead; 0 for night.Lease
	Checkpoint time.Duration // the longest time that a run is trained without a checkpoint; 0 for 30 s

	start    starter                 // nil for mlp.Start
	resume   resumer                 // nil for mlp.Resume
	extend   resumer                 // nil for mlp.Extend
	estimate func(job) time.Duration // of the rest of a run; nil for what a Model says
	// period gives a context that ends when a checkpoint is due; nil for every Checkpoint.
	period func(context.Context) (context.Context, context.CancelFunc)
}

// starter makes an untrained network.
type starter func(mlp.Config, mlp.Data, mlp.Seeds) (mlp.Training, error)

// resumer makes a network from a checkpoint.
type resumer func(mlp.Config, mlp.Data, mlp.Seeds, []byte) (mlp.Training, error)

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
	if o.Lease == 0 {
		o.Lease = night.Lease
	}
	if o.Free == nil {
		o.Free = func() int64 { return 0 }
	}
	if o.Check == nil {
		o.Check = func() error { return nil }
	}
	if o.start == nil {
		o.start = mlp.Start
	}
	if o.resume == nil {
		o.resume = mlp.Resume
	}
	if o.extend == nil {
		o.extend = mlp.Extend
	}
	if o.Checkpoint == 0 {
		o.Checkpoint = 30 * time.Second
	}
	if o.period == nil {
		o.period = every(o.Checkpoint)
	}
	return o
}

// every gives contexts that end when a checkpoint is due. mlp looks at them
// between two steps, so that long epochs have checkpoints within them.
func every(period time.Duration) func(context.Context) (context.Context, context.CancelFunc) {
	return func(ctx context.Context) (context.Context, context.CancelFunc) {
		return context.WithTimeout(ctx, period)
	}
}
