package runner

import (
	"errors"
	"io/fs"
	"syscall"

	"nightshift/internal/panics"
)

// transient says whether a failure may not happen again: a panic, or an error of
// the file system or the operating system. An error of the configuration itself
// is permanent.
func transient(err error) bool {
	var p panics.Error
	var file *fs.PathError
	var system syscall.Errno
	return errors.As(err, &p) || errors.As(err, &file) || errors.As(err, &system)
}
