package source

import (
	"slices"
	"strings"
)

// Put replaces the field of the same name, or appends one.
func (n *Node) Put(f Field) {
	if old := n.Field(f.Name); old != nil {
		*old = f
		return
	}
	n.Fields = append(n.Fields, f)
}

// PutBelow puts a field whose name may be a path into the mappings that it leads
// through; axes may have dots in their names, so the longest name counts.
func (n *Node) PutBelow(f Field) {
	var through *Field
	for i, old := range n.Fields {
		inside := strings.HasPrefix(f.Name, old.Name+".") && old.Value.Kind == Mapping
		if inside && (through == nil || len(old.Name) > len(through.Name)) {
			through = &n.Fields[i]
		}
	}
	if n.Field(f.Name) != nil || through == nil {
		n.Put(f)
		return
	}
	f.Name = strings.TrimPrefix(f.Name, through.Name+".")
	through.Value.PutBelow(f)
}

// Replace puts a field, or removes the one that null stands over.
func (n *Node) Replace(f Field) {
	if f.Value.Null() && n.Field(f.Name) != nil {
		n.Fields = slices.DeleteFunc(n.Fields, func(old Field) bool { return old.Name == f.Name })
		return
	}
	n.Put(f)
}

// place puts a value and all inside it at one position.
func (n *Node) place(at Position) {
	n.At = at
	for _, item := range n.Items {
		item.place(at)
	}
	for i := range n.Fields {
		n.Fields[i].At = at
		n.Fields[i].Value.place(at)
	}
}
