package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"nightshift/internal/file"
	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/runner/slurm"
)

// clusterStatus is what becomes of a study on the cluster.
type clusterStatus struct {
	Study       string         `json:"study"`
	Runs        int            `json:"runs"` // of all tasks
	Done        int            `json:"done"` // in their databases, merged or not
	Diverged    int            `json:"diverged"`
	Pruned      int            `json:"pruned"`
	Failed      int            `json:"failed"`
	SecondsLeft float64        `json:"seconds_left"` // 0 where that is not known
	Counts      map[string]int `json:"task_states"`
	Kernels     []string       `json:"kernels"`
	Tasks       []clusterTask  `json:"tasks"`
	Merge       string         `json:"merge"` // state of the job behind the tasks; "" where there is none in the queue
}

// clusterTask is one of its tasks.
type clusterTask struct {
	Task    int             `json:"task"`
	Job     string          `json:"job"`
	State   slurm.State     `json:"state"`
	Reason  string          `json:"reason"`
	Node    string          `json:"node"`
	Limit   string          `json:"time_limit_left"`
	Runs    int             `json:"runs"`
	Over    int             `json:"over"`
	Starts  int             `json:"starts"`
	Running []slurm.Running `json:"running"`
	Log     string          `json:"log"`
	Last    string          `json:"last_lines"` // of the log, of a task that has failed
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
	p, err := folder.Picture(s, queue)
	return newClusterStatus(name, s, p), err
}

// logLines is how many lines of a failed task's log are shown.
const logLines = 5

func newClusterStatus(name string, s slurm.Submission, p slurm.Picture) clusterStatus {
	c := clusterStatus{Study: name, SecondsLeft: p.TimeLeft(s).Seconds(), Counts: map[string]int{}, Kernels: []string{},
		Merge: p.Merging.State}
	for _, t := range p.Tasks {
		one := clusterTask{t.Task, t.Job, t.State, t.Reason, t.Node, t.Limit, t.Runs, t.Over(), t.Starts, t.Running, t.Log, ""}
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
	add(c.Diverged, "diverged")
	add(c.Pruned, "pruned")
	add(c.Failed, "failed")
	for _, state := range []slurm.State{slurm.Active, slurm.Requeued, slurm.Waiting, slurm.Broken, slurm.Stopped, slurm.Idle,
		slurm.Complete} {
		if n := c.Counts[string(state)]; n > 0 {
			parts = append(parts, number.Count(n, "task")+" "+string(state))
		}
	}
	if c.SecondsLeft > 0 {
		parts = append(parts, "about "+number.Approx(time.Duration(c.SecondsLeft*float64(time.Second)))+" left")
	}
	return c.Study + " on Slurm: " + strings.Join(parts, ", ")
}

// shownTasks is how many tasks of a state are shown one by one.
const shownTasks = 20

func (a *app) printCluster(c clusterStatus) {
	fmt.Fprintln(a.out, c.line())
	a.printRunning(c.in(slurm.Active))
	a.printTasks("requeued", c.in(slurm.Requeued), func(t clusterTask) string {
		return fmt.Sprintf("%d of %s done, waits (%s)", t.Over, number.Count(t.Runs, "run"), waitReason(t.Reason))
	})
	a.printWaiting(c.in(slurm.Waiting))
	a.printTasks("failed", c.in(slurm.Broken), func(t clusterTask) string {
		said := fmt.Sprintf("%d of %s done: %s", t.Over, number.Count(t.Runs, "run"), failReason(t.Reason))
		for line := range strings.Lines(t.Last) {
			said += "\n      " + strings.TrimRight(line, "\n")
		}
		return said
	})
	a.printTasks("cancelled", c.in(slurm.Stopped), func(t clusterTask) string {
		return fmt.Sprintf("%d of %s done", t.Over, number.Count(t.Runs, "run"))
	})
	a.printTasks("in no queue", c.in(slurm.Idle), func(t clusterTask) string {
		return fmt.Sprintf("%d of %s done: %s", t.Over, number.Count(t.Runs, "run"), t.Reason)
	})
	switch {
	case len(c.in(slurm.Broken))+len(c.in(slurm.Stopped))+len(c.in(slurm.Idle)) > 0:
		fmt.Fprintf(a.out, "\nthe same nightshift slurm command submits what is in no queue again\n")
	case c.Merge != "":
		fmt.Fprintf(a.out, "\nbehind them a job merges what they have trained and writes the report (%s)\n", strings.ToLower(c.Merge))
	}
	if len(c.Kernels) > 1 {
		fmt.Fprintf(a.out, "\nthe nodes compute with different kernels (%s), whose results may differ in the last bits: choose one "+
			"kind of nodes with --sbatch --constraint=FEATURE, or one kernel for all with --kernel\n", strings.Join(c.Kernels, ", "))
	}
}

// in lists the tasks of a state.
func (c clusterStatus) in(state slurm.State) (list []clusterTask) {
	for _, t := range c.Tasks {
		if t.State == state {
			list = append(list, t)
		}
	}
	return list
}

func (a *app) printTasks(title string, tasks []clusterTask, say func(clusterTask) string) {
	if len(tasks) == 0 {
		return
	}
	fmt.Fprintf(a.out, "\n%s\n", title)
	for i, t := range tasks {
		if i == shownTasks {
			fmt.Fprintf(a.out, "  and %d more\n", len(tasks)-i)
			return
		}
		fmt.Fprintf(a.out, "  %s %s\n", t.name(), say(t))
	}
}

func (t clusterTask) name() string {
	if t.Job == "" {
		return fmt.Sprintf("task %d:", t.Task)
	}
	return fmt.Sprintf("task %d (%s):", t.Task, t.Job)
}

func (a *app) printRunning(tasks []clusterTask) {
	a.printTasks("running", tasks, func(t clusterTask) string {
		said := fmt.Sprintf("on %s, %d of %s done", cmp.Or(t.Node, "a node"), t.Over, number.Count(t.Runs, "run"))
		if t.Limit != "" && t.Limit != "UNLIMITED" && t.Limit != "INVALID" {
			said += ", " + t.Limit + " until its time limit"
		}
		for _, r := range t.Running {
			said += fmt.Sprintf("\n      %s  %s, seed %s, epoch %d of %d", study.ShortID(r.ID), r.Label, r.Seed, r.Epoch, r.Of)
			if r.Loss != 0 {
				said += fmt.Sprintf(", training loss %.4g", r.Loss)
			}
		}
		return said
	})
}

// printWaiting counts the tasks that have not begun by why they wait.
func (a *app) printWaiting(tasks []clusterTask) {
	if len(tasks) == 0 {
		return
	}
	by := map[string]int{}
	for _, t := range tasks {
		by[waitReason(t.Reason)]++
	}
	fmt.Fprintln(a.out, "\nqueued")
	for _, reason := range slices.Sorted(maps.Keys(by)) {
		fmt.Fprintf(a.out, "  %s: %s\n", number.Count(by[reason], "task"), reason)
	}
}

// waitReason explains why Slurm lets a job wait, where its word for that is not one that says so.
func waitReason(reason string) string {
	if what, ok := reasons[strings.TrimSpace(reason)]; ok {
		return reason + ": " + what
	}
	return cmp.Or(reason, "no reason given")
}

// failReason explains what has ended a job.
func failReason(reason string) string {
	if what, ok := reasons[reason]; ok {
		return reason + ": " + what
	}
	return reason
}

var reasons = map[string]string{
	"None":                        "not looked at yet",
	"Priority":                    "others go first",
	"Resources":                   "no node is free",
	"BeginTime":                   "Slurm lets a requeued job wait for two minutes",
	"Dependency":                  "waits for other jobs",
	"DependencyNeverSatisfied":    "what it waits for has failed; cancel it and submit again",
	"JobArrayTaskLimit":           "--array-max says so",
	"PartitionTimeLimit":          "the partition allows less than --time",
	"PartitionNodeLimit":          "the partition has fewer nodes",
	"PartitionConfig":             "the partition has no node like that: less with --cpus, --time",
	"PartitionDown":               "the partition takes no jobs now",
	"ReqNodeNotAvail":             "the nodes are down or reserved",
	"JobHeldUser":                 "held; scontrol release lets it go",
	"JobHeldAdmin":                "held by an administrator",
	"JobLaunchFailure":            "the node could not start it: does it see the folders of --dir and --out?",
	"launch failed requeued held": "the node could not start it: does it see the folders of --dir and --out?",
	"TimeLimit":                   "it was over its time limit before it could ask to go on",
	"NodeDown":                    "its node has died",
	"NonZeroExitCode":             "see its log",
	"Preempted":                   "another job went first, and this cluster starts nothing again by itself",
	"it ended without a word":     "it was killed, for its memory perhaps (--sbatch --mem=...), or its node has died",
	"exit code 75":                "it was warned and could not be put back into the queue",
	"OutOfMemory":                 "it needs more memory: --sbatch --mem=...",
}

// watchCluster says how far a study on the cluster is until nothing of it is in the queue.
func (a *app) watchCluster(ctx context.Context, arg string) error {
	for said := ""; ; {
		c, err := a.submittedStatus(ctx, arg)
		line := c.line
		switch {
		case ctx.Err() != nil:
			return nil
		case slurm.Silent(err):
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
	for _, name := range names {
		c, err := a.submittedStatus(ctx, name)
		if errors.Is(err, slurm.ErrNothing) {
			continue // it could not be submitted
		}
		shown = true
		if err != nil {
			fmt.Fprintf(a.out, "%s on Slurm: %v\n", name, err)
		} else if c.live() || c.Counts[string(slurm.Complete)] < len(c.Tasks) {
			fmt.Fprintf(a.out, "%s; nightshift status %s tells more\n", c.line(), file.ShellWord(name))
		}
	}
	return shown, nil
}
