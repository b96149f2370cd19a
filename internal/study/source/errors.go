package source

import (
	"fmt"
	"strings"
)

// Error is one mistake in a study file, or in an override of one.
type Error struct {
	File    string // name of the file, or "--set path=value"
	Line    int    // from 1; 0 for an override, which has no lines
	Column  int    // from 1, in characters
	Message string // what is wrong, and what would be right
	Text    string // the line of the file; empty for an override
}

func (e Error) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Message)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Errors are all the mistakes that were found, in the order of the file.
type Errors []Error

// maxPrinted is how many errors are printed; the rest is counted.
const maxPrinted = 20

// Error prints one mistake a line.
func (e Errors) Error() string { return e.lines(Error.Error) }

// lines prints the first mistakes as print does, and counts the others.
func (e Errors) lines(print func(Error) string) string {
	var lines []string
	for i, one := range e {
		if i == maxPrinted {
			more := "more"
			if len(e) >= maxErrors {
				more = "more at least"
			}
			lines = append(lines, fmt.Sprintf("... and %d %s", len(e)-maxPrinted, more))
			break
		}
		lines = append(lines, print(one))
	}
	return strings.Join(lines, "\n")
}
