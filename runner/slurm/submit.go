package slurm

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"nightshift/internal/file"
	"nightshift/internal/retry"
)

// Place names a task of a submission. Both numbers are counted from 1.
type Place struct{ Batch, Task int }

// Queued returns the tasks that are pending or running, by their places.
func (s Submission) Queued(queue []Entry) map[Place]Entry {
	at := map[Place]Entry{}
	s.each(queue, func(p Place, _ int, e Entry) {
		if e.Queued() {
			at[p] = e
		}
	})
	return at
}

// each calls f for every entry that is a task of an array, with the number of the job.
func (s Submission) each(queue []Entry, f func(p Place, job int, e Entry)) {
	for n, j := range s.Jobs {
		for _, e := range queue {
			if isOurs(e, s.Token, n+1, false) && e.Index >= 1 && e.Index <= len(j.Tasks) {
				f(Place{j.Batch, j.Tasks[e.Index-1]}, n+1, e)
			}
		}
	}
}

// Adopt adds the Slurm ids of jobs that were submitted by a process which was killed before it could write them down.
func (s *Submission) Adopt(queue []Entry) {
	for n := range s.Jobs {
		j := &s.Jobs[n]
		for _, e := range queue {
			if j.ID == "" && isOurs(e, s.Token, n+1, false) {
				j.ID = e.Job
			}
			if j.Merge == "" && isOurs(e, s.Token, n+1, true) {
				j.Merge = e.Job
			}
		}
	}
}

// Merging returns the id of the job that will merge what is in the queue, or that does so now; "" where there is none.
func (s Submission) Merging(queue []Entry) string {
	for n := range s.Jobs {
		for _, e := range queue {
			if e.Queued() && isOurs(e, s.Token, n+1, true) {
				return e.Job
			}
		}
	}
	return ""
}

// Unmerged lists the jobs, by number, that are in the queue without a job that merges them.
func (s Submission) Unmerged(queue []Entry) (jobs []int) {
	for n, j := range s.Jobs {
		mine := func(merge bool) bool {
			return slices.ContainsFunc(queue, func(e Entry) bool { return e.Queued() && isOurs(e, s.Token, n+1, merge) })
		}
		if j.ID != "" && mine(false) && !mine(true) {
			jobs = append(jobs, n+1)
		}
	}
	return jobs
}

// Append adds jobs for tasks of a batch, in arrays of at most so many tasks, and returns the numbers of the jobs.
func (s *Submission) Append(batch int, tasks []int, most int, at time.Time) (jobs []int) {
	for part := range slices.Chunk(tasks, most) {
		s.Jobs = append(s.Jobs, Job{Batch: batch, Tasks: part, At: at})
		jobs = append(jobs, len(s.Jobs))
	}
	return jobs
}

// Scripts returns the scripts of a job as Submit writes them.
func (o Options) Scripts(f Folder, s Submission, job int) []Script {
	return []Script{o.arrayScript(f, s, job), o.mergeScript(f, s, job)}
}

// Share returns the options of one of several arrays that run at the same time: each may run its part of ArrayMax.
func (o Options) Share(arrays int) Options {
	if o.ArrayMax > 0 {
		o.ArrayMax = max(1, o.ArrayMax/arrays)
	}
	return o
}

// Submit submits jobs that Append has added, each with the job that merges it. It writes what it is about to submit before it
// does so, and Slurm's answer right after, so that Adopt can go on from a process that was killed at any moment.
func (c Client) Submit(ctx context.Context, f Folder, s *Submission, o Options, jobs []int) error {
	o = o.Share(len(jobs))
	for _, n := range jobs {
		script := o.arrayScript(f, *s, n)
		if err := write(script); err != nil {
			return err
		}
		if err := f.Save(*s); err != nil {
			return err
		}
		if err := c.submitArray(ctx, f, s, o, n); err != nil {
			return err
		}
		if err := c.checkComment(ctx, *s, n); err != nil {
			s.Jobs = s.Jobs[:n-1]
			return errors.Join(err, f.Save(*s))
		}
		if err := c.SubmitMerge(ctx, f, s, o, n); err != nil {
			s.Jobs = s.Jobs[:n]
			return errors.Join(c.withdraw(ctx, s, n, err), f.Save(*s))
		}
	}
	return nil
}

// submitArray submits an array. One that Slurm has refused is forgotten, with those after it. One of which it is not known
// whether Slurm has it is not: if it has, Adopt finds it.
func (c Client) submitArray(ctx context.Context, f Folder, s *Submission, o Options, job int) error {
	id, err := c.sbatch(ctx, o.arrayArguments(f, *s, job))
	switch {
	case IsNoAnswer(err) || ctx.Err() != nil:
		s.Jobs = s.Jobs[:job]
		return errors.Join(err, f.Save(*s))
	case err != nil:
		s.Jobs = s.Jobs[:job-1]
		return errors.Join(err, f.Save(*s))
	}
	s.Jobs[job-1].ID = id
	return f.Save(*s)
}

// checkComment looks whether a submitted array has the comment by which it is known, and takes it out of the queue if not. Where
// nothing is answered, it has.
func (c Client) checkComment(ctx context.Context, s Submission, job int) error {
	queue, err := c.jobs(ctx)
	if err != nil {
		return nil
	}
	id := s.Jobs[job-1].ID
	for _, e := range queue {
		if e.Job == id && !isOurs(e, s.Token, job, false) {
			err := fmt.Errorf("the cluster has replaced the comment of job %s by %q, and the program knows its jobs by their comments: "+
				"the job is cancelled; nightshift run --shard works with any launcher (docs/cluster.md)", id, e.Comment)
			return errors.Join(err, c.scancel(ctx, id))
		}
	}
	return nil
}

// withdraw takes an array out of the queue behind which Slurm has refused the job that merges. Where nothing was answered, the
// array stays, and the next submission sees to the job behind.
func (c Client) withdraw(ctx context.Context, s *Submission, job int, why error) error {
	if IsNoAnswer(why) || ctx.Err() != nil {
		return fmt.Errorf("the tasks are submitted, the job that merges them is not (type the same command again): %w", why)
	}
	if err := c.scancel(ctx, s.Jobs[job-1].ID); err != nil {
		return errors.Join(why, fmt.Errorf("the array %s has no job behind it and could not be cancelled: %w", s.Jobs[job-1].ID, err))
	}
	return fmt.Errorf("no job could be submitted behind the %d tasks, which are cancelled: %w", len(s.Jobs[job-1].Tasks), why)
}

// SubmitMerge submits the job that merges an array.
func (c Client) SubmitMerge(ctx context.Context, f Folder, s *Submission, o Options, job int) error {
	if err := write(o.mergeScript(f, *s, job)); err != nil {
		return err
	}
	id, err := c.sbatch(ctx, o.mergeArguments(f, *s, job))
	if err != nil {
		return err
	}
	s.Jobs[job-1].Merge = id
	return f.Save(*s)
}

func write(s Script) error {
	if err := file.Replace(s.Path, []byte(s.Text)); err != nil {
		return fmt.Errorf("script: %w", err)
	}
	return nil
}

// sbatch submits a job and gives its number.
func (c Client) sbatch(ctx context.Context, args []string) (string, error) {
	said, err := c.call(ctx, "sbatch", args...)
	if err != nil {
		return "", err
	}
	id := jobNumber(said)
	if id == "" {
		return "", NoAnswer(fmt.Sprintf("sbatch answers %q, in which there is no number of a job; what it has submitted is looked for "+
			"the next time", said))
	}
	return id, nil
}

// jobNumber finds the number of a job in what sbatch prints, with the name of a cluster or without; "" where there is none. A
// cluster's own command may print other lines around it.
func jobNumber(said string) (id string) {
	for line := range strings.Lines(said) {
		if m := jobNumbers.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
			id = m[1]
		}
	}
	return id
}

var jobNumbers = regexp.MustCompile(`^(?:Submitted batch job )?([0-9]+)(?:;\S*| on cluster \S+)?$`)

// Wait waits until none of the folder's jobs is in the queue any more. It calls tell when the cluster stops answering, and goes
// on waiting.
func (c Client) Wait(ctx context.Context, token string, every time.Duration, tell func(error)) error {
	for unanswered := false; ; {
		queue, err := c.Queue(ctx, token)
		switch {
		case err != nil && !IsNoAnswer(err):
			return err
		case err != nil && !unanswered:
			tell(err)
		case err == nil && !slices.ContainsFunc(queue, Entry.Queued):
			return nil
		}
		unanswered = err != nil
		if err := retry.Wait(ctx, every); err != nil {
			return err
		}
	}
}

// Persist repeats do while it returns a NoAnswer, for at most the given time. do has to be idempotent.
func Persist(ctx context.Context, most time.Duration, do func() error) error {
	ctx, stop := context.WithTimeout(ctx, most)
	defer stop()
	for pause := time.Second; ; pause = min(2*pause, 15*time.Second) {
		err := do()
		if !IsNoAnswer(err) || retry.Wait(ctx, pause) != nil {
			return err
		}
	}
}
