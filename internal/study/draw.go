package study

import "nightshift/internal/stream"

// sampling says how the axes that are distributions are drawn.
type sampling struct {
	n      int
	seed   uint64
	method string
}

// SampleMethods lists how points are drawn, and what each means.
func SampleMethods() [][2]string {
	return [][2]string{
		{"random", "independent points: the default"},
		{"sobol", "a Sobol sequence, shifted by the seed: more even than random points; best with a power of 2 for n"},
		{"lhs", "a Latin hypercube: each axis is cut into n parts, with one point in each"},
	}
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
