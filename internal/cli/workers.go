package cli

import (
	"runtime"

	"github.com/spf13/cobra"
)

// workersFlag adds the flag by which a command is told how many runs are trained at the same time:
// one on each core unless it is given. doc says what for.
func workersFlag(c *cobra.Command, workers *int, doc string) {
	c.Flags().IntVar(workers, "workers", runtime.NumCPU(), doc)
	c.Flags().Lookup("workers").DefValue = "one a core" // the help is the same on every machine
}
