package networks

import (
	"context"
	"math/rand/v2"

	"nightshift/mlp"
)

// LinePoints is the number of points on a straight line between two networks, its
// ends among them.
const LinePoints = 11

// Line is the loss at LinePoints points on the straight line between two networks.
type Line [LinePoints]float64

// Barrier is how far the loss rises above the chord between its ends, at the point
// where that is most: the error barrier of Entezari et al. (arXiv 2110.06296). It is
// never negative.
func (l Line) Barrier() float64 {
	most := 0.0
	for i, v := range l {
		most = max(most, v-l.chord(i))
	}
	return most
}

// chord is the loss on the straight line between the losses at the ends.
func (l Line) chord(i int) float64 {
	share := float64(i) / (LinePoints - 1)
	return (1-share)*l[0] + share*l[LinePoints-1]
}

// Pair is what lies between two networks, the second one as it is and with its hidden
// units in the order of the first one's.
type Pair struct {
	A, B              int // indices of the networks
	Distance, Aligned float64
	Cosine            float64 // about zero, as they are
	Naive, Matched    []Line  // the loss, on each sample
}

// Pairs measures every pair of some networks. Batch normalisation uses the statistics
// of the sample at every point.
func (s *Space) Pairs(ctx context.Context, networks []Point, samples []Sample, progress Progress) ([]Pair, error) {
	var pairs []Pair
	for b := range networks {
		for a := range b {
			pairs = append(pairs, Pair{A: a, B: b})
		}
	}
	sums := make([][][]float64, len(networks)) // of each network, on each sample
	err := s.each(ctx, len(networks), nil, func(p *probe, i int) error {
		for _, e := range samples {
			sums[i] = append(sums[i], p.sums(networks[i], e.Examples))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = s.each(ctx, len(pairs), progress, func(p *probe, i int) error {
		pair := &pairs[i]
		a, b := networks[pair.A], networks[pair.B]
		m := s.Align(a, b, rand.New(rand.NewPCG(uint64(pair.A), uint64(pair.B))))
		matched := s.Apply(m, b)
		pair.Distance, pair.Aligned = a.Distance(b, false), a.Distance(matched, false)
		pair.Cosine = cosine(a, b)
		for k, e := range samples {
			za, zb := sums[pair.A][k], sums[pair.B][k]
			pair.Naive = append(pair.Naive, p.line(a, b, e.Examples, za, zb))
			pair.Matched = append(pair.Matched, p.line(a, matched, e.Examples, za, s.sums(m, zb)))
		}
		return nil
	})
	return pairs, err
}

// line measures the loss between two networks whose sums are known.
func (p *probe) line(a, b Point, e mlp.Examples, za, zb []float64) (l Line) {
	at := make(Point, len(a))
	z := make([]float64, len(za))
	for i := range l {
		share := float64(i) / (LinePoints - 1)
		a.mix(at, b, share)
		Point(za).mix(z, zb, share)
		l[i] = p.measure(at, e, z).Loss
	}
	return l
}

// Between measures the loss on the straight line from one network to another, such as
// from a start to an end (Goodfellow, Vinyals and Saxe, arXiv 1412.6544).
func (s *Space) Between(a, b Point, e mlp.Examples) (Line, error) {
	p, err := s.probe()
	if err != nil {
		return Line{}, err
	}
	return p.line(a, b, e, p.sums(a, e), p.sums(b, e)), nil
}
