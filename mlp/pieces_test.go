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
			}
			ends[i] = end(t, tr)
		}
		if !bytes.Equal(ends[0], ends[1]) {
			t.Errorf("%+v: pieces give other bits", c)
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
