package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

func (a *app) fsckCommand() *cobra.Command {
	var repair, asJSON bool
	c := &cobra.Command{
		Use:   "fsck",
		Short: "Look for everything that is wrong in the database, and repair what can be",
		Long: `Checks the file, that nothing is left of runs that are gone, that finished runs are
whole, that results, checkpoints and weights are what was written, and that every
run's identity is that of its configuration, data and seeds. What is wrong is
printed with its remedy; --repair carries the remedies out, all or none.

The exit code is 1 if anything is wrong, with --repair if anything is left.`,
		Example: "  nightshift fsck\n  nightshift fsck --repair\n  nightshift fsck --json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			open := a.openRead
			if repair {
				open = a.openWrite
			}
			db, err := open()
			if err != nil {
				return err
			}
			defer db.Close()
			return a.fsck(cmd.Context(), db, repair, asJSON)
		},
	}
	c.Flags().BoolVar(&repair, "repair", false, "carry out the remedies")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// checked is what was wrong: what has been repaired and what is left.
type checked struct {
	Repaired  []finding `json:"repaired"`
	Left      []finding `json:"left"`
	Unchecked int       `json:"unchecked"` // results without a checksum
}

type finding struct {
	Run    string `json:"run,omitempty"`
	What   string `json:"what"`
	Remedy string `json:"remedy,omitempty"`
}

func (a *app) fsck(ctx context.Context, db *store.DB, repair, asJSON bool) error {
	left, err := db.Check(ctx, identify)
	if err != nil {
		return fmt.Errorf("%s: %w", a.dbPath(), err)
	}
	c := checked{Repaired: []finding{}, Left: []finding{}}
	if repair {
		if err := db.Repair(ctx, left); err != nil {
			return err
		}
		for _, f := range left {
			if f.Remedy != "" {
				c.Repaired = append(c.Repaired, finding{f.Run, f.What, f.Remedy})
			}
		}
		if left, err = db.Check(ctx, identify); err != nil {
			return err
		}
	}
	for _, f := range left {
		c.Left = append(c.Left, finding{f.Run, f.What, f.Remedy})
	}
	if c.Unchecked, err = db.Unchecked(ctx); err != nil {
		return err
	}
	if asJSON {
		err = a.printJSON(c)
	} else {
		a.printChecked(c)
	}
	if err == nil && len(c.Left) > 0 {
		err = exit{code: exitError}
	}
	return err
}

// identify computes a run's identity from what the database has of it.
func identify(r store.Run) (string, error) {
	id, cell, err := study.Identify(r.Config, r.Data, study.Seeds{Data: r.SeedData, Init: r.SeedInit, Order: r.SeedOrder})
	if err == nil && cell != r.Cell {
		err = errors.New("its cell is another")
	}
	return id, err
}

func (a *app) printChecked(c checked) {
	for _, f := range c.Repaired {
		fmt.Fprintf(a.out, "%s\n  repaired: %s\n", f, f.Remedy)
	}
	if c.Unchecked > 0 {
		fmt.Fprintf(a.out, "%s have no checksum, as those of older versions, and were not compared\n",
			number.Count(c.Unchecked, "result"))
	}
	byRepair := 0
	for _, f := range c.Left {
		if f.Remedy == "" {
			fmt.Fprintf(a.out, "%s\n  nothing is safe to do about it\n", f)
			continue
		}
		byRepair++
		fmt.Fprintf(a.out, "%s\n  with --repair: %s\n", f, f.Remedy)
	}
	switch {
	case len(c.Left) > 0:
		fmt.Fprintf(a.out, "%s left, %d of them for nightshift fsck --repair\n", number.Count(len(c.Left), "finding"), byRepair)
	case len(c.Repaired) > 0:
		fmt.Fprintf(a.out, "%s repaired, nothing is wrong any more\n", number.Count(len(c.Repaired), "finding"))
	default:
		fmt.Fprintln(a.out, "nothing is wrong")
	}
}

func (f finding) String() string {
	what := strings.TrimSpace(f.What)
	if f.Run == "" {
		return what
	}
	return fmt.Sprintf("run %s: %s", study.ShortID(f.Run), what)
}
