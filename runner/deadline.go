package runner

import (
	"context"
	"errors"
	"time"

	"nightshift/internal/cost"
	"nightshift/internal/night"
	"nightshift/internal/store"
)

var errDeadline = errors.New("the night's deadline has passed")

// untilDeadline is a context that ends when the night has to.
func (o Options) untilDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if o.Deadline.IsZero() {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, o.Deadline.Sub(o.Now()), errDeadline)
}

// least is how long the first run of a night is trained, whatever the deadline: a
// night too short for anything would never get on.
const least = time.Second

// atLeast is a context that ends with another, but if that is at the deadline after
// least at the earliest.
func (o Options) atLeast(ctx context.Context) context.Context {
	soonest := o.Now().Add(least)
	if o.Deadline.IsZero() || o.Deadline.After(soonest) {
		return ctx
	}
	longer, end := context.WithCancelCause(context.WithoutCancel(ctx))
	context.AfterFunc(ctx, func() {
		if why := context.Cause(ctx); why != errDeadline {
			end(why)
			return
		}
		time.AfterFunc(soonest.Sub(o.Now()), func() { end(errDeadline) })
	})
	return longer
}

// withModel makes the model that the night is forecast by, where none is given.
// A night that is being stopped has none.
func (o Options) withModel(ctx context.Context, db *store.DB, known *night.Snapshot) (Options, error) {
	if o.Model == nil {
		m, err := NewModel(ctx, db, known, o.Sources, o.Free())
		if err != nil && ctx.Err() == nil {
			return o, err
		}
		o.Model = m
	}
	if o.estimate == nil {
		o.estimate = func(j job) time.Duration {
			if o.Model == nil {
				return 0
			}
			mean, _ := o.Model.Seconds(j.run.Config, j.checkpointEpoch, j.to())
			return cost.Duration(mean)
		}
	}
	return o, nil
}
