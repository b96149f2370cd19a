package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report"
	"nightshift/runner"
)

type runFlags struct {
	set         []string
	workers     int
	retryFailed bool
	noReport    bool
	quiet       bool
}

func (a *app) runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run STUDY...",
		Short: "Train what is missing, then write the report",
		Long: `Trains every run of the studies that the database does not hold yet and writes
each study's report. A STUDY is a file, a folder, a glob, or the name of a study
that comes with nightshift: ` + strings.Join(embeddedNames(), ", ") + `.

Ctrl-C once ends the night gracefully; the same command goes on from there.`,
		Example: `  nightshift run quickstart
  nightshift run my-study.yaml --workers 2 --set base.epochs=3 --set seeds=2
  nightshift run 'studies/*.yaml' --data ~/data`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.run(cmd.Context(), args, f)
		},
	}
	c.Flags().StringArrayVar(&f.set, "set", nil, "override a key of the study: base.lr=0.1, grid.width=[8, 16], seeds=3 (repeatable)")
	c.Flags().IntVar(&f.workers, "workers", runtime.NumCPU(), "runs trained at the same time")
	c.Flags().BoolVar(&f.retryFailed, "retry-failed", false, "train failed runs again, too")
	c.Flags().BoolVar(&f.noReport, "no-report", false, "do not write the report")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "print errors only")
	return c
}

func (a *app) run(ctx context.Context, args []string, f runFlags) error {
	if f.workers < 1 {
		return usage(fmt.Errorf("--workers is %d; at least one is needed", f.workers))
	}
	studies, err := a.studies(args, f.set)
	if err != nil {
		return err
	}
	sources := runner.NewSources(a.dataDirs())
	plan, err := expand(studies, sources)
	if err != nil {
		return err
	}
	db, err := store.Open(a.dbPath())
	if err != nil {
		return err
	}
	defer db.Close()

	p := newProgress(a.err, f.quiet)
	summary, err := runner.Night(ctx, db, plan, runner.Options{
		Workers:     f.workers,
		RetryFailed: f.retryFailed,
		Sources:     sources,
		Provenance:  runner.Provenance(),
		Observe:     p.observe,
	})
	p.close()
	if err != nil {
		return err
	}
	if !f.quiet {
		a.printSummary(summary)
	}
	if !f.noReport {
		// An interrupted night still gets its report, so the cancelled context is not passed on.
		for _, s := range studies {
			if err := a.writeReport(context.WithoutCancel(ctx), db, s.Name, f.quiet); err != nil {
				return err
			}
		}
	}
	if err := db.Close(); err != nil {
		return fmt.Errorf("closing the database: %w", err)
	}
	return a.outcome(ctx, summary, args, f)
}

// expand turns the studies into runs; the data of each is looked for, so that a
// missing file is found before the first step.
func expand(studies []*study.Study, sources *runner.Sources) ([]runner.Study, error) {
	var plan []runner.Study
	for _, s := range studies {
		runs, err := s.Runs(sources.Fingerprint)
		if err != nil {
			return nil, fmt.Errorf("study %s: %w", s.Name, err)
		}
		plan = append(plan, runner.Study{Study: s, Runs: runs})
	}
	return plan, nil
}

func (a *app) writeReport(ctx context.Context, db *store.DB, name string, quiet bool) error {
	r, err := report.Write(ctx, db, name, filepath.Join(a.outDir, name))
	if err != nil {
		return fmt.Errorf("report of %s: %w", name, err)
	}
	if !quiet {
		fmt.Fprintf(a.out, "report: %s (%d figures)\n", r.Path, len(r.Figures))
	}
	return nil
}

func (a *app) printSummary(s runner.Summary) {
	var parts []string
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(s.Done, "done")
	add(s.Diverged, "diverged")
	add(s.Failed, "failed")
	add(s.Interrupted, "interrupted")
	add(s.Reused, "reused from the database")
	if trained := s.Done + s.Diverged + s.Failed + s.Interrupted; trained == 0 && s.Left == 0 {
		fmt.Fprintf(a.out, "nothing to train: all %s are in the database\n", count(s.Total, "run"))
		return
	}
	fmt.Fprintf(a.out, "%s: %s in %s\n", count(s.Total, "run"), strings.Join(parts, ", "), s.Elapsed.Round(100*time.Millisecond))
	if s.Again > 0 {
		fmt.Fprintf(a.out, "%s had a result already, but not the weights that keep: asks for; the result stays as it was\n", count(s.Again, "run"))
	}
}

// outcome turns how the night went into the command's exit code.
func (a *app) outcome(ctx context.Context, s runner.Summary, args []string, f runFlags) error {
	switch {
	case ctx.Err() != nil && s.Left > 0:
		again := "nightshift run " + strings.Join(args, " ")
		for _, set := range f.set {
			again += fmt.Sprintf(" --set %q", set)
		}
		return exit{exitInterrupted, fmt.Errorf("interrupted with %s left; go on with: %s", count(s.Left, "run"), again)}
	case s.Failed > 0:
		var lines []error
		for i, failure := range s.Failures {
			if i == 5 {
				lines = append(lines, fmt.Errorf("... and %d more", len(s.Failures)-i))
				break
			}
			lines = append(lines, fmt.Errorf("  %s %s: %s", short(failure.ID), failure.Label, failure.Reason))
		}
		return exit{exitFailed, fmt.Errorf("%s failed (nightshift show RUN tells more):\n%w", count(s.Failed, "run"), errors.Join(lines...))}
	}
	return nil
}
