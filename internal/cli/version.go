package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"nightshift/internal/store"
	"nightshift/runner"
)

func (a *app) versionCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:     "version",
		Short:   "Say what this binary is",
		Example: "  nightshift version\n  nightshift version --json",
		RunE: func(*cobra.Command, []string) error {
			p := runner.Provenance()
			if asJSON {
				return a.printJSON(p)
			}
			fmt.Fprintf(a.out, "nightshift %s\ncommit  %s", p.Version, p.Commit)
			switch {
			case p.Commit == store.UnknownCommit:
				fmt.Fprint(a.out, " (built without the stamp of a version control system)")
			case p.Dirty:
				fmt.Fprint(a.out, " (with changes)")
			}
			fmt.Fprintln(a.out)
			fmt.Fprintf(a.out, "go      %s\nsystem  %s\ncpu     %s\nkernel  %s\n", p.Go, p.OS, p.CPU, p.Kernel)
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}
