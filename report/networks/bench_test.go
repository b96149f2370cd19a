package networks

import (
	"math/rand/v2"
	"testing"

	"nightshift/mlp"
)

// digits are noise in the shape of handwritten digits, for timings.
func digits(n int) mlp.Examples {
	r := rand.New(rand.NewPCG(1, 2))
	e := mlp.Examples{N: n}
	for i := range n {
		e.Labels = append(e.Labels, int32(i%10))
		for range 784 {
			e.X = append(e.X, r.Float32())
		}
	}
	return e
}

// seeds are networks as the seeds of a study leave them.
func seeds(b *testing.B, n int) (*Space, []Point) {
	c := mlp.Default()
	c.Hidden = []int{100}
	s, err := NewSpace(c, 784, 10)
	if err != nil {
		b.Fatal(err)
	}
	var all []Point
	for seed := range n {
		network, err := mlp.NewNetwork(c, 784, 10, mlp.Seeds{Init: uint64(seed)})
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, network.Parameters())
	}
	return s, all
}

// BenchmarkPairs: 20 seeds of 784-100-10, 190 pairs, 11 points, as they are and aligned, on 2,000 training and test examples.
func BenchmarkPairs(b *testing.B) {
	s, all := seeds(b, 20)
	samples := []Sample{{"train", digits(2000)}, {"test", digits(2000)}}
	for b.Loop() {
		if _, err := s.Pairs(b.Context(), all, samples, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSurface: 41 x 41 points on 1,000 examples.
func BenchmarkSurface(b *testing.B) {
	s, all := seeds(b, 1)
	r := rand.New(rand.NewPCG(1, 1))
	e := digits(1000)
	shares := Shares(-1, 1, 41)
	for b.Loop() {
		directions := [2]Point{s.Direction(all[0], r), s.Direction(all[0], r)}
		if _, err := s.Surface(b.Context(), all[0], directions, e, shares, shares, nil); err != nil {
			b.Fatal(err)
		}
	}
}
