package faults

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// injecting is the program of which strace changes system calls. It gives what
// the program says and its exit code.
func (p program) injecting(t *testing.T, options ...string) func(args ...string) (said string, code int) {
	t.Helper()
	if err := exec.Command("strace", "-qq", "-o", "/dev/null", "true").Run(); err != nil {
		t.Skipf("no strace to change system calls (Debian: strace): %v", err)
	}
	options = append([]string{"-f", "--seccomp-bpf", "-qq", "-o", "/dev/null"}, append(options, p.path)...)
	return func(args ...string) (string, int) {
		c := exec.Command("strace", append(options, args...)...)
		said, _ := c.CombinedOutput()
		return string(said), c.ProcessState.ExitCode()
	}
}

// failing has a disk that takes no more writes at some moment, whichever: the
// night ends with one message, and what was recorded is intact and gone on from.
func (p program) failing(t *testing.T) {
	whole := t.TempDir()
	// Of what is trained within a twentieth of a second the results are written together, so it has to be more.
	night := []string{"run", "testdata/full.yaml", "--no-report", "--out"}
	p.do(t, 0, append(night, whole)...)
	// Of a whole night, the most writes of a thread.
	trace, most := filepath.Join(t.TempDir(), "writes"), 0
	if said, code := p.injecting(t, "-o", trace, "-e", "trace=pwrite64")(append(night, t.TempDir())...); code != 0 {
		t.Fatal(said)
	}
	writes, err := os.ReadFile(trace)
	check(t, err)
	of := map[string]int{}
	for line := range strings.Lines(string(writes)) {
		thread, _, _ := strings.Cut(line, " ")
		of[thread]++
		most = max(most, of[thread])
	}
	// From the end of the night to its beginning, until one has failed after it had come to a result, and then at the very
	// beginning.
	for from, some := most, false; from > 3 || !some; {
		if from = max(3, from*3/4); some {
			from = 3
		}
		out := t.TempDir()
		night := append(slices.Clone(night), out)
		said, code := p.injecting(t, "-e", "trace=pwrite64", "-e", fmt.Sprintf("inject=pwrite64:error=EIO:when=%d+", from))(night...)
		if code == 0 {
			continue // it was over before
		}
		if code != 1 || strings.Count(said, "nightshift:") != 1 ||
			!strings.Contains(said, "the disk fails to read or write: copy the database") &&
				!strings.Contains(said, "or their disk fails") {
			t.Errorf("when write %d fails, exit code %d:\n%s", from, code, said)
		}
		some = some || len(finished(t, out)) > 0
		intact(t, database(out))
		p.do(t, 0, night...)
		intact(t, database(out))
		sameRows(t, database(out), database(whole))
		if from == 3 && !some {
			t.Fatalf("no night had come to a result, of %d writes: the test shows little", most)
		}
	}
}

// network has a folder of which the kernel says that it is on NFS: a database there has no log that processes share memory for.
func (p program) network(t *testing.T) {
	far, near := t.TempDir(), t.TempDir()
	const magic = "6969000000000000" // NFS_SUPER_MAGIC in statfs(2), as a little-endian number
	mounted := p.injecting(t, "-P", far, "-e", "trace=statfs", "-e", "inject=statfs:poke_exit=@arg2="+magic)
	night := []string{"run", "testdata/full.yaml", "--set=seeds=2", "--no-report"}
	p.do(t, 0, append(night, "--out", near)...)
	said, code := mounted(append(night, "--out", far, "--journal", "wal")...)
	if code != 1 || strings.Count(said, "\n") != 1 || !strings.Contains(said, "network file system") ||
		!strings.Contains(said, "NFS") || !strings.Contains(said, "--db") || !strings.Contains(said, "--copy-to") {
		t.Errorf("with a write-ahead log, exit code %d:\n%s", code, said)
	}
	said, code = mounted(append(night, "--out", far)...)
	if code != 0 || !strings.Contains(said, "the database is on NFS: it has a rollback journal and this process alone") {
		t.Errorf("a night, exit code %d:\n%s", code, said)
	}
	intact(t, database(far))
	sameRows(t, database(far), database(near))
	for _, args := range [][]string{{"merge", database(near)}, {"fsck", "--repair"}} {
		if said, code := mounted(append(args, "--out", far)...); code != 0 {
			t.Errorf("%s, exit code %d:\n%s", args[0], code, said)
		}
	}
	for _, beside := range []string{"-wal", "-shm", "-journal"} {
		if _, err := os.Stat(database(far) + beside); err == nil {
			t.Errorf("beside the database is %s", beside)
		}
	}
	// The way that the message names.
	fast := t.TempDir()
	if said, code := mounted(append(night, "--db", database(fast), "--out", far, "--copy-to",
		filepath.Join(far, "copy.db"))...); code != 0 {
		t.Errorf("with --copy-to, exit code %d:\n%s", code, said)
	}
	sameRows(t, filepath.Join(far, "copy.db"), database(near))
}
