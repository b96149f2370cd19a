package cost

import (
	"io/fs"
	"syscall"
)

// directoryID tells a directory from a later one of its name; 0 where there is none.
func directoryID(machine fs.FS, dir string) uint64 {
	if info, err := fs.Stat(machine, dir); err == nil {
		if stat, ok := info.Sys().(*syscall.Stat_t); ok {
			return stat.Ino
		}
	}
	return 0
}
