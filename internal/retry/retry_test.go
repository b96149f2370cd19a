package retry

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		if err := Wait(t.Context(), time.Hour); err != nil || time.Since(began) != time.Hour {
			t.Errorf("%v after %v", err, time.Since(began))
		}
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		began = time.Now()
		if err := Wait(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) || time.Since(began) != time.Minute {
			t.Errorf("stopped: %v after %v", err, time.Since(began))
		}
	})
}

func TestMayHelp(t *testing.T) {
	request := func(err error) error { return &url.Error{Op: "Get", URL: "http://x/y", Err: err} }
	for _, test := range []struct {
		err  error
		want bool
		says string
	}{
		{request(&net.DNSError{Name: "x", IsNotFound: true}), false, "no server x is known here"},
		{request(&net.DNSError{Name: "x", Err: "server misbehaving"}), true, "lookup x: server misbehaving"},
		{request(&tls.CertificateVerificationError{Err: errors.New("expired")}), false, "tls: failed to verify certificate: expired"},
		{request(http.ErrSchemeMismatch), false, http.ErrSchemeMismatch.Error()},
		{request(syscall.ECONNREFUSED), true, syscall.ECONNREFUSED.Error()},
	} {
		if got := MayHelp(test.err); got != test.want || Cause(test.err).Error() != test.says || MayHelp(Cause(test.err)) != test.want {
			t.Errorf("%v: %v, %v", test.err, got, Cause(test.err))
		}
	}
}

// Pauses double from two seconds, and begin anew after an attempt that came further; Most attempts in a row are made.
func TestAttempts(t *testing.T) {
	failure := errors.New("no")
	for _, c := range []struct {
		name     string
		outcomes []Outcome // of the attempts; the one after them succeeds
		pauses   []time.Duration
		fails    bool
	}{
		{"at once", nil, nil, false},
		{"the third time", []Outcome{Again, Again}, []time.Duration{2, 4}, false},
		{"never", []Outcome{Again, Again, Again, Again}, []time.Duration{2, 4}, true},
		{"further each time", []Outcome{Again, Progress, Again, Progress}, []time.Duration{2, 2, 4, 2}, false},
		{"final", []Outcome{Again, Final}, []time.Duration{2}, true},
	} {
		var pauses []time.Duration
		said, made := 0, 0
		err := Attempts{Most: 3,
			Wait: func(_ context.Context, d time.Duration) error { pauses = append(pauses, d/time.Second); return nil },
			Say:  func(error, string) { said++ },
		}.Do(t.Context(), func() (Outcome, error) {
			if made++; made > len(c.outcomes) {
				return Again, nil
			}
			return c.outcomes[made-1], failure
		})
		if !slices.Equal(pauses, c.pauses) || said != len(pauses) || errors.Is(err, failure) != c.fails {
			t.Errorf("%s: pauses %v, said %d times, %v", c.name, pauses, said, err)
		}
	}
	stopped := errors.New("stopped")
	a := Attempts{Most: 3, Wait: func(context.Context, time.Duration) error { return stopped }, Say: func(error, string) {}}
	if err := a.Do(t.Context(), func() (Outcome, error) { return Again, failure }); !errors.Is(err, stopped) {
		t.Errorf("stopped while it waits: %v", err)
	}
}
