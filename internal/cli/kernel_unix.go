//go:build unix

package cli

import (
	"fmt"
	"os"
	"syscall"
)

// reexec puts a program into the place of this one, with the same arguments, files and number.
func reexec(program string, environment []string) error {
	return fmt.Errorf("%s: %w", program, syscall.Exec(program, os.Args, environment))
}
