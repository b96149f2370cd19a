package slurm

import (
	"context"
	"errors"
	"slices"
	"strings"
)

// Live lists the jobs of a submission that are in the queue.
type Live struct {
	Arrays, Merges  []string // as Slurm numbers them
	Jobs, MergeJobs []int    // the same by their numbers in the submission
	Tasks           int      // of the arrays
}

// Live returns those jobs of the submission that are in the queue.
func (s Submission) Live(queue []Entry) (l Live) {
	s.each(queue, func(_ Place, job int, e Entry) {
		if !e.Queued() {
			return
		}
		l.Tasks++
		if !slices.Contains(l.Arrays, e.Job) {
			l.Arrays, l.Jobs = append(l.Arrays, e.Job), append(l.Jobs, job)
		}
	})
	for n := range s.Jobs {
		for _, e := range queue {
			if e.Queued() && isOurs(e, s.Token, n+1, true) {
				l.Merges, l.MergeJobs = append(l.Merges, e.Job), append(l.MergeJobs, n+1)
			}
		}
	}
	return l
}

// Cancel takes the jobs that are in the queue out of it, running tasks included, those that merge first: they would submit the
// next round. That they are cancelled is written down before, as far as anything can be written there: what Slurm is ending for
// another job, and does not cancel then, reads it.
func (c Client) Cancel(ctx context.Context, f Folder, s *Submission, l Live) error {
	for _, n := range l.Jobs {
		s.Jobs[n-1].Cancelled = true
	}
	for i, n := range l.MergeJobs {
		j := &s.Jobs[n-1]
		j.CancelledMerges = append(j.CancelledMerges, l.Merges[i])
	}
	f.Save(*s)
	return c.scancel(ctx, append(l.Merges, l.Arrays...)...)
}

// scancel takes jobs out of the queue; those that Slurm does not know are over.
func (c Client) scancel(ctx context.Context, ids ...string) error {
	for _, id := range ids {
		_, err := c.call(ctx, "scancel", id)
		if err != nil && !errors.Is(err, ErrUnknownJob) && !strings.Contains(err.Error(), "already completing or completed") {
			return err
		}
	}
	return nil
}
