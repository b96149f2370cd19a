package cli

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"unicode"

	"nightshift/internal/file"

	"github.com/spf13/cobra"
)

// output is a stream that commands print to. Where it is a terminal, characters that this would execute are replaced: they may
// come from any file or database. It keeps the first error of writing.
type output struct {
	to  io.Writer
	err error // the first
}

// Write writes all of b, or keeps the error.
func (o *output) Write(b []byte) (int, error) {
	text := b
	if terminal(o) {
		text = []byte(harmless(string(b)))
	}
	_, err := o.to.Write(text)
	if err != nil && o.err == nil && !o.readerGone(err) {
		o.err = err
	}
	if err != nil {
		return 0, err
	}
	return len(b), nil
}

// readerGone says whether the output has no reader any more: the end of a pipe was closed, or the terminal.
func (o *output) readerGone(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.EIO) && terminal(o)
}

// harmless replaces what a terminal would execute or that changes the direction of text: control characters but for line ends
// and tabs.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
			return '·'
		}
		return r
	}, text)
}

// raw is the stream behind an output, for rows that are drawn anew and colours.
func raw(w io.Writer) io.Writer {
	if o, ok := w.(*output); ok {
		return o.to
	}
	return w
}

// unwritten is why some of what a command has printed could not be written; nil where all was.
func (a *app) unwritten() error {
	if o, ok := a.out.(*output); ok && o.err != nil {
		return fmt.Errorf("the output could not be written: %w", o.err)
	}
	return nil
}

// writeOut writes to the target of a command's -o: the standard output ("", "-" and its other names), a pipe or a device, or a
// file, which is replaced once everything is written. A file that exists is replaced only with force.
func (a *app) writeOut(to string, force, binary bool, write func(io.Writer) error) error {
	if !a.isOut(to) {
		if info, err := os.Stat(to); err == nil && info.Mode().IsRegular() && !force {
			return usage(fmt.Errorf("%s is there already; choose another name, or replace it with --force", to))
		}
		return file.ReplaceBy(to, write)
	}
	if binary && terminal(a.out) {
		return usage(errors.New("this is nothing for a terminal: say where to with -o FILE"))
	}
	w := bufio.NewWriter(a.out)
	if err := write(w); err != nil {
		return err
	}
	return w.Flush()
}

// intoFolder refuses a folder for a command's -o that has something in it, but by force, and the standard output.
func intoFolder(dir string, force bool) error {
	if dir == "-" {
		return usage(errors.New("-o is a folder to write several files to, and not the standard output"))
	}
	there, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return usage(fmt.Errorf("-o is a folder to write to: %w", err))
	case len(there) > 0 && !force:
		return usage(fmt.Errorf("%s has something in it already; choose another folder, or write to this one with --force", dir))
	}
	return nil
}

// isOut says whether a name is one of the standard output.
func (a *app) isOut(name string) bool {
	if name == "" || name == "-" {
		return true
	}
	f, ok := raw(a.out).(*os.File)
	if !ok {
		return false
	}
	out, err := f.Stat()
	if err != nil || strings.HasPrefix(name, "/dev/") && out.Mode()&os.ModeCharDevice != 0 {
		return name == "/dev/stdout"
	}
	is, err := os.Stat(name)
	return err == nil && os.SameFile(is, out)
}

// done says what was written where, unless that was the standard output.
func (a *app) done(to, format string, args ...any) {
	if !a.isOut(to) {
		fmt.Fprintf(a.out, "%s: %s\n", to, fmt.Sprintf(format, args...))
	}
}

// forceFlag adds the flag by which a file that is there is replaced.
func forceFlag(c *cobra.Command, force *bool) {
	c.Flags().BoolVar(force, "force", false, "replace a file that is there")
}

// folderForceFlag adds the flag by which a folder is written to that has something in it.
func folderForceFlag(c *cobra.Command, force *bool) {
	c.Flags().BoolVar(force, "force", false, "write to a folder that has something in it, and replace files of the same names")
}
