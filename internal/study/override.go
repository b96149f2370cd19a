package study

import (
	"slices"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// override applies path=value of the command line to the tree. Keys of base and
// data are set after those of the file; everything else takes the place of what
// the file has there.
func (f *faults) override(root *node, set string) {
	at := position{set: set}
	path, text, ok := strings.Cut(set, "=")
	path = strings.TrimSpace(path)
	if !ok || path == "" {
		f.add(at, "an override is path=value, as in base.epochs=2")
		return
	}
	inner := &faults{file: f.file}
	value := &node{tag: "!!null", at: at}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		f.add(at, "the value is not YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))
		return
	} else if len(doc.Content) == 1 {
		r := treeReader{faults: inner}
		value = r.read(doc.Content[0], 0)
	}
	for _, e := range inner.list {
		f.add(at, "%s", e.Message)
	}
	if value == nil || len(inner.list) > 0 {
		return
	}
	value.place(at)
	f.overrideBlock(root, path, field{name: path, at: at, value: value, override: true})
}

// place puts a value and all inside it at one position.
func (n *node) place(at position) {
	n.at = at
	for _, item := range n.items {
		item.place(at)
	}
	for i := range n.fields {
		n.fields[i].at = at
		n.fields[i].value.place(at)
	}
}

// overrideBlock sets a path of the top level or of a block of also.
func (f *faults) overrideBlock(n *node, path string, set field) {
	first, rest, nested := strings.Cut(path, ".")
	old := n.field(first)
	set.name = rest
	switch {
	case !nested:
		set.name, set.override = first, false
		n.put(set)
	case old != nil && first == "also" && old.value.kind == list:
		number, rest, _ := strings.Cut(rest, ".")
		i, err := strconv.Atoi(number)
		if err != nil || i < 0 || i >= len(old.value.items) || old.value.items[i].kind != mapping {
			f.add(set.at, "also has no block %q; they are counted from 0", number)
			return
		}
		f.overrideBlock(old.value.items[i], rest, set)
	case !slices.Contains(studyKeys, first):
		near := nearest(first, studyKeys)
		if keys.find(path) != nil {
			near = "base"
			rest = path
		}
		hint := ""
		if near != "" {
			hint = didYouMean(near + "." + rest)
		}
		f.add(set.at, "unknown key %q%s", path, hint)
	default:
		if old == nil || old.value.kind != mapping {
			n.put(field{name: first, at: set.at, value: &node{at: set.at, kind: mapping}})
			old = n.field(first)
		}
		if first == "base" || first == "data" {
			old.value.fields = append(old.value.fields, set)
			return
		}
		set.override = false
		old.value.putBelow(set)
	}
}

// put replaces the field of the same name, or appends one.
func (n *node) put(f field) {
	if old := n.field(f.name); old != nil {
		*old = f
		return
	}
	n.fields = append(n.fields, f)
}

// putBelow puts a field whose name may be a path into the mappings that it leads
// through; axes may have dots in their names, so the longest name counts.
func (n *node) putBelow(f field) {
	var through *field
	for i, old := range n.fields {
		inside := strings.HasPrefix(f.name, old.name+".") && old.value.kind == mapping
		if inside && (through == nil || len(old.name) > len(through.name)) {
			through = &n.fields[i]
		}
	}
	if n.field(f.name) != nil || through == nil {
		n.put(f)
		return
	}
	f.name = strings.TrimPrefix(f.name, through.name+".")
	through.value.putBelow(f)
}
