package runner

import (
	"context"
	"errors"
	"time"
)

var errDeadline = errors.New("the night's deadline has passed")

// untilDeadline is a context that ends when the night has to.
func (o Options) untilDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if o.Deadline.IsZero() {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, o.Deadline.Sub(o.Now()), errDeadline)
}

// fits says whether a job would be over before the deadline; one that has a
// checkpoint needs the rest of its time only. Those that do not fit are counted.
func (q *queue) fits(j job) bool {
	if q.o.Deadline.IsZero() {
		return true
	}
	rest := 1 - float64(j.from)/float64(max(1, j.run.Epochs))
	need := time.Duration(float64(q.o.estimate(j)) * rest)
	if !q.o.Now().Add(need).After(q.o.Deadline) {
		return true
	}
	q.late++
	return false
}
