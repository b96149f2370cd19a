package study

import (
	"cmp"
	"slices"
)

// assignment gives one key a value.
type assignment struct {
	key       *key
	value     any // typed as the key's kind says
	at        position
	override  bool // of the command line
	effective bool // it decides its key in some cell
}

// assignments reads a mapping of keys. prefix is "" or the path, with a dot at
// its end, that the mapping stands below. What comes later overrides; a choice
// comes before its parameters and the command line after the file.
func (d *decoder) assignments(prefix string, n *node) []*assignment {
	if n == nil || n.null() {
		return nil
	}
	if n.kind != mapping {
		d.add(n.at, "a mapping of keys is meant, as in {epochs: 10}; found %v", n)
		return nil
	}
	sets := d.flatten(prefix, n, nil)
	seen := map[string]*assignment{}
	for _, a := range sets {
		if a.override {
			continue
		}
		if first := seen[a.key.path]; first != nil {
			d.add(a.at, "%s is given twice, first on line %d", a.key.path, first.at.line)
		}
		seen[a.key.path] = a
	}
	if hidden := seen["hidden"]; hidden != nil {
		for _, path := range []string{"width", "depth"} {
			if a := seen[path]; a != nil {
				d.add(a.at, "%s and hidden both say what the hidden layers are; give one of them", path)
			}
		}
	}
	slices.SortStableFunc(sets, func(a, b *assignment) int { return cmp.Compare(a.level(), b.level()) })
	return sets
}

// level orders the assignments of one mapping.
func (a *assignment) level() int {
	level := 0
	if a.key.kind == parameter {
		level = 1
	}
	if a.override {
		level += 2
	}
	return level
}

// flatten appends the assignments of a mapping and of those inside it.
func (d *decoder) flatten(prefix string, n *node, sets []*assignment) []*assignment {
	for _, f := range n.fields {
		path := prefix + f.name
		switch {
		case opens(path, f.value):
			inner := d.flatten(path+".", f.value, nil)
			for _, a := range inner {
				a.override = a.override || f.override
			}
			sets = append(sets, inner...)
			continue
		case keys.groups[path] && keys.find(path) == nil:
			d.broken[path] = true
			d.add(f.value.at, "%s is a mapping with some of %s; found %v", path, join(keys.below(path)), f.value)
			continue
		}
		k := keys.find(path)
		if k == nil {
			d.unknownKey(prefix, f)
			continue
		}
		if v, ok := d.value(k, f.value); ok {
			sets = append(sets, &assignment{key: k, value: v, at: f.value.at, override: f.override})
		}
	}
	return sets
}

// opens says whether a value is a mapping of keys below a path.
func opens(path string, n *node) bool {
	k := keys.byPath[path]
	return n.kind == mapping && (keys.groups[path] || k != nil && k.kind == choice && ofParameters(k, n))
}

// ofParameters says whether a mapping sets parameters of the option that a
// choice has already, rather than choosing one.
func ofParameters(k *key, n *node) bool {
	return !n.has("name") && !(len(n.fields) == 1 && slices.Contains(names(k.options()), n.fields[0].name))
}

// unknownKey reports a field that is no key.
func (d *decoder) unknownKey(prefix string, f field) {
	if prefix == "" {
		d.add(f.at, "unknown key %q%s", f.name, d.meant(f.name))
		return
	}
	path := prefix[:len(prefix)-1]
	known := keys.below(path)
	if k := keys.byPath[path]; k != nil {
		known = append(known, names(k.options())...)
	}
	near := nearest(f.name, known)
	hint := didYouMean(near)
	if near == "" {
		hint = "; there are " + join(known)
	}
	if near == "" || !keys.groups[path] {
		d.broken[path] = true
	}
	d.broken[path+"."+near] = true
	d.add(f.at, "unknown key %q in %s%s", f.name, path, hint)
}

// meant ends a message about an unknown key with the one that is probably
// meant, whose value is then not known.
func (d *decoder) meant(name string) string {
	near := keys.nearest(name)
	if near == "" {
		return "; there are " + join(keys.below(""))
	}
	d.broken[near] = true
	return didYouMean(near)
}
