package study

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// Limits of a study file; a file beyond them is no study.
const (
	maxBytes = 1 << 20
	maxNodes = 100_000 // scalars, lists and mappings, with every alias written out
	maxDepth = 32
)

// readTree parses one YAML document; nil if that failed.
func readTree(text []byte, f *faults) *node {
	if len(text) > maxBytes {
		f.add(position{}, "the file has %d bytes; a study has at most %d", len(text), maxBytes)
		return nil
	}
	if at, bad := notText(text); bad {
		f.add(at, "this is not UTF-8 text")
		return nil
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	var doc, second yaml.Node
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		f.add(position{}, "the file is empty; a study begins with study: NAME")
		return nil
	} else if err != nil {
		f.syntax(text, err)
		return nil
	}
	if err := d.Decode(&second); err == nil {
		f.add(position{line: second.Line, column: second.Column}, "a second YAML document; a file holds one study")
		return nil
	} else if !errors.Is(err, io.EOF) {
		f.syntax(text, err)
		return nil
	}
	if len(doc.Content) != 1 {
		f.add(position{}, "the file is empty; a study begins with study: NAME")
		return nil
	}
	r := treeReader{faults: f}
	root := r.read(doc.Content[0], 0)
	if root == nil || r.stopped {
		return nil
	}
	return root
}

// readValue reads the text of an override: one YAML value, all of it at one
// place; nil after a mistake.
func readValue(text string, at position, f *faults) *node {
	value := &node{tag: "!!null", at: at}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		f.add(at, "the value is not YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
		return nil
	}
	inner := &faults{file: f.file}
	if len(doc.Content) == 1 {
		r := treeReader{faults: inner}
		value = r.read(doc.Content[0], 0)
	}
	for _, e := range inner.list {
		f.add(at, "%s", e.Message)
	}
	if value == nil || len(inner.list) > 0 {
		return nil
	}
	value.place(at)
	return value
}

// isString says whether YAML takes a word without quotes for a string.
func isString(word string) bool {
	return (&yaml.Node{Kind: yaml.ScalarNode, Value: word}).ShortTag() == "!!str"
}

// treeReader copies YAML nodes, writing out aliases and merged mappings.
type treeReader struct {
	*faults
	nodes   int
	stopped bool
}

func (r *treeReader) read(y *yaml.Node, depth int) *node {
	if r.stopped {
		return nil
	}
	n := &node{at: position{file: r.file, line: y.Line, column: y.Column}}
	if r.nodes++; r.nodes > maxNodes || depth > maxDepth {
		r.stopped = true
		r.add(n.at, "too much is nested here, or repeated by aliases; a study has at most %d values and %d levels", maxNodes, maxDepth)
		return nil
	}
	switch y.Kind {
	case yaml.AliasNode:
		return r.read(y.Alias, depth+1)
	case yaml.SequenceNode:
		n.kind = list
		for _, item := range y.Content {
			n.items = append(n.items, r.read(item, depth+1))
		}
	case yaml.MappingNode:
		n.kind = mapping
		var merged []field
		first := map[string]int{} // line of each key
		for i := 0; i+1 < len(y.Content); i += 2 {
			key, value := y.Content[i], y.Content[i+1]
			at := position{file: r.file, line: key.Line, column: key.Column}
			if key.Kind == yaml.AliasNode {
				key = key.Alias
			}
			switch {
			case key.Kind != yaml.ScalarNode:
				r.add(at, "a key is a word, not a list or a mapping")
			case key.ShortTag() == "!!merge":
				merged = append(merged, r.merge(value, depth)...)
			case first[key.Value] != 0:
				r.add(at, "%q is given twice, first on line %d", key.Value, first[key.Value])
			default:
				first[key.Value] = at.line
				n.fields = append(n.fields, field{name: key.Value, at: at, value: r.read(value, depth+1)})
			}
		}
		for _, f := range merged {
			if first[f.name] == 0 {
				first[f.name] = f.at.line
				n.fields = append(n.fields, f)
			}
		}
	default:
		n.tag, n.text = y.ShortTag(), y.Value
		switch n.tag {
		case "!!str", "!!int", "!!float", "!!bool", "!!null":
		case "!!timestamp":
			n.tag = "!!str"
		default:
			r.add(n.at, "the tag %s has no meaning in a study", n.tag)
			n.tag = "!!str"
		}
	}
	return n
}

// merge reads the value of the key <<: the fields of a mapping, or of several.
func (r *treeReader) merge(y *yaml.Node, depth int) []field {
	n := r.read(y, depth+1)
	if n == nil {
		return nil
	}
	mappings := []*node{n}
	if n.kind == list {
		mappings = n.items
	}
	var fields []field
	for _, m := range mappings {
		if m == nil {
			return nil
		}
		if m.kind != mapping {
			r.add(m.at, "<< merges mappings; found %v", m)
		}
		fields = append(fields, m.fields...)
	}
	return fields
}

// notText finds the first byte that cannot be part of a text file.
func notText(text []byte) (position, bool) {
	at := position{line: 1, column: 1}
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		switch {
		case c == utf8.RuneError && size == 1, c < ' ' && c != '\t' && c != '\n' && c != '\r', c == 0x7f:
			return at, true
		case c == '\n':
			at.line++
			at.column = 0
		}
		at.column++
		i += size
	}
	return at, false
}

var (
	yamlLine = regexp.MustCompile(`^line (\d+): `)
	// fromZero matches the messages of yaml.v3 that count lines from 0: those of
	// its parser, while those of its scanner count from 1.
	fromZero = regexp.MustCompile(`^did not find expected (node content|key|'-' indicator|',' or '[]}]'|<.*>)$`)
)

// syntax reports an error of the YAML parser, which knows only the line. A tab
// in an indentation is the usual reason and gets a message of its own.
func (f *faults) syntax(text []byte, err error) {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	at := position{line: 1, column: 1}
	if m := yamlLine.FindStringSubmatch(message); m != nil {
		at.line, _ = strconv.Atoi(m[1])
		message = message[len(m[0]):]
		if fromZero.MatchString(message) {
			at.line++
		}
	}
	for i, line := range strings.Split(string(text), "\n") {
		indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
		if tab := strings.IndexByte(indent, '\t'); tab >= 0 && strings.TrimSpace(line) != "" {
			f.add(position{line: i + 1, column: tab + 1}, "a tab indents this line; YAML takes spaces only")
			return
		}
	}
	f.add(at, "this is not YAML: %s", message)
}
