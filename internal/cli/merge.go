package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"nightshift/internal/file"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

func (a *app) mergeCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "merge DB...",
		Short: "Bring what other databases hold into this one",
		Long: `Adds the runs, studies and nights of other databases to the one that --out or --db
names, which is made if there is none. The others are only read. Runs are the same
if their configuration, data and seeds are; merging once more changes nothing, and
the order of the databases does not matter. A study has the members of all of them,
and the file that was recorded last.

A run that has different results in two databases is a conflict: one result stays
the run's, the other one is kept in the view conflicts. A result that is not what
was written, as fsck finds it, is left out with what cannot be read, and the exit code
is 1; everything else is merged.`,
		Example: `  nightshift merge other/results/nightshift.db
  nightshift merge --db all.db monday.db tuesday.db
  nightshift merge other.db --json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := a.mergeable(args); err != nil {
				return err
			}
			db, err := store.Open(a.dbPath())
			if err != nil {
				return err
			}
			defer db.Close()
			return a.merge(cmd.Context(), db, args, asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// mergeable looks at all the databases before anything is changed.
func (a *app) mergeable(from []string) error {
	into, err := os.Stat(a.dbPath())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("database: %w", err)
	}
	for _, path := range from {
		info, err := os.Stat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("there is no database %s; nothing was merged", path)
		}
		if err != nil {
			return fmt.Errorf("database: %w", err)
		}
		if into != nil && os.SameFile(into, info) {
			return usage(fmt.Errorf("%s is the database that the others are merged into; leave it out, or name another with --db", path))
		}
		if err := store.Mergeable(path); err != nil {
			return err
		}
	}
	return nil
}

// merged is what one database brought.
type merged struct {
	From      string     `json:"from"`
	Added     int        `json:"added"`
	Completed int        `json:"completed"`
	Known     int        `json:"known"` // runs with conflicts included
	Conflicts []conflict `json:"conflicts"`
	Damaged   []damaged  `json:"damaged"`  // left out
	Replaced  []damaged  `json:"replaced"` // of this database, which were damaged
}

type damaged struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	What  string `json:"what"`
}

type conflict struct {
	ID    string           `json:"id"`
	Label string           `json:"label"`
	Kept  store.Provenance `json:"kept"`
	Apart store.Provenance `json:"apart"`

	Difference      jsonNumber `json:"difference"`       // the largest one of the final metrics, as a part of it
	OtherArithmetic bool       `json:"other_arithmetic"` // kernels, processors or systems differ
}

// newMerged is what the database of a path brought.
func newMerged(path string, m store.Merged) merged {
	n := merged{path, m.Added, m.Completed, m.Same, []conflict{}, []damaged{}, []damaged{}}
	for _, c := range m.Conflicts {
		n.Conflicts = append(n.Conflicts, conflict{c.ID, c.Label, c.Kept, c.Apart,
			jsonNumber{V: c.Difference, Valid: true}, c.OtherArithmetic()})
	}
	for _, d := range m.Damaged {
		n.Damaged = append(n.Damaged, damaged(d))
	}
	for _, d := range m.Replaced {
		n.Replaced = append(n.Replaced, damaged(d))
	}
	return n
}

func (a *app) merge(ctx context.Context, db *store.DB, from []string, asJSON bool) error {
	list := make([]merged, 0, len(from))
	err := store.MergeAll(ctx, db, from, identifier(), func(path string, m store.Merged) {
		n := newMerged(path, m)
		if list = append(list, n); !asJSON {
			a.printMerged(n)
		}
	})
	if ctx.Err() != nil {
		return exit{exitInterrupted, errors.New("interrupted; the same command merges what is left")}
	}
	if err != nil {
		return err
	}
	if asJSON {
		if err := a.printJSON(list); err != nil {
			return err
		}
	}
	if err := a.printKernels(ctx, db); err != nil {
		return err
	}
	if err := db.Close(); err != nil {
		return fmt.Errorf("closing the database: %w", err)
	}
	for _, m := range list {
		if n := len(m.Damaged); n > 0 {
			return fmt.Errorf("%s left out; see what is wrong with nightshift fsck --db %s", number.Count(n, "damaged record"),
				file.ShellWord(m.From))
		}
	}
	return nil
}

func (a *app) printMerged(m merged) {
	fmt.Fprintf(a.out, "%s: %s added, %d completed, %d known already", m.From, number.Count(m.Added, "run"), m.Completed, m.Known)
	if len(m.Conflicts) > 0 {
		fmt.Fprintf(a.out, ", %s", number.Count(len(m.Conflicts), "conflict"))
	}
	if len(m.Damaged) > 0 {
		fmt.Fprintf(a.out, ", %d damaged", len(m.Damaged))
	}
	fmt.Fprintln(a.out)
	for _, d := range m.Damaged {
		if d.ID == "" {
			fmt.Fprintf(a.out, "  %s: %s\n", d.Label, d.What)
			continue
		}
		fmt.Fprintf(a.out, "  run %s (%s) is left out: %s\n", study.ShortID(d.ID), d.Label, d.What)
	}
	for _, d := range m.Replaced {
		fmt.Fprintf(a.out, "  run %s (%s): %s, and is that of %s now\n", study.ShortID(d.ID), d.Label, d.What, m.From)
	}
	for _, c := range m.Conflicts {
		fmt.Fprintf(a.out, "  run %s (%s) has different results%s\n    kept   %s\n    apart  %s\n",
			study.ShortID(c.ID), c.Label, c.why(), madeBy(c.Kept), madeBy(c.Apart))
	}
}

// lastBits is how far, as a part of the number, results may differ that other arithmetic explains.
const lastBits = 1e-3

// why says what the results of a conflict may differ by.
func (c conflict) why() string {
	switch d := c.Difference.V; {
	case !c.OtherArithmetic:
		return ", by programs whose kernel, processor and system are the same"
	case d <= lastBits:
		return fmt.Sprintf(": another kernel, processor or system, and they differ in the last bits (final metrics by %.2g at most)",
			d)
	}
	return ": another kernel, processor or system, and they differ by more than the last bits"
}
