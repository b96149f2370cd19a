package cli

import (
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

// TestProgram does to the program as a user has it what cannot be done within a
// process: it is killed, and its disk fills up.
func TestProgram(t *testing.T) {
	p := build(t)
	t.Run("killed", p.killed)
	t.Run("four", p.four)
	t.Run("full", p.full)
	t.Run("failing", p.failing)
	t.Run("network", p.network)
	t.Run("page", p.page)
}

// program is the built program.
type program struct {
	path string
	race bool // it has the race detector, which makes it many times slower
}

// build builds it, with the race detector if the test has it.
func build(t *testing.T) program {
	t.Helper()
	p := program{path: filepath.Join(t.TempDir(), "nightshift")}
	args := []string{"build", "-buildvcs=false", "-o", p.path}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "-race" && s.Value == "true" {
				p.race = true
				args = append(args, "-race")
			}
		}
	}
	if out, err := exec.Command("go", append(args, "nightshift")...).CombinedOutput(); err != nil {
		t.Fatalf("building the program: %v\n%s", err, out)
	}
	return p
}

// do runs the program and gives what it says; its exit code has to be that.
func (p program) do(t *testing.T, code int, args ...string) string {
	t.Helper()
	c := exec.Command(p.path, args...)
	out, err := c.CombinedOutput()
	if got := c.ProcessState.ExitCode(); got != code {
		t.Errorf("nightshift %s: %v, want exit code %d\n%s", strings.Join(args, " "), err, code, out)
	}
	return string(out)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
