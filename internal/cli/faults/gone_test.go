package faults

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// gone takes the database away from a night that is training: by its name, by its folder's, and by
// another one in its place. The night stops within a lease, with what it has saved.
func (p program) gone(t *testing.T) {
	whole := t.TempDir()
	p.do(t, 0, tonight(whole, "--set=base.epochs=100")...)
	for name, take := range map[string]func(out string) error{
		"deleted":  func(out string) error { return os.Remove(database(out)) },
		"moved":    func(out string) error { return os.Rename(database(out), filepath.Join(out, "elsewhere.db")) },
		"replaced": func(out string) error { return os.Rename(filepath.Join(out, "other.db"), database(out)) },
	} {
		t.Run(name, func(t *testing.T) {
			out := t.TempDir()
			text, err := os.ReadFile(database(whole))
			check(t, err)
			check(t, os.WriteFile(filepath.Join(out, "other.db"), text, 0o666))
			var said strings.Builder
			c := exec.Command(p.path, tonight(out, "--lease=300ms", "--workers=1", "--set=base.epochs=100000000")...)
			c.Stdout, c.Stderr = &said, &said
			check(t, c.Start())
			waitLog(t, out, "msg=night ")
			check(t, take(out))
			c.Wait()
			if code := c.ProcessState.ExitCode(); code != 1 || strings.Contains(said.String(), " done") ||
				!strings.Contains(said.String(), "was deleted, moved or replaced") || strings.Contains(said.String(), "goroutine") {
				t.Errorf("exit code %d\n%s", code, said.String())
			}
			saved := database(out) + ".saved-1"
			intact(t, saved)
			if n := len(rows(t, saved, `SELECT id FROM runs`)); n != len(rows(t, database(whole), `SELECT id FROM runs`)) {
				t.Errorf("%d runs are saved", n)
			}
		})
	}
}
