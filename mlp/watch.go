package mlp

import (
	"math"

	"nightshift/mlp/internal/kernel"
)

// watch adds up what the activations of each layer do over a split.
type watch struct {
	layers []watched
	flat   []ranges // where each hidden layer is saturated
	known  bool     // that is known, unless the slopes of PReLUs change it
}

type watched struct {
	n, sum, square float64 // of the activations
	saturated      float64
	alive          []bool // [out] units with a slope other than 0 on some example
}

func newWatch[F kernel.Float](layers []layer[F]) *watch {
	w := &watch{layers: make([]watched, len(layers)), flat: make([]ranges, len(layers)-1)}
	for i, l := range layers {
		w.layers[i].alive = make([]bool, l.out)
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

// add takes one activation of unit o with its slope.
func (w *watched) add(o int, a, slope, steepest float64) {
	w.n++
	w.sum += a
	w.square += a * a
	if math.Abs(slope) < saturation*steepest {
		w.saturated++
	}
	if slope != 0 {
		w.alive[o] = true
	}
}

// observe adds the hidden activations of the last forward pass.
func (n *net[F]) observe(w *watch, rows int) {
	for i := range n.layers[:len(n.layers)-1] {
		l := &n.layers[i]
		flat, m := w.flat[i], &w.layers[i]
		sum, square, saturated := m.sum, m.square, 0
		z, a := l.z[:rows*l.out], l.a[:rows*l.out]
		for j, v := range a {
			v := float64(v)
			sum += v
			square += v * v
			saturated += flat.count(float64(z[j]))
		}
		m.sum, m.square = sum, square
		m.saturated += float64(saturated)
		m.n += float64(len(a))
		slope, alpha := n.activation.slope, n.alphaOf(l)
		for o := range m.alive {
			for j := o; j < len(a) && !m.alive[o]; j += l.out {
				m.alive[o] = slope(float64(z[j]), float64(a[j]), alpha) != 0
			}
		}
	}
}

// output adds the outputs of one example. Those of a softmax or sigmoid have
// the slope a(1-a) with respect to their own logit.
func (w *watch) output(a []float64, kind string) {
	l := &w.layers[len(w.layers)-1]
	for o, v := range a {
		if kind == "identity" {
			l.add(o, v, 1, 1)
		} else {
			l.add(o, v, v*(1-v), 0.25)
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
