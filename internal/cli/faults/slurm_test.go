//go:build linux

package faults

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// sixty is a study of 60 runs.
const sixty = `study: sixty
data: {set: moons, train: 500, valid: 100, test: 200}
base: {epochs: 2500, batch: 10}
grid: {width: [16, 32, 64], lr: [0.01, 0.1]}
seeds: 10
`

// TestSlurm does to a study on a real Slurm what happens to studies there: the process that submits it is killed, a node dies,
// a task is requeued, another comes to its time limit, another job goes before the one that merges, a study is cancelled. The
// database is that of an undisturbed night.
func TestSlurm(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	c := startCluster(t, "n1", "n2", "n3")
	dir := filepath.Join(t.TempDir(), `it's "a" $HOME & 100% (night)`)
	check(t, os.Mkdir(dir, 0o755))
	check(t, os.WriteFile(filepath.Join(dir, "sixty.yaml"), []byte(sixty), 0o644))
	u := user{build(t), c, dir}
	t.Cleanup(func() { u.tellLogs(t) })
	u.do(t, 0, "run", "sixty.yaml", "--out", "whole", "--no-report", "--quiet")

	u.killedWhileSubmitting(t)
	said := u.do(t, 0, "slurm", "sixty.yaml", "--tasks", "6", "--time", "10")
	if want := "60 in the queue or running"; !strings.Contains(said, want) {
		t.Fatalf("submitted again:\n%s\nwant %q", said, want)
	}
	if n := strings.Count(c.do(t, "squeue", "--array", "--noheader"), "\n"); n != 7 {
		t.Fatalf("%d jobs, want 6 tasks and one behind:\n%s", n, c.do(t, "squeue", "--array"))
	}
	dead, limited, requeued := u.three(t)
	check(t, syscall.Kill(dead.pid, syscall.SIGSTOP)) // so that it still has runs when its node dies
	check(t, syscall.Kill(limited.pid, syscall.SIGSTOP))
	u.limit(t, limited)
	c.killNode(t, dead.node)
	c.do(t, "scontrol", "requeue", requeued.id())
	u.wait(t, "requeued tasks", func() bool { return u.state(t, requeued.id()) == "PENDING" })
	u.status(t, "running", "on "+limited.node, "requeued", "BeginTime")

	// With its warning Slurm lets a stopped process go on.
	c.wait(t, "tasks that have come to their time limit", func() bool { return u.state(t, limited.id()) == "PENDING" })
	c.wait(t, "requeued tasks of the dead node", func() bool { return u.state(t, dead.id()) != "RUNNING" })
	c.startNode(t, dead.node)
	c.wait(t, "ends of the queue", func() bool { return c.do(t, "squeue", "--noheader") == "" })
	for _, p := range []process{dead, limited, requeued} {
		if n := u.starts(t, "sixty", p.task); n < 2 {
			t.Errorf("task %d on %s was started %d times", p.task, p.node, n)
		}
	}
	if said := u.do(t, 0, "slurm", "sixty.yaml"); !strings.Contains(said, "60 runs, 60 done") {
		t.Errorf("in the end:\n%s", said)
	}
	u.same(t, "results", "whole")
	u.preemptedMerge(t)
	u.same(t, "results", "whole")
	u.cancelled(t)
	u.rounds(t)
}

// user is somebody who types in a folder.
type user struct {
	program
	*cluster
	dir string
}

// command is one of the user's.
func (u user) command(args ...string) *exec.Cmd {
	c := exec.Command(u.program.path, args...)
	c.Dir, c.Env = u.dir, u.env
	return c
}

func (u user) do(t *testing.T, code int, args ...string) string {
	t.Helper()
	c := u.command(args...)
	out, err := c.CombinedOutput()
	if got := c.ProcessState.ExitCode(); got != code {
		t.Fatalf("nightshift %s: %v, want exit code %d\n%s", strings.Join(args, " "), err, code, out)
	}
	return string(out)
}

// tellLogs shows what jobs have said, if the test has failed.
func (u user) tellLogs(t *testing.T) {
	logs, err := filepath.Glob(filepath.Join(u.dir, "results*", "slurm", "*", "*", "logs", "*.log"))
	check(t, err)
	for _, path := range logs {
		if text, err := os.ReadFile(path); t.Failed() && err == nil {
			t.Logf("%s:\n%s", filepath.Base(path), text)
		}
	}
}

// killedWhileSubmitting kills the process that submits while sbatch is still at work, which goes on.
func (u user) killedWhileSubmitting(t *testing.T) {
	slow := filepath.Join(t.TempDir(), "sbatch")
	sbatch, err := exec.LookPath("sbatch")
	check(t, err)
	called := slow + ".called"
	check(t, os.WriteFile(slow, []byte("#!/bin/sh\ntouch "+called+"\nsleep 1\nexec "+sbatch+" \"$@\"\n"), 0o755))
	c := u.command("slurm", "sixty.yaml", "--tasks", "6", "--time", "10")
	c.Env = append(c.Env, "PATH="+filepath.Dir(slow)+":"+os.Getenv("PATH"))
	check(t, c.Start())
	u.wait(t, "calls of sbatch", func() bool { return exists(called) })
	check(t, c.Process.Kill())
	c.Wait()
}

// tasks waits for so many tasks that run at once.
func (u user) tasks(t *testing.T, n int) (tasks []process) {
	t.Helper()
	u.wait(t, fmt.Sprintf("%d tasks", n), func() bool {
		tasks = nil
		for _, p := range u.processes(t) {
			if strings.Contains(p.args, " slurm task ") {
				tasks = append(tasks, p)
			}
		}
		return len(tasks) >= n
	})
	return tasks
}

// three are tasks that run on three nodes.
func (u user) three(t *testing.T) (dead, limited, requeued process) {
	t.Helper()
	tasks := u.tasks(t, 3)
	for _, p := range tasks {
		u.wait(t, "runs of a task that are done", func() bool { return u.trains(t, p) })
	}
	return tasks[0], tasks[1], tasks[2]
}

// trains says whether a task is done with a run already.
func (u user) trains(t *testing.T, p process) bool {
	path := p.database()
	return path != "" && len(rows(t, path, `SELECT name FROM sqlite_schema WHERE name = 'runs'`)) > 0 &&
		len(rows(t, path, `SELECT id FROM runs WHERE status = 'done'`)) > 0
}

// database is the one that a task has open; "" as long as it has none.
func (p process) database() string {
	open, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", p.pid))
	for _, fd := range open {
		if path, err := os.Readlink(fd); err == nil && filepath.Base(path) == "nightshift.db" {
			return path
		}
	}
	return ""
}

// status waits until the program says something of the study on the cluster: Slurm takes a moment to know why a task waits.
func (u user) status(t *testing.T, parts ...string) {
	t.Helper()
	u.wait(t, fmt.Sprintf("words %q in the status", parts), func() bool {
		said := u.do(t, 0, "status", "sixty")
		return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(said, part) })
	})
}

// limit gives a task that runs a time limit that is one to two minutes away. It is to be warned two minutes before: as soon as
// Slurm looks at limits, which it does twice a minute.
func (u user) limit(t *testing.T, p process) {
	t.Helper()
	said := strings.TrimSpace(u.cluster.do(t, "squeue", "--noheader", "--array", "--job="+p.id(), "--format=%S"))
	began, err := time.ParseInLocation("2006-01-02T15:04:05", said, time.Local)
	check(t, err)
	minutes := int(time.Since(began)/time.Minute) + 2
	u.cluster.do(t, "scontrol", "update", "jobid="+p.id(), fmt.Sprintf("timelimit=%d", minutes))
}

// starts counts how often a task was started.
func (u user) starts(t *testing.T, study string, task int) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(u.dir, "results", "slurm", study, "1", "tasks", fmt.Sprintf("%d.json", task)))
	check(t, err)
	var p struct{ Starts int }
	check(t, json.Unmarshal(text, &p))
	return p.Starts
}

// same compares the databases of two folders.
func (u user) same(t *testing.T, got, want string) {
	t.Helper()
	intact(t, database(filepath.Join(u.dir, got)))
	sameContents(t, database(filepath.Join(u.dir, got)), database(filepath.Join(u.dir, want)))
}

// cancelled cancels a second study while tasks train, of which another job has gone before one, and goes before a second: none is
// requeued then, and the same command goes on, although a task is run twice then and the controller crashes.
func (u user) cancelled(t *testing.T) {
	check(t, os.WriteFile(filepath.Join(u.dir, "second.yaml"), []byte(strings.Replace(sixty, "sixty", "second", 1)), 0o644))
	args := []string{"second.yaml", "--set", "seeds=1", "--set", "data.train=20000"}
	u.do(t, 0, append([]string{"run", "--out", "whole2", "--no-report", "--quiet"}, args...)...)
	submit := append([]string{"slurm", "--out", "results2", "--tasks", "3"}, args...)
	u.do(t, 0, submit...)
	u.preempted(t)
	given := u.givenTime(t)
	u.do(t, 0, "slurm", "cancel", "second", "--out", "results2")
	u.wait(t, "ends of the queue", func() bool { return u.cluster.do(t, "squeue", "--noheader") == "" })
	if is := u.state(t, given); is != "CANCELLED" {
		t.Errorf("a task that was cancelled while another job went first is %s", is)
	}
	if said := u.do(t, 0, "status", "second", "--out", "results2"); !strings.Contains(said, "cancelled") {
		t.Errorf("status of a study that was cancelled:\n%s", said)
	}
	u.do(t, 0, submit...)
	u.tasks(t, 1)
	twin := u.command("slurm", "task", filepath.Join(u.dir, "results2", "slurm", "second"), "2", "1")
	check(t, u.start(twin))
	u.crash(t)
	if err := twin.Wait(); err != nil {
		t.Errorf("a task that runs beside its twin: %v", err)
	}
	u.wait(t, "ends of the study", func() bool { // with a crash Slurm may lose a job, which is submitted again
		return u.cluster.do(t, "squeue", "--noheader") == "" && strings.Contains(u.do(t, 0, submit...), "6 runs, 6 done\n")
	})
	u.same(t, "results2", "whole2")
}

// preempted has another job go before the task whose number is its array's, on a cluster that starts nothing again: the task
// goes back into the queue by itself, and alone.
func (u user) preempted(t *testing.T) {
	for _, p := range u.tasks(t, 3) {
		u.wait(t, "tasks that have begun", func() bool { return p.database() != "" })
	}
	var id, node string
	var others []string
	for line := range strings.Lines(u.cluster.do(t, "squeue", "--noheader", "--array", "--states=RUNNING", "--format=%A %F %i %N")) {
		f := strings.Fields(line)
		if f[0] == f[1] {
			id, node = f[2], f[3]
		} else {
			others = append(others, f[2])
		}
	}
	for _, p := range u.processes(t) {
		if p.node == node {
			check(t, syscall.Kill(p.pid, syscall.SIGSTOP)) // so that it still has runs then; Slurm lets it go on to end
		}
	}
	u.cluster.do(t, "sbatch", "--partition=first", "--nodelist="+node, "--output=/dev/null", "--wrap=true")
	u.wait(t, "tasks that are requeued for another job", func() bool { return u.state(t, id) == "PENDING" })
	for _, other := range others {
		if is := u.state(t, other); is != "RUNNING" && is != "COMPLETED" {
			t.Errorf("task %s is %s while %s goes back into the queue", other, is, id)
		}
	}
}

// givenTime has another job go before a task, which is given time to end.
func (u user) givenTime(t *testing.T) (id string) {
	var node string
	u.wait(t, "tasks that train", func() bool {
		fields := strings.Fields(u.cluster.do(t, "squeue", "--noheader", "--array", "--partition=main", "--states=RUNNING",
			"--format=%i %N"))
		if len(fields) > 1 {
			id, node = fields[0], fields[1]
		}
		return node != ""
	})
	u.cluster.do(t, "scontrol", "update", "partition=main", "gracetime=60")
	u.cluster.do(t, "sbatch", "--partition=first", "--nodelist="+node, "--output=/dev/null", "--wrap=true")
	u.wait(t, "tasks that are given time", func() bool { // or one that has ended in it, and is back in the queue
		return strings.Contains(u.cluster.do(t, "scontrol", "show", "job", id), "PreemptTime=2") || u.state(t, id) == "PENDING"
	})
	return id
}

// state is that of a task, by array and index.
func (u user) state(t *testing.T, id string) string {
	return strings.TrimSpace(u.cluster.do(t, "squeue", "--noheader", "--array", "--states=all", "--job="+id, "--format=%T"))
}

// preemptedMerge has the same command merge once more, and another job go before the one that does it, which goes back into the
// queue by itself. A job that merges is short: one that is over too soon is submitted again.
func (u user) preemptedMerge(t *testing.T) {
	marker := filepath.Join(u.dir, "results", "slurm", "sixty", "merged")
	empty := func() bool { return u.cluster.do(t, "squeue", "--noheader") == "" }
	for range 20 {
		check(t, os.RemoveAll(marker))
		u.do(t, 0, "slurm", "sixty.yaml")
		var merge process
		for merge.pid == 0 && !empty() {
			for _, p := range u.processes(t) {
				merges := strings.Contains(p.args, " slurm merge ") && p.database() != "" // it has begun, and handles signals
				if merges && syscall.Kill(p.pid, syscall.SIGSTOP) == nil {
					merge = p
				}
			}
		}
		back := false
		if merge.pid != 0 {
			u.cluster.do(t, "sbatch", "--partition=first", "--nodelist="+merge.node, "--output=/dev/null", "--wrap=true")
			u.wait(t, "jobs that merge and end", func() bool {
				is := u.state(t, merge.job)
				back = is == "PENDING"
				return is != "RUNNING" && is != "COMPLETING"
			})
		}
		u.wait(t, "ends of the queue", empty)
		if back {
			if said := u.do(t, 0, "status", "sixty"); !exists(marker) || !strings.Contains(said, "all 60 runs of sixty are in") {
				t.Errorf("after a job that merges was put back:\n%s", said)
			}
			return
		}
	}
	t.Error("no job that merges went back into the queue")
}

// rounds trains a study that prunes, whose arrays follow each other by themselves.
func (u user) rounds(t *testing.T) {
	text := strings.NewReplacer("sixty", "pruned", "2500", "60", "seeds: 10", "seeds: 2").Replace(sixty) +
		"prune: {rungs: [10, 30]}\n"
	check(t, os.WriteFile(filepath.Join(u.dir, "pruned.yaml"), []byte(text), 0o644))
	u.do(t, 0, "run", "pruned.yaml", "--out", "whole3", "--no-report", "--quiet")
	said := u.do(t, 0, "slurm", "pruned.yaml", "--out", "results3", "--tasks", "3", "--wait")
	if !strings.Contains(said, "all rounds of pruned are over") {
		t.Errorf("in the end:\n%s", said)
	}
	u.same(t, "results3", "whole3")
}
