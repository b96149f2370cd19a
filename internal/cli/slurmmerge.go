package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"nightshift/internal/file"
	"nightshift/internal/night"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/report"
	"nightshift/runner"
	"nightshift/runner/slurm"
)

func (a *app) slurmMergeCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "merge FOLDER JOB",
		Short:   "What the job behind an array does",
		Example: "  nightshift slurm merge results/slurm/my-study 1",
		Hidden:  true,
		Args:    cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			job, err := strconv.Atoi(args[1])
			if err != nil {
				return usage(err)
			}
			return a.slurmMerge(cmd.Context(), slurm.Folder(args[0]), job)
		},
	}
}

// slurmMerge does what the job behind an array does, and asks to be requeued where another job goes first.
func (a *app) slurmMerge(ctx context.Context, folder slurm.Folder, job int) error {
	done := folder.BeginMerge(job)
	err := a.mergeSubmitted(ctx, folder, job)
	id := os.Getenv("SLURM_JOB_ID")
	switch code := codeOf(err); {
	case code == exitOK || code == exitFailed:
		return errors.Join(err, done())
	case code == exitInterrupted && id != "":
		self := slurm.Start{Job: job, Merge: true, ID: id}
		return errors.Join(err, requeueSelf(context.WithoutCancel(ctx), folder, self))
	}
	return err
}

// mergeSubmitted brings what the tasks of a study have copied back into its database, and writes the report.
func (a *app) mergeSubmitted(ctx context.Context, folder slurm.Folder, job int) error {
	s, j, b, err := folder.Job(job)
	if err != nil {
		return err
	}
	here := *a
	here.outDir, here.dbFile, here.dataDir = b.Out, b.DB, b.Data
	var copies []string
	for n, batch := range s.Batches {
		if b.Round > 0 && n+1 != j.Batch {
			continue // rounds before are merged, and this one begins where they have ended
		}
		for t := range batch.Tasks {
			if path := folder.Database(n+1, t+1); exists(path) {
				copies = append(copies, path)
			}
		}
	}
	if len(copies) == 0 {
		return errors.New("no task has copied anything back; see nightshift status " + file.ShellWord(b.Study))
	}
	err = here.onThisMachine(ctx, func(local *app) error { return local.mergeCopies(ctx, copies) })
	if err != nil {
		return err
	}
	plan, sources, err := here.expand(frozen(folder.Study(j.Batch), b.File), nil, b.Set)
	if err != nil {
		return err
	}
	left, err := here.reportMerged(ctx, plan, b)
	if err != nil {
		return err
	}
	if competes(plan[0]) {
		return here.nextRound(ctx, folder, s, b, plan, sources)
	}
	if left > 0 {
		return here.stillMissing(ctx, folder, left, len(plan[0].Runs), b.Study)
	}
	fmt.Fprintf(a.out, "all %s of %s are in %s\n", count(len(plan[0].Runs)), b.Study, b.DB)
	return nil
}

func count(runs int) string { return number.Count(runs, "run") }

// stillMissing says of runs that are missing after a merge whether other tasks in the queue have them, or none has.
func (a *app) stillMissing(ctx context.Context, folder slurm.Folder, left, all int, study string) error {
	s, err := folder.Load()
	if err != nil {
		return err
	}
	// A node that may not ask for the queue knows of no others.
	if queue, err := (slurm.Client{}).Queue(ctx, s.Token); err == nil {
		if n := s.Live(queue).Tasks; n > 0 {
			fmt.Fprintf(a.out, "%d of %s are missing; %s in the queue or running, and the job behind merges again\n", left, count(all),
				number.Count(n, "task"))
			return nil
		}
	}
	return exit{exitFailed, fmt.Errorf("%d of %s are missing; nightshift status %s says why, and the same nightshift slurm command "+
		"submits them again", left, count(all), file.ShellWord(study))}
}

// nextRound submits what follows from the results of a round that is merged, if that is over.
func (a *app) nextRound(ctx context.Context, folder slurm.Folder, s slurm.Submission, b slurm.Batch, plan []runner.Study,
	sources *runner.Sources) error {
	sub := &submitter{app: a, ctx: ctx, options: s.Options, plan: plan, study: plan[0], sources: sources, file: b.File,
		folder: folder, flags: slurmFlags{set: b.Set, kernel: b.Kernel, retryFailed: b.RetryFailed, tasks: b.Asked, partition: s.Options.Partition}}
	missing, all, err := sub.missing()
	switch {
	case err != nil:
		return err
	case sub.round == b.Round:
		return a.stillMissing(ctx, folder, len(missing), all, b.Study)
	case sub.round == 0:
		fmt.Fprintf(a.out, "all rounds of %s are over, and in %s\n", b.Study, b.DB)
		return nil
	}
	if err := slurm.Persist(ctx, controllerPatience, sub.submit); err != nil {
		return fmt.Errorf("round %d could not be submitted from here; the same nightshift slurm command does it where jobs "+
			"are submitted: %w", sub.round, err)
	}
	return nil
}

// onThisMachine does something with the database where it is, or, where that is on a network file system, with a copy of it on
// this machine, which the other one then gets.
func (a *app) onThisMachine(ctx context.Context, do func(*app) error) error {
	path := a.dbPath()
	if store.Network(filepath.Dir(path)) == "" {
		return do(a)
	}
	scratch, err := scratchFolder("merge")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	local := *a
	local.dbFile = filepath.Join(scratch, "nightshift.db")
	m, err := store.NewMirror(local.dbFile, path)
	if err != nil {
		return err
	}
	if err := m.Restore(); err != nil {
		return err
	}
	if err := do(&local); err != nil {
		return err
	}
	db, err := store.Open(local.dbFile)
	if err != nil {
		return err
	}
	return errors.Join(m.Update(ctx, db), db.Close())
}

func (a *app) mergeCopies(ctx context.Context, copies []string) error {
	db, err := store.Open(a.dbPath())
	if err != nil {
		return err
	}
	defer db.Close()
	return a.merge(ctx, db, copies, false)
}

// reportMerged writes the report, and counts the runs that are missing.
func (a *app) reportMerged(ctx context.Context, plan []runner.Study, b slurm.Batch) (left int, err error) {
	db, err := a.openRead()
	if err != nil {
		return 0, err
	}
	defer db.Close()
	known, err := night.Read(ctx, db, plan, time.Now(), night.Lease)
	if err != nil {
		return 0, err
	}
	known.By = runner.Provenance()
	agenda := known.Agenda(false, plan...)
	if err := a.writeReport(ctx, db, b.Study, report.DefaultOutput(), missingWords(agenda, plan[0]), false); err != nil {
		return 0, err
	}
	if err := a.writeIndex(ctx, db); err != nil {
		return 0, err
	}
	if err := a.printKernels(ctx, db); err != nil {
		return 0, err
	}
	for _, r := range plan[0].Runs {
		if agenda.Need(r.ID).Remains() {
			left++
		}
	}
	return left, nil
}
