package cli

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"
)

func (a *app) reportCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "report [STUDY...]",
		Short: "Write figures and HTML page from the database",
		Long: `Writes OUT/STUDY/index.html and its figures from what the database holds: of the
studies named, or of all of them. Nothing is trained.`,
		Example: "  nightshift report\n  nightshift report quickstart",
		RunE: func(cmd *cobra.Command, args []string) error {
			db, err := a.openRead()
			if err != nil {
				return err
			}
			defer db.Close()
			studies, err := db.Studies(cmd.Context())
			if err != nil {
				return err
			}
			var known []string
			for _, s := range studies {
				known = append(known, s.Study)
			}
			if len(known) == 0 {
				return fmt.Errorf("there is no study in %s yet", a.dbPath())
			}
			names := args
			if len(names) == 0 {
				names = known
			}
			for _, name := range names {
				if !slices.Contains(known, name) {
					return usage(fmt.Errorf("no study %q in %s; it holds %s", name, a.dbPath(), quoted(known)))
				}
			}
			for _, name := range names {
				if err := a.writeReport(cmd.Context(), db, name, false); err != nil {
					return err
				}
			}
			return nil
		},
		Args: cobra.ArbitraryArgs,
	}
}
