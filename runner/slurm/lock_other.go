//go:build !unix

package slurm

import "os"

// tryLock locks nothing: there is no Slurm here.
func tryLock(*os.File) (busy bool, err error) { return false, nil }
