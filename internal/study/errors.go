package study

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
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

// shown is how many errors are printed; the rest is counted.
const shown = 20

// Error prints one mistake a line.
func (e Errors) Error() string { return e.lines(Error.Error) }

// lines prints the first mistakes as print does, and counts the others.
func (e Errors) lines(print func(Error) string) string {
	var lines []string
	for i, one := range e {
		if i == shown {
			more := "more"
			if len(e) >= maxErrors {
				more = "more at least"
			}
			lines = append(lines, fmt.Sprintf("... and %d %s", len(e)-shown, more))
			break
		}
		lines = append(lines, print(one))
	}
	return strings.Join(lines, "\n")
}

// override begins the File of an error in an override.
const override = "--set "

// source is a file that values come from.
type source struct {
	name  string
	lines []string
}

func newSource(name string, text []byte) *source {
	if len(text) > maxBytes {
		text = nil // it will be refused for that
	}
	return &source{name, strings.Split(string(text), "\n")}
}

// line is what the file has on a line, counted from 1.
func (s *source) line(n int) string {
	if n > len(s.lines) {
		return ""
	}
	return strings.TrimSuffix(s.lines[n-1], "\r")
}

// position is a place in a file, or the override that a value came from.
type position struct {
	file         *source // nil for the study's own
	line, column int
	set          string // the override, as given; empty for a file
}

// inside is the place of the byte at offset of the text of a scalar, as far as
// the file writes the text as it is; else that of the scalar.
func (n *node) inside(offset int) position {
	at := n.at
	if at.file == nil || at.set != "" {
		return at
	}
	line := []rune(at.file.line(at.line))
	if at.column > len(line) {
		return at
	}
	rest, quote := string(line[at.column-1:]), 0
	if rest[0] == '"' || rest[0] == '\'' {
		rest, quote = rest[1:], 1
	}
	if strings.HasPrefix(rest, n.text) {
		at.column += quote + utf8.RuneCountInString(n.text[:offset])
	}
	return at
}

// faults collects the mistakes of a study.
type faults struct {
	file  *source
	under []*source // files that it begins from, in their order
	sets  []string  // the overrides
	list  Errors
}

func (f *faults) add(at position, format string, args ...any) {
	if len(f.list) >= maxErrors {
		return
	}
	file := f.file
	if at.file != nil {
		file = at.file
	}
	e := Error{File: file.name, Line: max(at.line, 1), Column: max(at.column, 1), Message: visible(clip(fmt.Sprintf(format, args...), maxPhrase))}
	e.Text = file.line(e.Line)
	if at.set != "" {
		e = Error{File: override + at.set, Message: e.Message}
	}
	if !slices.Contains(f.list, e) {
		f.list = append(f.list, e)
	}
}

// err is nil without mistakes, and Errors in the order of the file otherwise,
// with those of the files that it begins from behind, and of overrides at the end.
func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	place := func(e Error) int {
		if e.Line == 0 {
			return 1 + len(f.under) + slices.Index(f.sets, strings.TrimPrefix(e.File, override))
		}
		return 1 + slices.IndexFunc(f.under, func(s *source) bool { return s.name == e.File })
	}
	slices.SortStableFunc(f.list, func(a, b Error) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return f.list
}
