package study

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Load reads a study as Parse does, and those that it begins from. read gives
// the text of a file by its path, or that of a study that ships with the
// program by its name alone.
func Load(file string, text []byte, set []string, read func(name string) ([]byte, error)) (*Study, error) {
	l := &loader{faults: &faults{file: newSource(file, text), sets: set}, readFile: read}
	root := readTree(text, l.faults)
	if root == nil {
		return nil, l.err()
	}
	if root.kind != mapping {
		l.add(root.at, "a study is a mapping that begins with study: NAME; found %v", root)
		return nil, l.err()
	}
	whole := string(text)
	if root.field("from") != nil {
		if root = l.inherit(root); root == nil {
			return nil, l.err()
		}
		whole = l.origin() + string(printed(root))
	}
	for _, s := range set {
		l.override(root, s)
	}
	d := &decoder{faults: l.faults, broken: map[string]bool{}, labels: map[string][]*axis{}, reported: map[string]bool{}}
	s := d.study(root)
	if err := l.err(); err != nil {
		return nil, err
	}
	s.YAML = whole
	s.Set = slices.Clone(set)
	return s, nil
}

// loader makes one tree of a file, of those that it begins from, and of the overrides.
type loader struct {
	*faults
	readFile func(name string) ([]byte, error) // nil where no other file can be read
}

// maxFrom bounds a chain of studies that begin from each other.
const maxFrom = 10

// inherit puts a study over the one that it begins from, and that over its own;
// nil after a mistake.
func (l *loader) inherit(root *node) *node {
	chain := []*node{root}
	names := []string{l.file.name}
	for shipped := false; ; {
		from := chain[len(chain)-1].field("from")
		if from == nil {
			break
		}
		var name, problem string
		name, shipped, problem = fromName(names[len(names)-1], shipped, from.value)
		switch {
		case problem != "":
			l.add(from.value.at, "from %s", problem)
			return nil
		case slices.Contains(names, name):
			l.add(from.value.at, "from leads back to where it came from: %s", strings.Join(append(names, name), " -> "))
			return nil
		case len(names) > maxFrom:
			l.add(from.value.at, "more than %d studies begin from each other", maxFrom)
			return nil
		}
		next := l.under(name, from.value)
		if next == nil {
			return nil
		}
		chain, names = append(chain, next), append(names, name)
	}
	merged := chain[len(chain)-1]
	for _, over := range slices.Backward(chain[:len(chain)-1]) {
		merged = overlay(merged, over)
	}
	return merged
}

// under reads the study of a name that one begins from; nil after a mistake. n
// is what names it.
func (l *loader) under(name string, n *node) *node {
	if l.readFile == nil {
		l.add(n.at, "from names another study, and there is none to be read here")
		return nil
	}
	text, err := l.readFile(name)
	if err != nil {
		l.add(n.at, "cannot read the study to begin from: %v", err)
		return nil
	}
	inner := &faults{file: newSource(name, text)}
	l.faults.under = append(l.faults.under, inner.file)
	root := readTree(text, inner)
	if root != nil && root.kind != mapping {
		inner.add(root.at, "a study is a mapping that begins with study: NAME; found %v", root)
		root = nil
	}
	l.list = append(l.list, inner.list...)
	return root
}

// fromName is what from in a file stands for: a file in its folder or below,
// or the name of a study that ships with the program, as it is for all that
// such a study begins from. Else it says what is wrong.
func fromName(file string, shipped bool, n *node) (name string, isShipped bool, problem string) {
	ext := filepath.Ext(n.text)
	isFile := ext == ".yaml" || ext == ".yml"
	switch {
	case n.kind != scalar || n.null() || n.text == "":
		return "", false, fmt.Sprintf("is the file that the study begins from, as in other.yaml, or the name of a study that ships with nightshift; found %v", n)
	case !isFile && !safeName.MatchString(n.text):
		return "", false, fmt.Sprintf("is a file *.yaml or the name of a study that ships with nightshift; found %v", n)
	case isFile && !filepath.IsLocal(n.text):
		return "", false, "is a file in the folder of this study or below it; found " + n.text
	case shipped || !isFile:
		return strings.TrimSuffix(n.text, ext), true, ""
	}
	return filepath.Join(filepath.Dir(file), n.text), false, ""
}

// origin is the comment of a study that was written out.
func (l *loader) origin() string {
	names := fmt.Sprintf("%q", l.file.name)
	for _, s := range l.faults.under {
		names += fmt.Sprintf(" from %q", s.name)
	}
	return "# Written out: " + names + "\n"
}

// overlay puts a study over the one that it begins from. Mappings are merged
// key by key, everything else is replaced, and null removes. An axis is
// replaced as a whole. The name is not inherited.
func overlay(under, over *node) *node {
	merged := &node{at: over.at, kind: mapping}
	for _, f := range under.fields {
		if f.name != "study" {
			merged.fields = append(merged.fields, f)
		}
	}
	overlayKeys(merged, over)
	for _, f := range over.fields {
		old := merged.field(f.name)
		switch {
		case f.name == "from":
		case f.value.null():
			merged.replace(f)
		case old == nil || old.value.kind != mapping || f.value.kind != mapping:
			merged.put(f)
		case f.name == "base" || f.name == "data": // done already
		default:
			inner := &node{at: f.value.at, kind: mapping, fields: slices.Clone(old.value.fields)}
			for _, g := range f.value.fields {
				inner.replace(g)
			}
			old.value = inner
		}
	}
	merged.fields = slices.DeleteFunc(merged.fields, func(f field) bool { return f.name == "from" })
	if name := merged.field("study"); name != nil { // first, as one would write it
		first := *name
		merged.fields = slices.DeleteFunc(merged.fields, func(f field) bool { return f.name == "study" })
		merged.fields = slices.Insert(merged.fields, 0, first)
	}
	return merged
}

// prefixOf is what the keys of a part of the study have in front of their names.
func prefixOf(part string) string {
	if part == "data" {
		return "data."
	}
	return ""
}

// overlayKeys puts the keys of data and base over those of the study below,
// whatever the spelling of either: a choice with its parameters, another data
// set over all of data.
func overlayKeys(merged, over *node) {
	parts := []string{"data", "base"}
	var below, above []field
	for _, part := range parts {
		below = append(below, keyFieldsOf(merged, part)...)
		above = append(above, keyFieldsOf(over, part)...)
	}
	set := func(f field) bool { return f.name == "data.set" }
	was, is := slices.IndexFunc(below, set), slices.IndexFunc(above, set)
	another := was >= 0 && is >= 0 && below[was].value.text != above[is].value.text
	covered := func(f field) bool {
		return another && root(f.name) == "data" || slices.ContainsFunc(above, func(a field) bool { return covers(a, f) })
	}
	for _, part := range parts {
		old := merged.field(part)
		if old == nil || old.value.kind != mapping {
			continue
		}
		whole := &node{at: old.value.at, kind: mapping, fields: slices.DeleteFunc(keyFieldsOf(merged, part), covered)}
		for _, f := range keyFieldsOf(over, part) {
			if !f.value.null() || !slices.ContainsFunc(below, func(b field) bool { return covers(f, b) }) { // else there was something to remove
				whole.fields = append(whole.fields, f)
			}
		}
		for i := range whole.fields {
			whole.fields[i].name = strings.TrimPrefix(whole.fields[i].name, prefixOf(part))
		}
		old.value = whole
	}
}

// keyFieldsOf lists the keys that data or base sets by their paths.
func keyFieldsOf(n *node, part string) []field {
	f := n.field(part)
	if f == nil || f.value.kind != mapping {
		return nil
	}
	return keyFields(prefixOf(part), f.value)
}

// keyFields writes the groups of a mapping of keys out: early_stop: {patience: 3}
// is early_stop.patience: 3.
func keyFields(prefix string, n *node) []field {
	var list []field
	for _, f := range n.fields {
		f.name = prefix + f.name
		if opens(f.name, f.value) {
			list = append(list, keyFields(f.name+".", f.value)...)
		} else {
			list = append(list, f)
		}
	}
	return list
}

// covers says whether a key that is set leaves nothing of an older one.
func covers(f, old field) bool {
	a, b := fullPath(f.name), fullPath(old.name)
	k := keys.byPath[a]
	switch {
	case a == b:
		return true
	case a == "hidden":
		return b == "width" || b == "depth"
	case a == "width" || a == "depth":
		return b == "hidden"
	case f.value.null() || k != nil && k.kind == choice:
		return strings.HasPrefix(b, f.name+".")
	}
	return false
}

// fullPath is the path of the key that a name may be short for.
func fullPath(name string) string {
	if k := keys.find(name); k != nil {
		return k.path
	}
	return name
}
