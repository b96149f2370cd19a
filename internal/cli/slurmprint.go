package cli

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"nightshift/internal/file"
	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/runner/slurm"
)

// shownTasks is how many tasks of a state are shown one by one.
const shownTasks = 20

func (a *app) printCluster(c clusterStatus) {
	fmt.Fprintln(a.out, c.line())
	a.printRunning(c.in(slurm.Active))
	a.printTasks("requeued", c.in(slurm.Requeued), func(t clusterTask) string {
		why := "waits"
		if t.Preempted {
			why = "another job went first, waits"
		}
		return fmt.Sprintf("%d of %s done, %s (%s)", t.Over, number.Count(t.Runs, "run"), why, slurmReason(t.Reason))
	})
	a.printWaiting(c.in(slurm.Waiting))
	a.printTasks("failed", c.in(slurm.Broken), func(t clusterTask) string {
		said := fmt.Sprintf("%d of %s done: %s", t.Over, number.Count(t.Runs, "run"), slurmReason(t.Reason))
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
	a.printNext(c)
	if len(c.Kernels) > 1 {
		fmt.Fprintf(a.out, "\nthe nodes compute with different kernels (%s), whose results may differ in the last bits: choose one "+
			"kind of nodes with --sbatch --constraint=FEATURE, or one kernel for all with --kernel\n", strings.Join(c.Kernels, ", "))
	}
}

// printNext says what comes after the tasks, and what to type where something has to be.
func (a *app) printNext(c clusterStatus) {
	if slices.ContainsFunc(c.Tasks, func(t clusterTask) bool { return t.Preempted }) {
		fmt.Fprintf(a.out, "\nto take out of the queue what another job went before: nightshift slurm cancel %s (Slurm passes over an "+
			"scancel of a task that it is ending for another job)\n", file.ShellWord(c.Study))
	}
	switch {
	case len(c.in(slurm.Broken))+len(c.in(slurm.Stopped))+len(c.in(slurm.Idle)) > 0:
		fmt.Fprintf(a.out, "\nthe same nightshift slurm command submits what is in no queue again\n")
	case c.Merge != "":
		fmt.Fprintf(a.out, "\nbehind them a job merges what they have trained and writes the report (%s)\n", strings.ToLower(c.Merge))
	case !c.live() && c.Merged == "":
		fmt.Fprintf(a.out, "\nnothing of it is merged; the same nightshift slurm command submits the job that does it\n")
	case c.Unmerged:
		fmt.Fprintf(a.out, "\nnot everything is merged: the job that does it has not come to its end, and has said last\n  %s\n"+
			"the same nightshift slurm command submits it again\n", strings.ReplaceAll(c.Merged, "\n", "\n  "))
	case !c.live():
		fmt.Fprintf(a.out, "\nthe job that merges has said last\n  %s\n", strings.ReplaceAll(c.Merged, "\n", "\n  "))
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
		if t.Reason != "" && t.Reason != "None" {
			said += ", " + slurmReason(t.Reason)
		}
		if !slices.Contains([]string{"", "UNLIMITED", "INVALID", "NOT_SET", "N/A"}, t.Limit) {
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
		by[slurmReason(t.Reason)]++
	}
	fmt.Fprintln(a.out, "\nqueued")
	for _, reason := range slices.Sorted(maps.Keys(by)) {
		fmt.Fprintf(a.out, "  %s: %s\n", number.Count(by[reason], "task"), reason)
	}
}
