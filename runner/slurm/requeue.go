package slurm

import (
	"context"
	"errors"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// Start is a task of an array, or a job that merges, which has begun on a node.
type Start struct {
	Job      int    // of the submission
	Merge    bool   // whether it is the job that merges
	ID       string // of a task array and index: the number alone may be that of the whole array
	Restarts int    // how often Slurm had started it again by then
	Warned   bool   // whether it was warned, and not asked to terminate
}

// Requeue asks Slurm to start again what was warned of its time limit or preempted. It does nothing for what was cancelled, what
// Slurm does not know any more, and what Slurm has requeued itself.
func (c Client) Requeue(ctx context.Context, f Folder, t Start) error {
	if f.cancelled(t) {
		return nil
	}
	if err := c.putBack(ctx, t); err != nil {
		return err
	}
	if f.cancelled(t) { // meanwhile
		return c.scancel(ctx, t.ID)
	}
	return nil
}

func (c Client) putBack(ctx context.Context, t Start) error {
	said, err := c.call(ctx, "scontrol", "show", "job", t.ID)
	if errors.Is(err, ErrUnknownJob) {
		return nil
	}
	if err != nil {
		return err
	}
	switch j := readJob(said); {
	case j.preempted && j.ended && j.restarts == t.Restarts:
		return c.requeue(ctx, t.ID)
	case j.preempted || t.Warned:
		return c.requeue(ctx, "Incomplete", t.ID) // in one step: what was cancelled meanwhile is not put back
	}
	return nil
}

// requeue calls for a requeue. That the task is in the queue already is no error.
func (c Client) requeue(ctx context.Context, args ...string) error {
	_, err := c.call(ctx, "scontrol", append([]string{"requeue"}, args...)...)
	var ended *exec.ExitError
	if errors.As(err, &ended) && !ended.Exited() || err != nil && strings.Contains(err.Error(), "pending") {
		return nil // the job is being stopped already, with all of its processes
	}
	return err
}

// job is what scontrol says of one.
type job struct {
	restarts  int
	preempted bool // another one goes first
	ended     bool // for that one, and not by somebody who has cancelled it in the time that it was given to end
}

// readJob reads what scontrol says of a job. While its processes end, a job has the state COMPLETING, whatever has ended it.
// What tells is that its end is the moment at which Slurm has decided to end it for another.
func readJob(said string) (j job) {
	fields := map[string]string{}
	for _, field := range strings.Fields(said) {
		name, value, _ := strings.Cut(field, "=")
		if _, is := fields[name]; !is { // else it is part of a path, which come last
			fields[name] = value
		}
	}
	j.restarts, _ = strconv.Atoi(fields["Restarts"])
	at := fields["PreemptTime"]
	j.preempted = at != "" && at != "None"
	preempt, err1 := time.Parse(jobTime, at)
	end, err2 := time.Parse(jobTime, fields["EndTime"])
	j.ended = err1 == nil && err2 == nil && end.Sub(preempt).Abs() <= time.Second
	return j
}

// jobTime is how scontrol writes times.
const jobTime = "2006-01-02T15:04:05"
