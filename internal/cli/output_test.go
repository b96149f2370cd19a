package cli

import (
	"errors"
	"strings"
	"syscall"
	"testing"

	"github.com/spf13/cobra"
)

// failing is a stream that cannot be written to.
type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// Output that a disk does not take is an error of every command; a reader that has gone away is none.
func TestUnwritableOutput(t *testing.T) {
	for err, want := range map[error]int{syscall.ENOSPC: 1, syscall.EBADF: 1, syscall.EIO: 1, errors.New("closed"): 1} {
		var said strings.Builder
		if code := Main([]string{"version"}, nil, failing{err}, &said); code != want || strings.Count(said.String(), "\n") != 1 {
			t.Errorf("%v: exit code %d, %q", err, code, said.String())
		}
	}
	o := output{to: failing{syscall.EPIPE}}
	if _, err := o.Write([]byte("x")); err == nil || o.err != nil {
		t.Errorf("a reader that has gone away: %v, %v", err, o.err)
	}
}

func TestHarmless(t *testing.T) {
	for text, want := range map[string]string{
		"plain ü\tline\n": "plain ü\tline\n", "\x1b[31mred\x07": "·[31mred·", "a\rb": "a·b", "\u009b2J": "·2J", "\u202eabc": "·abc",
	} {
		if got := harmless(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// A panic is one line, and its stack is in a file.
func TestPanicIsOneLine(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var said strings.Builder
	a := &app{out: &output{to: &said}, err: &said, outDir: t.TempDir()}
	root := &cobra.Command{SilenceErrors: true, SilenceUsage: true, RunE: func(*cobra.Command, []string) error {
		panic("makeslice: len out of range\nand more")
	}}
	root.SetArgs(nil)
	if code := a.code(a.execute(t.Context(), root)); code != 1 || strings.Count(said.String(), "\n") != 1 ||
		!strings.Contains(said.String(), "panic: makeslice: len out of range: this is a mistake of the program") {
		t.Errorf("exit code %d\n%s", code, said.String())
	}
}
