package study

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

type nodeKind int

const (
	scalar nodeKind = iota
	list
	mapping
)

// node is a value of the file with its place. Aliases are written out.
type node struct {
	at     position
	kind   nodeKind
	tag    string // of a scalar: !!str, !!int, !!float, !!bool, !!null
	text   string // of a scalar, without quotes
	items  []*node
	fields []field
}

// field is an entry of a mapping.
type field struct {
	name     string
	at       position
	value    *node
	override bool // of the command line: applies after the other fields
}

func (n *node) null() bool { return n.kind == scalar && n.tag == "!!null" }

func (n *node) field(name string) *field {
	i := slices.IndexFunc(n.fields, func(f field) bool { return f.name == name })
	if i < 0 {
		return nil
	}
	return &n.fields[i]
}

// has says whether a mapping has one of the fields.
func (n *node) has(names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool { return n.field(name) != nil })
}

// String describes what was found where something else was meant.
func (n *node) String() string {
	switch {
	case n.kind == list:
		return "a list"
	case n.kind == mapping:
		return "a mapping"
	case n.null():
		return "nothing"
	case n.tag == "!!str":
		return fmt.Sprintf("the string %q", clip(n.text, maxShown))
	case n.tag == "!!bool":
		return n.text
	}
	return "the number " + n.text
}

// number is the value of a scalar that YAML takes for a number, if it is finite.
func (n *node) number() (float64, bool) {
	if n.kind != scalar || n.tag != "!!int" && n.tag != "!!float" {
		return 0, false
	}
	text := strings.ReplaceAll(n.text, "_", "")
	if v, err := strconv.ParseFloat(text, 64); err == nil {
		return v + 0, !math.IsInf(v, 0) && !math.IsNaN(v) // -0 is 0
	}
	v, err := strconv.ParseInt(text, 0, 64) // 0x1f, 0o17, 0b1
	return float64(v), err == nil
}
