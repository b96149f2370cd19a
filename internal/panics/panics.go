// Package panics makes panics errors, those of goroutines of whoever waits for them, so that none of them ends the program with
// pages of stacks.
package panics

import (
	"fmt"
	"runtime/debug"
	"strings"
	"sync"
)

// Error is a panic. Its text is one line; where it happened is in the stack.
type Error struct {
	Value any
	Stack string
}

func (e Error) Error() string {
	line, _, _ := strings.Cut(fmt.Sprint(e.Value), "\n")
	return "panic: " + line
}

// Caught calls f and makes its panic an Error.
func Caught(f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = asError(p)
		}
	}()
	return f()
}

// asError is what was recovered as an Error, with the stack of the caller or, where a Group has waited for it, that of its goroutine.
func asError(recovered any) Error {
	if e, ok := recovered.(Error); ok {
		return e
	}
	return Error{recovered, string(debug.Stack())}
}

// Group is a sync.WaitGroup whose Wait panics with the first panic of its goroutines.
type Group struct {
	wait  sync.WaitGroup
	once  sync.Once
	first error
}

// Go calls f in a goroutine.
func (g *Group) Go(f func()) {
	g.wait.Go(func() {
		if err := Caught(func() error { f(); return nil }); err != nil {
			g.once.Do(func() { g.first = err })
		}
	})
}

// Wait waits until all goroutines have ended.
func (g *Group) Wait() {
	g.wait.Wait()
	if g.first != nil {
		panic(g.first)
	}
}
