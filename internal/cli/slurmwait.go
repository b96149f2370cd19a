package cli

import (
	"errors"
	"fmt"
	"time"

	"nightshift/internal/number"
	"nightshift/runner/slurm"
)

// dryRun prints what submit would do.
func (sub *submitter) dryRun() error {
	if err := sub.look(); err != nil && !errors.Is(err, slurm.ErrNoSlurm) {
		return err
	}
	d, err := sub.divide()
	if err != nil {
		return err
	}
	sub.limits()
	have := len(sub.submission.Batches[d.batch-1].Tasks)
	sub.addTasks(d)
	tasks := d.tasks(have)
	sub.say(d, len(tasks))
	most, err := sub.client.LargestArray(sub.ctx)
	if err != nil && !errors.Is(err, slurm.ErrNoSlurm) {
		return err
	} else if err != nil {
		most = len(tasks)
	}
	if len(tasks) == 0 {
		return nil
	}
	for i, share := range d.added {
		fmt.Fprintf(sub.out, "%s: %s\n", sub.folder.Runs(d.batch, have+i+1), number.Count(len(share), "run"))
	}
	jobs := sub.submission.Append(d.batch, tasks, most, time.Now())
	for _, n := range jobs {
		sub.submission.Jobs[n-1].ID = "JOB" // what sbatch will answer
		for _, script := range sub.options.Share(len(jobs)).Scripts(sub.folder, sub.submission, n) {
			fmt.Fprintf(sub.out, "\n%s\n%s\n%s\n", script.Path, script.Text, script.Command)
		}
	}
	return nil
}

// wait stays until the report is written.
func (sub *submitter) wait() error {
	err := sub.client.Wait(sub.ctx, sub.submission.Token, pollEvery, func(err error) {
		fmt.Fprintf(sub.err, "%v; waiting on\n", err)
	})
	if sub.ctx.Err() != nil {
		return exit{exitInterrupted, fmt.Errorf("not waited for any longer; the jobs go on, and nightshift status %s shows them",
			sub.study.Name)}
	}
	if err != nil {
		return err
	}
	s, err := sub.folder.Load()
	if err != nil {
		return err
	}
	left, all, err := sub.missing()
	if err != nil {
		return err
	}
	if log := sub.folder.LastMergeLog(s); log != "" {
		fmt.Fprintln(sub.out, slurm.Tail(log, 20))
	}
	if len(left) > 0 {
		return exit{exitFailed, fmt.Errorf("%d of %s are missing; nightshift status %s says why", len(left), count(all),
			sub.study.Name)}
	}
	return nil
}
