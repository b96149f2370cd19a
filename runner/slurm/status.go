package slurm

import (
	"bytes"
	"cmp"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// State is what has become of a task.
type State string

// The states of a task.
const (
	Waiting  State = "queued"    // pending, and never started
	Requeued State = "requeued"  // stopped, and pending to go on
	Active   State = "running"   // on a node
	Complete State = "done"      // all of its runs are over
	Stopped  State = "cancelled" // not in the queue, since a user has cancelled it
	Broken   State = "failed"    // not in the queue, and ended before all of its runs were over
	Idle     State = "missing"   // not in the queue, and without any progress
)

// TaskStatus is the status of one task, from the queue and from its own progress file.
type TaskStatus struct {
	Place
	State     State
	Job       string // array and index, as Slurm's commands take them; "" for none
	Reason    string // why it waits, or what has ended it
	Limit     string // time until its limit, as squeue writes it
	Log       string // its file; "" for none
	Preempted bool   // whether it waits to go on after another job went first
	Progress
}

// Status is the status of a submission.
type Status struct {
	Tasks   []TaskStatus // without those that are closed and not in the queue
	Before  int          // runs that those have brought to their end
	Merging Entry        // the job behind; the zero one where there is none in the queue
}

// Status combines the entries of the queue with what the tasks say themselves. Its error is that of reading the folder.
func (f Folder) Status(s Submission, queue []Entry) (Status, error) {
	var p Status
	last := map[Place]TaskStatus{} // by what Slurm knows, the newest job at last
	s.each(queue, func(at Place, job int, e Entry) {
		last[at] = TaskStatus{State: stateOf(e), Job: name(e), Reason: reasonOf(e), Limit: e.Left, Log: f.Log(s, job, e.Index),
			Progress: Progress{Node: e.Node}}
	})
	logs := f.logs(s)
	for b, batch := range s.Batches {
		for t := range batch.Tasks {
			at := Place{b + 1, t + 1}
			now := last[at]
			now.Place, now.Runs, now.Log = at, batch.Tasks[t].Runs, cmp.Or(now.Log, logs[at])
			if now.State == "" {
				now.State = Idle
			}
			p.Tasks = append(p.Tasks, now)
		}
	}
	if err := f.readProgress(p.Tasks); err != nil {
		return p, err
	}
	p.Tasks = slices.DeleteFunc(p.Tasks, func(t TaskStatus) bool {
		b := s.Batches[t.Batch-1]
		closed := b.Tasks[t.Task-1].Closed && t.State != Active && t.State != Waiting && t.State != Requeued
		if closed && b.Round == 0 { // in a round, a task that has not come to its end is divided anew with all of its runs
			p.Before += t.Done + t.Diverged + t.Pruned
		}
		return closed
	})
	for n := range s.Jobs {
		for _, e := range queue {
			if e.Queued() && isOurs(e, s.Token, n+1, true) {
				p.Merging = e
			}
		}
	}
	return p, nil
}

func name(e Entry) string { return e.Job + "_" + strconv.Itoa(e.Index) }

// reasonOf is why a task waits, or what has ended it; where Slurm gives no reason, a state that is one.
func reasonOf(e Entry) string {
	switch e.State {
	case "PREEMPTED":
		return preempted
	case "PENDING", "RUNNING", "COMPLETING", "COMPLETED", "FAILED", "CANCELLED":
		return e.Reason
	}
	if e.Reason == "" || e.Reason == "None" || e.Reason == "(null)" {
		return e.State
	}
	return e.Reason
}

// preempted is what has ended a task that another job went before.
const preempted = "Preempted"

// stateOf is what Slurm says of a task.
func stateOf(e Entry) State {
	switch {
	case e.waits():
		return Waiting
	case e.Queued():
		return Active
	case e.State == "COMPLETED":
		return Idle
	case e.State == "CANCELLED":
		return Stopped
	}
	return Broken
}

// logs are the files of the tasks, those of their last jobs.
func (f Folder) logs(s Submission) map[Place]string {
	list := map[Place]string{}
	for n, j := range s.Jobs {
		for i, t := range j.Tasks {
			list[Place{j.Batch, t}] = f.Log(s, n+1, i+1)
		}
	}
	return list
}

// readProgress asks what the tasks say, many at a time: on a network file system each answer takes a while.
func (f Folder) readProgress(tasks []TaskStatus) error {
	errs := make([]error, len(tasks))
	next := make(chan int)
	var readers sync.WaitGroup
	for range 16 {
		readers.Go(func() {
			for i := range next {
				said, err := f.Progress(tasks[i].Place)
				errs[i] = err
				tasks[i].learn(said)
			}
		})
	}
	for i := range tasks {
		next <- i
	}
	close(next)
	readers.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// learn takes what a task says itself into account.
func (t *TaskStatus) learn(said Progress) {
	node := t.Node
	t.Progress, t.Runs = said, max(t.Runs, said.Runs)
	t.Node = cmp.Or(node, said.Node)
	if t.State != Active {
		t.Running, t.Left = nil, 0
	}
	switch {
	case t.State == Waiting && said.Starts > 0:
		t.State = Requeued
		array, _, _ := strings.Cut(t.Job, "_")
		t.Preempted = said.Ended && said.Exit == exitInterrupted && said.Array == array
	case t.State == Idle, t.State == Broken, t.State == Stopped:
		t.settle(said)
	}
}

// settle says what has become of a task that is in no queue.
func (t *TaskStatus) settle(said Progress) {
	switch {
	case said.Complete():
		t.State, t.Reason = Complete, ""
	case t.State == Stopped:
	case t.Log == "":
		t.Reason = "it was not submitted"
	case said.Starts == 0 && t.State == Idle:
		t.Reason = "nothing was heard of it"
	case t.State == Idle && said.Ended && said.Exit == exitInterrupted:
		t.State, t.Reason = Stopped, ""
	default:
		t.State = Broken
		if said.Ended && said.Exit != 0 && t.Reason != preempted {
			t.Reason = "exit code " + strconv.Itoa(said.Exit)
		} else if t.Reason == "" || t.Reason == "None" || said.Starts > 0 && !said.Ended && t.Reason == "JobLaunchFailure" {
			t.Reason = "it ended without a word"
		}
	}
}

// exitInterrupted is the exit code of a process that was asked to end for good.
const exitInterrupted = 130

// Tail returns the last lines of a file; "" where it cannot be read.
func Tail(path string, lines int) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	const most = 1 << 14
	if info, err := f.Stat(); err == nil && info.Size() > most {
		if _, err := f.Seek(-most, io.SeekEnd); err != nil {
			return ""
		}
	}
	text, err := io.ReadAll(f)
	if err != nil {
		return ""
	}
	all := bytes.Split(bytes.TrimRight(text, "\n"), []byte("\n"))
	return strings.ToValidUTF8(string(bytes.Join(all[max(0, len(all)-lines):], []byte("\n"))), "?")
}

// TimeLeft is how long the tasks are expected to take with as many running as now; 0 where no running task knows.
func (p Status) TimeLeft(s Submission) time.Duration {
	var left, longest, spent, known float64 // seconds of tasks; of runs
	active := 0
	for _, t := range p.Tasks {
		if t.State != Active {
			continue
		}
		active++
		left, longest = left+t.Left, max(longest, t.Left)
		if rest := t.Runs - t.Over(); t.Left > 0 && rest > 0 {
			spent, known = spent+t.Left, known+float64(rest)*s.costPerRun(t.Place)
		}
	}
	if active == 0 || known == 0 {
		return 0
	}
	for _, t := range p.Tasks {
		if t.State == Waiting || t.State == Requeued {
			left += float64(t.Runs-t.Over()) * s.costPerRun(t.Place) * spent / known
		}
	}
	return time.Duration(max(left/float64(active), longest) * float64(time.Second))
}

// costPerRun is what a run of a task costs on average.
func (s Submission) costPerRun(at Place) float64 {
	t := s.Batches[at.Batch-1].Tasks[at.Task-1]
	return float64(t.Cost) / float64(max(1, t.Runs))
}
