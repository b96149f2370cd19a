package cli

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/runner"
)

func (a *app) verifyCommand() *cobra.Command {
	var sample int
	var seed uint64
	var asJSON bool
	var kernel string
	c := &cobra.Command{
		Use:   "verify {RUN... | --sample N}",
		Short: "Train runs again and compare every metric and the weights, bit for bit",
		Long: `Trains runs of the database again, in memory, and compares everything that was
measured of them, their outputs and the digest of their weights. The database stays
as it is. RUN is any unambiguous beginning of an identity; --sample chooses among
the runs that are finished, the same ones for the same seed and database.

The exit code is 1 if any run is not identical. Then the first value that differs
is printed, and what was another program, processor or kernel when it was trained.`,
		Example: `  nightshift verify 3f2a
  nightshift verify --sample 3
  nightshift verify --sample 3 --seed 1 --json`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			sampled := cmd.Flags().Changed("sample")
			switch {
			case sampled == (len(args) > 0):
				return usage(errors.New("say which runs, or how many with --sample; one of the two"))
			case sampled && sample < 1:
				return usage(fmt.Errorf("--sample is %d; at least one run is needed", sample))
			case !sampled && cmd.Flags().Changed("seed"):
				return usage(errors.New("--seed is for --sample"))
			}
			if err := withKernel(kernel); err != nil {
				return err
			}
			db, err := a.openRead()
			if err != nil {
				return err
			}
			defer db.Close()
			var runs []store.Run
			if sampled {
				runs, err = sampleRuns(cmd.Context(), db, sample, seed)
			} else {
				runs, err = namedRuns(cmd.Context(), db, args)
			}
			if err != nil {
				return err
			}
			return a.verify(cmd.Context(), db, runs, asJSON)
		},
	}
	c.Flags().IntVar(&sample, "sample", 0, "how many of the finished runs to choose")
	c.Flags().Uint64Var(&seed, "seed", 0, "of the choice")
	kernelFlag(c, &kernel)
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

// namedRuns finds all runs before the first is trained.
func namedRuns(ctx context.Context, db *store.DB, prefixes []string) ([]store.Run, error) {
	var runs []store.Run
	for _, prefix := range prefixes {
		r, err := db.Run(ctx, prefix)
		if errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrAmbiguous) {
			return nil, usage(err)
		}
		if err != nil {
			return nil, err
		}
		runs = append(runs, r)
	}
	return runs, nil
}

// sampleRuns chooses n of the runs with a result, or all where there are fewer.
func sampleRuns(ctx context.Context, db *store.DB, n int, seed uint64) ([]store.Run, error) {
	runs, err := db.Runs(ctx, "")
	if err != nil {
		return nil, err
	}
	runs = slices.DeleteFunc(runs, func(r store.Run) bool {
		return r.Status != store.Done && r.Status != store.Diverged && r.Status != store.Pruned
	})
	if len(runs) == 0 {
		return nil, errors.New("no run in the database has a result yet")
	}
	slices.SortFunc(runs, func(a, b store.Run) int { return strings.Compare(a.ID, b.ID) })
	rand.New(rand.NewPCG(seed, 0)).Shuffle(len(runs), func(i, j int) { runs[i], runs[j] = runs[j], runs[i] })
	return runs[:min(n, len(runs))], nil
}

func (a *app) verify(ctx context.Context, db *store.DB, runs []store.Run, asJSON bool) error {
	sources := runner.NewSources(a.dataDirs())
	list := make([]verified, 0, len(runs))
	differ := 0
	for i, r := range runs {
		v, err := runner.Verify(ctx, db, r.ID, sources, runner.Options{Provenance: runner.Provenance()})
		if ctx.Err() != nil {
			return exit{exitInterrupted, fmt.Errorf("interrupted with %s left", number.Count(len(runs)-i, "run"))}
		}
		if err != nil {
			return err
		}
		if v.Difference != nil {
			differ++
		}
		if list = append(list, newVerified(v)); !asJSON {
			a.printVerdict(v)
		}
	}
	if err := a.printKernels(ctx, db); err != nil {
		return err
	}
	if asJSON {
		if err := a.printJSON(list); err != nil {
			return err
		}
	}
	if differ > 0 {
		return fmt.Errorf("%d of %s not identical", differ, number.Count(len(runs), "run"))
	}
	return nil
}

func (a *app) printVerdict(v runner.Verification) {
	if v.Difference == nil {
		compared := number.Count(v.Epochs, "epoch")
		if v.Digest {
			compared += " and the weights"
		}
		if i := slices.IndexFunc(v.Changed, func(d runner.Difference) bool { return d.Name == "kernel" }); i >= 0 {
			compared += fmt.Sprintf(" (kernel %s then and %s now)", v.Changed[i].Then, v.Changed[i].Now)
		}
		fmt.Fprintf(a.out, "%s  identical: %s  (%s)\n", study.ShortID(v.Run.ID), compared, v.Run.Label)
		return
	}
	fmt.Fprintf(a.out, "%s  differs: %s  (%s)\n", study.ShortID(v.Run.ID), v.Difference, v.Run.Label)
	for _, c := range v.Changed {
		fmt.Fprintf(a.out, "  %s was %q and is %q now\n", c.Name, c.Then, c.Now)
	}
	if len(v.Changed) == 0 {
		fmt.Fprintln(a.out, "  although program, processor and kernel are the same: the database or this machine is at fault")
	}
}

// verified is a verdict for scripts.
type verified struct {
	ID         string           `json:"id"`
	Label      string           `json:"label"`
	Identical  bool             `json:"identical"`
	Epochs     int              `json:"epochs_identical"`
	Digest     bool             `json:"weights_compared"`
	Difference *valueDifference `json:"difference,omitempty"`
	Changed    []change         `json:"changed"`
}

type valueDifference struct {
	Epoch int `json:"epoch"`
	change
}

type change struct {
	Name string `json:"name"`
	Then string `json:"then"`
	Now  string `json:"now"`
}

func newVerified(v runner.Verification) verified {
	n := verified{v.Run.ID, v.Run.Label, v.Difference == nil, v.Epochs, v.Digest && v.Difference == nil, nil, []change{}}
	if d := v.Difference; d != nil {
		n.Difference = &valueDifference{d.Epoch, change{d.Name, d.Then, d.Now}}
	}
	for _, c := range v.Changed {
		n.Changed = append(n.Changed, change{c.Name, c.Then, c.Now})
	}
	return n
}
