package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/runner"
)

func (a *app) fsckCommand() *cobra.Command {
	var repair, asJSON bool
	var rescue string
	c := &cobra.Command{
		Use:   "fsck",
		Short: "Look for everything that is wrong in the database, and repair what can be",
		Long: `Checks the file, that nothing is left of runs that are gone, that finished runs are
whole, that studies, data sets, results, checkpoints and weights are what was written,
and that every run's identity is that of its configuration, data and seeds. What is
wrong is printed with its remedy; --repair carries the remedies out, all or none.

Of a file that is too damaged for that, or cut off, --rescue makes a new database of
everything that can be read, whichever pages are lost, and names what is not whole: it is
trained again by the next nightshift run with the new file. The damaged one is only read.

The exit code is 1 if anything is wrong, with --repair if anything is left, with
--rescue if anything is lost.`,
		Example: "  nightshift fsck\n  nightshift fsck --repair\n  nightshift fsck --rescue new.db\n  nightshift fsck --json",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if rescue != "" {
				return a.rescue(cmd.Context(), rescue, asJSON)
			}
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
	c.Flags().StringVar(&rescue, "rescue", "", "make a new database, this file, of what can be read of a damaged one")
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	c.MarkFlagsMutuallyExclusive("repair", "rescue")
	return c
}

// checked is what was wrong: what has been repaired and what is left.
type checked struct {
	Repaired  []finding `json:"repaired"`
	Left      []finding `json:"left"`
	Unchecked int       `json:"unchecked"` // results without a checksum
}

type finding struct {
	Run        string `json:"run,omitempty"`
	What       string `json:"what"`
	Remedy     string `json:"remedy,omitempty"`
	Repairable bool   `json:"repairable"`
	Whole      bool   `json:"whole"` // the remedy gives back all that was there
}

func newFinding(f store.Finding) finding {
	return finding{f.Run, f.What, f.Remedy, f.Repairable(), f.Whole}
}

func (a *app) fsck(ctx context.Context, db *store.DB, repair, asJSON bool) error {
	c, err := a.check(ctx, db, repair)
	if err != nil {
		return fmt.Errorf("%s: %w", a.dbPath(), err)
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

// maxRepairs is how often a database is repaired: what is removed may be missing elsewhere.
const maxRepairs = 5

// check looks for what is wrong, and carries the remedies out or does not.
func (a *app) check(ctx context.Context, db *store.DB, repair bool) (checked, error) {
	c := checked{Repaired: []finding{}, Left: []finding{}}
	var left []store.Finding
	for range maxRepairs {
		var err error
		if left, err = db.Check(ctx, identifier()); err != nil {
			return c, err
		}
		if !repair || !slices.ContainsFunc(left, store.Finding.Repairable) {
			break
		}
		if err := db.Repair(ctx, left); err != nil {
			return c, err
		}
		for _, f := range left {
			if f.Repairable() {
				c.Repaired = append(c.Repaired, newFinding(f))
			}
		}
	}
	for _, f := range left {
		c.Left = append(c.Left, newFinding(f))
	}
	if err := a.checkData(ctx, db, repair, &c); err != nil {
		return c, err
	}
	var err error
	c.Unchecked, err = db.Unchecked(ctx)
	return c, err
}

// checkData looks for data sets that results need and that are not there, and makes
// them anew or does not.
func (a *app) checkData(ctx context.Context, db *store.DB, repair bool, c *checked) error {
	runs, err := db.WithoutData(ctx)
	if err != nil {
		return err
	}
	sources := runner.NewSources(a.dataDirs())
	for _, r := range runs {
		f := finding{"", fmt.Sprintf("data set %.24s is missing, which results were tested on", r.Data),
			"it is made anew from what the runs say of their data", true, true}
		if repair {
			err := runner.RestoreData(ctx, db, sources, r)
			if err == nil {
				c.Repaired = append(c.Repaired, f)
				continue
			}
			f.Repairable, f.Whole = false, false
			f.Remedy = fmt.Sprintf("name the folder of its files with --data, and repair again (%v)", err)
		}
		c.Left = append(c.Left, f)
	}
	return nil
}

// identifier gives the function that computes a run's identity from what a database has of it.
func identifier() func(store.Run) (string, error) {
	known := study.Identities{}
	return func(r store.Run) (string, error) {
		id, cell, err := known.Identify(r.Config, r.Data, study.Seeds{Data: r.SeedData, Init: r.SeedInit, Order: r.SeedOrder})
		if err == nil && cell != r.Cell {
			err = errors.New("its cell is another")
		}
		return id, err
	}
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
		if !f.Repairable {
			fmt.Fprintf(a.out, "%s\n  by hand: %s\n", f, f.Remedy)
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
