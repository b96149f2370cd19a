// Package retry waits between attempts at what the network or a cluster may do better another time, and tells what it will not.
package retry

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
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
