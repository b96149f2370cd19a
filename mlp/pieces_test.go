package mlp

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"nightshift/mlp/internal/kernel"
)

// A step in pieces gives the bits of a step at once, whatever the sizes, and stops where that stops.
func TestPiecesGiveTheBitsOfTheWhole(t *testing.T) {
	if !kernel.HasSmall[float32]() {
		t.Skip("this processor has no kernels for small products")
	}
	r := rand.New(rand.NewPCG(1, 1))
	for _, c := range []struct {
		in         int
		hidden     []int
		out, n     int
		batch      int
		activation string
		set        func(*Config)
	}{
		{64, []int{32}, 10, 100, 32, "relu", nil},
		{2, []int{50}, 2, 750, 0, "relu", nil},
		{2, []int{5}, 2, 70, 33, "tanh", nil},
		{13, []int{7, 20, 3}, 5, 61, 10, "sigmoid", func(c *Config) { c.L1, c.L2, c.Log.Layers = 0.01, 0.02, true }},
		{9, nil, 3, 50, 17, "relu", func(c *Config) { c.Clip = 0.5 }},
		{1, []int{1}, 2, 9, 4, "identity", func(c *Config) { c.Optimizer = pick(t, Optimizers(), "adam") }},
		{100, []int{61, 31}, 17, 90, 40, "relu", nil},
		{3, []int{60}, 9, 40, 40, "relu", func(c *Config) { c.LR = 1e30 }}, // it diverges
	} {
		config := Default()
		config.Hidden, config.Batch, config.Activation.Name, config.Epochs = c.hidden, c.batch, c.activation, 4
		if c.set != nil {
			c.set(&config)
		}
		e := Examples{N: c.n, X: make([]float32, c.n*c.in), Labels: make([]int32, c.n)}
		for i := range e.X {
			e.X[i] = float32(r.NormFloat64())
		}
		for i := range e.Labels {
			e.Labels[i] = int32(r.IntN(c.out))
		}
		var ends [2][]byte
		for i := range ends {
			tr := newTraining[float32](config, Data{In: c.in, Out: c.out, Train: e}, Seeds{1, 2})
			if tr.pieces == nil {
				t.Fatalf("%+v is not trained in pieces", c)
			}
			if i == 0 {
				tr.pieces = nil
				tr.net.grow(c.n)
			}
			ends[i] = end(t, tr)
		}
		if !bytes.Equal(ends[0], ends[1]) {
			t.Errorf("%+v: pieces give other bits", c)
		}
	}
}

// What is measured of a network in pieces has the bits of what is measured at once, also where some logits are not finite.
func TestPiecesAreMeasuredAsTheWhole(t *testing.T) {
	if !kernel.HasSmall[float32]() || !kernel.HasClassMetrics() {
		t.Skip("this processor has no kernels for small products")
	}
	r := rand.New(rand.NewPCG(1, 1))
	for _, c := range []struct {
		in         int
		hidden     []int
		out, n     int
		activation string
	}{
		{64, []int{8}, 10, 256 + 33, "relu"}, {64, []int{64, 16}, 10, 512, "sigmoid"}, {2, []int{50}, 2, 300, "tanh"},
		{13, []int{7, 20, 3}, 5, 61, "identity"}, {9, nil, 3, 5, "relu"},
		{1, []int{1}, 1, 270, "relu"}, {30, []int{61}, 17, 31, "relu"},
	} {
		config := Default()
		config.Hidden, config.Activation.Name = c.hidden, c.activation
		e := Examples{N: c.n, X: make([]float32, c.n*c.in), Labels: make([]int32, c.n)}
		for _, odd := range []float32{0, float32(math.Inf(1)), float32(math.NaN()), math.MaxFloat32 / 2} {
			for i := range e.X {
				e.X[i] = float32(r.NormFloat64())
			}
			for i := range e.Labels {
				e.Labels[i] = int32(r.IntN(c.out))
			}
			if odd != 0 {
				e.X[r.IntN(len(e.X))] = odd
			}
			tr := newTraining[float32](config, Data{In: c.in, Out: c.out, Train: e}, Seeds{1, 2})
			n, ways := tr.net, [2]string{}
			fill(n.layers[0].w[:c.in], 0) // a unit that is dead where it rectifies
			for i, evaluate := range []func(*Examples, *inputs[float32], *layerStats) Metrics{n.evaluate, n.evaluateWhole} {
				stats := newLayerStats(n)
				n.reset(stats)
				m := evaluate(&e, tr.inputs[0], stats)
				for _, u := range stats.layers {
					ways[i] += fmt.Sprintf("%+v ", u.summary())
				}
				ways[i] += fmt.Sprintf("%+v", m)
			}
			if n.piecewise == nil {
				t.Fatalf("%+v is not measured in pieces", c)
			}
			logits := fmt.Sprint(n.predict(e))
			n.piecewise = nil
			if whole := fmt.Sprint(n.predict(e)); logits != whole {
				t.Errorf("%+v, odd %v: logits in pieces\n%s\nat once\n%s", c, odd, logits, whole)
			}
			if ways[0] != ways[1] {
				t.Errorf("%+v, odd %v: in pieces\n%s\nat once\n%s", c, odd, ways[0], ways[1])
			}
		}
	}
}

// end is all that is known of a training that is over.
func end(t *testing.T, tr *training[float32]) []byte {
	t.Helper()
	var all []byte
	for {
		e, ok, err := tr.Next(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return append(all, tr.State()...)
		}
		if math.IsNaN(e.Train.Loss) && !e.Diverged {
			t.Fatal("a training that has diverged goes on")
		}
		all = fmt.Appendf(all, "%+v\n", e)
	}
}
