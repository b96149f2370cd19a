package cli

import (
	"fmt"
	"strings"

	"nightshift/internal/night"
	"nightshift/internal/number"
)

// submitDivision submits the tasks of a division and the jobs that merge them.
func (h *handover) submitDivision(d division) error {
	s := &h.submission
	for _, job := range s.Unmerged(h.queue) {
		if err := h.client.SubmitMerge(h.ctx, h.folder, s, h.options, job); err != nil {
			return err
		}
		fmt.Fprintf(h.out, "%s: job %s is behind array %s now, which had none\n", h.study.Name, s.Jobs[job-1].Merge, s.Jobs[job-1].ID)
	}
	have := len(s.Batches[d.batch-1].Tasks) - len(d.added)
	tasks := d.tasks(have)
	h.say(d, len(tasks))
	switch {
	case len(tasks) > 0:
		return h.submitTasks(d, tasks)
	case d.queued > 0 || s.Merging(h.queue) != "":
	case len(s.Jobs) > 0 && (d.unmerged > 0 || !h.folder.Merged(*s)):
		if err := h.client.SubmitMerge(h.ctx, h.folder, s, h.options, len(s.Jobs)); err != nil {
			return err
		}
		fmt.Fprintf(h.out, "submitted: job %s, which merges and writes the report\n", s.Jobs[len(s.Jobs)-1].Merge)
	default:
		fmt.Fprintf(h.out, "nothing to submit; nightshift report %s writes the report anew\n", h.study.Name)
	}
	return nil
}

func (h *handover) submitTasks(d division, tasks []int) error {
	s := &h.submission
	most, err := h.client.LargestArray(h.ctx)
	if err != nil {
		return err
	}
	if err := h.suggestConstraint(); err != nil {
		return err
	}
	jobs := s.Append(d.batch, tasks, most, now())
	s.Options = h.options
	err = h.client.Submit(h.ctx, h.folder, s, h.options, jobs)
	submitted := 0
	for _, j := range s.Jobs[jobs[0]-1:] {
		if j.Merge != "" {
			submitted += len(j.Tasks)
			fmt.Fprintf(h.out, "submitted: %s as job %s, and job %s behind it, which merges and writes the report\n",
				number.Count(len(j.Tasks), "task"), j.ID, j.Merge)
		}
	}
	if err != nil && submitted > 0 {
		return fmt.Errorf("%d of %s are submitted, and the same command submits the others: %w", submitted,
			number.Count(len(tasks), "task"), err)
	} else if err != nil {
		return err
	}
	fmt.Fprintf(h.out, "nightshift status %s shows how far they are\n", h.study.Name)
	return nil
}

// say says where the study's runs are.
func (h *handover) say(d division, tasks int) {
	parts := []string{number.Count(d.all, "run")}
	if h.round > 0 {
		parts[0] = fmt.Sprintf("round %d of at most %d, %s", h.round, night.Rounds(h.study.Study), parts[0])
	} else if competes(h.study) {
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
	fmt.Fprintf(h.out, "%s: %s\n", h.study.Name, strings.Join(parts, ", "))
}
