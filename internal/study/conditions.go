package study

import (
	"slices"

	"nightshift/internal/nearest"
	"nightshift/internal/study/source"
)

// Operator is a comparison that a condition makes.
type Operator struct {
	Name    string
	Compare func(a, b float64) bool // nil for in and not, which look for equal values of any kind
}

var operators = []Operator{
	{"lt", func(a, b float64) bool { return a < b }},
	{"le", func(a, b float64) bool { return a <= b }},
	{"gt", func(a, b float64) bool { return a > b }},
	{"ge", func(a, b float64) bool { return a >= b }},
	{"in", nil},
	{"not", nil},
}

// Operators lists the comparisons that conditions make.
func Operators() []Operator { return slices.Clone(operators) }

var operatorNames = func() []string {
	var list []string
	for _, o := range operators {
		list = append(list, o.Name)
	}
	return list
}()

// comparison is the function of an operator that compares numbers, or nil.
func comparison(name string) func(a, b float64) bool {
	return operators[slices.Index(operatorNames, name)].Compare
}

// rules reads the list of rules.
func (d *decoder) rules(n *source.Node) []*rule {
	var rules []*rule
	if n == nil {
		return nil
	}
	for _, item := range n.Items {
		if item.Kind != source.Mapping {
			d.Add(item.At, "a rule is a mapping {when: ..., set: ...}; found %v", item)
			continue
		}
		d.known(item, " in a rule", []string{"when", "set"})
		for _, name := range []string{"when", "set"} {
			if f := item.Field(name); f == nil || f.Value.Null() {
				d.Add(item.At, "the rule has no %q", name)
			}
		}
		when := d.part(item, "when", source.Mapping, "{pair: sigmoid+mse}")
		set := d.part(item, "set", source.Mapping, "{epochs: 20}")
		if when == nil || set == nil {
			d.incomplete = true
			continue
		}
		rules = append(rules, &rule{at: item.At, when: d.conditions(when), sets: d.assignments("", set)})
	}
	return rules
}

// excludes reads the list of exclusions.
func (d *decoder) excludes(n *source.Node) []*exclusion {
	var list []*exclusion
	if n == nil {
		return nil
	}
	for _, item := range n.Items {
		if item.Kind != source.Mapping || len(item.Fields) == 0 {
			found := item.String()
			if item.Kind == source.Mapping {
				found = "an empty one"
			}
			d.Add(item.At, "an entry of exclude is a mapping of axes or keys to values, as in {lr: {gt: 5}}; found %s", found)
			d.incomplete = true
			continue
		}
		list = append(list, &exclusion{at: item.At, when: d.conditions(item)})
	}
	return list
}

func (d *decoder) conditions(n *source.Node) []condition {
	var list []condition
	for _, f := range n.Fields {
		c, ok := d.condition(f)
		if !ok {
			d.incomplete = true
			continue
		}
		list = append(list, c)
	}
	return list
}

func (d *decoder) condition(f source.Field) (condition, bool) {
	c := condition{key: keys.Find(f.Name)}
	if d.labels[f.Name] != nil {
		c.name = f.Name
	} else if c.key == nil {
		hint := nearest.Suggest(f.Name, d.axisNames)
		if hint == "" {
			if k := keys.Meant(f.Name); k != nil {
				hint = nearest.DidYouMean(k.Path)
			} else {
				hint = nearest.DidYouMean(keys.nearest(f.Name))
			}
		}
		if hint == "" && len(d.axisNames) > 0 {
			hint = "; the axes are " + source.Join(d.axisNames)
		}
		d.Add(f.At, "unknown axis or key %q%s", f.Name, hint)
		return c, false
	}
	n := f.Value
	whole := c.name == "" && c.key.Kind == Choice && !n.Has(operatorNames...) // such as {name: adam, beta2: 0.99}
	if n.Kind != source.Mapping || len(n.Fields) == 0 || whole {
		t, ok := d.test(c, f.Name, "in", n)
		c.tests = []test{t}
		return c, ok
	}
	good := true
	for _, op := range n.Fields {
		if !slices.Contains(operatorNames, op.Name) {
			hint := nearest.Suggest(op.Name, operatorNames)
			if hint == "" {
				hint = "; there are " + source.Join(operatorNames)
			}
			d.Add(op.At, "unknown comparison %q%s", op.Name, hint)
			good = false
			continue
		}
		t, ok := d.test(c, f.Name, op.Name, op.Value)
		c.tests, good = append(c.tests, t), good && ok
	}
	return c, good
}

// test reads what a comparison compares with. A list is several values, except
// for a key whose values are lists of numbers.
func (d *decoder) test(c condition, name, op string, n *source.Node) (test, bool) {
	t := test{op: op}
	if comparison(op) != nil {
		v, ok := n.Number()
		numeric := c.name == "" && c.key.Kind.Numeric()
		switch {
		case !numeric:
			d.Add(n.At, "%s compares numbers, and %s is none", op, name)
		case !ok:
			d.Add(n.At, "%s compares with a number; found %v", op, n)
		}
		t.values = []any{v}
		return t, ok && numeric
	}
	items := []*source.Node{n}
	lists := c.name == "" && (c.key.Kind == Wholes || c.key.Kind == Reals || c.key.Kind == Columns)
	if n.Kind == source.List && !(lists &&
		!slices.ContainsFunc(n.Items, func(i *source.Node) bool { return i.Kind == source.List })) {
		items = n.Items
	}
	good := true
	for _, item := range items {
		v, ok := d.conditionValue(c, item)
		t.values, good = append(t.values, v), good && ok
	}
	return t, good
}

// conditionValue reads a label of a paired axis or a value of a key.
func (d *decoder) conditionValue(c condition, n *source.Node) (any, bool) {
	if c.name == "" {
		return d.value(c.key, n)
	}
	var labels []string
	for _, a := range d.labels[c.name] {
		for _, v := range a.values {
			labels = append(labels, v.Label)
		}
	}
	if n.Kind != source.Scalar || !slices.Contains(labels, n.Text) {
		hint := nearest.Suggest(n.Text, labels)
		if hint == "" {
			hint = "; there are " + source.Join(labels)
		}
		d.Add(n.At, "axis %s has no row for %v%s", c.name, n, hint)
		return nil, false
	}
	return n.Text, true
}
