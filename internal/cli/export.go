package cli

import "github.com/spf13/cobra"

func (a *app) exportCommand() *cobra.Command {
	c := &cobra.Command{
		Use:     "export",
		Short:   "Write what the database holds for other programs",
		Example: "  nightshift export weights 3f2a -o w.safetensors",
		Args:    knownCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	c.SuggestionsMinimumDistance = 2
	a.add(c, a.exportWeightsCommand())
	return c
}
