package cli

import (
	"errors"
	"fmt"
	"time"

	"nightshift/internal/number"
	"nightshift/runner/slurm"
)

// dryRun prints what submit would do.
func (h *handover) dryRun() error {
	if err := h.look(); err != nil && !errors.Is(err, slurm.ErrNoSlurm) {
		return err
	}
	d, err := h.divide()
	if err != nil {
		return err
	}
	h.limits()
	have := len(h.submission.Batches[d.batch-1].Tasks)
	h.addTasks(d)
	tasks := d.tasks(have)
	h.say(d, len(tasks))
	most, err := h.client.LargestArray(h.ctx)
	if err != nil && !errors.Is(err, slurm.ErrNoSlurm) {
		return err
	} else if err != nil {
		most = len(tasks)
	}
	if len(tasks) == 0 {
		return nil
	}
	for i, share := range d.added {
		fmt.Fprintf(h.out, "%s: %s\n", h.folder.Runs(d.batch, have+i+1), number.Count(len(share), "run"))
	}
	jobs := h.submission.Append(d.batch, tasks, most, time.Now())
	for _, n := range jobs {
		h.submission.Jobs[n-1].ID = "JOB" // what sbatch will answer
		for _, script := range h.options.Share(len(jobs)).Scripts(h.folder, h.submission, n) {
			fmt.Fprintf(h.out, "\n%s\n%s\n%s\n", script.Path, script.Text, script.Command)
		}
	}
	return nil
}

// wait stays until the report is written.
func (h *handover) wait() error {
	err := h.client.Wait(h.ctx, h.submission.Token, pollEvery, func(err error) {
		fmt.Fprintf(h.err, "%v; waiting on\n", err)
	})
	if h.ctx.Err() != nil {
		return exit{exitInterrupted, fmt.Errorf("not waited for any longer; the jobs go on, and nightshift status %s shows them",
			h.study.Name)}
	}
	if err != nil {
		return err
	}
	s, err := h.folder.Load()
	if err != nil {
		return err
	}
	left, all, err := h.missing()
	if err != nil {
		return err
	}
	if log := h.folder.LastMergeLog(s); log != "" {
		fmt.Fprintln(h.out, slurm.Tail(log, 20))
	}
	if len(left) > 0 {
		return exit{exitFailed, fmt.Errorf("%d of %s are missing; nightshift status %s says why", len(left), count(all),
			h.study.Name)}
	}
	return nil
}
