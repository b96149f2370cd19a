// Package contributing does what CONTRIBUTING.md says to a copy of the module:
// it adds things, and finds that one file and one line are enough, or that a
// failing test names the rest.
package contributing

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// clone is a copy of the module that a test may change.
type clone struct {
	*testing.T
	dir string
}

func newClone(t *testing.T) clone {
	if os.Getenv("NIGHTSHIFT_LONG") == "" {
		t.Skip("set NIGHTSHIFT_LONG=1: it builds two copies of the module")
	}
	c := clone{t, t.TempDir()}
	out, err := exec.Command("git", "-C", "../..", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Skipf("this is no git repository: %v", err)
	}
	for name := range strings.SplitSeq(strings.Trim(string(out), "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join("../..", name))
		if os.IsNotExist(err) {
			continue // removed, but not committed yet
		}
		if err != nil {
			t.Fatal(err)
		}
		c.write(name, string(text))
	}
	return c
}

func (c clone) write(name, text string) {
	c.Helper()
	path := filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		c.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		c.Fatal(err)
	}
}

// addLine puts a line behind the one that a table begins with.
func (c clone) addLine(name, table, line string) {
	c.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, name))
	if err != nil {
		c.Fatal(err)
	}
	if strings.Count(string(text), table+"\n") != 1 {
		c.Fatalf("%s has no line %q", name, table)
	}
	c.write(name, strings.Replace(string(text), table+"\n", table+"\n\t"+line+"\n", 1))
}

// passes runs the go command, which has to end well.
func (c clone) passes(args ...string) {
	c.Helper()
	if out, err := c.run(args); err != nil {
		c.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

// fails runs the go command, which has to end badly and say why.
func (c clone) fails(why string, args ...string) {
	c.Helper()
	if out, err := c.run(args); err == nil || !strings.Contains(out, why) {
		c.Errorf("go %s: %v; want a failure that says %q\n%s", strings.Join(args, " "), err, why, out)
	}
}

func (c clone) run(args []string) (string, error) {
	command := exec.Command("go", args...)
	command.Dir = c.dir
	command.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false")
	out, err := command.CombinedOutput()
	return string(out), err
}

func TestAddingASchedule(t *testing.T) {
	t.Parallel()
	c := newClone(t)
	c.write("mlp/falling.go", `package mlp

var falling = schedule{
	Option: Option{Name: "falling", Doc: "1-t/epochs", Params: []Param{warmup}},
	total:  true,
	factor: func(_ map[string]float64, t, total float64) float64 { return 1 - t/total },
}
`)
	c.addLine("mlp/schedule.go", "var schedules = []schedule{", "falling,")
	mlp := []string{"test", "./mlp", "-run", "Schedule"}
	c.fails("schedule falling has no oracle: add its closed form to mlp/oracles_test.go", mlp...)
	c.addLine("mlp/oracles_test.go", "var scheduleOracles = map[string]scheduleOracle{", `"falling": {
		defaults: map[string]float64{"warmup": 0},
		factor:   func(_ map[string]float64, t, epochs int) float64 { return float64(epochs-t) / float64(epochs) },
	},`)
	c.passes(mlp...)
	study := []string{"test", "./internal/study/...", "-run", "^(TestDocs|TestEveryKey|TestSchemaFile)$"}
	c.fails("run go generate ./...", study...)
	c.passes("generate", "./internal/study/...")
	c.passes(study...)
}

func TestAddingACommand(t *testing.T) {
	t.Parallel()
	c := newClone(t)
	file := `package cli

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) greetCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "greet",
		Short: "Say good night",
		Example: "  nightshift greet",
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(a.out, "good night")
			return err
		},
	}
}
`
	c.write("internal/cli/greet.go", strings.Replace(file, `"  nightshift greet"`, `""`, 1))
	c.addLine("internal/cli/cli.go", "var commands = [...]func(*app) *cobra.Command{", "(*app).greetCommand,")
	all := []string{"test", "./internal/cli", "-run", "^TestEveryCommand$"}
	c.fails("it has no example", all...)
	c.write("internal/cli/greet.go", file)
	c.passes(all...)
}

// TestOutside does what docs/howto/library.md says, in a module beside the source.
func TestOutside(t *testing.T) {
	c := newClone(t)
	page, err := os.ReadFile("../../docs/howto/library.md")
	if err != nil {
		t.Fatal(err)
	}
	block := func(after, language string) string {
		_, rest, found := strings.Cut(string(page), after)
		_, text, opened := strings.Cut(rest, "```"+language+"\n")
		text, _, closed := strings.Cut(text, "```\n")
		if !found || !opened || !closed {
			t.Fatalf("docs/howto/library.md has no block of %s after %q", language, after)
		}
		return text
	}
	parent := t.TempDir()
	outside, bin := clone{t, filepath.Join(parent, "mine")}, t.TempDir()
	if err := os.Symlink(c.dir, filepath.Join(parent, "nightshift")); err != nil {
		t.Skipf("the source cannot be beside the module: %v", err)
	}
	c.passes("build", "-o", bin, ".")
	sums, err := os.ReadFile(filepath.Join(c.dir, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	outside.write("go.sum", string(sums)) // tidy finds them on the network
	outside.write("main.go", block("`main.go`:", "go"))
	var out []byte
	for _, after := range []string{"beside your module", "`main.go`:"} {
		for line := range strings.Lines(block(after, "sh")) {
			if line = strings.TrimSpace(line); line == "go mod tidy" {
				continue
			}
			run := exec.Command("sh", "-c", line)
			run.Dir = outside.dir
			run.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
			if out, err = run.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", line, err, out)
			}
		}
	}
	if want := block("`main.go`:", "text"); string(out) != want {
		t.Errorf("it prints\n%s\nthe page says\n%s", out, want)
	}
}
