package study

import (
	"fmt"
	"slices"
)

// unmatched reports rules and exclusions that no cell met.
func (d *decoder) unmatched(blocks []block) {
	for _, b := range blocks {
		for _, r := range b.rules {
			if !r.matched {
				d.Add(r.at, "this rule matches no cell")
			}
		}
		for _, e := range b.excludes {
			if !e.matched {
				d.Add(e.at, "this entry of exclude matches no cell")
			}
		}
	}
}

// ineffective reports axes, and parameters of choices in the base, that
// something later overrides in every cell, and values of axes that make no cell
// of their own.
func (d *decoder) ineffective(blocks []block) {
	for _, b := range blocks {
		for _, a := range b.axes {
			effective := slices.ContainsFunc(a.values, func(v *axisValue) bool {
				return slices.ContainsFunc(v.sets, func(s *assignment) bool { return s.effective })
			})
			if !effective {
				d.Add(a.at, "axis %s has no effect: rules or other axes always override what it sets", a.name)
				continue
			}
			for _, v := range a.values {
				if !v.kept && v.mergedInto != "" && !a.sampled {
					d.Add(v.at, "%s makes no cell of its own on axis %s: all its configurations are there already, as in cell %s",
						v.Label, a.name, v.mergedInto)
				}
			}
		}
		d.overridden(b)
		for _, a := range b.base {
			choice := Root(a.key.Path)
			last := find(b.base, choice)
			if a.key.Kind == Parameter && !a.effective && (last == nil || !last.override || a.override) {
				d.Add(a.at, "%s has no effect: an axis or rule sets all of %s; "+
					"give the parameter there, as in {name: ..., %s: ...}",
					a.key.Path, choice, a.key.Path[len(choice)+1:])
			}
		}
	}
}

// overridden reports overrides of the command line that axes or rules override in every cell.
func (d *decoder) overridden(b block) {
	for _, a := range slices.Concat(b.data, b.base) {
		if !a.override || a.effective || a.key.Kind == Parameter || find(b.base, a.key.Path) != a && find(b.data, a.key.Path) != a {
			continue
		}
		by := "rules always set it"
		for _, x := range b.axes {
			if slices.ContainsFunc(x.values, func(v *axisValue) bool {
				return slices.ContainsFunc(v.sets, func(s *assignment) bool { return s.key.decides(a.key) })
			}) {
				by = fmt.Sprintf("axis %s sets it; change grid.%[1]s, or take the axis out with grid.%[1]s=null", x.name)
			}
		}
		d.Add(a.at, "%s has no effect: %s", a.key.Path, by)
	}
}

// decides says whether a value of the key takes the place of one of another.
func (k *Key) decides(other *Key) bool {
	return k.Path == other.Path || bothSayLayers(k.Path, other.Path)
}

// bothSayLayers says whether one of two keys gives all hidden layers and the other their width or depth, so that the later one
// takes the place of the earlier.
func bothSayLayers(a, b string) bool {
	size := func(path string) bool { return path == "width" || path == "depth" }
	return a == "hidden" && size(b) || b == "hidden" && size(a)
}
