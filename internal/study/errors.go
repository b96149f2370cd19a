package study

import (
	"fmt"
	"slices"
	"strings"
)

// Error is one mistake in a study file, or in an override of one.
type Error struct {
	File    string // name of the file, or "--set path=value"
	Line    int    // from 1; 0 for an override, which has no lines
	Column  int    // from 1, in characters
	Message string // what is wrong, and what would be right
}

func (e Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Errors are all the mistakes that were found, in the order of the file.
type Errors []Error

// shown is how many errors are printed; the rest is counted.
const shown = 20

// Error prints one mistake a line.
func (e Errors) Error() string {
	var lines []string
	for i, one := range e {
		if i == shown {
			lines = append(lines, fmt.Sprintf("... and %d more", len(e)-shown))
			break
		}
		lines = append(lines, one.Error())
	}
	return strings.Join(lines, "\n")
}

// override begins the File of an error in an override.
const override = "--set "

// position is a place in the file, or the override that a value came from.
type position struct {
	line, column int
	set          string // the override, as given; empty for the file
}

// faults collects the mistakes of one file.
type faults struct {
	file string
	sets []string // the overrides
	list Errors
}

func (f *faults) add(at position, format string, args ...any) {
	e := Error{f.file, max(at.line, 1), max(at.column, 1), fmt.Sprintf(format, args...)}
	if at.set != "" {
		e = Error{File: override + at.set, Message: e.Message}
	}
	if !slices.Contains(f.list, e) {
		f.list = append(f.list, e)
	}
}

// err is nil without mistakes, and Errors in the order of the file otherwise,
// with those of overrides at the end.
func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	slices.SortStableFunc(f.list, func(a, b Error) int {
		switch {
		case a.Line == 0 && b.Line == 0:
			return slices.Index(f.sets, strings.TrimPrefix(a.File, override)) - slices.Index(f.sets, strings.TrimPrefix(b.File, override))
		case a.Line == 0 || b.Line == 0:
			return b.Line - a.Line
		case a.Line != b.Line:
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return f.list
}
