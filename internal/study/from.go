package study

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"nightshift/internal/study/source"
)

// loader makes one tree of a file, of those that it begins from, and of the overrides.
type loader struct {
	*source.Faults
	readFile func(name string) ([]byte, error) // nil where no other file can be read
}

// maxFrom bounds a chain of studies that begin from each other.
const maxFrom = 10

// inherit puts a study over the one that it begins from, and that over its own;
// nil after a mistake.
func (l *loader) inherit(root *source.Node) *source.Node {
	chain := []*source.Node{root}
	names := []string{l.File.Name}
	for shipped := false; ; {
		from := chain[len(chain)-1].Field("from")
		if from == nil {
			break
		}
		var name, problem string
		name, shipped, problem = fromName(names[len(names)-1], shipped, from.Value)
		switch {
		case problem != "":
			l.Add(from.Value.At, "from %s", problem)
			return nil
		case slices.Contains(names, name):
			l.Add(from.Value.At, "from leads back to where it came from: %s", strings.Join(append(names, name), " -> "))
			return nil
		case len(names) > maxFrom:
			l.Add(from.Value.At, "more than %d studies begin from each other", maxFrom)
			return nil
		}
		next := l.under(name, from.Value)
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
func (l *loader) under(name string, n *source.Node) *source.Node {
	if l.readFile == nil {
		l.Add(n.At, "from names another study, and there is none to be read here")
		return nil
	}
	text, err := l.readFile(name)
	if err != nil {
		l.Add(n.At, "cannot read the study to begin from: %v", err)
		return nil
	}
	inner := &source.Faults{File: source.NewFile(name, text)}
	l.Faults.Under = append(l.Faults.Under, inner.File)
	root := source.Read(text, inner)
	if root != nil && root.Kind != source.Mapping {
		inner.Add(root.At, "a study is a mapping that begins with study: NAME; found %v", root)
		root = nil
	}
	l.List = append(l.List, inner.List...)
	return root
}

// fromName is what from in a file stands for: a file in its folder or below,
// or the name of a study that ships with the program, as it is for all that
// such a study begins from. Else it says what is wrong.
func fromName(file string, shipped bool, n *source.Node) (name string, isShipped bool, problem string) {
	ext := filepath.Ext(n.Text)
	isFile := ext == ".yaml" || ext == ".yml"
	switch {
	case n.Kind != source.Scalar || n.Null() || n.Text == "":
		return "", false, fmt.Sprintf("is the file that the study begins from, as in other.yaml, or the name of a study that "+
			"ships with nightshift; found %v", n)
	case !isFile && !safeName.MatchString(n.Text):
		return "", false, fmt.Sprintf("is a file *.yaml or the name of a study that ships with nightshift; found %v", n)
	case isFile && !filepath.IsLocal(n.Text):
		return "", false, "is a file in the folder of this study or below it; found " + n.Text
	case shipped || !isFile:
		return strings.TrimSuffix(n.Text, ext), true, ""
	}
	return filepath.Join(filepath.Dir(file), n.Text), false, ""
}

// origin is the comment of a study that was written out.
func (l *loader) origin() string {
	names := fmt.Sprintf("%q", l.File.Name)
	for _, s := range l.Faults.Under {
		names += fmt.Sprintf(" from %q", s.Name)
	}
	return "# Written out: " + names + "\n"
}

// overlay puts a study over the one that it begins from. Mappings are merged
// key by key, everything else is replaced, and null removes. An axis is
// replaced as a whole. The name is not inherited.
func overlay(under, over *source.Node) *source.Node {
	merged := &source.Node{At: over.At, Kind: source.Mapping}
	for _, f := range under.Fields {
		if f.Name != "study" {
			merged.Fields = append(merged.Fields, f)
		}
	}
	overlayKeys(merged, over)
	for _, f := range over.Fields {
		old := merged.Field(f.Name)
		switch {
		case f.Name == "from":
		case f.Value.Null():
			merged.Replace(f)
		case old == nil || old.Value.Kind != source.Mapping || f.Value.Kind != source.Mapping:
			merged.Put(f)
		case f.Name == "base" || f.Name == "data": // done already
		default:
			inner := &source.Node{At: f.Value.At, Kind: source.Mapping, Fields: slices.Clone(old.Value.Fields)}
			for _, g := range f.Value.Fields {
				inner.Replace(g)
			}
			old.Value = inner
		}
	}
	merged.Fields = slices.DeleteFunc(merged.Fields, func(f source.Field) bool { return f.Name == "from" })
	if name := merged.Field("study"); name != nil { // first, as one would write it
		first := *name
		merged.Fields = slices.DeleteFunc(merged.Fields, func(f source.Field) bool { return f.Name == "study" })
		merged.Fields = slices.Insert(merged.Fields, 0, first)
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
func overlayKeys(merged, over *source.Node) {
	parts := []string{"data", "base"}
	var below, above []source.Field
	for _, part := range parts {
		below = append(below, keyFieldsOf(merged, part)...)
		above = append(above, keyFieldsOf(over, part)...)
	}
	set := func(f source.Field) bool { return f.Name == "data.set" }
	was, is := slices.IndexFunc(below, set), slices.IndexFunc(above, set)
	another := was >= 0 && is >= 0 && below[was].Value.Text != above[is].Value.Text
	covered := func(f source.Field) bool {
		return another && Root(f.Name) == "data" || slices.ContainsFunc(above, func(a source.Field) bool { return covers(a, f) })
	}
	for _, part := range parts {
		old := merged.Field(part)
		if old == nil || old.Value.Kind != source.Mapping {
			continue
		}
		whole := &source.Node{At: old.Value.At, Kind: source.Mapping,
			Fields: slices.DeleteFunc(keyFieldsOf(merged, part), covered)}
		for _, f := range keyFieldsOf(over, part) {
			// else there was something to remove
			if !f.Value.Null() || !slices.ContainsFunc(below, func(b source.Field) bool { return covers(f, b) }) {
				whole.Fields = append(whole.Fields, f)
			}
		}
		for i := range whole.Fields {
			whole.Fields[i].Name = strings.TrimPrefix(whole.Fields[i].Name, prefixOf(part))
		}
		old.Value = whole
	}
}

// keyFieldsOf lists the keys that data or base sets by their paths.
func keyFieldsOf(n *source.Node, part string) []source.Field {
	f := n.Field(part)
	if f == nil || f.Value.Kind != source.Mapping {
		return nil
	}
	return keyFields(prefixOf(part), f.Value)
}

// keyFields writes the groups of a mapping of keys out: early_stop: {patience: 3}
// is early_stop.patience: 3.
func keyFields(prefix string, n *source.Node) []source.Field {
	var list []source.Field
	for _, f := range n.Fields {
		f.Name = prefix + f.Name
		if opens(f.Name, f.Value) {
			list = append(list, keyFields(f.Name+".", f.Value)...)
		} else {
			list = append(list, f)
		}
	}
	return list
}

// covers says whether a key that is set leaves nothing of an older one.
func covers(f, old source.Field) bool {
	a, b := fullPath(f.Name), fullPath(old.Name)
	k := keys.byPath[a]
	switch {
	case a == b || bothSayLayers(a, b):
		return true
	case f.Value.Null() || k != nil && k.Kind == Choice:
		return strings.HasPrefix(b, f.Name+".")
	}
	return false
}

// fullPath is the path of the key that a name may be short for.
func fullPath(name string) string {
	if k := keys.Find(name); k != nil {
		return k.Path
	}
	return name
}
