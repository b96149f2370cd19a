package study

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"nightshift/internal/study/source"
)

var rangeKeys = []string{"from", "to", "n", "step", "scale"}

// isRange tells a range, mistyped perhaps, from labelled rows.
func isRange(n *source.Node) bool {
	plain := slices.ContainsFunc(n.Fields, func(f source.Field) bool { return f.Value.Kind == source.Scalar })
	return plain && n.Has(rangeKeys...)
}

// spanned reads a range: from and to, both hit exactly, with n values or steps
// of one size between them.
func (d *decoder) spanned(a *axis, n *source.Node) []*axisValue {
	if !d.plainKey(a) {
		return nil
	}
	if !d.known(n, " in the range of axis "+a.name, rangeKeys) {
		return nil
	}
	if !a.key.Kind.Numeric() {
		d.Add(n.At, "%s is %s, which has no range; list its values", a.name, a.key.Kind)
		return nil
	}
	number, log, ok := d.ends(a, n)
	if !ok {
		return nil
	}
	points, problem := spread(number["from"], number["to"], number["n"], number["step"], log, n)
	if problem != "" {
		d.Add(n.At, "the range of axis %s %s", a.name, problem)
		return nil
	}
	var sets []*assignment
	for i, p := range points {
		s := &assignment{key: a.key, value: p, at: n.At}
		if a.key.integers(number["from"], number["to"]) {
			s.value = int(math.Round(p))
			if a.key.Path == "batch" && s.value == 0 {
				d.Add(n.At, "the range of axis batch has 0; batch is at least 1")
				return nil
			}
			if i > 0 && s.value == sets[i-1].value {
				d.Add(n.At, "the range of axis %s has %d twice: fewer whole numbers fit into it", a.name, s.value)
				return nil
			}
		}
		sets = append(sets, s)
	}
	return d.plain(a, sets)
}

// ends reads what a range says: from, to, and n or step, by their names, and
// whether its scale is logarithmic. It is false after a mistake.
func (d *decoder) ends(a *axis, n *source.Node) (number map[string]float64, log, ok bool) {
	number, ok = map[string]float64{}, true
	for _, name := range rangeKeys[:4] {
		if f := n.Field(name); f != nil {
			v, good := f.Value.Number()
			switch {
			case !good:
				d.Add(f.Value.At, "%s is a number; found %v", name, f.Value)
				ok = false
			case a.key.Kind == Whole && name != "n" && (v != math.Trunc(v) || math.Abs(v) > Largest):
				d.Add(f.Value.At, "%s is a whole number, so %s has to be one; found %v", a.name, name, f.Value)
				ok = false
			}
			number[name] = v
		} else if name == "from" || name == "to" {
			d.Add(n.At, "the range of axis %s has no %q", a.name, name)
			ok = false
		}
	}
	if from, to := number["from"], number["to"]; a.key.Kind == Amount && a.key.integers(from, to) &&
		(from != math.Trunc(from) || to != math.Trunc(to)) {
		d.Add(n.At, "the range of axis %s goes from one whole number to another, or from one fraction to another", a.name)
		ok = false
	}
	if f := n.Field("scale"); f != nil {
		log = f.Value.Text == "log"
		if !log && f.Value.Text != "linear" {
			d.Add(f.Value.At, "scale is linear or log; found %v", f.Value)
			ok = false
		}
	}
	return number, log, ok
}

// spread lists the points of a range, or says what is wrong with it.
func spread(from, to, n, step float64, log bool, r *source.Node) ([]float64, string) {
	switch {
	case from == to:
		return nil, "begins where it ends; list the one value"
	case r.Has("n") == r.Has("step"):
		return nil, "needs either n, the number of values, or step"
	case log && r.Has("step"):
		return nil, "is logarithmic, so it needs n instead of step"
	case log && from*to <= 0:
		return nil, "is logarithmic, so from and to have to be on the same side of 0"
	case r.Has("step"):
		steps := math.Abs((to - from) / step)
		if !(step != 0) || math.Abs(steps-math.Round(steps)) > 1e-9*steps {
			return nil, fmt.Sprintf("does not lead from %v to %v in steps of %v", from, to, step)
		}
		n = math.Round(steps) + 1
	}
	if !(n >= 2 && n <= MaxValues && n == math.Trunc(n)) {
		return nil, fmt.Sprintf("has %v values; it needs a whole number from 2 to %d", n, MaxValues)
	}
	points := make([]float64, int(n))
	for i := range points {
		t := float64(i) / (n - 1)
		switch {
		case i == 0:
			points[i] = from
		case i == len(points)-1:
			points[i] = to
		case log:
			v := math.Exp((1-t)*math.Log(math.Abs(from)) + t*math.Log(math.Abs(to)))
			points[i] = math.Copysign(decimal(v, v), from)
		default:
			points[i] = decimal((1-t)*from+t*to, math.Max(math.Abs(from), math.Abs(to)))
		}
	}
	return points, ""
}

// decimal rounds to 12 digits, so that a point of a range is the number that
// one would write (0.3, not 0.30000000000000004) and shares its runs. The
// digits are counted from the first one of scale.
func decimal(v, scale float64) float64 {
	places := max(0, 11-int(math.Floor(math.Log10(scale))))
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(v, 'f', places, 64), 64)
	if err != nil {
		return v
	}
	return rounded + 0 // 0 rather than -0
}
