//go:build !linux

package cost

import "io/fs"

// directoryID tells a directory from a later one of its name on Linux, which alone has control groups.
func directoryID(fs.FS, string) uint64 { return 0 }
