package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"testing"
)

// Commands that read data end with the first interrupt, and write nothing then.
func TestReadingEndsWithTheFirstInterrupt(t *testing.T) {
	stopped := make(chan struct{})
	close(stopped)
	t.Chdir(t.TempDir())
	for _, args := range [][]string{
		{"data", "show", "blobs"}, {"data", "export", "blobs", "-o", "arrays"}, {"plan", "quickstart"}, {"run", "quickstart"},
	} {
		a := &app{machine: os.DirFS("/"), out: io.Discard, err: io.Discard, stop: stopped}
		root := a.root()
		root.SetArgs(args)
		if err := a.execute(t.Context(), root); !errors.Is(err, context.Canceled) || codeOf(err) != exitInterrupted {
			t.Errorf("%s: %v", args, err)
		}
	}
	if files, err := os.ReadDir("."); err != nil || len(files) > 0 {
		t.Errorf("there are %v, %v", files, err)
	}
}

// What reads is left alone where it is, and its result and its panic are those of the caller.
func TestReading(t *testing.T) {
	stop, begun, goOn := make(chan struct{}), make(chan struct{}), make(chan struct{})
	go func() {
		<-begun
		close(stop)
	}()
	n, err := reading(stop, func() (int, error) {
		close(begun)
		<-goOn
		return 1, nil
	})
	if n != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d, %v", n, err)
	}
	close(goOn)
	if n, err := reading(nil, func() (int, error) { return 2, io.EOF }); n != 2 || err != io.EOF {
		t.Errorf("%d, %v", n, err)
	}
	if _, err := reading(nil, func() (int, error) { panic("odd") }); err == nil || err.Error() != "panic: odd" {
		t.Errorf("%v", err)
	}
}
