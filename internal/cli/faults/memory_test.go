package faults

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// group is a control group of the test's own with a limit on memory.
func group(t *testing.T, limit int) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root may make control groups")
	}
	for dir, most := range map[string]string{"/sys/fs/cgroup/memory": "memory.limit_in_bytes", "/sys/fs/cgroup": "memory.max"} {
		dir = filepath.Join(dir, fmt.Sprintf("nightshift-%d", os.Getpid()), strings.ReplaceAll(t.Name(), "/", "-"))
		if os.MkdirAll(dir, 0o755) != nil {
			continue
		}
		t.Cleanup(func() { os.Remove(dir); os.Remove(filepath.Dir(dir)) })
		if os.WriteFile(filepath.Join(dir, most), fmt.Append(nil, limit), 0) == nil {
			return dir
		}
	}
	t.Skip("no control groups with limits on memory can be made here")
	return ""
}

// in makes a command one that runs in a control group.
func in(group string, c *exec.Cmd) *exec.Cmd {
	c.Args = append([]string{"sh", "-c", `echo $$ >"$0/cgroup.procs" && exec "$@"`, group, c.Path}, c.Args[1:]...)
	c.Path = "/bin/sh"
	return c
}

// starved has a night in a control group of 400 MB: what fits is trained, and what does not
// is known before, and has failed.
func (p program) starved(t *testing.T) {
	dir := group(t, 400<<20)
	out := t.TempDir()
	study := filepath.Join(out, "s.yaml")
	check(t, os.WriteFile(study, []byte(`study: s
data: {set: blobs, train: 60, valid: 20, test: 20}
base: {epochs: 2, batch: 20, depth: 2}
grid: {width: [4, 500, 20000]}
seeds: 2
`), 0o666))
	do := func(want int, args ...string) string {
		c := in(dir, exec.Command(p.path, append(args, study, "--out", out)...))
		said, err := c.CombinedOutput()
		if got := c.ProcessState.ExitCode(); got != want {
			t.Errorf("%v: %v, want exit code %d\n%s", args, err, want, said)
		}
		return string(said)
	}
	if said := do(0, "plan"); !strings.Contains(said, "2 runs need more memory than there is: up to about 24") ||
		!strings.Contains(said, "run would record them as failed") {
		t.Errorf("plan says\n%s", said)
	}
	for _, workers := range []string{"--quiet", "--workers=2"} {
		if said := do(3, "run", workers); !strings.Contains(said, "2 runs failed") || !strings.Contains(said, "it needs about 24") ||
			!strings.Contains(said, "MB are free") {
			t.Errorf("run says\n%s", said)
		}
	}
	if got := rows(t, database(out), `SELECT status, count(*) AS n FROM runs GROUP BY status ORDER BY status`); fmt.Sprint(got) !=
		"[status=done n=4 status=failed n=2]" {
		t.Errorf("%v", got)
	}
}

// killedTwice has two nights that the kernel ends because a run needs more memory than was
// there when it was begun: the third says so, and trains the others.
func (p program) killedTwice(t *testing.T) {
	if os.Getenv("NIGHTSHIFT_LONG") == "" {
		t.Skip("set NIGHTSHIFT_LONG=1: whether the kernel ends the process depends on how much it has before it is moved into the group")
	}
	out := t.TempDir()
	study := filepath.Join(out, "s.yaml")
	check(t, os.WriteFile(study, []byte(`study: s
data: {set: blobs, train: 60, valid: 20, test: 20}
base: {epochs: 100000, batch: 20, hidden: [4000, 4000], optimizer: adam, lr: 0.001}
also:
  - {grid: {lr: [0.01]}, seeds: 2}
rules: [{when: {lr: 0.01}, set: {hidden: [4], epochs: 2}}]
seeds: 1
`), 0o666))
	for night := range 2 {
		dir := group(t, 400<<20)
		ctx, stop := context.WithTimeout(t.Context(), time.Minute)
		defer stop()
		c := exec.CommandContext(ctx, p.path, "run", study, "--out", out, "--no-report", "--checkpoint=100ms", "--workers=1")
		check(t, c.Start())
		waitLog(t, out, fmt.Sprintf(`msg=night pid=%d `, c.Process.Pid))
		check(t, os.WriteFile(filepath.Join(dir, "cgroup.procs"), fmt.Append(nil, c.Process.Pid), 0))
		c.Wait()
		if s := c.ProcessState.Sys().(syscall.WaitStatus); !s.Signaled() || s.Signal() != syscall.SIGKILL {
			t.Fatalf("night %d: %v", night, c.ProcessState)
		}
	}
	if said := p.do(t, 3, "run", study, "--out", out, "--no-report"); !strings.Contains(said, "two processes were ended because memory ran out") {
		t.Errorf("the third night says\n%s", said)
	}
	if got := rows(t, database(out), `SELECT status, count(*) AS n FROM runs GROUP BY status ORDER BY status`); fmt.Sprint(got) !=
		"[status=done n=2 status=failed n=1]" {
		t.Errorf("%v", got)
	}
}
