package wandb

import (
	"math"
	"slices"
	"strings"

	"nightshift/internal/study"
	"nightshift/internal/study/alias"
	"nightshift/internal/study/source"
)

// parameters reads those of the sweep, nested ones too.
func (s *sweep) parameters(outer []string, n *source.Node) {
	if n.Kind != source.Mapping {
		s.Add(n.At, "parameters are a mapping of names; found %v", n)
		return
	}
	for _, f := range n.Fields {
		names := append(slices.Clone(outer), f.Name)
		switch {
		case f.Value.Kind != source.Mapping:
			s.Add(f.At, "parameter %s is a mapping, as in {values: [1, 2]}; found %v", s.nameOf(names), f.Value)
		case f.Value.Has("parameters"):
			s.parameters(names, f.Value.Field("parameters").Value)
		default:
			s.parameter(names, f)
		}
	}
}

func (s *sweep) nameOf(names []string) string { return plain(strings.Join(names, ".")) }

// parameter finds the key that a parameter means, and what it may be.
func (s *sweep) parameter(names []string, f source.Field) {
	name := s.nameOf(names)
	if alias.Seed(f.Name) {
		s.seeds(name, f)
		return
	}
	k := sweptKey(names)
	if at, ok := alias.Layer(strings.Join(names, ".")); ok && k == nil {
		s.layers = append(s.layers, layer{at, name, f})
		return
	}
	if k == nil {
		why := "no key of a study is like it"
		if note := alias.Note(name); note != "" {
			why = note
		} else if _, note := alias.InData(name); note != "" {
			why = note
		}
		s.Add(f.At, "parameter %s is left out: %s", name, why)
		return
	}
	if k.Path == "depth" || k.Path == "width" {
		if n := f.Value.Field("values"); n != nil && n.Value.Kind == source.List && len(n.Value.Items) > 0 &&
			n.Value.Items[0].Kind == source.List {
			k = study.Keys().Find("hidden")
		} else if n := f.Value.Field("value"); n != nil && n.Value.Kind == source.List {
			k = study.Keys().Find("hidden")
		}
	}
	if s.taken(k, name, f) {
		return
	}
	values, drawn := s.space(k, name, f)
	if drawn != "" {
		s.put("grid", k.Path, drawn, name, f.At)
		return
	}
	s.putValues(k, values, name, f)
}

// taken says whether the study has a key already that means the same, and notes that.
func (s *sweep) taken(k *study.Key, name string, f source.Field) bool {
	for _, e := range s.entries {
		clash := k.Path == "hidden" && (e.key == "width" || e.key == "depth") || e.key == "hidden" &&
			(k.Path == "width" || k.Path == "depth")
		if clash || (e.part == "base" || e.part == "grid") && e.key == k.Path || e.part == "data" && "data."+e.key == k.Path {
			s.Add(f.At, "parameter %s is left out: it means %s, as %s does", name, k.Path, plain(e.from))
			return true
		}
	}
	return false
}

// putValues puts one value into the base or the data, and several on an axis.
func (s *sweep) putValues(k *study.Key, values []string, name string, f source.Field) {
	where, key := "base", k.Path
	if word, ok := strings.CutPrefix(k.Path, "data."); ok {
		where, key = "data", word
	}
	switch {
	case len(values) == 0:
	case len(values) == 1:
		s.put(where, key, values[0], name, f.At)
	case s.drawn:
		s.put("grid", k.Path, "{choice: ["+strings.Join(values, ", ")+"]}", name, f.At)
	default:
		s.put("grid", k.Path, "["+strings.Join(values, ", ")+"]", name, f.At)
	}
}

// space is what the parameter may be: values, or else a distribution.
func (s *sweep) space(k *study.Key, name string, f source.Field) (values []string, drawn string) {
	n := f.Value
	for _, inner := range n.Fields {
		if !slices.Contains([]string{"value", "values", "min", "max", "q", "mu", "sigma", "distribution", "probabilities", "a",
			"b"}, inner.Name) {
			s.Add(inner.At, "%s of %s is left out: no constraint of a sweep is called that", plain(inner.Name), name)
		}
	}
	switch one, several := n.Field("value"), n.Field("values"); {
	case one != nil:
		return s.values(k, name, []*source.Node{one.Value}), ""
	case several != nil && several.Value.Kind == source.List && len(several.Value.Items) == 0:
		s.Add(several.At, "parameter %s is left out: its list of values is empty", name)
		return nil, ""
	case several != nil && several.Value.Kind == source.List:
		if p := n.Field("probabilities"); p != nil {
			s.Add(p.At, "probabilities of %s are left out: in a study all values are equally likely", name)
		}
		return s.values(k, name, several.Value.Items), ""
	case several != nil:
		s.Add(several.At, "parameter %s is left out: its values are a list; found %v", name, several.Value)
		return nil, ""
	}
	return s.distribution(k, name, f)
}

// values reads some of a key, and names those that it cannot have.
func (s *sweep) values(k *study.Key, name string, items []*source.Node) []string {
	var list []string
	for _, item := range items {
		faults := &source.Faults{File: s.File}
		v, ok := k.Read(s.translate(k, item), faults)
		switch {
		case !ok:
			for _, e := range faults.List {
				s.Add(source.Position{Line: e.Line, Column: e.Column}, "a value of %s is left out: %s", name, e.Message)
			}
		case !allows(k, v):
			s.Add(item.At, "a value of %s is left out: %s cannot be %s", name, k.Path, flow(v))
		case slices.Contains(list, flow(v)):
			s.Add(item.At, "a value of %s is there twice: %s", name, flow(v))
		default:
			list = append(list, flow(v))
		}
	}
	return list
}

// allows says whether a number is in the range of the key.
func allows(k *study.Key, v any) bool {
	switch v := v.(type) {
	case int:
		return k.Limit.Contains(float64(v)) || v == 0 && k.Path == "batch"
	case float64:
		return k.Limit.Contains(v)
	case []int:
		return !slices.ContainsFunc(v, func(x int) bool { return !k.Limit.Contains(float64(x)) })
	case []float64:
		return !slices.ContainsFunc(v, func(x float64) bool { return !k.Limit.Contains(x) })
	}
	return true
}

// most is how many values of a grid are written out.
const most = 100

// seeds are the repeats of each cell.
func (s *sweep) seeds(name string, f source.Field) {
	n := f.Value
	items := []*source.Node{}
	switch one, several := n.Field("value"), n.Field("values"); {
	case one != nil:
		items = append(items, one.Value)
	case several != nil && several.Value.Kind == source.List:
		items = several.Value.Items
	case n.Has("min") && n.Has("max"):
		from, ok := n.Field("min").Value.Number()
		to, good := n.Field("max").Value.Number()
		if !ok || !good || from != math.Trunc(from) || !(to-from < most) {
			s.Add(f.At, "parameter %s is left out: seeds are a list, or so many", name)
			return
		}
		for v := from; v <= to; v++ {
			items = append(items, &source.Node{At: f.At, Tag: "!!int", Text: number(v)})
		}
	}
	var list []string
	for _, item := range items {
		v, ok := item.Number()
		if !ok || v < 0 || v != math.Trunc(v) || v > study.Largest || slices.Contains(list, number(v)) {
			s.Add(item.At, "a seed of %s is left out: it is a whole number from 0, and each another; found %v", name, item)
			continue
		}
		list = append(list, number(v))
	}
	if len(list) == 0 || s.entry("seeds", "") != nil {
		s.Add(f.At, "parameter %s is left out: it gives no seeds, or gives them a second time", name)
		return
	}
	if len(list) > 1 {
		s.Add(f.At, "%s is no axis of a study: each configuration is trained with all of these seeds", name)
	}
	s.put("seeds", "", "["+strings.Join(list, ", ")+"]", name, f.At)
}
