package study

import (
	"math"
	"slices"
)

// meets says whether a cell meets all conditions.
func (s *state) meets(when []condition) bool {
	return !slices.ContainsFunc(when, func(c condition) bool { return !s.passes(c) })
}

func (s *state) passes(c condition) bool {
	var v any
	var ok bool
	if c.name != "" {
		v, ok = s.labels[c.name]
	}
	if !ok && c.key != nil {
		v, ok = s.get(c.key)
	}
	if !ok {
		return false
	}
	for _, t := range c.tests {
		in := slices.ContainsFunc(t.values, func(w any) bool { return same(v, w) })
		switch compare := comparison(t.op); {
		case compare != nil:
			if !compare(size(c.key, v), t.values[0].(float64)) {
				return false
			}
		case in == (t.op == "not"):
			return false
		}
	}
	return true
}

// size is the number that a comparison compares: the full batch is larger than any other.
func size(k *Key, v any) float64 {
	if i, ok := v.(int); ok {
		if i == 0 && k.Path == "batch" {
			return math.Inf(1)
		}
		return float64(i)
	}
	f, _ := v.(float64)
	return f
}

// same compares a cell's value with one that a condition names. A choice is the
// same if it has the name and the parameters that were written.
func same(v, wanted any) bool {
	switch w := wanted.(type) {
	case Chosen:
		c, ok := v.(Chosen)
		return ok && c.Name == w.Name &&
			!slices.ContainsFunc(w.Written, func(p string) bool { return c.Params[p] != w.Params[p] })
	case []int:
		x, ok := v.([]int)
		return ok && slices.Equal(x, w)
	case []float64:
		x, ok := v.([]float64)
		return ok && slices.Equal(x, w)
	}
	return v == wanted
}
