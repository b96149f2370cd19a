package study

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

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

// Limits of what is kept and shown of mistakes.
const (
	maxErrors = 1_000
	maxPhrase = 1_000 // characters of a message
	maxShown  = 80    // characters of a value in a message
)

// clip shortens a text to so many characters.
func clip(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for i := range text {
		if most == 0 {
			return text[:i] + "…"
		}
		most--
	}
	return text
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
