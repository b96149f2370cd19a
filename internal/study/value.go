package study

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/mlp"
)

// chosen is the value of a choice: complete, with the parameters that were
// written rather than defaulted.
type chosen struct {
	mlp.Choice
	written []string // in the order of the option's table
}

// largest bounds whole numbers to those that float64 holds exactly.
const largest = 1 << 53

// value reads the value of a key. A mistake is reported and false.
func (d *decoder) value(k *key, n *node) (v any, ok bool) {
	defer func() {
		if !ok {
			d.broken[k.path] = true
		}
	}()
	if n.null() {
		d.add(n.at, "%s has no value; %s is meant", k.path, meant[k.kind])
		return nil, false
	}
	switch k.kind {
	case whole:
		if k.path == "batch" && n.kind == scalar && n.text == "full" {
			return 0, true
		}
		return d.whole(k, n)
	case real, parameter:
		return d.real(k, n)
	case text:
		return d.text(k, n)
	case truth:
		if n.kind == scalar && n.tag == "!!bool" {
			return strings.EqualFold(n.text, "true"), true
		}
	case wholes, reals:
		return d.many(k, n)
	case choice:
		return d.choice(k, n)
	}
	d.wrong(k, n)
	return nil, false
}

func (d *decoder) wrong(k *key, n *node) {
	d.add(n.at, "%s is %s; found %v", k.path, meant[k.kind], n)
}

func (d *decoder) whole(k *key, n *node) (any, bool) {
	v, ok := n.number()
	switch {
	case !ok && k.path == "batch":
		d.add(n.at, "batch is a whole number or full; found %v", n)
	case !ok || v != math.Trunc(v) || math.Abs(v) > largest:
		d.add(n.at, "%s is a whole number; found %v", k.path, n)
	case k.path == "batch" && v == 0:
		d.add(n.at, "batch is at least 1; for one step an epoch write batch: full")
	default:
		return int(v), true
	}
	return nil, false
}

func (d *decoder) real(k *key, n *node) (any, bool) {
	v, ok := n.number()
	if !ok {
		finite := ""
		if n.kind == scalar && n.tag == "!!float" {
			finite = "finite "
		}
		d.add(n.at, "%s is a %snumber; found %v", k.path, finite, n)
		return nil, false
	}
	return v, true
}

func (d *decoder) text(k *key, n *node) (any, bool) {
	if n.kind != scalar {
		d.wrong(k, n)
		return nil, false
	}
	if k.options != nil {
		known := names(k.options())
		if !slices.Contains(known, n.text) {
			d.unknownName(k, n, known)
			return nil, false
		}
	}
	return n.text, true
}

func (d *decoder) unknownName(k *key, n *node, known []string) {
	hint := Suggest(n.text, known)
	if hint == "" {
		hint = "; there are " + join(known)
	}
	d.add(n.at, "unknown %s %q%s", strings.ReplaceAll(k.path, ".", " "), n.text, hint)
}

// many reads a list of whole or other numbers.
func (d *decoder) many(k *key, n *node) (any, bool) {
	if n.kind != list {
		hint := ""
		if _, number := n.number(); number && k.path == "hidden" {
			hint = "; for layers of one width write width: " + n.text
		}
		d.add(n.at, "%s is %s; found %v%s", k.path, meant[k.kind], n, hint)
		return nil, false
	}
	if len(n.items) > maxList {
		d.add(n.at, "%s has %d numbers; %d are possible", k.path, len(n.items), maxList)
		return nil, false
	}
	ints, floats, ok := []int{}, []float64{}, true
	for _, item := range n.items {
		if k.kind == wholes {
			v, good := d.whole(k, item)
			i, _ := v.(int)
			ints, ok = append(ints, i), ok && good
		} else {
			v, good := d.real(k, item)
			f, _ := v.(float64)
			floats, ok = append(floats, f), ok && good
		}
	}
	if k.kind == wholes {
		return ints, ok
	}
	return floats, ok
}

// choice reads a name, {name: ..., parameters} or {option: value of its first
// parameter}.
func (d *decoder) choice(k *key, n *node) (any, bool) {
	options := k.options()
	known := names(options)
	name, fields := n, []field(nil)
	switch {
	case n.kind == scalar && n.tag == "!!str":
	case n.kind == mapping && n.has("name"):
		name = n.field("name").value
		fields = slices.DeleteFunc(slices.Clone(n.fields), func(f field) bool { return f.name == "name" })
		if name.kind != scalar {
			d.add(name.at, "the name of %s is a word; found %v", k.path, name)
			return nil, false
		}
	case n.kind == mapping && len(n.fields) == 1:
		short := n.fields[0]
		name = &node{at: short.at, tag: "!!str", text: short.name}
		if i := slices.Index(known, short.name); i >= 0 {
			if len(options[i].Params) == 0 {
				d.add(short.at, "%s has no parameter; write %s: %s", short.name, k.path, short.name)
				return nil, false
			}
			fields = []field{{name: options[i].Params[0].Name, at: short.at, value: short.value}}
		}
	default:
		d.wrong(k, n)
		return nil, false
	}
	i := slices.Index(known, name.text)
	if i < 0 {
		d.unknownName(k, name, known)
		return nil, false
	}
	o := options[i]
	c := chosen{Choice: o.Default()}
	ok := true
	for _, f := range fields {
		if _, exists := c.Params[f.name]; !exists {
			d.parameter(k, o, f)
			ok = false
			continue
		}
		v, good := d.real(&key{path: k.path + "." + f.name, kind: parameter}, f.value)
		if !good {
			ok = false
			continue
		}
		c.Params[f.name] = v.(float64)
	}
	for _, p := range o.Params {
		if slices.ContainsFunc(fields, func(f field) bool { return f.name == p.Name }) {
			c.written = append(c.written, p.Name)
		}
	}
	return c, ok
}

// parameter reports one that an option does not have.
func (d *decoder) parameter(k *key, o mlp.Option, f field) {
	var known []string
	for _, p := range o.Params {
		known = append(known, p.Name)
	}
	hint := Suggest(f.name, known)
	switch {
	case hint != "":
	case len(known) == 0:
		hint = fmt.Sprintf("; %s has no parameters", o.Name)
	default:
		hint = fmt.Sprintf("; %s has %s", o.Name, join(known))
	}
	d.add(f.at, "unknown key %q in %s%s", f.name, k.path, hint)
}
