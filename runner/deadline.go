package runner

import (
	"context"
	"errors"
	"time"

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

// withEstimates fills in how long the rest of a run takes, where a deadline asks for it.
func (o Options) withEstimates(ctx context.Context, db *store.DB, studies []Study) (Options, error) {
	if o.Deadline.IsZero() || o.estimate != nil {
		return o, nil
	}
	m, err := NewModel(ctx, db, studies, o.Sources)
	o.estimate = func(j job) time.Duration {
		mean, _ := m.Seconds(j.run.Config, j.from)
		return seconds(mean)
	}
	return o, err
}

// fits says whether a job would be over before the deadline. Those that would
// not be are counted.
func (q *queue) fits(j job) bool {
	if q.o.Deadline.IsZero() || !q.o.Now().Add(q.o.estimate(j)).After(q.o.Deadline) {
		return true
	}
	q.late++
	return false
}
