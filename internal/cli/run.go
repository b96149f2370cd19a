package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"nightshift/internal/cost"
	"nightshift/internal/night"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/runner"
)

type runFlags struct {
	set         []string
	workers     int
	asMany      bool   // as workers says, whatever the memory
	length      string // --for
	until       string
	retries     int
	checkpoint  time.Duration
	lease       time.Duration
	retryFailed bool
	nice        int
	noReport    bool
	quiet       bool
	wandb       bool
	notify      string // command that is told how the night has ended
	copyTo      string
	journal     string
	kernel      string
	shareFlags
	observe func(runner.Event) // called for every event as well; nil for none
	studyAt time.Time          // when the studies were said to be so; zero for now
}

func (a *app) runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run STUDY...",
		Short: "Train what is missing, then write the report",
		Long: `Trains every run of the studies that the database does not hold yet and writes
each study's report. A STUDY is a file, a folder, a glob, or the name of a study
that comes with nightshift: ` + wrapped(embeddedNames(), "that comes with nightshift: ") + `.
Any other NAME is the file NAME.yaml. lecture is all of the lecture, in one night;
studies whose data are not here are left out.

Ctrl-C once ends the night gracefully, twice at once; the same command goes on
from there. A terminal that goes away does not end it. OUT/nightshift.log gets a
line for every run. --notify CMD hands a shell command how the night has ended.

--shard i/n trains one of n shares of about equal cost, each in a database of its
own (--out), which merge brings together. On USR1 the night writes its checkpoints
and ends with exit code 75 if anything is left: whoever has started it may again.`,
		Example: `  nightshift run quickstart
  nightshift run lecture --until 07:00
  nightshift run my-study.yaml --workers 2 --set base.epochs=3 --set seeds=2
  nightshift run 'studies/*.yaml' --data ~/data --until 07:00 --nice 10
  nightshift run my-study.yaml --shard 3/8 --out shares/3`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			f.asMany = cmd.Flags().Changed("workers")
			return a.run(cmd.Context(), a.reader(f.wandb), args, f, resumeCommand(cmd, args))
		},
	}
	c.Flags().StringArrayVar(&f.set, "set", nil,
		"override a key of the study: base.lr=0.1, grid.width=[8, 16], seeds=3 (repeatable)")
	workersFlag(c, &f.workers, "runs trained at the same time; if it is not given, fewer where the memory that is free would not "+
		"be enough")
	c.Flags().StringVar(&f.length, "for", "", "stop after so long: 8h, 90m")
	c.Flags().StringVar(&f.until, "until", "", "stop at a time of day: 07:00")
	c.Flags().IntVar(&f.retries, "retries", 1, "how often a failure that may be passing is tried again")
	c.Flags().DurationVar(&f.checkpoint, "checkpoint", checkpointEvery, "how long a run is trained without a checkpoint at most")
	c.Flags().DurationVar(&f.lease, "lease", night.Lease, "a process that was not heard of for so long has died")
	c.Flags().MarkHidden("checkpoint")
	c.Flags().MarkHidden("lease")
	c.Flags().BoolVar(&f.retryFailed, "retry-failed", false, "train runs that failed in earlier nights, too")
	c.Flags().IntVar(&f.nice, "nice", 0, "give way to other programs, from 1 to 19 the more")
	c.Flags().BoolVar(&f.noReport, "no-report", false, "do not write the report; what was best and what the claims came to is "+
		"said all the same")
	c.Flags().BoolVar(&f.wandb, "wandb", false, "take the arguments for Weights & Biases sweep files (see import)")
	c.Flags().StringVar(&f.notify, "notify", "", "shell command that is told how the night has ended (docs/serve.md)")
	c.Flags().BoolVar(&f.quiet, "quiet", false, "print errors only")
	f.shareFlags.add(c)
	c.Flags().StringVar(&f.copyTo, "copy-to", "", "file that the database is copied to, in one step, with every checkpoint; it "+
		"begins from there where there is none")
	kernelFlag(c, &f.kernel)
	c.Flags().StringVar(&f.journal, "journal", string(store.AutoJournal),
		"journal of the database: wal, rollback, or auto: rollback on a network file system")
	return c
}

// check finds what cannot be meant, and says when the night is over.
func (f runFlags) check(now time.Time) (time.Time, error) {
	switch {
	case f.workers < 1:
		return time.Time{}, usage(fmt.Errorf("--workers is %d; at least one is needed", f.workers))
	case f.retries < 0:
		return time.Time{}, usage(fmt.Errorf("--retries is %d; it is a number of times", f.retries))
	case f.checkpoint <= 0:
		return time.Time{}, usage(fmt.Errorf("--checkpoint is %s; it is a length of time", f.checkpoint))
	case f.lease < 0:
		return time.Time{}, usage(fmt.Errorf("--lease is %s; it is a length of time", f.lease))
	case f.notify != "" && strings.TrimSpace(f.notify) == "":
		return time.Time{}, usage(errors.New("--notify names no command"))
	case f.nice < 0 || f.nice > 19:
		return time.Time{}, usage(fmt.Errorf("--nice is %d; it is between 0 and 19", f.nice))
	}
	until, err := deadline(f.length, f.until, now)
	if err != nil {
		return time.Time{}, usage(err)
	}
	return until, nil
}

// checkpointEvery is how long a run is trained without a checkpoint at most.
const checkpointEvery = 30 * time.Second

// run has the night of the studies that read makes of the arguments.
func (a *app) run(ctx context.Context, read reader, args []string, f runFlags, resume string) error {
	until, err := f.check(time.Now())
	if err != nil {
		return err
	}
	if err := withKernel(f.kernel); err != nil {
		return err
	}
	plan, sources, err := a.expand(read, args, f.set)
	if err != nil {
		return err
	}
	if plan, err = f.part(ctx, plan, sources); err != nil {
		return err
	}
	if f.nice > 0 {
		if err := lowerPriority(f.nice); err != nil {
			return err
		}
	}
	ignoreHangup()
	ctx, stop := requeueable(ctx)
	defer stop()
	began := time.Now()
	summary, err := a.nightOf(ctx, plan, sources, until, f, resume)
	err = a.stopped(ctx, err)
	if f.notify != "" {
		a.notify(context.WithoutCancel(ctx), f.notify, a.notificationOf(plan, summary, time.Since(began), err, resume))
	}
	return err
}

// reader reads the studies of arguments and overrides, and what looking at their data tells of them.
type reader func(args, set []string, look study.Look) ([]*study.Study, error)

// expand reads studies and turns them into runs; the data of each is looked at,
// so that what they make impossible is found before the first step.
func (a *app) expand(read reader, args, set []string) ([]runner.Study, *runner.Sources, error) {
	sources := runner.NewSources(a.dataDirs())
	sources.Bring(a.nearby)
	plan, err := reading(a.stop, func() ([]runner.Study, error) {
		studies, err := read(args, set, sources.Describe)
		if err != nil {
			return nil, err
		}
		var plan []runner.Study
		for _, s := range studies {
			runs, err := s.Runs(sources.Fingerprint)
			if err != nil {
				return nil, fmt.Errorf("study %s: %w", s.Name, err)
			}
			plan = append(plan, runner.Study{Study: s, Runs: runs})
		}
		return plan, nil
	})
	if err != nil {
		return nil, nil, err
	}
	return plan, sources, nil
}

// fewerWorkers gives as many workers as the free memory is forecast to be enough
// for, at least one, and says so where they are fewer than there are cores.
func (a *app) fewerWorkers(m *runner.Model, o runner.Options, quiet bool) int {
	free := a.freeMemory()
	if free == 0 {
		return o.Workers
	}
	n := m.Workers(o, free)
	if n < o.Workers && !quiet {
		fmt.Fprintf(a.err, "%s at a time instead of %d: more would take more memory than the %s that are free (--workers overrides)\n",
			number.Count(n, "run"), o.Workers, cost.Size(free))
	}
	return n
}

// freeMemory says how many bytes of memory can be used; 0 where that cannot be found out.
func (a *app) freeMemory() int64 { return cost.FreeMemory(a.machine) }

// limitMemory has garbage collected before what is free is used up, unless the user's
// GOMEMLIMIT says when.
func (a *app) limitMemory() {
	free := a.freeMemory()
	if free == 0 || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	debug.SetMemoryLimit(int64(now.Sys-now.HeapReleased) + free/10*8)
}
