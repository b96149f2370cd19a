package runner

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"syscall"
)

// panicked is a panic that has ended a training.
type panicked struct {
	value any
	stack string
}

func (p panicked) Error() string { return "panic: " + fmt.Sprint(p.value) }

// caught calls f and makes its panic an error.
func caught(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked{p, string(debug.Stack())}
		}
	}()
	return f()
}

// passing says whether a failure may not happen again: something outside the
// program went wrong, or it met a state that it should not have. What a
// configuration cannot be stays impossible.
func passing(err error) bool {
	var p panicked
	var file *fs.PathError
	var system syscall.Errno
	return errors.As(err, &p) || errors.As(err, &file) || errors.As(err, &system)
}
