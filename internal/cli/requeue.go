package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
)

// errRequeue is why a night ends that was warned that its time is nearly over.
var errRequeue = errors.New("warned by USR1")

// requeueable returns a context that USR1 cancels as well. Launchers send it when a time limit is near or when the job is
// preempted.
func requeueable(parent context.Context) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancelCause(parent)
	warned := make(chan os.Signal, 1)
	notifyOfWarnings(warned)
	go func() {
		select {
		case <-warned:
			cancel(errRequeue)
		case <-ctx.Done():
		}
	}()
	return ctx, func() { signal.Stop(warned); cancel(nil) }
}

// asksRequeue says whether a night was ended by USR1, and not by a request to stop for good.
func (a *app) asksRequeue(ctx context.Context) bool {
	select {
	case <-a.stop:
		return false
	default:
		return context.Cause(ctx) == errRequeue
	}
}

// stopped gives the error of a night that was stopped before anything was trained the exit code for the way in which it was
// stopped.
func (a *app) stopped(ctx context.Context, err error) error {
	switch {
	case !errors.Is(err, context.Canceled):
		return err
	case a.asksRequeue(ctx):
		return exit{exitRequeue, fmt.Errorf("warned before training had begun: %w", err)}
	}
	return exit{exitInterrupted, err}
}
