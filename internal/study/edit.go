package study

import (
	"slices"
	"strings"
)

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

// replace puts a field, or removes the one that null stands over.
func (n *node) replace(f field) {
	if f.value.null() && n.field(f.name) != nil {
		n.fields = slices.DeleteFunc(n.fields, func(old field) bool { return old.name == f.name })
		return
	}
	n.put(f)
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
