package study

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/study/source"
)

// labelOn finds the label on an axis, or the value of a key, that a scalar means; "" after a mistake.
func (d *decoder) labelOn(axis string, v *source.Node, s *Study) string {
	values := s.valuesOn(axis)
	if at := slices.IndexFunc(values, func(a AxisValue) bool { return a.Label == v.Text }); at >= 0 {
		return values[at].Label
	}
	if number, ok := v.Number(); ok {
		if at := slices.IndexFunc(values, func(a AxisValue) bool { return a.is(number) }); at >= 0 {
			return values[at].Label
		}
	}
	var labels []string
	for _, a := range values {
		labels = append(labels, a.Label)
	}
	d.Add(v.At, "axis %s has no %s%s", axis, strconv.Quote(v.Text), nearestLabel(v.Text, labels))
	return ""
}

// where reads which cells are shown.
func (d *decoder) where(f *Figure, field *source.Field, s *Study) {
	if field.Value.Kind != source.Mapping {
		d.Add(field.Value.At, "where is a mapping of axes to values, as in {lr: 0.1, layer: 1}; found %v", field.Value)
		return
	}
	for _, place := range field.Value.Fields {
		v := place.Value
		if place.Name == Layer || place.Name == Epoch {
			d.layerOrEpoch(f, place)
			continue
		}
		axis := d.figureAxis(place.Name, place.At, s, Layer, Epoch)
		items := []*source.Node{v}
		if v.Kind == source.List {
			items = v.Items
		}
		c := Choices{Axis: axis}
		for _, item := range items {
			if item.Kind != source.Scalar || item.Null() {
				d.Add(item.At, "where %s is a value or a list of values; found %v", place.Name, item)
				continue
			}
			if axis != "" {
				c.Labels = append(c.Labels, d.labelOn(axis, item, s))
			}
		}
		if len(items) == 0 {
			d.Add(v.At, "where %s is empty, so no cell is shown", place.Name)
		}
		if slices.ContainsFunc(f.Where, func(w Choices) bool { return w.Axis == axis }) && axis != "" {
			d.Add(place.At, "axis %s is given twice", axis)
		}
		f.Where = append(f.Where, c)
	}
	slices.SortStableFunc(f.Where, func(a, b Choices) int { return cmp.Compare(a.Axis, b.Axis) })
}

func whereText(f Figure) string {
	var places []string
	for _, c := range f.Where {
		var labels []string
		for _, l := range c.Labels {
			labels = append(labels, labelText(l))
		}
		places = append(places, c.Axis+": "+listText(labels))
	}
	if f.Layer > 0 {
		places = append(places, fmt.Sprintf("layer: %d", f.Layer))
	}
	if f.Epoch >= 0 {
		places = append(places, fmt.Sprintf("epoch: %d", f.Epoch))
	}
	if len(places) == 0 {
		return ""
	}
	return "{" + strings.Join(places, ", ") + "}"
}

// listText writes one word alone and several as a list.
func listText(words []string) string {
	if len(words) == 1 {
		return words[0]
	}
	return "[" + strings.Join(words, ", ") + "]"
}

// labelText puts a label in quotes where YAML would read it in another way.
func labelText(label string) string {
	if strings.ContainsAny(label, `,:#[]{}"'&*!|>%@`) {
		return strconv.Quote(label)
	}
	return label
}
