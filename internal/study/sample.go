package study

import (
	"math"
	"slices"

	"nightshift/internal/nearest"
	"nightshift/internal/study/source"
)

var sampleKeys = []string{"n", "seed", "method"}

// sample reads how many points are drawn, and how.
func (d *decoder) sample(n *source.Node) *sampling {
	part := d.part(n, "sample", source.Mapping, "{n: 60, seed: 1}")
	if part == nil {
		return nil
	}
	d.known(part, " in sample", sampleKeys)
	s := &sampling{n: 1, method: "random"}
	if f := part.Field("n"); f == nil {
		d.Add(part.At, "sample needs n, the number of points, as in {n: 60}")
	} else if v, ok := f.Value.Number(); !ok || !(v >= 1 && v <= MaxValues) || v != math.Trunc(v) {
		d.Add(f.Value.At, "n is how many points are drawn, from 1 to %d; found %v", MaxValues, f.Value)
	} else {
		s.n = int(v)
	}
	if f := part.Field("seed"); f != nil {
		v, ok := f.Value.Number()
		if !ok || !(v >= 0 && v <= Largest) || v != math.Trunc(v) {
			d.Add(f.Value.At, "a seed is a whole number from 0; found %v", f.Value)
		}
		s.seed = uint64(max(v, 0))
	}
	if f := part.Field("method"); f != nil {
		var known []string
		for _, m := range SampleMethods() {
			known = append(known, m[0])
		}
		if s.method = f.Value.Text; f.Value.Kind != source.Scalar || !slices.Contains(known, s.method) {
			d.Add(f.Value.At, "method is one of %s; found %v%s", source.Join(known), f.Value, nearest.Suggest(s.method, known))
		}
	}
	return s
}

// drawnKeys are the keys of all axes of a study that are distributions, in
// alphabetical order: the dimensions of a Sobol sequence.
func drawnKeys(root *source.Node) []string {
	blocks := []*source.Node{root}
	if also := root.Field("also"); also != nil {
		blocks = append(blocks, also.Value.Items...)
	}
	var paths []string
	for _, b := range blocks {
		grid := b.Field("grid")
		if grid == nil {
			continue
		}
		for _, f := range grid.Value.Fields {
			if k := keys.Find(f.Name); k != nil && f.Value.Kind == source.Mapping && isDistribution(f.Value) {
				paths = append(paths, k.Path)
			}
		}
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}
