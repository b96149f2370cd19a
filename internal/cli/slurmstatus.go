package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"nightshift/internal/file"
	"nightshift/internal/number"
	"nightshift/runner/slurm"
)

// clusterStatus is what becomes of a study on the cluster.
type clusterStatus struct {
	Study       string         `json:"study"`
	Round       int            `json:"round"` // that the tasks are of, where cells compete; 0 for others
	Runs        int            `json:"runs"`  // of all tasks
	Done        int            `json:"done"`  // in their databases, merged or not
	Diverged    int            `json:"diverged"`
	Pruned      int            `json:"pruned"`
	Failed      int            `json:"failed"`
	Before      int            `json:"done_before"`  // over in tasks whose other runs stand in these now
	SecondsLeft float64        `json:"seconds_left"` // 0 where that is not known
	Counts      map[string]int `json:"task_states"`
	Kernels     []string       `json:"kernels"`
	Tasks       []clusterTask  `json:"tasks"`
	Merge       string         `json:"merge"`      // state of the job behind the tasks; "" where there is none in the queue
	Merged      string         `json:"merge_said"` // last by such a job, where nothing is in the queue;
	Unmerged    bool           `json:"unmerged"`   // and whether none has come to its end since tasks have copied back last
}

// clusterTask is one of its tasks.
type clusterTask struct {
	Task      int             `json:"task"`
	Job       string          `json:"job"`
	State     slurm.State     `json:"state"`
	Reason    string          `json:"reason"`
	Preempted bool            `json:"preempted"` // whether it waits to go on after another job went first
	Node      string          `json:"node"`
	Limit     string          `json:"time_limit_left"`
	Runs      int             `json:"runs"`
	Over      int             `json:"over"`
	Starts    int             `json:"starts"`
	Running   []slurm.Running `json:"running"`
	Log       string          `json:"log"`
	Last      string          `json:"last_lines"` // of the log, of a task that has failed
}

// submittedStatus says what becomes of a study that was submitted.
func (a *app) submittedStatus(ctx context.Context, arg string) (clusterStatus, error) {
	name, folder, s, err := a.submitted(arg)
	if err != nil {
		return clusterStatus{}, err
	}
	queue, err := slurm.Client{}.Queue(ctx, s.Token)
	if err != nil {
		return clusterStatus{}, err
	}
	p, err := folder.Status(s, queue)
	c := newClusterStatus(name, s, p)
	if !c.live() {
		c.Merged, c.Unmerged = slurm.Tail(folder.LastMergeLog(s), mergeLines), !folder.Merged(s)
	}
	return c, err
}

// mergeLines is how many lines are shown of what a job that merges has said: where the report is, and what is missing.
const mergeLines = 2

// logLines is how many lines of a failed task's log are shown.
const logLines = 5

func newClusterStatus(name string, s slurm.Submission, p slurm.Status) clusterStatus {
	c := clusterStatus{Study: name, SecondsLeft: p.TimeLeft(s).Seconds(), Counts: map[string]int{}, Kernels: []string{},
		Merge: p.Merging.State, Before: p.Before}
	if n := len(s.Batches); n > 0 {
		c.Round = s.Batches[n-1].Round
	}
	for _, t := range p.Tasks {
		one := clusterTask{t.Task, t.Job, t.State, t.Reason, t.Preempted, t.Node, t.Limit, t.Runs, t.Over(), t.Starts, t.Running, t.Log,
			""}
		if one.Running == nil {
			one.Running = []slurm.Running{}
		}
		if t.State == slurm.Broken {
			one.Last = slurm.Tail(t.Log, logLines)
		}
		c.Runs, c.Done, c.Diverged = c.Runs+t.Runs, c.Done+t.Done, c.Diverged+t.Diverged
		c.Pruned, c.Failed = c.Pruned+t.Pruned, c.Failed+t.Failed
		c.Counts[string(t.State)]++
		if t.Kernel != "" && !slices.Contains(c.Kernels, t.Kernel) {
			c.Kernels = append(c.Kernels, t.Kernel)
		}
		c.Tasks = append(c.Tasks, one)
	}
	return c
}

// live says whether anything of it is in the queue.
func (c clusterStatus) live() bool {
	return c.Merge != "" || c.Counts[string(slurm.Waiting)]+c.Counts[string(slurm.Active)]+c.Counts[string(slurm.Requeued)] > 0
}

// line says how far it is.
func (c clusterStatus) line() string {
	parts := []string{fmt.Sprintf("%d of %s done", c.Done, number.Count(c.Runs, "run"))}
	add := func(n int, what string) {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, what))
		}
	}
	if c.Round > 0 {
		parts[0] = fmt.Sprintf("round %d, %s", c.Round, parts[0])
	}
	add(c.Before, "before")
	add(c.Diverged, "diverged")
	add(c.Pruned, "pruned")
	add(c.Failed, "failed")
	for _, state := range []slurm.State{slurm.Active, slurm.Requeued, slurm.Waiting, slurm.Broken, slurm.Stopped, slurm.Idle,
		slurm.Complete} {
		if n := c.Counts[string(state)]; n > 0 {
			parts = append(parts, number.Count(n, "task")+" "+string(state))
		}
	}
	if c.Unmerged {
		parts = append(parts, "not everything merged")
	}
	if c.SecondsLeft > 0 {
		parts = append(parts, "about "+number.Approx(time.Duration(c.SecondsLeft*float64(time.Second)))+" left")
	}
	return c.Study + " on Slurm: " + strings.Join(parts, ", ")
}

// watchCluster shows the progress of a study on the cluster until nothing of it is in the queue.
func (a *app) watchCluster(ctx context.Context, arg string) error {
	for said := ""; ; {
		c, err := a.submittedStatus(ctx, arg)
		line := c.line
		switch {
		case ctx.Err() != nil:
			return nil
		case slurm.IsNoAnswer(err):
			line = err.Error
		case err != nil:
			return err
		case !c.live():
			a.printCluster(c)
			fmt.Fprintln(a.out, "nothing of it is in the queue now")
			return nil
		}
		if text := line(); text != said {
			said = text
			fmt.Fprintln(a.out, text)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pollEvery):
		}
	}
}

// clusterStatus says what becomes of a study that was submitted.
func (a *app) clusterStatus(ctx context.Context, arg string, watch, asJSON bool) error {
	if watch {
		return a.watchCluster(ctx, arg)
	}
	c, err := a.submittedStatus(ctx, arg)
	switch {
	case errors.Is(err, slurm.ErrNothing):
		return fmt.Errorf("%w; nightshift status, without a name, says how far the studies of the database are", err)
	case err != nil:
		return err
	case asJSON:
		return a.printJSON(c)
	}
	a.printCluster(c)
	return nil
}

// printSubmitted says in a line how far each study is that is on the cluster, and has come to no end there.
func (a *app) printSubmitted(ctx context.Context) (shown bool, err error) {
	names, err := a.submittedNames()
	if err != nil {
		return false, err
	}
	var silent error // of a cluster that answers for none of them, and is asked once
	for _, name := range names {
		var c clusterStatus
		if err = silent; err == nil {
			c, err = a.submittedStatus(ctx, name)
		}
		if slurm.IsNoAnswer(err) || errors.Is(err, slurm.ErrNoSlurm) {
			silent = err
		}
		if errors.Is(err, slurm.ErrNothing) {
			continue // it could not be submitted
		}
		shown = true
		if err != nil {
			fmt.Fprintf(a.out, "%s on Slurm: %v\n", name, err)
		} else if c.live() || c.Counts[string(slurm.Complete)] < len(c.Tasks) || c.Merged == "" || c.Unmerged {
			fmt.Fprintf(a.out, "%s; nightshift status %s tells more\n", c.line(), file.ShellWord(name))
		}
	}
	return shown, nil
}
