package study

import (
	"maps"
	"reflect"
	"slices"

	"nightshift/internal/dataset"
	"nightshift/mlp"
)

// state is a configuration in the making: complete after every assignment,
// with the assignment that decided each key.
type state struct {
	config       Config
	width, depth int
	data         []*assignment // explicit keys of data, over the defaults of its set
	decidedBy    map[string]*assignment
	labels       map[string]any // of the paired axes
	look         Look           // nil where the data are not looked at
}

func newState() *state {
	s := &state{decidedBy: map[string]*assignment{}, labels: map[string]any{}}
	s.config = defaults("")
	s.width, s.depth = s.config.Hidden[0], len(s.config.Hidden)
	return s
}

// clone can be changed without changing s.
func (s *state) clone() *state {
	c := *s
	c.data = slices.Clip(s.data)
	c.decidedBy = maps.Clone(s.decidedBy)
	c.labels = map[string]any{}
	return &c
}

func (s *state) applyAll(sets []*assignment) {
	for _, a := range sets {
		s.apply(a)
	}
}

func (s *state) apply(a *assignment) {
	path := a.key.Path
	switch {
	case path == "width" || path == "depth":
		if s.decidedBy["hidden"] != nil {
			delete(s.decidedBy, "hidden")
			s.width, s.depth = 0, 1
		}
		if path == "width" {
			s.width = a.value.(int)
		} else {
			s.depth = a.value.(int)
		}
		s.config.Hidden = s.layers()
	case path == "hidden":
		delete(s.decidedBy, "width")
		delete(s.decidedBy, "depth")
		s.config.Hidden = a.value.([]int)
	case Root(path) == "data":
		s.data = append(s.data, a)
		s.config.Data = s.spec()
	case a.key.Kind == Choice:
		for _, k := range keys.list {
			if k.Kind == Parameter && Root(k.Path) == path {
				delete(s.decidedBy, k.Path)
			}
		}
		a.key.field(&s.config).Set(reflect.ValueOf(a.value.(Chosen).Choice))
	case a.key.Kind == Parameter:
		c := a.key.field(&s.config).Addr().Interface().(*mlp.Choice)
		params := maps.Clone(c.Params)
		if params == nil {
			params = map[string]float64{}
		}
		params[Last(path)] = a.value.(float64)
		c.Params = params
	default:
		a.key.field(&s.config).Set(reflect.ValueOf(a.value))
	}
	s.decidedBy[path] = a
}

// layers writes width and depth out.
func (s *state) layers() []int {
	if s.depth < 0 || s.depth > maxLayers {
		return []int{}
	}
	return slices.Repeat([]int{s.width}, s.depth)
}

// spec decodes the explicit keys of data over the defaults of their set.
func (s *state) spec() dataset.Spec {
	var c Config
	if set := find(s.data, "data.set"); set != nil {
		c.Data, _ = dataset.Default(set.value.(string))
	}
	for _, a := range s.data {
		field := a.key.field(&c)
		field.Set(reflect.ValueOf(a.value).Convert(field.Type())) // an amount may be read as int
	}
	return c.Data
}

// get is the value of a key; it is false for a parameter that the choice in
// effect does not have, and for the width of layers that differ.
func (s *state) get(k *Key) (any, bool) {
	switch {
	case k.Path == "depth":
		return len(s.config.Hidden), true
	case k.Path == "width":
		h := s.config.Hidden
		if len(h) == 0 || slices.Min(h) != slices.Max(h) {
			return nil, false
		}
		return h[0], true
	case k.Kind == Choice:
		return Chosen{Choice: k.field(&s.config).Interface().(mlp.Choice)}, true
	case k.Kind == Amount:
		a := k.field(&s.config).Interface().(dataset.Amount)
		if a.Fraction() {
			return float64(a), true
		}
		return a.Count(), true
	case k.Kind == Parameter:
		v, ok := k.field(&s.config).Interface().(mlp.Choice).Params[Last(k.Path)]
		return v, ok
	}
	return k.field(&s.config).Interface(), true
}

// Default is the value of a key that a study does not set; nil where there is
// none or where the data set or the option decides.
func (k *Key) Default() any {
	if k.Kind == Parameter || Root(k.Path) == "data" {
		return nil
	}
	v, _ := newState().get(k)
	return v
}
