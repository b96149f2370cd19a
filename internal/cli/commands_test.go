package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// everyCommand does something for every command of the tree, of which it finds many.
func everyCommand(t *testing.T, do func(t *testing.T, c *cobra.Command)) {
	n := 0
	var walk func(c *cobra.Command)
	walk = func(c *cobra.Command) {
		n++
		t.Run(c.CommandPath(), func(t *testing.T) { do(t, c) })
		for _, sub := range c.Commands() {
			walk(sub)
		}
	}
	walk((&app{in: strings.NewReader(""), out: io.Discard, err: io.Discard}).root())
	if n < len(commands) {
		t.Errorf("%d commands were found", n)
	}
}

func TestEveryCommand(t *testing.T) {
	everyCommand(t, func(t *testing.T, c *cobra.Command) {
		if c.Args == nil {
			t.Error("it does not say which arguments it takes: add it with app.add")
		}
		if c.Short == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("what it does is said as %q; it is a line without a full stop", c.Short)
		}
		if c.RunE == nil {
			t.Error("it has no RunE")
		}
		if c.Example == "" {
			t.Error("it has no example")
		}
		for line := range strings.Lines(c.Example) {
			if err := parses(strings.TrimSpace(line), c); err != nil {
				t.Errorf("example %q: %v", line, err)
			}
		}
		var out strings.Builder
		words := append(strings.Fields(c.CommandPath())[1:], "--help")
		if code := Main(words, nil, &out, &out); code != exitOK {
			t.Errorf("--help: exit code %d", code)
		}
		for _, part := range []string{"Usage:", "Examples:", strings.TrimSpace(c.Example)} {
			if !strings.Contains(out.String(), part) {
				t.Errorf("--help has no %q", part)
			}
		}
		for line := range strings.Lines(c.Long) {
			if len(line) > 100 {
				t.Errorf("a line of the help has %d characters: %q", len(line), line)
			}
		}
	})
}

// parses is an error if a line of a shell is not a call of a command, or of one
// below it, with flags and arguments that it takes.
func parses(line string, of *cobra.Command) error {
	_, err := studiesOf(line, of)
	return err
}

// studiesOf are the studies that a call of a command, or of one below it, names.
func studiesOf(line string, of *cobra.Command) ([]string, error) {
	words := shellWords(line)
	if len(words) < 2 || words[0] != "nightshift" {
		return nil, fmt.Errorf("it does not call nightshift with a command")
	}
	root := (&app{in: strings.NewReader(""), out: io.Discard, err: io.Discard}).root()
	root.InitDefaultCompletionCmd()
	c, args, err := root.Find(words[1:])
	if err != nil {
		return nil, err
	}
	if !strings.HasPrefix(c.CommandPath(), of.CommandPath()) {
		return nil, fmt.Errorf("it calls %s", c.CommandPath())
	}
	if err := c.ParseFlags(args); err != nil {
		return nil, err
	}
	args = c.Flags().Args()
	if err := c.Args(c, args); err != nil || len(args) == 0 {
		return nil, err
	}
	switch words := strings.Fields(c.Use); {
	case len(words) < 2 || !strings.Contains(words[1], "STUDY"):
		return nil, nil
	case strings.Contains(words[1], "STUDY..."):
		return args, nil
	}
	return args[:1], nil
}

// shellWords takes a line apart as a shell does, up to a pipe or the file that
// the output goes to.
func shellWords(line string) []string {
	var words []string
	quotes := regexp.MustCompile(`'([^']*)'|"([^"]*)"`)
	for _, w := range regexp.MustCompile(`(?:'[^']*'|"[^"]*"|[^\s'"])+`).FindAllString(line, -1) {
		if w == "|" || w == ">" || w == ">>" {
			break
		}
		words = append(words, quotes.ReplaceAllString(w, "$1$2"))
	}
	return words
}

// TestEveryJSON runs every command that has --json and looks at the keys: they
// are lower case, with an underscore between words, so that no script has to
// try. A key of a configuration may name another by its path.
func TestEveryJSON(t *testing.T) {
	out := t.TempDir()
	run := func(t *testing.T, args ...string) string {
		t.Helper()
		var text, errs strings.Builder
		if code := Main(append(args, "--out", out), nil, &text, &errs); code != exitOK {
			t.Fatalf("%v: exit code %d: %s%s", args, code, text.String(), errs.String())
		}
		return text.String()
	}
	run(t, "run", "xor", "--set", "base.epochs=1", "--set", "seeds=1", "--set", "keep.weights=final", "--no-report", "--quiet")
	rows := filepath.Join(out, "rows.csv")
	if err := os.WriteFile(rows, []byte("0.5,1\n-1,0\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	var runs []struct{ ID string }
	if err := json.Unmarshal([]byte(run(t, "list", "xor", "--json")), &runs); err != nil || len(runs) == 0 {
		t.Fatalf("%d runs, %v", len(runs), err)
	}
	args := map[string][]string{ // what a command is called with; one without a line goes without
		"nightshift data show":   {"xor"},
		"nightshift diff":        {runs[0].ID, runs[1].ID},
		"nightshift leaderboard": {"xor"},
		"nightshift list":        {"xor"},
		"nightshift merge":       {filepath.Join(out, "nightshift.db"), "--db", filepath.Join(t.TempDir(), "merged.db")},
		"nightshift plan":        {"xor", "--runs"},
		"nightshift predict":     {runs[0].ID, rows},
		"nightshift show":        {runs[0].ID},
		"nightshift verify":      {runs[0].ID},
	}
	n := 0
	everyCommand(t, func(t *testing.T, c *cobra.Command) {
		if c.Flags().Lookup("json") == nil {
			return
		}
		n++
		words := append(strings.Fields(c.CommandPath())[1:], args[c.CommandPath()]...)
		var value any
		if err := json.Unmarshal([]byte(run(t, append(words, "--json")...)), &value); err != nil {
			t.Fatal(err)
		}
		snake := regexp.MustCompile(`^[a-z][a-z0-9]*([_.][a-z0-9]+)*$`)
		for _, key := range keysOf(value) {
			if !snake.MatchString(key) {
				t.Errorf("key %q", key)
			}
		}
	})
	if n < len(args) {
		t.Errorf("%d commands with --json were found", n)
	}
}

// keysOf lists the keys of all the objects in a JSON value.
func keysOf(value any) []string {
	var keys []string
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			keys = append(keys, keysOf(item)...)
		}
	case map[string]any:
		for key, item := range v {
			keys = append(append(keys, key), keysOf(item)...)
		}
	}
	return keys
}
