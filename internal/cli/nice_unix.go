//go:build unix

package cli

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
)

// lowerPriority makes the process give way to others. On Linux every thread has a priority of its own, which the threads that
// it starts inherit.
func lowerPriority(nice int) error {
	if err := syscall.Setpriority(syscall.PRIO_PROCESS, 0, nice); err != nil {
		return fmt.Errorf("--nice %d: %w", nice, err)
	}
	threads, _ := os.ReadDir("/proc/self/task") // nothing there: not Linux
	for _, t := range threads {
		id, err := strconv.Atoi(t.Name())
		if err != nil {
			continue
		}
		if err := syscall.Setpriority(syscall.PRIO_PROCESS, id, nice); err != nil && err != syscall.ESRCH {
			return fmt.Errorf("--nice %d: %w", nice, err)
		}
	}
	return nil
}
