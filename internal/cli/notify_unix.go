//go:build unix

package cli

import (
	"os/exec"
	"syscall"
)

// ownGroup gives a command a group of its own, so that Ctrl-C does not reach it and its end takes what it has started with it.
func ownGroup(c *exec.Cmd) {
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	c.Cancel = func() error { return syscall.Kill(-c.Process.Pid, syscall.SIGKILL) }
}
