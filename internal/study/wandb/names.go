package wandb

import (
	"nightshift/internal/study"
	"nightshift/internal/study/alias"
	"nightshift/internal/study/source"
)

// sweptKey is the key that a parameter of a sweep means, with the names of the
// parameters that it is nested in before its own; nil for none. The hidden of a
// sweep is a width.
func sweptKey(names []string) *study.Key {
	k := study.Keys().Meant(names...)
	if k != nil && k.Path == "hidden" && alias.Letters(names[len(names)-1]) == "hidden" {
		return study.Keys().Find("width")
	}
	return k
}

// translate gives what names an option of a key our name for it, or our name with its parameters.
func (s *sweep) translate(k *study.Key, n *source.Node) *source.Node {
	faults := &source.Faults{File: s.File}
	if n.Kind != source.Scalar {
		return n
	}
	if k.Kind.Numeric() && n.Tag == "!!str" { // quoted numbers
		if v := source.ReadValue(n.Text, n.At, faults); v != nil && v.Kind == source.Scalar {
			return v
		}
	}
	ours := k.Meant(n.Text)
	if k.Names() == nil || ours == "" {
		return n
	}
	if v := source.ReadValue(ours, n.At, faults); v != nil && v.Kind == source.Mapping {
		return v
	}
	return &source.Node{At: n.At, Tag: "!!str", Text: ours}
}
