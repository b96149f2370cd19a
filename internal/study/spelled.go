package study

import (
	"slices"
	"strconv"
	"strings"

	"nightshift/internal/study/source"
)

// Spelled says whether a text means the value: as legends have it, as a number of the same size, or in any other way in which
// a study file may write it: 1e-1 for 0.1, [64, 32] for 64-32, {normal: 0.1} for normal(sd=0.1).
func (v AxisValue) Spelled(text string) bool {
	if SameLabel(v.Label, text) {
		return true
	}
	if number, err := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64); err == nil && v.is(number) {
		return true
	}
	if quoted, err := strconv.Unquote(text); err == nil {
		return SameLabel(v.Label, quoted)
	}
	k := keys.Find(v.Axis)
	if k == nil || v.Value == nil { // a row of a paired axis has a name and no other spelling
		return false
	}
	faults := &source.Faults{File: source.NewFile("", nil)}
	n := source.ReadValue(text, source.Position{}, faults)
	if n == nil {
		return false
	}
	value, ok := k.Read(n, faults)
	if !ok {
		return false
	}
	a := &assignment{key: k, value: value}
	return label(a, 4) == v.Label || label(a, -1) == v.Label
}

// AxisOrKey is the axis, of those, that a name means, by all of it or its last word, or else the key of a configuration, which
// may have the name of another program; "" for neither. A name may be in the plural: learning rates is lr.
func AxisOrKey(name string, axes []string) string {
	for _, ending := range []string{"", "s", "es"} {
		if one, ok := strings.CutSuffix(name, ending); ok {
			if found := axisOrKey(one, axes); found != "" {
				return found
			}
		}
	}
	return ""
}

func axisOrKey(name string, axes []string) string {
	short := shortNames(axes)
	if slices.Contains(axes, name) {
		return name
	}
	if at := slices.IndexFunc(axes, func(a string) bool { return short[a] == name }); at >= 0 {
		return axes[at]
	}
	if k := keys.Find(name); k != nil {
		return k.Path
	}
	if k := keys.Meant(name); k != nil {
		return k.Path
	}
	return ""
}
