package faults

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// control is a control group of the test's own with a limit on memory.
type control struct{ dir, limit, usage string }

func group(t *testing.T, limit int) control {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root may make control groups")
	}
	for _, c := range []control{
		{"/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes"},
		{"/sys/fs/cgroup", "memory.max", "memory.current"},
	} {
		c.dir = filepath.Join(c.dir, fmt.Sprintf("nightshift-%d", os.Getpid()), strings.ReplaceAll(t.Name(), "/", "-"))
		if os.MkdirAll(c.dir, 0o755) != nil {
			continue
		}
		t.Cleanup(func() { os.Remove(c.dir); os.Remove(filepath.Dir(c.dir)) })
		if c.set(limit) == nil {
			return c
		}
	}
	t.Skip("no control groups with limits on memory can be made here")
	return control{}
}

// set sets the limit, in a file that the kernel has made.
func (c control) set(limit int) error {
	f, err := os.OpenFile(filepath.Join(c.dir, c.limit), os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(f, limit)
	return errors.Join(err, f.Close())
}

// used is how many bytes the group has.
func (c control) used(t *testing.T) (n int) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, c.usage))
	check(t, err)
	_, err = fmt.Sscan(string(text), &n)
	check(t, err)
	return n
}

// squeeze has the kernel end the only process of the group: whenever that has so many bytes, it is left little more, and another
// process takes more than that, which is then the smaller one.
func (c control) squeeze(t *testing.T, bytes int, ended <-chan struct{}) {
	t.Helper()
	const room = 64 << 20
	for until := time.Now().Add(patience); time.Now().Before(until); {
		select {
		case <-ended:
			return
		case <-time.After(5 * time.Millisecond):
		}
		if n := c.used(t); n >= bytes && c.set(n+room) == nil {
			in(c.dir, exec.Command("sh", "-c", "head -c 200000000 /dev/zero | tail -c 200000000 >/dev/null")).Run()
		}
	}
	t.Fatalf("the process is still there, and the group has %d bytes", c.used(t))
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
	dir := group(t, 400<<20).dir
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
	if said := do(0, "plan"); !strings.Contains(said, "2 runs need more memory than there is: up to about 14") ||
		!strings.Contains(said, "run would record them as failed") {
		t.Errorf("plan says\n%s", said)
	}
	for _, workers := range []string{"--quiet", "--workers=2"} {
		if said := do(3, "run", workers); !strings.Contains(said, "2 runs failed") || !strings.Contains(said, "it needs about 14") ||
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
	out := t.TempDir()
	study := filepath.Join(out, "s.yaml")
	check(t, os.WriteFile(study, []byte(`study: s
data: {set: blobs, train: 60, valid: 20, test: 20}
base: {epochs: 100000, batch: 20, hidden: [2000, 2000], optimizer: adam, lr: 0.001}
also:
  - {grid: {lr: [0.01]}, seeds: 2}
rules: [{when: {lr: 0.01}, set: {hidden: [4], epochs: 2}}]
seeds: 1
`), 0o666))
	for night := range 2 {
		limited := group(t, 8<<30)
		c := in(limited.dir, exec.Command(p.path, "run", study, "--out", out, "--no-report", "--checkpoint=100ms", "--workers=1"))
		check(t, c.Start())
		waitLog(t, out, fmt.Sprintf(`msg=night pid=%d `, c.Process.Pid))
		if night == 1 { // what is suspect is trained last
			waitLog(t, out, fmt.Sprintf(`(?s)(msg=run pid=%d [^\n]*status=done.*){2}`, c.Process.Pid))
		} else {
			waitRows(t, out, `SELECT run FROM checkpoint`)
		}
		ended := make(chan struct{})
		go func() { c.Wait(); close(ended) }()
		t.Cleanup(func() { c.Process.Kill(); <-ended })
		limited.squeeze(t, 150<<20, ended)
		if s := c.ProcessState.Sys().(syscall.WaitStatus); !s.Signaled() || s.Signal() != syscall.SIGKILL {
			t.Fatalf("night %d: %v", night, c.ProcessState)
		}
	}
	if said := p.do(t, 3, "run", study, "--out", out, "--no-report"); !strings.Contains(said,
		"two processes were ended because memory ran out") {
		t.Errorf("the third night says\n%s", said)
	}
	if got := rows(t, database(out), `SELECT status, count(*) AS n FROM runs GROUP BY status ORDER BY status`); fmt.Sprint(got) !=
		"[status=done n=2 status=failed n=1]" {
		t.Errorf("%v", got)
	}
}
