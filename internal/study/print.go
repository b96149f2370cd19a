package study

import (
	"bytes"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// printed writes a tree as YAML that is read as the same tree.
func printed(n *node) []byte {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(n.yaml(0)); err != nil {
		panic(err) // of a buffer and nodes of known kinds
	}
	return b.Bytes()
}

// longest is how many plain values stand on one line.
const longest = 6

// yaml is the node as the encoder takes it: short lists and mappings of plain
// values on one line.
func (n *node) yaml(depth int) *yaml.Node {
	y := &yaml.Node{Kind: yaml.ScalarNode, Tag: n.tag, Value: n.text}
	plain := depth > 0
	add := func(inner *node) {
		y.Content = append(y.Content, inner.yaml(depth+1))
		plain = plain && inner.kind == scalar
	}
	switch n.kind {
	case list:
		y.Kind, y.Tag = yaml.SequenceNode, "!!seq"
		for _, item := range n.items {
			add(item)
		}
	case mapping:
		y.Kind, y.Tag = yaml.MappingNode, "!!map"
		for _, f := range n.fields {
			y.Content = append(y.Content, (&node{tag: "!!str", text: f.name}).yaml(depth+1))
			add(f.value)
		}
		plain = plain && len(n.fields) <= longest
	default:
		switch {
		case n.null():
			y.Value = "null"
		case n.tag == "!!str" && n.text == "<<": // plain, it would merge
			y.Style = yaml.DoubleQuotedStyle
		case n.tag == "!!str" && strings.ContainsFunc(n.text, func(c rune) bool { return !unicode.IsPrint(c) }):
			y.Style = yaml.DoubleQuotedStyle
		}
		return y
	}
	if plain {
		y.Style = yaml.FlowStyle
	}
	return y
}
