package faults

import (
	"os"
	"os/exec"
	"path/filepath"
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
	if strings.Count(said, "the disk is full") != 1 || !strings.Contains(said, "make space and run the same command again") || strings.Contains(said, "goroutine") {
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
	if said := p.do(t, 1, "report", "--out", disk); !strings.Contains(said, "no space left on device") && !strings.Contains(said, "disk is full") {
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
	if said := p.do(t, 1, night(disk)...); strings.Count(said, "\n") != 1 || !strings.Contains(said, "cannot be written") || !strings.Contains(said, "--db") {
		t.Errorf("on a disk that is read-only it says:\n%s", said)
	}
	if said := p.do(t, 0, "status", "--out", disk); !strings.Contains(said, "full") {
		t.Errorf("the status on a disk that is read-only is:\n%s", said)
	}
}
