package study

import (
	"fmt"
	"math"
	"nightshift/internal/study/source"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// axis is one dimension of a grid.
type axis struct {
	name    string
	at      source.Position
	paired  bool
	sampled bool // its values are points, drawn together with those of other such axes
	key     *Key // of a plain axis
	values  []*axisValue
}

// axisValue is a place on an axis: what it sets, and how that reads.
type axisValue struct {
	AxisValue
	at   source.Position
	sets []*assignment
	kept bool   // it has a cell that no other value of its block has
	twin string // label of a cell that one of its cells was merged into
}

// axis reads an entry of a grid; nil after a mistake.
func (d *decoder) axis(f source.Field) *axis {
	a := &axis{name: f.Name, at: f.At}
	n := f.Value
	switch {
	case n.Kind == source.List:
		a.values = d.listed(a, n)
	case n.Kind == source.Mapping && isRange(n):
		a.values = d.spanned(a, n)
	case n.Kind == source.Mapping && isDistribution(n):
		a.values = d.drawn(a, n)
	case n.Kind == source.Mapping && len(n.Fields) > 0:
		a.paired = true
		a.values = d.rows(a, n)
	case n.Kind == source.Mapping || n.Null():
		d.Add(n.At, "axis %s is empty; give it a value or leave it out", a.name)
	default:
		d.Add(n.At, "axis %s is a list, a range {from, to, n}, a distribution or labelled rows; found %v", a.name, n)
	}
	if d.places += len(a.values); d.places > maxPlaces {
		d.Add(a.at, "the axes of the study have more than %d values", maxPlaces)
		a.values = nil
	}
	if len(a.values) == 0 {
		if k := keys.Find(a.name); k != nil {
			d.broken[k.Path] = true
		}
		d.incomplete = true
		return nil
	}
	return a
}

var rangeKeys = []string{"from", "to", "n", "step", "scale"}

// isRange tells a range, mistyped perhaps, from labelled rows.
func isRange(n *source.Node) bool {
	plain := slices.ContainsFunc(n.Fields, func(f source.Field) bool { return f.Value.Kind == source.Scalar })
	return plain && n.Has(rangeKeys...)
}

// plainKey is the key that a plain axis is named after.
func (d *decoder) plainKey(a *axis) bool {
	if a.key = keys.Find(a.name); a.key != nil {
		return true
	}
	if keys.groups[a.name] {
		d.Add(a.at, "axis %s names a group of keys; name one of them, as in %s.%s", a.name, a.name, keys.Below(a.name)[0])
		return false
	}
	d.Add(a.at, "unknown key %q of an axis%s", a.name, d.meant(a.name))
	return false
}

// listed reads a plain axis.
func (d *decoder) listed(a *axis, n *source.Node) []*axisValue {
	if !d.plainKey(a) {
		return nil
	}
	if len(n.Items) == 0 {
		d.Add(n.At, "axis %s is empty; give it a value or leave it out", a.name)
	}
	if len(n.Items) > MaxValues {
		d.Add(n.At, "axis %s has %d values; %d are possible", a.name, len(n.Items), MaxValues)
		return nil
	}
	var sets []*assignment
	for _, item := range n.Items {
		v, ok := d.value(a.key, item)
		if !ok {
			d.incomplete = true
			continue
		}
		sets = append(sets, &assignment{key: a.key, value: v, at: item.At})
	}
	return d.plain(a, sets)
}

// plain makes the values of a plain axis, each different from the others.
func (d *decoder) plain(a *axis, sets []*assignment) []*axisValue {
	var values []*axisValue
	labels := shortLabels(sets)
	first := map[string]*assignment{}
	for i, s := range sets {
		id := fmt.Sprint(canonical(s.value))
		if twin := first[id]; twin != nil {
			d.Add(s.at, "%s is twice on axis %s", labels[i], a.name)
			continue
		}
		first[id] = s
		values = append(values, &axisValue{AxisValue: AxisValue{a.name, labels[i], plainValue(s, labels[i])}, at: s.at, sets: []*assignment{s}})
	}
	return values
}

// canonical makes equal values of a key look equal.
func canonical(v any) any {
	if c, ok := v.(Chosen); ok {
		return c.Choice
	}
	return v
}

// plainValue is the number, string or list that readers of results see.
func plainValue(s *assignment, label string) any {
	if _, ok := s.value.(Chosen); ok || s.key.Path == "batch" && s.value == 0 {
		return label
	}
	return s.value
}

// rows reads a paired axis.
func (d *decoder) rows(a *axis, n *source.Node) []*axisValue {
	var values []*axisValue
	for _, f := range n.Fields {
		label := f.Name
		switch {
		case label == "" || label != strings.TrimSpace(label) || strings.ContainsFunc(label, func(c rune) bool { return !unicode.IsPrint(c) }):
			d.Add(f.At, "the label %q of axis %s cannot be shown in a legend", f.Name, a.name)
		case f.Value.Kind != source.Mapping:
			d.incomplete = true
			hint := ""
			if near := source.Nearest(label, distributions); near != "" {
				hint = source.DidYouMean(near)
			} else if keys.Find(a.name) != nil {
				hint = "; values of " + a.name + " stand in a list"
			}
			d.Add(f.Value.At, "row %s of axis %s is a mapping of keys, as in {lr: 0.1}; found %v%s", label, a.name, f.Value, hint)
		default:
			values = append(values, &axisValue{AxisValue: AxisValue{Axis: a.name, Label: label}, at: f.At, sets: d.assignments("", f.Value)})
		}
	}
	return values
}

// spanned reads a range: from and to, both hit exactly, with n values or steps
// of one size between them.
func (d *decoder) spanned(a *axis, n *source.Node) []*axisValue {
	if !d.plainKey(a) {
		return nil
	}
	for _, f := range n.Fields {
		if !slices.Contains(rangeKeys, f.Name) {
			d.Add(f.At, "unknown key %q in the range of axis %s%s", f.Name, a.name, source.Suggest(f.Name, rangeKeys))
			return nil
		}
	}
	if !a.key.Kind.Numeric() {
		d.Add(n.At, "%s is %s, which has no range; list its values", a.name, a.key.Kind)
		return nil
	}
	number := map[string]float64{}
	ok := true
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
	log := false
	if f := n.Field("scale"); f != nil {
		log = f.Value.Text == "log"
		if !log && f.Value.Text != "linear" {
			d.Add(f.Value.At, "scale is linear or log; found %v", f.Value)
			ok = false
		}
	}
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
		if a.key.Kind == Whole {
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

// shortLabels writes the values of an axis with few digits, or with all where
// few would make two of them look alike.
func shortLabels(sets []*assignment) []string {
	labels := make([]string, len(sets))
	seen := map[string]any{}
	for i, s := range sets {
		labels[i] = label(s, 4)
		if other, ok := seen[labels[i]]; ok && !reflect.DeepEqual(other, s.value) {
			for i, s := range sets {
				labels[i] = label(s, -1)
			}
			return labels
		}
		seen[labels[i]] = s.value
	}
	return labels
}
