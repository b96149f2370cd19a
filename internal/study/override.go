package study

import (
	"slices"
	"strconv"
	"strings"
)

// override applies path=value of the command line to the tree. Keys of base and
// data are set after those of the file; everything else takes the place of what
// the file has there.
func (l *loader) override(root *node, set string) {
	at := position{set: set}
	path, text, ok := strings.Cut(set, "=")
	path = strings.TrimSpace(path)
	if !ok || path == "" {
		l.add(at, "an override is path=value, as in base.epochs=2")
		return
	}
	value := readValue(text, at, l.faults)
	if value == nil {
		return
	}
	l.overrideBlock(root, path, field{name: path, at: at, value: value, override: true})
}

// overrideBlock sets a path of the top level or of a block of also.
func (l *loader) overrideBlock(n *node, path string, set field) {
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
			l.add(set.at, "also has no block %q; they are counted from 0", number)
			return
		}
		l.overrideBlock(old.value.items[i], rest, set)
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
		l.add(set.at, "unknown key %q%s", path, hint)
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
