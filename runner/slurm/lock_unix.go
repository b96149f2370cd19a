//go:build unix

package slurm

import (
	"errors"
	"os"
	"syscall"
)

// tryLock locks an open file as long as it is open here or in a command that has inherited it. Where the file system has no
// such locks, nothing is locked: a study that is submitted twice at once is trained twice, to the same bits.
func tryLock(f *os.File) (busy bool, err error) {
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK), errors.Is(err, syscall.EINTR):
		return true, nil
	case errors.Is(err, syscall.ENOSYS), errors.Is(err, syscall.EOPNOTSUPP), errors.Is(err, syscall.ENOLCK):
		return false, nil
	}
	return false, err
}
