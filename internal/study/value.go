package study

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/study/source"
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
func (d *decoder) value(k *key, n *source.Node) (v any, ok bool) {
	defer func() {
		if !ok {
			d.broken[k.path] = true
		}
	}()
	if n.Null() {
		d.Add(n.At, "%s has no value; %s is meant", k.path, meant[k.kind])
		return nil, false
	}
	switch k.kind {
	case whole:
		if k.path == "batch" && n.Kind == source.Scalar && n.Text == "full" {
			return 0, true
		}
		return d.whole(k, n)
	case real, parameter:
		return d.real(k, n)
	case text:
		return d.text(k, n)
	case truth:
		if n.Kind == source.Scalar && n.Tag == "!!bool" {
			return strings.EqualFold(n.Text, "true"), true
		}
	case wholes, reals:
		return d.many(k, n)
	case choice:
		return d.choice(k, n)
	}
	d.wrong(k, n)
	return nil, false
}

func (d *decoder) wrong(k *key, n *source.Node) {
	d.Add(n.At, "%s is %s; found %v", k.path, meant[k.kind], n)
}

func (d *decoder) whole(k *key, n *source.Node) (any, bool) {
	v, ok := n.Number()
	switch {
	case !ok && k.path == "batch":
		d.Add(n.At, "batch is a whole number or full; found %v", n)
	case !ok || v != math.Trunc(v) || math.Abs(v) > largest:
		d.Add(n.At, "%s is a whole number; found %v", k.path, n)
	case k.path == "batch" && v == 0:
		d.Add(n.At, "batch is at least 1; for one step an epoch write batch: full")
	default:
		return int(v), true
	}
	return nil, false
}

func (d *decoder) real(k *key, n *source.Node) (any, bool) {
	v, ok := n.Number()
	if !ok {
		finite := ""
		if n.Kind == source.Scalar && n.Tag == "!!float" {
			finite = "finite "
		}
		d.Add(n.At, "%s is a %snumber; found %v", k.path, finite, n)
		return nil, false
	}
	return v, true
}

func (d *decoder) text(k *key, n *source.Node) (any, bool) {
	if n.Kind != source.Scalar {
		d.wrong(k, n)
		return nil, false
	}
	if k.options != nil {
		known := names(k.options())
		if !slices.Contains(known, n.Text) {
			d.unknownName(k, n, known)
			return nil, false
		}
	}
	return n.Text, true
}

func (d *decoder) unknownName(k *key, n *source.Node, known []string) {
	hint := source.Suggest(n.Text, known)
	if hint == "" {
		hint = "; there are " + source.Join(known)
	}
	d.Add(n.At, "unknown %s %q%s", strings.ReplaceAll(k.path, ".", " "), n.Text, hint)
}

// many reads a list of whole or other numbers.
func (d *decoder) many(k *key, n *source.Node) (any, bool) {
	if n.Kind != source.List {
		hint := ""
		if _, number := n.Number(); number && k.path == "hidden" {
			hint = "; for layers of one width write width: " + n.Text
		}
		d.Add(n.At, "%s is %s; found %v%s", k.path, meant[k.kind], n, hint)
		return nil, false
	}
	if len(n.Items) > maxList {
		d.Add(n.At, "%s has %d numbers; %d are possible", k.path, len(n.Items), maxList)
		return nil, false
	}
	ints, floats, ok := []int{}, []float64{}, true
	for _, item := range n.Items {
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
func (d *decoder) choice(k *key, n *source.Node) (any, bool) {
	options := k.options()
	known := names(options)
	name, fields := n, []source.Field(nil)
	switch {
	case n.Kind == source.Scalar && n.Tag == "!!str":
	case n.Kind == source.Mapping && n.Has("name"):
		name = n.Field("name").Value
		fields = slices.DeleteFunc(slices.Clone(n.Fields), func(f source.Field) bool { return f.Name == "name" })
		if name.Kind != source.Scalar {
			d.Add(name.At, "the name of %s is a word; found %v", k.path, name)
			return nil, false
		}
	case n.Kind == source.Mapping && len(n.Fields) == 1:
		short := n.Fields[0]
		name = &source.Node{At: short.At, Tag: "!!str", Text: short.Name}
		if i := slices.Index(known, short.Name); i >= 0 {
			if len(options[i].Params) == 0 {
				d.Add(short.At, "%s has no parameter; write %s: %s", short.Name, k.path, short.Name)
				return nil, false
			}
			fields = []source.Field{{Name: options[i].Params[0].Name, At: short.At, Value: short.Value}}
		}
	default:
		d.wrong(k, n)
		return nil, false
	}
	i := slices.Index(known, name.Text)
	if i < 0 {
		d.unknownName(k, name, known)
		return nil, false
	}
	o := options[i]
	c := chosen{Choice: o.Default()}
	ok := true
	for _, f := range fields {
		if _, exists := c.Params[f.Name]; !exists {
			d.parameter(k, o, f)
			ok = false
			continue
		}
		v, good := d.real(&key{path: k.path + "." + f.Name, kind: parameter}, f.Value)
		if !good {
			ok = false
			continue
		}
		c.Params[f.Name] = v.(float64)
	}
	for _, p := range o.Params {
		if slices.ContainsFunc(fields, func(f source.Field) bool { return f.Name == p.Name }) {
			c.written = append(c.written, p.Name)
		}
	}
	return c, ok
}

// parameter reports one that an option does not have.
func (d *decoder) parameter(k *key, o mlp.Option, f source.Field) {
	var known []string
	for _, p := range o.Params {
		known = append(known, p.Name)
	}
	hint := source.Suggest(f.Name, known)
	switch {
	case hint != "":
	case len(known) == 0:
		hint = fmt.Sprintf("; %s has no parameters", o.Name)
	default:
		hint = fmt.Sprintf("; %s has %s", o.Name, source.Join(known))
	}
	d.Add(f.At, "unknown key %q in %s%s", f.Name, k.path, hint)
}
