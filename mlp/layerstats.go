package mlp

import (
	"math"

	"nightshift/mlp/internal/kernel"
)

// layerStats adds up what the activations of each layer do over a split.
type layerStats struct {
	layers []unitStats
	flat   []ranges // where each hidden layer is saturated, in z
	known  bool     // whether flat is filled in; the slope of a PReLU changes its layer's
	output ranges   // where the output layer is, in its outputs
}

// unitStats are those of one layer.
type unitStats struct {
	n, sum, square float64 // of the activations
	saturated      float64
	alive          []bool // [out] units with a slope other than 0 on some example

	moments kernel.MomentSums // of the activations that are not in sum and square yet
}

func newLayerStats[F kernel.Float](n *net[F]) *layerStats {
	last := len(n.layers) - 1
	s := &layerStats{layers: make([]unitStats, last+1), flat: make([]ranges, last), output: rangesOf(nil)}
	for i, l := range n.layers {
		s.layers[i].alive = make([]bool, l.out)
	}
	if n.objective.Output != "identity" {
		s.output = flatOutputs()
	}
	return s
}

// reset begins a split anew, with the slopes of PReLUs as they are now.
func (n *net[F]) reset(s *layerStats) {
	for i := range s.flat {
		if l := &n.layers[i]; !s.known || l.alpha != nil {
			s.flat[i] = rangesOf(n.activation.flat(n.alphaOf(l)))
		}
	}
	s.known = true
	for i := range s.layers {
		alive := s.layers[i].alive
		clear(alive)
		s.layers[i] = unitStats{alive: alive}
	}
}

// observe adds the hidden activations of the last forward pass and the outputs
// that follow from it.
func (n *net[F]) observe(s *layerStats, rows int, outputs []float64) {
	last := len(n.layers) - 1
	slope := n.activation.slope
	for i := range n.layers[:last] {
		l := &n.layers[i]
		z, a, alpha := l.z[:rows*l.out], l.a[:rows*l.out], n.alphaOf(l)
		add(&s.layers[i], a, z, &s.flat[i], func(j int) bool { return slope(float64(z[j]), float64(a[j]), alpha) != 0 })
	}
	// Outputs of a softmax or sigmoid have the slope a(1-a) with respect to their own logit.
	sloping := n.objective.Output == "identity"
	add(&s.layers[last], outputs, outputs, &s.output, func(j int) bool { return sloping || outputs[j]*(1-outputs[j]) != 0 })
	s.addMoments()
}

// add takes activations [rows, units]. Whether one is saturated follows from
// the same element of at, and alive says whether it has a slope.
func add[F kernel.Float](u *unitStats, a, at []F, flat *ranges, alive func(j int) bool) {
	kernel.AddMoments(&u.moments, a)
	u.saturated += float64(countOf(flat, at))
	u.n += float64(len(a))
	for o := range u.alive {
		for j := o; j < len(a) && !u.alive[o]; j += len(u.alive) {
			u.alive[o] = alive(j)
		}
	}
}

// addMoments adds what was added since the last time to the sums.
func (s *layerStats) addMoments() {
	for i := range s.layers {
		u := &s.layers[i]
		sum, square := u.moments.Take()
		u.sum += sum
		u.square += square
	}
}

// summary is the measured layer as far as its activations go.
func (u *unitStats) summary() Layer {
	mean := u.sum / u.n
	dead := 0.0
	for _, alive := range u.alive {
		if !alive {
			dead++
		}
	}
	return Layer{
		Mean:      mean,
		SD:        math.Sqrt(max(0, u.square/u.n-mean*mean)),
		Saturated: u.saturated / u.n,
		Dead:      dead / float64(len(u.alive)),
	}
}
