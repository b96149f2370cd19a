package source

import (
	"strings"
	"unicode/utf8"
)

// File is a file that values come from.
type File struct {
	Name  string
	lines []string
}

// NewFile splits the text of a file into lines.
func NewFile(name string, text []byte) *File {
	if len(text) > MaxBytes {
		text = nil // it will be refused for that
	}
	return &File{name, strings.Split(string(text), "\n")}
}

// line is what the file has on a line, counted from 1.
func (f *File) line(n int) string {
	if n > len(f.lines) {
		return ""
	}
	return strings.TrimSuffix(f.lines[n-1], "\r")
}

// Position is a place in a file, or the override that a value came from.
type Position struct {
	File         *File // nil for the study's own
	Line, Column int
	Set          string // the override, as given; empty for a file
}

// Inside is the place of the byte at offset of the text of a scalar, as far as
// the file writes the text as it is; else that of the scalar.
func (n *Node) Inside(offset int) Position {
	at := n.At
	if at.File == nil || at.Set != "" {
		return at
	}
	line := []rune(at.File.line(at.Line))
	if at.Column > len(line) {
		return at
	}
	rest, quote := string(line[at.Column-1:]), 0
	if rest[0] == '"' || rest[0] == '\'' {
		rest, quote = rest[1:], 1
	}
	if strings.HasPrefix(rest, n.Text) {
		at.Column += quote + utf8.RuneCountInString(n.Text[:offset])
	}
	return at
}
