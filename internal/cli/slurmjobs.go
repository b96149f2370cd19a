package cli

import (
	"fmt"
	"strings"

	"nightshift/internal/night"
	"nightshift/internal/number"
)

// submitDivision submits the tasks of a division and the jobs that merge them.
func (sub *submitter) submitDivision(d division) error {
	s := &sub.submission
	for _, job := range s.Unmerged(sub.queue) {
		if err := sub.client.SubmitMerge(sub.ctx, sub.folder, s, sub.options, job); err != nil {
			return err
		}
		fmt.Fprintf(sub.out, "%s: job %s is behind array %s now, which had none\n", sub.study.Name, s.Jobs[job-1].Merge,
			s.Jobs[job-1].ID)
	}
	have := len(s.Batches[d.batch-1].Tasks) - len(d.added)
	tasks := d.tasks(have)
	sub.say(d, len(tasks))
	switch {
	case len(tasks) > 0:
		return sub.submitTasks(d, tasks)
	case d.queued > 0 || s.Merging(sub.queue) != "":
	case len(s.Jobs) > 0 && (d.unmerged > 0 || !sub.folder.Merged(*s)):
		if err := sub.client.SubmitMerge(sub.ctx, sub.folder, s, sub.options, len(s.Jobs)); err != nil {
			return err
		}
		fmt.Fprintf(sub.out, "submitted: job %s, which merges and writes the report\n", s.Jobs[len(s.Jobs)-1].Merge)
	default:
		fmt.Fprintf(sub.out, "nothing to submit; nightshift report %s writes the report anew\n", sub.study.Name)
	}
	return nil
}

func (sub *submitter) submitTasks(d division, tasks []int) error {
	s := &sub.submission
	most, err := sub.client.LargestArray(sub.ctx)
	if err != nil {
		return err
	}
	if err := sub.suggestConstraint(); err != nil {
		return err
	}
	jobs := s.Append(d.batch, tasks, most, now())
	s.Options = sub.options
	err = sub.client.Submit(sub.ctx, sub.folder, s, sub.options, jobs)
	submitted := 0
	for _, j := range s.Jobs[jobs[0]-1:] {
		if j.Merge != "" {
			submitted += len(j.Tasks)
			fmt.Fprintf(sub.out, "submitted: %s as job %s, and job %s behind it, which merges and writes the report\n",
				number.Count(len(j.Tasks), "task"), j.ID, j.Merge)
		}
	}
	if err != nil && submitted > 0 {
		return fmt.Errorf("%d of %s are submitted, and the same command submits the others: %w", submitted,
			number.Count(len(tasks), "task"), err)
	} else if err != nil {
		return err
	}
	fmt.Fprintf(sub.out, "nightshift status %s shows how far they are\n", sub.study.Name)
	return nil
}

// say says where the study's runs are.
func (sub *submitter) say(d division, tasks int) {
	parts := []string{number.Count(d.all, "run")}
	if sub.round > 0 {
		parts[0] = fmt.Sprintf("round %d of at most %d, %s", sub.round, night.Rounds(sub.study.Study), parts[0])
	} else if competes(sub.study) {
		parts[0] = "all rounds are over"
	}
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	add(d.all-d.missing-d.queued-d.unmerged, "done")
	add(d.unmerged, "done by tasks and not merged yet")
	add(d.queued, "in the queue or running")
	if d.missing > 0 {
		add(d.missing, "to be submitted, in "+number.Count(tasks, "task"))
	}
	fmt.Fprintf(sub.out, "%s: %s\n", sub.study.Name, strings.Join(parts, ", "))
}
