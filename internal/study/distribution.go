package study

import (
	"math"
	"slices"
	"strconv"

	"nightshift/internal/study/source"
)

// Distributions lists what an axis can be drawn from, and what each means.
func Distributions() [][2]string {
	return [][2]string{
		{"uniform", "numbers from a to b, all equally likely; whole ones for a key that takes those"},
		{"log_uniform", "numbers from a to b above 0, whose logarithms are equally likely"},
		{"int_uniform", "whole numbers from a to b, both included, all equally likely"},
		{"int_log_uniform", "whole numbers from a to b above 0, whose logarithms are about equally likely"},
		{"choice", "the values of a list, all equally likely"},
	}
}

var distributions = func() []string {
	var names []string
	for _, f := range Distributions() {
		names = append(names, f[0])
	}
	return names
}()

// isDistribution tells a distribution from labelled rows, which are mappings.
func isDistribution(n *source.Node) bool {
	return slices.ContainsFunc(n.Fields, func(f source.Field) bool {
		return slices.Contains(distributions, f.Name) && f.Value.Kind != source.Mapping
	})
}

// drawn reads an axis that is a distribution and draws its points.
func (d *decoder) drawn(a *axis, n *source.Node) []*axisValue {
	if !d.plainKey(a) {
		return nil
	}
	if !d.known(n, " in the distribution of axis "+a.name, distributions) {
		return nil
	}
	if len(n.Fields) > 1 {
		d.Add(n.Fields[1].At, "axis %s has two distributions", a.name)
		return nil
	}
	f := n.Fields[0]
	place, ok := d.distribution(a, f.Name, f.Value)
	if !ok {
		return nil
	}
	if d.sampling == nil {
		d.Add(n.At, "axis %s is a distribution, of which sample draws the points; give the study sample: {n: 60}", a.name)
		return nil
	}
	a.sampled = true
	dimension := slices.Index(d.sampled, a.key.Path)
	if d.sampling.method == "sobol" && dimension >= sobolDimensions {
		d.Add(a.at, "a Sobol sequence draws %d axes at most; take another method", sobolDimensions)
		return nil
	}
	var values []*axisValue
	for _, u := range d.sampling.draw(a.key.Path, dimension) {
		s := place(u)
		l := label(s, -1)
		values = append(values, &axisValue{AxisValue: AxisValue{a.name, l, plainValue(s, l)}, at: s.at, sets: []*assignment{s}})
	}
	return values
}

// distribution reads a function from a place between 0 and 1 to a value.
func (d *decoder) distribution(a *axis, kind string, n *source.Node) (func(u float64) *assignment, bool) {
	if kind == "choice" {
		return d.equallyLikely(a, n)
	}
	if !a.key.Kind.Numeric() {
		d.Add(n.At, "%s is %s, which has no %s distribution; write choice: [...]", a.name, a.key.Kind, kind)
		return nil, false
	}
	if n.Kind != source.List || len(n.Items) != 2 {
		d.Add(n.At, "%s is a list of two numbers, as in {%s: [1, 10]}; found %v", kind, kind, n)
		return nil, false
	}
	low, _ := n.Items[0].Number()
	high, _ := n.Items[1].Number()
	integer := a.key.integers(low, high) || kind == "int_uniform" || kind == "int_log_uniform"
	log := kind == "log_uniform" || kind == "int_log_uniform"
	var ends [2]float64
	for i, item := range n.Items {
		v, ok := item.Number()
		switch {
		case !ok:
			d.Add(item.At, "%s goes from one number to another; found %v", kind, item)
			return nil, false
		case integer && (v != math.Trunc(v) || math.Abs(v) > Largest):
			d.Add(item.At, "the values of axis %s are whole numbers, so %s goes from one to another; found %v", a.name, kind,
				item)
			return nil, false
		case a.key.Path == "batch" && v < 1:
			d.Add(item.At, "batch is at least 1; found %v", item)
			return nil, false
		case log && v <= 0:
			d.Add(item.At, "%s has a logarithm, so its ends are above 0; found %v", kind, item)
			return nil, false
		}
		ends[i] = v
	}
	if ends[0] >= ends[1] {
		d.Add(n.At, "%s goes from a smaller number to a larger one; found %v and %v", kind, ends[0], ends[1])
		return nil, false
	}
	return func(u float64) *assignment {
		v := between(ends[0], ends[1], u, log, integer)
		if a.key.integers(low, high) {
			return &assignment{key: a.key, value: int(v), at: n.At}
		}
		return &assignment{key: a.key, value: v, at: n.At}
	}, true
}

// between is the value at u of a distribution from a to b, in 6 digits. Whole
// numbers have half a unit at either side of them.
func between(a, b, u float64, log, integer bool) float64 {
	from, to := a, b
	if integer {
		from, to = a-0.5, b+0.5
	}
	v := (1-u)*from + u*to
	if log {
		v = math.Exp((1-u)*math.Log(from) + u*math.Log(to))
	}
	if integer {
		v = math.Round(v)
	} else {
		v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 6, 64), 64)
	}
	return min(max(v, a), b) + 0 // 0 rather than -0
}

// equallyLikely reads the values of choice.
func (d *decoder) equallyLikely(a *axis, n *source.Node) (func(u float64) *assignment, bool) {
	if n.Kind != source.List || len(n.Items) < 2 {
		d.Add(n.At, "choice is a list of at least two values; found %v", n)
		return nil, false
	}
	values := d.listed(a, n)
	if len(values) != len(n.Items) {
		return nil, false
	}
	return func(u float64) *assignment { return values[min(int(u*float64(len(values))), len(values)-1)].sets[0] }, true
}
