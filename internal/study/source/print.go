package source

import (
	"bytes"
	"strings"
	"unicode"

	"gopkg.in/yaml.v3"
)

// Print writes a tree as YAML that is read as the same tree.
func Print(n *Node) []byte {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(n.yaml(0)); err != nil {
		panic(err) // of a buffer and nodes of known kinds
	}
	return b.Bytes()
}

// maxOnLine is how many plain values stand on one line.
const maxOnLine = 6

// yaml is the node as the encoder takes it: short lists and mappings of plain
// values on one line.
func (n *Node) yaml(depth int) *yaml.Node {
	y := &yaml.Node{Kind: yaml.ScalarNode, Tag: n.Tag, Value: n.Text}
	plain := depth > 0
	add := func(inner *Node) {
		y.Content = append(y.Content, inner.yaml(depth+1))
		plain = plain && inner.Kind == Scalar
	}
	switch n.Kind {
	case List:
		y.Kind, y.Tag = yaml.SequenceNode, "!!seq"
		for _, item := range n.Items {
			add(item)
		}
	case Mapping:
		y.Kind, y.Tag = yaml.MappingNode, "!!map"
		for _, f := range n.Fields {
			y.Content = append(y.Content, (&Node{Tag: "!!str", Text: f.Name}).yaml(depth+1))
			add(f.Value)
		}
		plain = plain && len(n.Fields) <= maxOnLine
	default:
		switch {
		case n.Null():
			y.Value = "null"
		case n.Tag == "!!str" && n.Text == "<<": // plain, it would merge
			y.Style = yaml.DoubleQuotedStyle
		case n.Tag == "!!str" && strings.ContainsFunc(n.Text, func(c rune) bool { return !unicode.IsPrint(c) }):
			y.Style = yaml.DoubleQuotedStyle
		}
		return y
	}
	if plain {
		y.Style = yaml.FlowStyle
	}
	return y
}
