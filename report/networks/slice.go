package networks

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"nightshift/mlp"
)

// Direction draws a Gaussian direction whose rows of weights have the norms of the
// network's own rows: the filter normalisation of Li et al. (Visualizing the Loss
// Landscape of Neural Nets, arXiv 1712.09913), with 1e-10 added to the norm that is
// divided by, as their code does. Biases, batch normalisation and slopes stay.
func (s *Space) Direction(p Point, r *rand.Rand) Point {
	d := make(Point, s.Size)
	for layer, l := range s.Layers {
		w, to := s.Weights(p, layer), s.Weights(d, layer)
		for i := range to {
			to[i] = r.NormFloat64()
		}
		for row := range l.Out {
			of := to[row*l.In : (row+1)*l.In]
			scale := norm(w[row*l.In:(row+1)*l.In]) / (norm(of) + 1e-10)
			for i := range of {
				of[i] *= scale
			}
		}
	}
	return d
}

func norm(v []float64) float64 { return math.Sqrt(dot(v, v)) }

// Slice measures the loss along a direction, at the given shares of it.
func (s *Space) Slice(p Point, direction Point, e mlp.Examples, shares []float64) ([]float64, error) {
	pr, err := s.probe()
	if err != nil {
		return nil, err
	}
	in := pr.plane(p, []Point{direction}, e)
	var losses []float64
	for _, share := range shares {
		losses = append(losses, pr.at(in, e, share).Loss)
	}
	return losses, nil
}

// Surface measures the loss in the plane of two directions, at each pair of shares:
// [len(v), len(u)], u along the first direction.
func (s *Space) Surface(ctx context.Context, p Point, directions [2]Point, e mlp.Examples, u, v []float64, progress Progress) (
	[]float64, error) {
	first, err := s.probe()
	if err != nil {
		return nil, err
	}
	in := first.plane(p, directions[:], e)
	losses := make([]float64, len(u)*len(v))
	err = s.each(ctx, len(v), progress, func(pr *probe, row int) error {
		for column, share := range u {
			losses[row*len(u)+column] = pr.at(in, e, share, v[row]).Loss
		}
		return nil
	})
	return losses, err
}

// Shares are n numbers from lo to hi, both included.
func Shares(lo, hi float64, n int) []float64 {
	all := make([]float64, n)
	for i := range all {
		all[i] = lo + (hi-lo)*float64(i)/float64(n-1)
	}
	all[n-1] = hi
	return slices.Clip(all)
}

// Curvature fits a + b x + c x² to a slice by least squares and gives 2c, the second
// derivative, over the shares that are at most 0.1 from 0.
func Curvature(shares, losses []float64) float64 {
	const near = 0.1 + 1e-9
	var s0, s1, s2, s3, s4, y0, y1, y2 float64
	for i, x := range shares {
		if math.Abs(x) > near {
			continue
		}
		y := losses[i]
		s0, s1, s2, s3, s4 = s0+1, s1+x, s2+x*x, s3+x*x*x, s4+x*x*x*x
		y0, y1, y2 = y0+y, y1+x*y, y2+x*x*y
	}
	det := s0*(s2*s4-s3*s3) - s1*(s1*s4-s2*s3) + s2*(s1*s3-s2*s2)
	c := s0*(s2*y2-s3*y1) - s1*(s1*y2-s2*y1) + y0*(s1*s3-s2*s2)
	return 2 * c / det
}
