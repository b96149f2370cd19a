// Package faults does to the program as a user has it what cannot be done within
// a process: it is killed, its disk fills up or fails, its database is on a
// network file system. The tests stand apart from those of the commands, so that
// both have their own time.
package faults

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	_ "nightshift/internal/cli" // the built program is made of it: results of another one are not taken from the cache
	"nightshift/internal/race"
)

// TestMain has more parts at a time than there are cores: they wait for processes and a browser, for leases and signals.
func TestMain(m *testing.M) {
	// The command line is read after this, and may say otherwise.
	if err := flag.Set("test.parallel", strconv.Itoa(2*runtime.GOMAXPROCS(0))); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// TestProgram does all of it to one built program; the parts do not touch each other.
func TestProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("-short")
	}
	p := build(t)
	outside(t)
	for name, part := range map[string]func(*testing.T){
		"killed": p.killed, "four": p.four, "full": p.full, "limited": p.limited, "failing": p.failing, "network": p.network,
		"page":    p.page,
		"starved": p.starved, "killed twice": p.killedTwice, "stopped": p.stopped, "gone": p.gone,
		"commands killed": p.killedCommands, "live": p.live,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			part(t)
		})
	}
}

// outside has a test work on a copy of testdata that is in no repository. Otherwise a night is recorded with the commit of its
// studies if git answers in time: on a machine that stands still it does not, and the night would differ from others.
func outside(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	check(t, os.CopyFS(filepath.Join(dir, "testdata"), os.DirFS("testdata")))
	for from, to := range map[string]string{"../../store/testdata/schema3.db": oldSchema, "../../../docs/nights.md": nightsPage} {
		copyFile(t, from, filepath.Join(dir, to))
	}
	t.Chdir(dir)
}

// Copies of files of other folders.
const (
	oldSchema  = "testdata/schema3.db"
	nightsPage = "testdata/nights.md"
)

// program is the built program.
type program struct{ path string }

// build builds it as releases are, with the race detector if the test has it.
func build(t *testing.T) program {
	t.Helper()
	p := program{path: filepath.Join(t.TempDir(), "nightshift")}
	args := []string{"build", "-buildvcs=false", "-ldflags=-s -w", "-o", p.path}
	if race.Enabled {
		args = append(args, "-race")
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

// exists says whether there is a file of that name.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
