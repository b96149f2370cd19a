package panics

import (
	"errors"
	"strings"
	"testing"
)

// The panic of a goroutine is one of whoever waits for it, when all others have ended, and its stack is that of the goroutine.
func TestGroup(t *testing.T) {
	others := 0
	err := Caught(func() error {
		var g Group
		g.Go(explode)
		g.Go(func() { others++ })
		g.Wait()
		return nil
	})
	var p Error
	if !errors.As(err, &p) || err.Error() != "panic: two" || !strings.Contains(p.Stack, "panics.explode") || others != 1 {
		t.Errorf("%v, %d others: %s", err, others, p.Stack)
	}
	var g Group
	g.Go(func() {})
	g.Wait()
}

func explode() { panic("two\nlines") }

func TestCaught(t *testing.T) {
	plain := errors.New("plain")
	if err := Caught(func() error { return plain }); err != plain {
		t.Error(err)
	}
	if err := Caught(func() error { return nil }); err != nil {
		t.Error(err)
	}
}
