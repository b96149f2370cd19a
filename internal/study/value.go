package study

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/dataset"
	"nightshift/internal/nearest"
	"nightshift/internal/study/alias"
	"nightshift/internal/study/source"
	"nightshift/mlp"
)

// Chosen is the value of a choice: complete, with the parameters that were
// written rather than defaulted.
type Chosen struct {
	mlp.Choice
	Written []string // in the order of the option's table
}

// value reads the value of a key. A mistake is reported and false, and what
// follows from the key is not looked at then.
func (d *decoder) value(k *Key, n *source.Node) (any, bool) {
	v, ok := k.Read(n, d.Faults)
	if !ok {
		d.broken[k.Path] = true
	}
	return v, ok
}

// Read gives the value of a key, in the type of its kind. A mistake is added to
// the faults, and false.
func (k *Key) Read(n *source.Node, faults *source.Faults) (any, bool) {
	if n.Null() {
		faults.Add(n.At, "%s has no value; %s is meant", k.Path, k.Kind)
		return nil, false
	}
	switch k.Kind {
	case Whole:
		if k.Path == "batch" && n.Kind == source.Scalar && n.Text == "full" {
			return 0, true
		}
		return k.whole(n, faults)
	case Amount:
		return k.amount(n, faults)
	case Real, Parameter:
		return k.real(n, faults)
	case Text:
		return k.text(n, faults)
	case Truth:
		if n.Kind == source.Scalar && n.Tag == "!!bool" {
			return strings.EqualFold(n.Text, "true"), true
		}
	case Wholes, Reals:
		return k.many(n, faults)
	case Columns:
		return k.columns(n, faults)
	case Choice:
		return k.choice(n, faults)
	}
	k.wrong(n, faults)
	return nil, false
}

func (k *Key) wrong(n *source.Node, faults *source.Faults) {
	hint := ""
	if v, ok := nearlyNumber(n); ok && k.Kind == Amount && strings.HasSuffix(n.Text, "%") {
		hint = "; a fraction is written " + strconv.FormatFloat(v, 'g', -1, 64)
	} else if k.Kind == Amount && n.Tag == "!!str" && strings.Contains(n.Text, ".") {
		hint = "; files are path and test_path"
	}
	if hint == "" {
		hint = k.written(n)
	}
	faults.Add(n.At, "%s is %s; found %v%s", k.Path, k.Kind, n, hint)
}

func (k *Key) whole(n *source.Node, faults *source.Faults) (any, bool) {
	v, ok := n.Number()
	switch {
	case !ok && k.Path == "batch":
		faults.Add(n.At, "batch is a whole number or full; found %v%s", n, k.written(n))
	case !ok || v != math.Trunc(v) || math.Abs(v) > Largest:
		faults.Add(n.At, "%s is a whole number; found %v%s", k.Path, n, k.written(n))
	case k.Path == "batch" && v == 0:
		faults.Add(n.At, "batch is at least 1; for one step an epoch write batch: full")
	default:
		return int(v), true
	}
	return nil, false
}

// amount reads a number of examples, or a fraction of those of a file.
func (k *Key) amount(n *source.Node, faults *source.Faults) (any, bool) {
	v, ok := n.Number()
	switch {
	case ok && dataset.Amount(v).Fraction():
		return v, true
	case !ok || v != math.Trunc(v) || math.Abs(v) > Largest:
		k.wrong(n, faults)
	case v == 1 && strings.Contains(n.Text, "."):
		faults.Add(n.At, "%s: %s would be one example and not all; write 1, or 0 for what a file has", k.Path, n.Text)
	default:
		return int(v), true
	}
	return nil, false
}

func (k *Key) real(n *source.Node, faults *source.Faults) (any, bool) {
	v, ok := n.Number()
	if !ok {
		finite := ""
		if n.Kind == source.Scalar && n.Tag == "!!float" {
			finite = "finite "
		}
		faults.Add(n.At, "%s is a %snumber; found %v%s", k.Path, finite, n, k.written(n))
		return nil, false
	}
	return v, true
}

func (k *Key) text(n *source.Node, faults *source.Faults) (any, bool) {
	if n.Kind != source.Scalar || n.Text == "" && k.Enum != nil {
		k.wrong(n, faults)
		return nil, false
	}
	known := k.Names()
	// A word that is near none is refused with the cell that has it.
	theirs := k.Meant(n.Text) != "" || alias.Lacking(k.Path, n.Text)
	if known != nil && !slices.Contains(known, n.Text) && (k.Options != nil || theirs) {
		k.unknownName(n, faults)
		return nil, false
	}
	return n.Text, true
}

func (k *Key) unknownName(n *source.Node, faults *source.Faults) {
	faults.Add(n.At, "unknown %s %q%s", strings.ReplaceAll(k.Path, ".", " "), n.Text, k.hint(n.Text))
}

// many reads a list of whole or other numbers.
func (k *Key) many(n *source.Node, faults *source.Faults) (any, bool) {
	if n.Kind != source.List {
		hint := ""
		if _, number := n.Number(); number && k.Path == "hidden" {
			hint = "; for layers of one width write width: " + n.Text
		} else if list, separated := numbersOf(n); separated {
			hint = "; write [" + list + "]"
		}
		faults.Add(n.At, "%s is %s; found %v%s", k.Path, k.Kind, n, hint)
		return nil, false
	}
	if len(n.Items) > maxList {
		faults.Add(n.At, "%s has %d numbers; %d are possible", k.Path, len(n.Items), maxList)
		return nil, false
	}
	ints, floats, ok := []int{}, []float64{}, true
	for _, item := range n.Items {
		if k.Kind == Wholes {
			v, good := k.whole(item, faults)
			i, _ := v.(int)
			ints, ok = append(ints, i), ok && good
		} else {
			v, good := k.real(item, faults)
			f, _ := v.(float64)
			floats, ok = append(floats, f), ok && good
		}
	}
	if k.Kind == Wholes {
		return ints, ok
	}
	return floats, ok
}

// numbersOf writes words such as 64,32 or 64-32 as the inside of a list; false for anything else.
func numbersOf(n *source.Node) (string, bool) {
	numbers := strings.FieldsFunc(n.Text, func(c rune) bool { return strings.ContainsRune(", ;-x()", c) })
	for _, number := range numbers {
		if _, err := strconv.ParseFloat(number, 64); err != nil {
			return "", false
		}
	}
	return strings.Join(numbers, ", "), n.Kind == source.Scalar && len(numbers) > 1
}

// columns reads the names of columns, or one.
func (k *Key) columns(n *source.Node, faults *source.Faults) (any, bool) {
	items := []*source.Node{n}
	if n.Kind == source.List {
		items = n.Items
	}
	var names []string
	for _, item := range items {
		if item.Kind != source.Scalar || item.Null() {
			k.wrong(item, faults)
			return nil, false
		}
		names = append(names, item.Text)
	}
	return dataset.NewList(names...), true
}

// choice reads a name, {name: ..., parameters} or {option: value of its first
// parameter}.
func (k *Key) choice(n *source.Node, faults *source.Faults) (any, bool) {
	options := k.Options
	known := names(options)
	name, fields := n, []source.Field(nil)
	switch {
	case n.Kind == source.Scalar && n.Tag == "!!str":
	case n.Kind == source.Mapping && n.Has("name"):
		name = n.Field("name").Value
		fields = slices.DeleteFunc(slices.Clone(n.Fields), func(f source.Field) bool { return f.Name == "name" })
		if name.Kind != source.Scalar {
			faults.Add(name.At, "the name of %s is a word; found %v", k.Path, name)
			return nil, false
		}
	case n.Kind == source.Mapping && len(n.Fields) == 1:
		short := n.Fields[0]
		if name = (&source.Node{At: short.At, Tag: "!!str", Text: short.Name}); alias.Naming(short.Name) {
			faults.Add(short.At, "unknown key %q in %s%s", short.Name, k.Path, nearest.DidYouMean("name"))
			return nil, false
		}
		if i := slices.Index(known, short.Name); i >= 0 {
			if len(options[i].Params) == 0 {
				faults.Add(short.At, "%s has no parameter; write %s: %s", short.Name, k.Path, short.Name)
				return nil, false
			}
			fields = []source.Field{{Name: options[i].Params[0].Name, At: short.At, Value: short.Value}}
		}
	default:
		k.wrong(n, faults)
		return nil, false
	}
	i := slices.Index(known, name.Text)
	if i < 0 {
		k.unknownName(name, faults)
		return nil, false
	}
	o := options[i]
	c := Chosen{Choice: o.Default()}
	ok := true
	for _, f := range fields {
		if _, exists := c.Params[f.Name]; !exists {
			k.unknownParameter(o, f, faults)
			ok = false
			continue
		}
		v, good := (&Key{Path: k.Path + "." + f.Name, Kind: Parameter}).real(f.Value, faults)
		if !good {
			ok = false
			continue
		}
		c.Params[f.Name] = v.(float64)
	}
	for _, p := range o.Params {
		if slices.ContainsFunc(fields, func(f source.Field) bool { return f.Name == p.Name }) {
			c.Written = append(c.Written, p.Name)
		}
	}
	return c, ok
}

// parameter reports one that an option does not have.
func (k *Key) unknownParameter(o mlp.Option, f source.Field, faults *source.Faults) {
	var known []string
	for _, p := range o.Params {
		known = append(known, p.Name)
	}
	hint, near := meantIn(k.Path, f.Name, known)
	switch {
	case near != "" || !strings.HasPrefix(hint, "; there are "):
	case len(known) == 0:
		hint = fmt.Sprintf("; %s has no parameters", o.Name)
	default:
		hint = fmt.Sprintf("; %s has %s", o.Name, source.Join(known))
	}
	faults.Add(f.At, "unknown key %q in %s%s", f.Name, k.Path, hint)
}
