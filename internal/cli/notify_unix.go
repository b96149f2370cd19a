//go:build unix

package cli

import (
	"os/exec"
	"syscall"
)

// alone gives a command a group of its own, so that Ctrl-C does not reach it and its end takes what it has started with it.
func alone(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}
