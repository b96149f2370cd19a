package cli

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
)

var update = flag.Bool("update", false, "write docs/commands.md")

// TestReference holds docs/commands.md to the help of the commands.
func TestReference(t *testing.T) {
	const file = "../../docs/commands.md"
	var b strings.Builder
	b.WriteString("# The commands\n\nWritten by `go generate ./...` from the help of each (`nightshift COMMAND --help`, " +
		"`nightshift man`).\nWhat the exit codes mean stands in [nights.md](nights.md).\n")
	root := (&app{in: strings.NewReader(""), out: io.Discard, err: io.Discard}).root()
	refer(&b, root)
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(b.String(), string(have)); d != "" {
		t.Errorf("docs/commands.md is not what go generate ./... makes:\n%s", d)
	}
}

// refer writes a command's part of the reference, and those of the commands below it.
func refer(b *strings.Builder, c *cobra.Command) {
	long := c.Long
	if long == "" {
		long = c.Short + "."
	}
	title, flags := c.CommandPath(), c.NonInheritedFlags()
	if !c.HasParent() {
		title = "Flags of every command"
	}
	fmt.Fprintf(b, "\n## %s\n\n```text\n%s\n```\n\n```sh\n%s\n```\n", title, long, unindented(c.Example))
	if flags.HasAvailableFlags() {
		fmt.Fprintf(b, "\n```text\n%s```\n", flags.FlagUsages())
	}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			refer(b, sub)
		}
	}
}

func unindented(lines string) string {
	return strings.TrimSpace(strings.ReplaceAll(lines, "\n  ", "\n"))
}
