package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"nightshift/internal/number"
	"nightshift/internal/store"
)

func (a *app) gcCommand() *cobra.Command {
	var yes, dry bool
	c := &cobra.Command{
		Use:   "gc",
		Short: "Delete what no study needs, and give the room back",
		Long: `Deletes runs that belong to no study, checkpoints and final states of runs that have a result (runs
with more epochs could go on from these), and what belongs to no run, and writes the database anew
without gaps, for which the disk needs as much room again. Results of studies stay. Nothing is
deleted before it was asked for: on a terminal, or by --yes.`,
		Example: `  nightshift gc --dry-run
  nightshift gc --yes`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			db, err := a.openDelete(dry)
			if err != nil {
				return err
			}
			defer db.Close()
			return a.collect(cmd.Context(), db, yes, dry)
		},
	}
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	c.Flags().BoolVar(&dry, "dry-run", false, "say what would be deleted, and delete nothing")
	return c
}

func (a *app) collect(ctx context.Context, db *store.DB, yes, dry bool) error {
	would, err := db.Collect(ctx, true)
	if err != nil {
		return err
	}
	if dry {
		fmt.Fprintf(a.out, "would delete %s\n", garbage(would))
		return nil
	}
	if err := a.confirm("Delete "+garbage(would)+"?", yes); err != nil {
		return err
	}
	before := a.databaseSize()
	done, err := db.Collect(ctx, false)
	if err != nil {
		return err
	}
	if err := db.Compact(ctx); err != nil {
		return fmt.Errorf("deleted %s, but gave no room back: %w", garbage(done), err)
	}
	fmt.Fprintf(a.out, "deleted %s; the database has %.1f MB, before %.1f MB\n", garbage(done), a.databaseSize(), before)
	return nil
}

func garbage(g store.Garbage) string {
	return fmt.Sprintf("%s of no study, %s and final states of runs with a result, %s that no run needs",
		number.Count(g.Orphans, "run"), number.Count(g.Checkpoints, "checkpoint"), number.Count(g.Rows, "row"))
}

// databaseSize is that of the file in MB.
func (a *app) databaseSize() float64 {
	info, err := os.Stat(a.dbPath())
	if err != nil {
		return 0
	}
	return float64(info.Size()) / 1e6
}
