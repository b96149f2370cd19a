package mlp

import (
	"math"

	"nightshift/mlp/internal/kernel"
)

// watch adds up what the activations of each layer do over a split.
type watch struct {
	layers []watched
	flat   []ranges // where each hidden layer is saturated, in z
	known  bool     // that is known, unless the slopes of PReLUs change it
	output ranges   // where the output layer is, in its outputs
}

type watched struct {
	n, sum, square float64 // of the activations
	saturated      float64
	alive          []bool // [out] units with a slope other than 0 on some example
}

func newWatch[F kernel.Float](n *net[F]) *watch {
	last := len(n.layers) - 1
	w := &watch{layers: make([]watched, last+1), flat: make([]ranges, last), output: rangesOf(nil)}
	for i, l := range n.layers {
		w.layers[i].alive = make([]bool, l.out)
	}
	if n.objective.Output != "identity" {
		w.output = flatOutputs()
	}
	return w
}

// reset begins a split anew, with the slopes of PReLUs as they are now.
func (n *net[F]) reset(w *watch) {
	for i := range w.flat {
		if l := &n.layers[i]; !w.known || l.alpha != nil {
			w.flat[i] = rangesOf(n.activation.flat(n.alphaOf(l)))
		}
	}
	w.known = true
	for i := range w.layers {
		alive := w.layers[i].alive
		clear(alive)
		w.layers[i] = watched{alive: alive}
	}
}

// observe adds the hidden activations of the last forward pass and the outputs
// predicted from it.
func (n *net[F]) observe(w *watch, rows int) {
	last := len(n.layers) - 1
	slope := n.activation.slope
	for i := range n.layers[:last] {
		l := &n.layers[i]
		z, a, alpha := l.z[:rows*l.out], l.a[:rows*l.out], n.alphaOf(l)
		add(&w.layers[i], a, z, &w.flat[i], func(j int) bool { return slope(float64(z[j]), float64(a[j]), alpha) != 0 })
	}
	// Outputs of a softmax or sigmoid have the slope a(1-a) with respect to their own logit.
	outputs, sloping := n.predictions.all.a, n.objective.Output == "identity"
	add(&w.layers[last], outputs, outputs, &w.output, func(j int) bool { return sloping || outputs[j]*(1-outputs[j]) != 0 })
}

// add takes activations [rows, units]. Whether one is saturated follows from
// the same element of at, and alive says whether it has a slope.
func add[F kernel.Float](m *watched, a, at []F, flat *ranges, alive func(j int) bool) {
	sum, square := kernel.Moments(a)
	m.sum += sum
	m.square += square
	m.saturated += float64(countOf(flat, at))
	m.n += float64(len(a))
	for o := range m.alive {
		for j := o; j < len(a) && !m.alive[o]; j += len(m.alive) {
			m.alive[o] = alive(j)
		}
	}
}

// summary is the measured layer as far as its activations go.
func (w *watched) summary() Layer {
	mean := w.sum / w.n
	dead := 0.0
	for _, alive := range w.alive {
		if !alive {
			dead++
		}
	}
	return Layer{
		Mean:      mean,
		SD:        math.Sqrt(max(0, w.square/w.n-mean*mean)),
		Saturated: w.saturated / w.n,
		Dead:      dead / float64(len(w.alive)),
	}
}
