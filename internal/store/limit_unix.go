//go:build unix

package store

import "syscall"

// fileSizeLimit is how large files of this process may become; false where there is no limit.
func fileSizeLimit() (bytes uint64, limited bool) {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit) != nil {
		return 0, false
	}
	const beyondAll = 1 << 62 // what stands for no limit differs between systems
	return uint64(limit.Cur), uint64(limit.Cur) < beyondAll
}
