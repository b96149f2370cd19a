//go:build unix

package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// notifyOfWarnings has the signal sent to warned that asks to be started again.
func notifyOfWarnings(warned chan<- os.Signal) { signal.Notify(warned, syscall.SIGUSR1) }
