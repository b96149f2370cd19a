// Package source reads YAML with positions: the tree of a file in which every
// value knows its line and column, the edits that overrides and studies over
// others make to it, printing, and the mistakes that are found in it, shown with
// a caret under the word and the nearest name that there is. It knows no key of
// a study, and it is the only package that knows the YAML library.
package source

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Kind is the form of a value.
type Kind int

const (
	Scalar Kind = iota // a word, a number, true, false or nothing
	List
	Mapping
)

// Node is a value of the file with its place. Aliases are written out.
type Node struct {
	At     Position
	Kind   Kind
	Tag    string // of a scalar: !!str, !!int, !!float, !!bool, !!null
	Text   string // of a scalar, without quotes
	Items  []*Node
	Fields []Field
}

// Field is an entry of a mapping.
type Field struct {
	Name     string
	At       Position
	Value    *Node
	Override bool // of the command line: applies after the other fields
}

// Null says whether nothing stands where a value could.
func (n *Node) Null() bool { return n.Kind == Scalar && n.Tag == "!!null" }

// Field is the entry of a mapping by its name; nil without one.
func (n *Node) Field(name string) *Field {
	i := slices.IndexFunc(n.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return &n.Fields[i]
}

// Has says whether a mapping has one of the fields.
func (n *Node) Has(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return n.Field(name) != nil })
}

// Overridden says whether the node, or an entry below it, is of the command line.
func (n *Node) Overridden() bool {
	return n.At.Set != "" || slices.ContainsFunc(n.Fields, func(f Field) bool { return f.Value.Overridden() })
}

// String describes what was found where something else was meant.
func (n *Node) String() string {
	switch {
	case n.Kind == List:
		return "a list"
	case n.Kind == Mapping:
		return "a mapping"
	case n.Null():
		return "nothing"
	case n.Tag == "!!str":
		return fmt.Sprintf("the string %q", Clip(n.Text, maxShown))
	case n.Tag == "!!bool":
		return n.Text
	}
	return "the number " + n.Text
}

// Number is the value of a scalar that YAML takes for a number, if it is finite.
func (n *Node) Number() (float64, bool) {
	if n.Kind != Scalar || n.Tag != "!!int" && n.Tag != "!!float" {
		return 0, false
	}
	text := strings.ReplaceAll(n.Text, "_", "")
	if v, err := strconv.ParseFloat(text, 64); err == nil {
		return v + 0, !math.IsInf(v, 0) && !math.IsNaN(v) // -0 is 0
	}
	v, err := strconv.ParseInt(text, 0, 64) // 0x1f, 0o17, 0b1
	return float64(v), err == nil
}
