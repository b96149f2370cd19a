package mlp

import (
	"math"

	"nightshift/mlp/internal/kernel"
)

// watch adds up what the activations of each layer do over a split.
type watch struct {
	layers []watched
	flat   [][]interval // where each hidden layer is saturated
}

type watched struct {
	n, sum, square float64 // of the activations
	saturated      float64
	alive          []bool // [out] units with a slope other than 0 on some example
}

func newWatch[F kernel.Float](layers []layer[F]) *watch {
	w := &watch{layers: make([]watched, len(layers)), flat: make([][]interval, len(layers)-1)}
	for i, l := range layers {
		w.layers[i].alive = make([]bool, l.out)
	}
	return w
}

// reset begins a split anew, with the slopes of PReLUs as they are now.
func (n *net[F]) reset(w *watch) {
	for i := range w.flat {
		if l := &n.layers[i]; w.flat[i] == nil || l.alpha != nil {
			w.flat[i] = n.activation.flat(n.alphaOf(l))
		}
	}
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
		m := w.layers[i] // in registers while it is added to
		slope, alpha := n.activation.slope, n.alphaOf(l)
		parts := w.flat[i]
		for r := range rows {
			z, a := l.z[r*l.out:(r+1)*l.out], l.a[r*l.out:(r+1)*l.out]
			for o, v := range a {
				v := float64(v)
				m.sum += v
				m.square += v * v
				x := float64(z[o])
				flat := within(x, parts)
				if flat {
					m.saturated++
				}
				if !m.alive[o] && (!flat || slope(x, v, alpha) != 0) {
					m.alive[o] = true
				}
			}
		}
		m.n += float64(rows * l.out)
		w.layers[i] = m
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
