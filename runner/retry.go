package runner

import (
	"errors"
	"io/fs"
	"syscall"

	"nightshift/internal/panics"
)

// passing says whether a failure may not happen again: something outside the
// program went wrong, or it met a state that it should not have. What a
// configuration cannot be stays impossible.
func passing(err error) bool {
	var p panics.Error
	var file *fs.PathError
	var system syscall.Errno
	return errors.As(err, &p) || errors.As(err, &file) || errors.As(err, &system)
}
