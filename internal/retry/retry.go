// Package retry makes several attempts at what the network or a cluster may do better another time, and tells what it will not.
package retry

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Outcome is what an attempt that failed says of another one.
type Outcome int

// Outcomes of attempts.
const (
	Again    Outcome = iota // another attempt may succeed
	Progress                // as Again, and it came further than those before, whose failures no longer count
	Final                   // another attempt would fail as well
)

// Attempts is how something is tried more than once.
type Attempts struct {
	Most int                                                  // so many in a row may fail
	Wait func(ctx context.Context, pause time.Duration) error // between two of them
	Say  func(err error, next string)                         // what failed, and when the next one is made
}

// Do makes an attempt, and others, each after a pause twice as long as the one before, until one succeeds, is final, or Most
// have failed in a row. The error is that of the last attempt, or of the wait for the next.
func (a Attempts) Do(ctx context.Context, attempt func() (Outcome, error)) error {
	for failed := 1; ; failed++ {
		outcome, err := attempt()
		if outcome == Progress {
			failed = 1
		}
		if err == nil || outcome == Final || failed == a.Most {
			return err
		}
		pause := time.Second << failed
		a.Say(err, fmt.Sprintf("trying again in %s (%d of %d)", pause, failed+1, a.Most))
		if err := a.Wait(ctx, pause); err != nil {
			return err
		}
	}
}

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

// MayHelp says whether a request that failed with this error may succeed another time: not where no server of that name is
// known, nor where its certificate or its protocol is wrong.
func MayHelp(err error) bool {
	var unknown *net.DNSError
	var certificate *tls.CertificateVerificationError
	var noTLS tls.RecordHeaderError
	return !(errors.As(err, &unknown) && unknown.IsNotFound || errors.As(err, &certificate) || errors.As(err, &noTLS) ||
		errors.Is(err, http.ErrSchemeMismatch))
}

// Cause is the error of a request without the address, for those who say it themselves.
func Cause(err error) error {
	if failed := (*url.Error)(nil); errors.As(err, &failed) {
		err = failed.Err
	}
	if unknown := (*net.DNSError)(nil); errors.As(err, &unknown) && unknown.IsNotFound {
		return unknownServer{unknown}
	}
	return err
}

// unknownServer is the error of a name that no server has, in fewer words.
type unknownServer struct{ *net.DNSError }

func (e unknownServer) Error() string { return "no server " + e.Name + " is known here" }

func (e unknownServer) Unwrap() error { return e.DNSError }
