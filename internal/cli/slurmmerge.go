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

// slurmMerge brings what the tasks of a study have copied back into its database, and writes the report.
func (a *app) slurmMerge(ctx context.Context, folder slurm.Folder, job int) error {
	s, err := folder.Load()
	if err != nil {
		return err
	}
	if job < 1 || job > len(s.Jobs) {
		return usage(fmt.Errorf("%s has no job %d", folder, job))
	}
	b := s.Batches[s.Jobs[job-1].Batch-1]
	here := *a
	here.outDir, here.dbFile, here.dataDir = b.Out, b.DB, b.Data
	var copies []string
	for n, batch := range s.Batches {
		for t := range batch.Tasks {
			if path := folder.Database(n+1, t+1); exists(path) {
				copies = append(copies, path)
			}
		}
	}
	if len(copies) == 0 {
		return errors.New("no task has copied anything back; see nightshift status " + shellWord(b.Study))
	}
	err = here.onThisMachine(ctx, func(local *app) error { return local.mergeCopies(ctx, copies) })
	if err != nil {
		return err
	}
	return here.tellMerged(ctx, folder, s.Jobs[job-1].Batch, b)
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

// tellMerged writes the report, and says what is missing.
func (a *app) tellMerged(ctx context.Context, folder slurm.Folder, batch int, b slurm.Batch) error {
	plan, _, err := a.expand(frozen(folder.Study(batch), b.File), nil, b.Set)
	if err != nil {
		return err
	}
	db, err := a.openRead()
	if err != nil {
		return err
	}
	defer db.Close()
	known, err := night.Read(ctx, db, plan, time.Now(), night.Lease)
	if err != nil {
		return err
	}
	known.By = runner.Provenance()
	agenda := known.Agenda(false, plan...)
	if err := a.writeReport(ctx, db, b.Study, report.Usual(), missingWords(agenda, plan[0]), false); err != nil {
		return err
	}
	if err := a.writeIndex(ctx, db); err != nil {
		return err
	}
	left := 0
	for _, r := range plan[0].Runs {
		if agenda.Need(r.ID).Remains() {
			left++
		}
	}
	if left > 0 {
		return exit{exitFailed, fmt.Errorf("%d of %s are missing; nightshift status %s says why, and the same nightshift slurm command "+
			"submits them again", left, number.Count(len(plan[0].Runs), "run"), shellWord(b.Study))}
	}
	fmt.Fprintf(a.out, "all %s of %s are in %s\n", number.Count(len(plan[0].Runs), "run"), b.Study, a.dbPath())
	return nil
}
