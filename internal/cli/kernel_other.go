//go:build !unix

package cli

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// reexec runs a program in the place of this one, with the same arguments and files, and ends with its exit code.
func reexec(program string, environment []string) error {
	c := exec.Command(program, os.Args[1:]...)
	c.Env, c.Stdin, c.Stdout, c.Stderr = environment, os.Stdin, os.Stdout, os.Stderr
	err := c.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		return fmt.Errorf("%s: %w", program, err)
	}
	os.Exit(c.ProcessState.ExitCode())
	return nil
}
