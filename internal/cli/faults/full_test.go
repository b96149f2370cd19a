package faults

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// full fills up the disk of a night: it ends with one message, what was recorded
// is intact, and after space is made the same command goes on to the rows of a
// night with room.
func (p program) full(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root may mount a small file system")
	}
	whole, disk := t.TempDir(), t.TempDir()
	mount := func(options string) error {
		return exec.Command("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk).Run()
	}
	if err := mount("size=12m"); err != nil {
		t.Skipf("no small file system to fill: %v", err)
	}
	t.Cleanup(func() {
		if err := exec.Command("umount", disk).Run(); err != nil {
			t.Error(err)
		}
	})
	night := func(out string) []string { return []string{"run", "testdata/full.yaml", "--out", out} }
	p.do(t, 0, night(whole)...)
	ballast := filepath.Join(disk, "ballast")
	check(t, os.WriteFile(ballast, make([]byte, 11_500_000), 0o666))

	said := p.do(t, 1, night(disk)...)
	if strings.Count(said, "the disk is full") != 1 || !strings.Contains(said, "make space and run the same command again") ||
		strings.Contains(said, "goroutine") {
		t.Errorf("it says:\n%s", said)
	}
	intact(t, database(disk))
	done := rows(t, database(disk), `SELECT id FROM runs WHERE status = 'done'`)
	if all := rows(t, database(whole), `SELECT id FROM runs`); len(done) == 0 || len(done) == len(all) {
		t.Fatalf("%d of %d runs were done: the test shows little", len(done), len(all))
	}
	for id := range finished(t, disk) {
		if got := rows(t, database(disk), `SELECT status FROM runs WHERE id LIKE '`+id+`%'`); got[0] != "status=done" {
			t.Errorf("run %s, of which the log says that it was over, has %v", id, got)
		}
	}
	// What can be read still is; what cannot be written says so and leaves nothing half done.
	p.do(t, 0, "status", "--out", disk)
	if said := p.do(t, 1, "report", "--out", disk); !strings.Contains(said, "no space left on device") &&
		!strings.Contains(said, "disk is full") {
		t.Errorf("the report on a full disk says:\n%s", said)
	}
	if left, err := filepath.Glob(filepath.Join(disk, "full", ".tmp*")); len(left) > 0 || err != nil {
		t.Errorf("the report has left %v (%v)", left, err)
	}
	if said := p.do(t, 1, night(disk)...); strings.Count(said, "the disk is full") != 1 {
		t.Errorf("once more it says:\n%s", said)
	}

	check(t, os.Remove(ballast))
	p.do(t, 0, append(night(disk), "--no-report")...)
	intact(t, database(disk))
	sameRows(t, database(disk), database(whole))

	check(t, mount("remount,ro"))
	if said := p.do(t, 1, night(disk)...); strings.Count(said, "\n") != 1 || !strings.Contains(said, "cannot be written") ||
		!strings.Contains(said, "--db") {
		t.Errorf("on a disk that is read-only it says:\n%s", said)
	}
	if said := p.do(t, 0, "status", "--out", disk); !strings.Contains(said, "full") {
		t.Errorf("the status on a disk that is read-only is:\n%s", said)
	}
}

// limited lets no file of a night become larger than a limit: it ends with one message that names it, what was recorded is
// intact, and without it the same command goes on to the rows of an undisturbed night.
func (p program) limited(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("no shell with ulimit")
	}
	out, whole := t.TempDir(), t.TempDir()
	night := func(out string) []string { return []string{"run", "testdata/full.yaml", "--no-report", "--out", out} }
	p.do(t, 0, night(whole)...)
	bounded := func(blocks string, args ...string) string {
		c := exec.Command(sh, append([]string{"-c", `ulimit -f ` + blocks + `; exec "$0" "$@"`, p.path}, args...)...)
		said, _ := c.CombinedOutput()
		if code := c.ProcessState.ExitCode(); code != 1 {
			t.Errorf("%v with files of %s blocks: exit code %d", args, blocks, code)
		}
		return string(said)
	}
	if said := bounded("4000", night(out)...); strings.Count(said, "limit on the size of files, of ") != 1 ||
		strings.Contains(said, "disk fails\n") || strings.Contains(said, "goroutine") {
		t.Errorf("it says:\n%s", said)
	}
	intact(t, database(out))
	done := rows(t, database(out), `SELECT id FROM runs WHERE status = 'done'`)
	if all := rows(t, database(whole), `SELECT id FROM runs`); len(done) == 0 || len(done) == len(all) {
		t.Fatalf("%d of %d runs were done: the test shows little", len(done), len(all))
	}
	p.do(t, 0, night(out)...)
	sameRows(t, database(out), database(whole))
	if said := bounded("1", "report", "--db", database(out), "--out", t.TempDir()); !strings.Contains(said,
		"limit on the size of files") && !strings.Contains(said, "file too large") {
		t.Errorf("the report says:\n%s", said)
	}
}
