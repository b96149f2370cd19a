//go:build !unix

package cli

import "os"

// notifyOfWarnings has nothing sent: there is no such signal here.
func notifyOfWarnings(chan<- os.Signal) {}
