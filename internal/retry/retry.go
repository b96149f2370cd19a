// Package retry waits between attempts at what the network may do better another time.
package retry

import (
	"context"
	"time"
)

// Wait waits for a time, or until the context ends, which is the error then.
func Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
