package study

import (
	"math"
	"slices"

	"nightshift/internal/stream"
	"nightshift/internal/study/source"
)

// sampling says how the axes that are distributions are drawn.
type sampling struct {
	n      int
	seed   uint64
	method string
}

var sampleKeys = []string{"n", "seed", "method"}

// SampleMethods lists how points are drawn, and what each means.
func SampleMethods() [][2]string {
	return [][2]string{
		{"random", "independent points: the default"},
		{"sobol", "a Sobol sequence, shifted by the seed: more even than random points; best with a power of 2 for n"},
		{"lhs", "a Latin hypercube: each axis is cut into n parts, with one point in each"},
	}
}

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
			d.Add(f.Value.At, "method is one of %s; found %v%s", source.Join(known), f.Value, source.Suggest(s.method, known))
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

// draw gives the n places of an axis between 0 and 1. Each key has a generator
// of its own, so that another axis beside it moves none of them.
func (s *sampling) draw(key string, dimension int) []float64 {
	r := stream.New("sample "+key, s.seed)
	u := make([]float64, s.n)
	switch s.method {
	case "sobol":
		shift, points := r.Uint32(), newSobol(dimension)
		for i := range u {
			u[i] = float64(points.at(i)^shift) / (1 << 32)
		}
	case "lhs":
		for i, part := range r.Perm(s.n) {
			u[i] = (float64(part) + r.Float64()) / float64(s.n)
		}
	default:
		for i := range u {
			u[i] = r.Float64()
		}
	}
	return u
}
