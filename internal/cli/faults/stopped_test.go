package faults

import (
	"database/sql"
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

// patience is how long another process is waited for, on a machine that may have many others to serve.
const patience = 5 * time.Minute

// waitLog waits until a night's log has something.
func waitLog(t *testing.T, out, want string) {
	t.Helper()
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
		if regexp.MustCompile(want).MatchString(log(t, out)) {
			return
		}
	}
	t.Fatalf("the log has no %s:\n%s", want, log(t, out))
}

// waitRows waits until a query of the database gives rows.
func waitRows(t *testing.T, out, query string) {
	t.Helper()
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(5 * time.Millisecond) {
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
	whole := t.TempDir()
	args := []string{"--set=base.epochs=600", "--workers=1", "--lease=1s"}
	p.do(t, 0, tonight(whole, args...)...)

	var out string
	var said strings.Builder
	var first *exec.Cmd
	for stands := false; !stands; stands = standing(t, first, out) { // else it was over before it could be stopped
		out = t.TempDir()
		said.Reset()
		first = exec.Command(p.path, tonight(out, args...)...)
		first.Stdout, first.Stderr = &said, &said
		check(t, first.Start())
		waitLog(t, out, "msg=run ")
	}
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

// standing stops a night, and says whether it has a run to train then and lets others write. Any other one is waited for.
func standing(t *testing.T, c *exec.Cmd, out string) bool {
	t.Helper()
	check(t, c.Process.Signal(syscall.SIGSTOP))
	var status syscall.WaitStatus
	_, err := syscall.Wait4(c.Process.Pid, &status, syscall.WUNTRACED, nil)
	check(t, err)
	if status.Stopped() && len(rows(t, database(out), `SELECT 1 FROM run WHERE status = 'running'`)) > 0 {
		db, err := sql.Open("sqlite", "file:"+database(out)+"?_txlock=immediate")
		check(t, err)
		defer db.Close()
		if tx, err := db.Begin(); err == nil {
			check(t, tx.Rollback())
			return true
		}
	}
	c.Process.Signal(syscall.SIGCONT)
	c.Wait()
	return false
}
