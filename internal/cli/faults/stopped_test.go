package faults

import (
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// waitLog waits until a night's log has something.
func waitLog(t *testing.T, out, want string) {
	t.Helper()
	for until := time.Now().Add(5 * time.Minute); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if regexp.MustCompile(want).MatchString(log(t, out)) {
			return
		}
	}
	t.Fatalf("the log has no %s:\n%s", want, log(t, out))
}

// waitRows waits until a query of the database gives rows.
func waitRows(t *testing.T, out, query string) {
	t.Helper()
	for until := time.Now().Add(5 * time.Minute); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if len(rows(t, database(out), query)) > 0 {
			return
		}
	}
	t.Fatalf("the database has nothing for %s", query)
}

// stopped stops a process as Ctrl-Z does while it trains: after a lease another one says so and
// takes its runs over, and when it goes on it notices, and nothing is trained into one row twice.
func (p program) stopped(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the state of a process is known on Linux only")
	}
	out, whole := t.TempDir(), t.TempDir()
	args := []string{"--set=base.epochs=600", "--workers=1", "--lease=1s"}
	p.do(t, 0, tonight(whole, args...)...)

	var said strings.Builder
	first := exec.Command(p.path, tonight(out, args...)...)
	first.Stdout, first.Stderr = &said, &said
	check(t, first.Start())
	waitLog(t, out, "msg=run ")
	check(t, first.Process.Signal(syscall.SIGSTOP))
	second := p.do(t, 0, tonight(out, args...)...)
	if want := fmt.Sprintf("process %d on ", first.Process.Pid); !strings.Contains(second, want) ||
		!strings.Contains(second, "is stopped: its runs are taken over") {
		t.Errorf("the second says\n%s", second)
	}
	check(t, first.Process.Signal(syscall.SIGCONT))
	if err := first.Wait(); err != nil || first.ProcessState.ExitCode() != 0 {
		t.Errorf("the first: %v\n%s", err, said.String())
	}
	intact(t, database(out))
	sameRows(t, database(out), database(whole))
}
