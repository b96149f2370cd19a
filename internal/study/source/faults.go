package source

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// override begins the File of an error in an override.
const override = "--set "

// Limits of what is kept and shown of mistakes.
const (
	maxErrors = 1_000
	maxPhrase = 1_000 // characters of a message
	maxShown  = 80    // characters of a value in a message
)

// Faults collects the mistakes of a file, and of those that it begins from.
type Faults struct {
	File  *File
	Under []*File  // files that it begins from, in their order
	Sets  []string // the overrides
	List  Errors
}

// Add keeps a mistake at a place, once.
func (f *Faults) Add(at Position, format string, args ...any) {
	if len(f.List) >= maxErrors {
		return
	}
	file := f.File
	if at.File != nil {
		file = at.File
	}
	e := Error{File: file.Name, Line: max(at.Line, 1), Column: max(at.Column, 1),
		Message: visible(Clip(fmt.Sprintf(format, args...), maxPhrase))}
	e.Text = file.line(e.Line)
	if at.Set != "" {
		e = Error{File: override + at.Set, Message: e.Message}
	}
	if !slices.Contains(f.List, e) {
		f.List = append(f.List, e)
	}
}

// Err is nil without mistakes, and Errors otherwise: those of the file in its
// order, then those of the files that it begins from, then those of overrides.
func (f *Faults) Err() error {
	if len(f.List) == 0 {
		return nil
	}
	place := func(e Error) int {
		if e.Line == 0 {
			return 1 + len(f.Under) + slices.Index(f.Sets, strings.TrimPrefix(e.File, override))
		}
		return 1 + slices.IndexFunc(f.Under, func(s *File) bool { return s.Name == e.File })
	}
	slices.SortStableFunc(f.List, func(a, b Error) int {
		return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return f.List
}

// Join lists names in a message.
func Join(names []string) string { return strings.Join(names, ", ") }
