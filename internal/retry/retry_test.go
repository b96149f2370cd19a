package retry

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
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
