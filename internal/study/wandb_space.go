package study

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// parameters reads those of the sweep, nested ones too.
func (s *sweep) parameters(outer []string, n *node) {
	if n.kind != mapping {
		s.add(n.at, "parameters are a mapping of names; found %v", n)
		return
	}
	for _, f := range n.fields {
		names := append(slices.Clone(outer), f.name)
		switch {
		case f.value.kind != mapping:
			s.add(f.at, "parameter %s is a mapping, as in {values: [1, 2]}; found %v", s.nameOf(names), f.value)
		case f.value.has("parameters"):
			s.parameters(names, f.value.field("parameters").value)
		default:
			s.parameter(names, f)
		}
	}
}

func (s *sweep) nameOf(names []string) string { return plain(strings.Join(names, ".")) }

// parameter finds the key that a parameter means, and what it may be.
func (s *sweep) parameter(names []string, f field) {
	name := s.nameOf(names)
	if slices.Contains(seedNames, letters(f.name)) {
		s.seeds(name, f)
		return
	}
	k := sweptKey(names)
	if k == nil {
		s.add(f.at, "parameter %s is left out: no key of a study is like it", name)
		return
	}
	if k.path == "depth" || k.path == "width" {
		if n := f.value.field("values"); n != nil && n.value.kind == list && len(n.value.items) > 0 && n.value.items[0].kind == list {
			k = keys.byPath["hidden"]
		} else if n := f.value.field("value"); n != nil && n.value.kind == list {
			k = keys.byPath["hidden"]
		}
	}
	for _, e := range s.entries {
		clash := k.path == "hidden" && (e.key == "width" || e.key == "depth") || e.key == "hidden" && (k.path == "width" || k.path == "depth")
		if clash || (e.part == "base" || e.part == "grid") && e.key == k.path || e.part == "data" && "data."+e.key == k.path {
			s.add(f.at, "parameter %s is left out: it means %s, as %s does", name, k.path, plain(e.from))
			return
		}
	}
	values, drawn := s.space(k, name, f)
	where, key := "base", k.path
	if word, ok := strings.CutPrefix(k.path, "data."); ok {
		where, key = "data", word
	}
	switch {
	case drawn != "":
		s.put("grid", k.path, drawn, name, f.at)
	case len(values) == 0:
	case len(values) == 1:
		s.put(where, key, values[0], name, f.at)
	case s.drawn:
		s.put("grid", k.path, "{choice: ["+strings.Join(values, ", ")+"]}", name, f.at)
	default:
		s.put("grid", k.path, "["+strings.Join(values, ", ")+"]", name, f.at)
	}
}

// space is what the parameter may be: values, or else a distribution.
func (s *sweep) space(k *key, name string, f field) (values []string, drawn string) {
	n := f.value
	for _, inner := range n.fields {
		if !slices.Contains([]string{"value", "values", "min", "max", "q", "mu", "sigma", "distribution", "probabilities", "a", "b"}, inner.name) {
			s.add(inner.at, "%s of %s is left out: no constraint of a sweep is called that", plain(inner.name), name)
		}
	}
	switch one, several := n.field("value"), n.field("values"); {
	case one != nil:
		return s.values(k, name, []*node{one.value}), ""
	case several != nil && several.value.kind == list:
		if p := n.field("probabilities"); p != nil {
			s.add(p.at, "probabilities of %s are left out: in a study all values are equally likely", name)
		}
		return s.values(k, name, several.value.items), ""
	case several != nil:
		s.add(several.at, "values of %s are a list; found %v", name, several.value)
		return nil, ""
	}
	return s.distribution(k, name, f)
}

// values reads some of a key, and names those that it cannot have.
func (s *sweep) values(k *key, name string, items []*node) []string {
	var list []string
	for _, item := range items {
		d := &decoder{faults: &faults{file: s.file}, broken: map[string]bool{}}
		v, ok := d.value(k, k.translate(item))
		switch {
		case !ok:
			for _, e := range d.list {
				s.add(position{line: e.Line, column: e.Column}, "a value of %s is left out: %s", name, e.Message)
			}
		case !k.allows(v):
			s.add(item.at, "a value of %s is left out: %s cannot be %s", name, k.path, flow(v))
		case slices.Contains(list, flow(v)):
			s.add(item.at, "a value of %s is there twice: %s", name, flow(v))
		default:
			list = append(list, flow(v))
		}
	}
	return list
}

// allows says whether a number is in the range of the key.
func (k *key) allows(v any) bool {
	l := k.limit()
	inside := func(x float64) bool {
		return x >= l.min && x <= l.max && !(l.above && x == l.min) && !(l.below && x == l.max)
	}
	switch v := v.(type) {
	case int:
		return inside(float64(v)) || v == 0 && k.path == "batch"
	case float64:
		return inside(v)
	case []int:
		return !slices.ContainsFunc(v, func(x int) bool { return !inside(float64(x)) })
	case []float64:
		return !slices.ContainsFunc(v, func(x float64) bool { return !inside(x) })
	}
	return true
}

// most is how many values of a grid are written out.
const most = 100

// distribution reads min and max, and how the numbers between are spread.
func (s *sweep) distribution(k *key, name string, f field) (values []string, drawn string) {
	n := f.value
	ends := [2]float64{}
	integers := true
	for i, end := range []string{"min", "max"} {
		e := n.field(end)
		if e == nil {
			continue
		}
		v, ok := e.value.number()
		if !ok {
			s.add(e.at, "parameter %s is left out: %s is a number; found %v", name, end, e.value)
			return nil, ""
		}
		ends[i] = v
		integers = integers && e.value.tag == "!!int"
	}
	kind := ""
	if d := n.field("distribution"); d != nil {
		kind = d.value.text
	} else if integers {
		kind = "int_uniform"
	} else {
		kind = "uniform"
	}
	q := 0.0
	if strings.HasPrefix(kind, "q_") {
		q = 1
		if f := n.field("q"); f != nil {
			q, _ = f.value.number()
		}
	}
	kind = strings.TrimPrefix(kind, "q_")
	log := strings.Contains(kind, "log_uniform")
	switch kind {
	case "uniform", "int_uniform", "log_uniform_values", "inv_log_uniform_values":
	case "log_uniform":
		ends = [2]float64{digits(math.Exp(ends[0])), digits(math.Exp(ends[1]))}
	case "inv_log_uniform":
		ends = [2]float64{digits(math.Exp(-ends[1])), digits(math.Exp(-ends[0]))}
	default:
		s.add(f.at, "parameter %s is left out: a study has no distribution %s; give it uniform or log_uniform", name, plain(kind))
		return nil, ""
	}
	switch {
	case !n.has("min") || !n.has("max"):
		s.add(f.at, "parameter %s is left out: it has neither value, values nor min and max", name)
		return nil, ""
	case k.kind != whole && k.kind != real && k.kind != parameter:
		s.add(f.at, "parameter %s is left out: %s is %s, which has no distribution", name, k.path, meant[k.kind])
		return nil, ""
	case !(ends[0] < ends[1]) || math.IsInf(ends[1], 0) || log && ends[0] <= 0:
		s.add(f.at, "parameter %s is left out: no numbers are between its min and max", name)
		return nil, ""
	}
	return s.between(k, name, f, ends, spacing{kind == "int_uniform", log, q})
}

// spacing says how the numbers of a distribution are spread.
type spacing struct {
	integers, log bool
	q             float64 // numbers are its multiples; 0 for any
}

// between is numbers from one to another: a list or a range for a grid, a
// distribution where they are drawn.
func (s *sweep) between(k *key, name string, f field, ends [2]float64, by spacing) (values []string, drawn string) {
	low, high := ends[0], ends[1]
	if k.kind == whole && !by.integers {
		by.integers = true
		low, high = math.Ceil(low), math.Floor(high)
		if by.q != math.Trunc(by.q) {
			by.q = 1
		}
		if by.q == 0 {
			s.add(f.at, "%s is a whole number, so those between the min and max of %s are drawn", k.path, name)
		}
	}
	if !k.allows(low) || !k.allows(high) {
		s.add(f.at, "parameter %s is left out: %s cannot be all that is from %s to %s", name, k.path, number(low), number(high))
		return nil, ""
	}
	step := by.q
	if by.integers && step == 0 {
		step = 1
	}
	if from, to := math.Ceil(low/step-1e-9), math.Floor(high/step+1e-9); step > 0 && to >= from && to-from < most && (!by.log || !s.drawn) && (!s.drawn || step != 1 || !by.integers) {
		for i := from; i <= to; i++ {
			values = append(values, number(digits(i*step)))
		}
		if s.drawn && by.q > 0 {
			s.add(f.at, "the multiples of q of %s are all equally likely; in a sweep those at the ends are less so", name)
		}
		return slices.Compact(values), ""
	}
	if by.q > 0 && !(by.integers && by.q == 1) {
		s.add(f.at, "%s is not rounded to multiples of %s", name, number(by.q))
	}
	if !s.drawn {
		s.add(f.at, "a grid has no end between the min and max of %s, so these are drawn as sample says", name)
	}
	kind := "uniform"
	if by.log {
		kind = "log_uniform"
	}
	if by.integers {
		kind = "int_" + kind
	}
	if low >= high {
		s.add(f.at, "parameter %s is left out: no whole numbers are between its min and max", name)
		return nil, ""
	}
	return nil, fmt.Sprintf("{%s: [%s, %s]}", kind, number(low), number(high))
}

// digits rounds to six, so that a number is one that one would write.
func digits(v float64) float64 {
	short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	if err != nil {
		return v
	}
	return short
}

// seeds are the repeats of each cell.
func (s *sweep) seeds(name string, f field) {
	n := f.value
	items := []*node{}
	switch one, several := n.field("value"), n.field("values"); {
	case one != nil:
		items = append(items, one.value)
	case several != nil && several.value.kind == list:
		items = several.value.items
	case n.has("min") && n.has("max"):
		from, ok := n.field("min").value.number()
		to, good := n.field("max").value.number()
		if !ok || !good || from != math.Trunc(from) || !(to-from < most) {
			s.add(f.at, "parameter %s is left out: seeds are a list, or so many", name)
			return
		}
		for v := from; v <= to; v++ {
			items = append(items, &node{at: f.at, tag: "!!int", text: number(v)})
		}
	}
	var list []string
	for _, item := range items {
		v, ok := item.number()
		if !ok || v < 0 || v != math.Trunc(v) || v > largest || slices.Contains(list, number(v)) {
			s.add(item.at, "a seed of %s is left out: it is a whole number from 0, and each another; found %v", name, item)
			continue
		}
		list = append(list, number(v))
	}
	if len(list) == 0 || s.entry("seeds", "") != nil {
		s.add(f.at, "parameter %s is left out: it gives no seeds, or gives them a second time", name)
		return
	}
	if len(list) > 1 {
		s.add(f.at, "%s is no axis of a study: each configuration is trained with all of these seeds", name)
	}
	s.put("seeds", "", "["+strings.Join(list, ", ")+"]", name, f.at)
}
