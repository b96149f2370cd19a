//go:build unix

package cli

import (
	"fmt"
	"os"
	"strconv"
	"syscall"
)

// lowerPriority makes the process give way to others. On Linux every thread has a priority of its own, which the threads that
// it starts inherit. Where it gives way more already, which only root may take back, it goes on to.
func lowerPriority(nice int) error {
	lower := func(id int) error {
		switch err := syscall.Setpriority(syscall.PRIO_PROCESS, id, nice); err {
		case nil, syscall.ESRCH, syscall.EACCES:
			return nil
		default:
			return fmt.Errorf("--nice %d: %w", nice, err)
		}
	}
	if err := lower(0); err != nil {
		return err
	}
	threads, _ := os.ReadDir("/proc/self/task") // nothing there: not Linux
	for _, t := range threads {
		id, err := strconv.Atoi(t.Name())
		if err != nil {
			continue
		}
		if err := lower(id); err != nil {
			return err
		}
	}
	return nil
}
