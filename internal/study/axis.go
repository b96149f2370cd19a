package study

import (
	"strings"
	"unicode"

	"nightshift/internal/nearest"
	"nightshift/internal/study/source"
)

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
		hint := ""
		if list, several := numbersOf(n); several {
			hint = "; write [" + list + "]"
		} else if _, number := n.Number(); number {
			hint = "; write [" + n.Text + "], or base: {" + a.name + ": " + n.Text + "} where it is the only one"
		}
		d.Add(n.At, "axis %s is a list, a range {from, to, n}, a distribution or labelled rows; found %v%s", a.name, n, hint)
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
	labels := make([]string, len(a.values))
	for i, v := range a.values {
		labels[i] = v.Label
	}
	shown := ClipLabels(labels)
	for _, v := range a.values {
		v.shown = shown[v.Label]
	}
	return a
}

// rows reads a paired axis.
func (d *decoder) rows(a *axis, n *source.Node) []*axisValue {
	var values []*axisValue
	for _, f := range n.Fields {
		label := f.Name
		switch {
		case label == "" || label != strings.TrimSpace(label) ||
			strings.ContainsFunc(label, func(c rune) bool { return !unicode.IsPrint(c) }):
			d.Add(f.At, "the label %q of axis %s cannot be shown in a legend", f.Name, a.name)
		case f.Value.Kind != source.Mapping:
			d.incomplete = true
			hint := ""
			if near := nearest.Name(label, distributions); near != "" {
				hint = nearest.DidYouMean(near)
			} else if keys.Find(a.name) != nil {
				hint = "; values of " + a.name + " stand in a list"
			}
			d.Add(f.Value.At, "row %s of axis %s is a mapping of keys, as in {lr: 0.1}; found %v%s", label, a.name, f.Value, hint)
		default:
			values = append(values, &axisValue{AxisValue: AxisValue{Axis: a.name, Label: label}, at: f.At,
				sets: d.assignments("", f.Value)})
		}
	}
	return values
}
