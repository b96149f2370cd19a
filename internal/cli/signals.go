package cli

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"nightshift/internal/panics"
)

// interruptible returns a context that the first interrupt or request to terminate cancels, so that the work can end
// gracefully. The second one ends the program at once.
func interruptible(parent context.Context) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2)
	over, ended := make(chan struct{}), make(chan struct{})
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		defer close(ended)
		select {
		case <-signals:
			cancel()
		case <-over:
			return
		}
		select {
		case <-signals:
			os.Exit(exitInterrupted)
		case <-over:
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(over)
		<-ended
		cancel()
	}
}

// reading does work that only reads, and leaves it alone with itself once the program is asked to stop: the error is
// context.Canceled then, and the program is to end.
func reading[T any](stop <-chan struct{}, work func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	select {
	case <-stop:
	default:
		go func() {
			var r result
			r.err = panics.Caught(func() (err error) { r.value, err = work(); return err })
			done <- r
		}()
	}
	select {
	case r := <-done:
		return r.value, r.err
	case <-stop:
		var none T
		return none, context.Canceled
	}
}

// ignoreHangup lets the program go on when the terminal that it was started from is closed, and its output with it.
func ignoreHangup() { signal.Ignore(syscall.SIGHUP, syscall.SIGPIPE) }
