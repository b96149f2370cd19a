package study

import (
	"cmp"
	"slices"
	"strings"

	"nightshift/internal/nearest"
	"nightshift/internal/study/alias"
	"nightshift/internal/study/source"
)

// assignments reads a mapping of keys. prefix is "" or the path, with a dot at
// its end, that the mapping stands below. What comes later overrides; a choice
// comes before its parameters and the command line after the file.
func (d *decoder) assignments(prefix string, n *source.Node) []*assignment {
	if n == nil || n.Null() {
		return nil
	}
	if n.Kind != source.Mapping {
		d.Add(n.At, "a mapping of keys is meant, as in {epochs: 10}; found %v", n)
		return nil
	}
	sets := d.flatten(prefix, n, nil)
	seen := map[string]*assignment{}
	for _, a := range sets {
		if a.override {
			continue
		}
		if first := seen[a.key.Path]; first != nil {
			d.Add(a.at, "%s is given twice, first on line %d", a.key.Path, first.at.Line)
		}
		seen[a.key.Path] = a
	}
	if hidden := seen["hidden"]; hidden != nil {
		for _, path := range []string{"width", "depth"} {
			if a := seen[path]; a != nil {
				d.Add(a.at, "%s and hidden both say what the hidden layers are; give one of them", path)
			}
		}
	}
	slices.SortStableFunc(sets, func(a, b *assignment) int { return cmp.Compare(a.level(), b.level()) })
	return sets
}

// flatten appends the assignments of a mapping and of those inside it.
func (d *decoder) flatten(prefix string, n *source.Node, sets []*assignment) []*assignment {
	for _, f := range n.Fields {
		path := prefix + f.Name
		switch {
		case opens(path, f.Value):
			inner := d.flatten(path+".", f.Value, nil)
			for _, a := range inner {
				a.override = a.override || f.Override
			}
			sets = append(sets, inner...)
			continue
		case keys.groups[path] && keys.Find(path) == nil:
			d.broken[path] = true
			d.Add(f.Value.At, "%s is a mapping with some of %s; found %v", path, source.Join(keys.Below(path)), f.Value)
			continue
		}
		k := keys.Find(path)
		if k == nil {
			d.unknownKey(prefix, f)
			continue
		}
		if v, ok := d.value(k, f.Value); ok {
			sets = append(sets, &assignment{key: k, value: v, at: f.Value.At, override: f.Override})
		}
	}
	return sets
}

// opens says whether a value is a mapping of keys below a path.
func opens(path string, n *source.Node) bool {
	k := keys.byPath[path]
	return n.Kind == source.Mapping && (keys.groups[path] || k != nil && k.Kind == Choice && ofParameters(k, n))
}

// ofParameters says whether a mapping sets parameters of the option that a
// choice has already, rather than choosing one.
func ofParameters(k *Key, n *source.Node) bool {
	return !n.Has("name") && !(len(n.Fields) == 1 && slices.Contains(names(k.Options), n.Fields[0].Name))
}

// unknownKey reports a field that is no key.
func (d *decoder) unknownKey(prefix string, f source.Field) {
	if name, value, glued := strings.Cut(f.Name, ":"); glued && f.Value.Null() {
		d.broken[strings.TrimSuffix(prefix, ".")], d.broken[prefix+name] = true, true
		d.Add(f.At, "unknown key %q; a blank stands behind a colon, as in %s: %s", f.Name, name, value)
		return
	}
	if prefix == "" {
		d.Add(f.At, "unknown key %q%s", f.Name, d.meant(f.Name))
		return
	}
	path := prefix[:len(prefix)-1]
	known := keys.Below(path)
	if k := keys.byPath[path]; k != nil {
		known = append(known, names(k.Options)...)
	}
	hint, near := meantIn(path, f.Name, known)
	switch k := keys.byPath[path]; {
	case k == nil:
	case alias.Naming(f.Name):
		hint, near = nearest.DidYouMean("name"), ""
	case k.Meant(f.Name) != "":
		hint, near = k.hint(f.Name), ""
	}
	if near == "" || !keys.groups[path] {
		d.broken[path] = true
	}
	d.broken[path+"."+near] = true
	d.Add(f.At, "unknown key %q in %s%s", f.Name, path, hint)
}
