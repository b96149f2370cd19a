package cli

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// injecting is the program of which strace changes system calls.
func (p program) injecting(t *testing.T, options ...string) func(t *testing.T, code int, args ...string) string {
	t.Helper()
	if err := exec.Command("strace", "-qq", "-o", "/dev/null", "true").Run(); err != nil {
		t.Skipf("no strace to change system calls (Debian: strace): %v", err)
	}
	options = append([]string{"-f", "-qq", "-o", "/dev/null"}, append(options, p.path)...)
	return func(t *testing.T, code int, args ...string) string {
		t.Helper()
		return program{path: "strace"}.do(t, code, append(options, args...)...)
	}
}

// failing has a disk that takes no more writes at some moment, whichever: the
// night ends with one message, and what was recorded is intact and gone on from.
func (p program) failing(t *testing.T) {
	whole := t.TempDir()
	p.do(t, 0, "run", "testdata/full.yaml", "--out", whole, "--no-report")
	results := 0
	for _, from := range []int{3, 30, 150, 300} {
		broken := p.injecting(t, "-e", "trace=pwrite64", "-e", fmt.Sprintf("inject=pwrite64:error=EIO:when=%d+", from))
		out := t.TempDir()
		night := []string{"run", "testdata/full.yaml", "--out", out, "--no-report"}
		if said := broken(t, exitError, night...); strings.Count(said, "nightshift:") != 1 || !strings.Contains(said, "the disk fails to read or write: copy the database") && !strings.Contains(said, "or their disk fails") {
			t.Errorf("when write %d fails it says:\n%s", from, said)
		}
		results += len(finished(t, out))
		intact(t, database(out))
		p.do(t, 0, night...)
		intact(t, database(out))
		sameRows(t, database(out), database(whole))
	}
	if results == 0 {
		t.Error("no night was far enough to have a result: the test shows little")
	}
}

// network has a folder of which the kernel says that it is on NFS.
func (p program) network(t *testing.T) {
	far, near := t.TempDir(), t.TempDir()
	const magic = "6969000000000000" // NFS_SUPER_MAGIC in statfs(2), as a little-endian number
	mounted := p.injecting(t, "-P", far, "-e", "trace=statfs", "-e", "inject=statfs:poke_exit=@arg2="+magic)
	night := []string{"run", "testdata/full.yaml", "--set=seeds=2", "--no-report"}
	p.do(t, 0, append(night, "--out", near)...)
	for _, args := range [][]string{night, {"merge", database(near)}, {"fsck", "--repair", "--db", database(far)}} {
		said := mounted(t, exitError, append(args, "--out", far)...)
		if strings.Count(said, "\n") != 1 || !strings.Contains(said, "network file system") || !strings.Contains(said, "NFS") || !strings.Contains(said, "--db") || !strings.Contains(said, "nightshift merge") {
			t.Errorf("%s says:\n%s", args[0], said)
		}
		check(t, os.WriteFile(database(far), nil, 0o666)) // fsck does not make one
	}
	// The way out that the message names.
	mounted(t, 0, append(night, "--out", far, "--db", filepath.Join(near, "mine.db"))...)
	said := mounted(t, 0, "merge", filepath.Join(near, "mine.db"), "--out", far, "--db", database(near))
	if !strings.Contains(said, "0 runs added, 0 completed, 2 known already\n") {
		t.Errorf("the results of the way out: %s", said)
	}
}
