package study

import (
	"fmt"
	"reflect"

	"nightshift/internal/study/source"
)

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
		if same := first[id]; same != nil {
			d.Add(s.at, "%s is twice on axis %s", labels[i], a.name)
			continue
		}
		first[id] = s
		values = append(values, &axisValue{AxisValue: AxisValue{a.name, labels[i], plainValue(s, labels[i])}, at: s.at,
			sets: []*assignment{s}})
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
