package source

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"gopkg.in/yaml.v3"
)

// Limits of a study file; a file beyond them is no study.
const (
	MaxBytes = 1 << 20
	maxNodes = 100_000 // scalars, lists and mappings, with every alias written out
	maxDepth = 32
)

// Read parses one YAML document; nil if that failed.
func Read(text []byte, f *Faults) *Node {
	if len(text) > MaxBytes {
		f.Add(Position{}, "the file has %d bytes; a study has at most %d", len(text), MaxBytes)
		return nil
	}
	if at, control, bad := notText(text); bad && control > 0 {
		f.Add(at, "here is the control character %U, which cannot be seen; take it out", control)
		return nil
	} else if bad {
		f.Add(at, "this is not UTF-8 text; save the file as UTF-8")
		return nil
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	var doc, second yaml.Node
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		f.Add(Position{}, "the file is empty; a study begins with study: NAME")
		return nil
	} else if err != nil {
		f.syntax(text, err)
		return nil
	}
	if err := d.Decode(&second); err == nil {
		f.Add(Position{Line: second.Line, Column: second.Column}, "a second YAML document; a file holds one study")
		return nil
	} else if !errors.Is(err, io.EOF) {
		f.syntax(text, err)
		return nil
	}
	if len(doc.Content) != 1 {
		f.Add(Position{}, "the file is empty; a study begins with study: NAME")
		return nil
	}
	r := treeReader{Faults: f}
	root := r.read(doc.Content[0], 0)
	if root == nil || r.stopped {
		return nil
	}
	return root
}

// ReadValue reads the text of an override: one YAML value, all of it at one
// place; nil after a mistake.
func ReadValue(text string, at Position, f *Faults) *Node {
	value := &Node{Tag: "!!null", At: at}
	d := yaml.NewDecoder(strings.NewReader(text))
	var doc, second yaml.Node
	if err := d.Decode(&doc); err != nil && !errors.Is(err, io.EOF) {
		f.Add(at, "the value is not YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
		return nil
	}
	if err := d.Decode(&second); !errors.Is(err, io.EOF) {
		f.Add(at, "the value ends before the text does; give one value, in quotes where it is a text")
		return nil
	}
	inner := &Faults{File: f.File}
	if len(doc.Content) == 1 {
		r := treeReader{Faults: inner}
		value = r.read(doc.Content[0], 0)
	}
	for _, e := range inner.List {
		f.Add(at, "%s", e.Message)
	}
	if value == nil || len(inner.List) > 0 {
		return nil
	}
	value.place(at)
	return value
}

// IsString says whether YAML takes a word without quotes for a string.
func IsString(word string) bool {
	return (&yaml.Node{Kind: yaml.ScalarNode, Value: word}).ShortTag() == "!!str"
}

// treeReader copies YAML nodes, writing out aliases and merged mappings.
type treeReader struct {
	*Faults
	nodes   int
	stopped bool
}

func (r *treeReader) read(y *yaml.Node, depth int) *Node {
	if r.stopped {
		return nil
	}
	n := &Node{At: Position{File: r.File, Line: y.Line, Column: y.Column}}
	if r.nodes++; r.nodes > maxNodes || depth > maxDepth {
		r.stopped = true
		r.Add(n.At, "too much is nested here, or repeated by aliases; a study has at most %d values and %d levels", maxNodes,
			maxDepth)
		return nil
	}
	switch y.Kind {
	case yaml.AliasNode:
		return r.read(y.Alias, depth+1)
	case yaml.SequenceNode:
		n.Kind = List
		for _, item := range y.Content {
			n.Items = append(n.Items, r.read(item, depth+1))
		}
	case yaml.MappingNode:
		n.Kind = Mapping
		var merged []Field
		first := map[string]int{} // line of each key
		for i := 0; i+1 < len(y.Content); i += 2 {
			key, value := y.Content[i], y.Content[i+1]
			at := Position{File: r.File, Line: key.Line, Column: key.Column}
			if key.Kind == yaml.AliasNode {
				key = key.Alias
			}
			switch {
			case key.Kind != yaml.ScalarNode:
				r.Add(at, "a key is a word, not a list or a mapping")
			case key.ShortTag() == "!!merge":
				merged = append(merged, r.merge(value, depth)...)
			case first[key.Value] != 0:
				r.Add(at, "%q is given twice, first on line %d", key.Value, first[key.Value])
			default:
				first[key.Value] = at.Line
				n.Fields = append(n.Fields, Field{Name: key.Value, At: at, Value: r.read(value, depth+1)})
			}
		}
		for _, f := range merged {
			if first[f.Name] == 0 {
				first[f.Name] = f.At.Line
				n.Fields = append(n.Fields, f)
			}
		}
	default:
		n.Tag, n.Text = y.ShortTag(), y.Value
		switch n.Tag {
		case "!!str", "!!int", "!!float", "!!bool", "!!null":
		case "!!timestamp":
			n.Tag = "!!str"
		default:
			r.Add(n.At, "the tag %s has no meaning in a study", n.Tag)
			n.Tag = "!!str"
		}
	}
	return n
}

// merge reads the value of the key <<: the fields of a mapping, or of several.
func (r *treeReader) merge(y *yaml.Node, depth int) []Field {
	n := r.read(y, depth+1)
	if n == nil {
		return nil
	}
	mappings := []*Node{n}
	if n.Kind == List {
		mappings = n.Items
	}
	var fields []Field
	for _, m := range mappings {
		if m == nil {
			return nil
		}
		if m.Kind != Mapping {
			r.Add(m.At, "<< merges mappings; found %v", m)
		}
		fields = append(fields, m.Fields...)
	}
	return fields
}
