//go:build unix

package bench

import (
	"os"
	"runtime"
	"syscall"
)

// peakMB is the most memory that a process that has ended had resident; this
// one's if it is nil. 0 where it is not known.
func peakMB(p *os.ProcessState) float64 {
	var u syscall.Rusage
	if p == nil {
		if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
			return 0
		}
	} else if known, ok := p.SysUsage().(*syscall.Rusage); ok {
		u = *known
	}
	if runtime.GOOS == "darwin" { // bytes there, kilobytes elsewhere
		return float64(u.Maxrss) / 1e6
	}
	return float64(u.Maxrss) * 1024 / 1e6
}
