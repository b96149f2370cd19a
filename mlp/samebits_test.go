package mlp

import (
	"reflect"
	"testing"

	"nightshift/mlp/internal/kernel"
)

func TestSameSeedsGiveTheSameBits(t *testing.T) {
	for _, precision := range []string{"float32", "float64"} {
		c := everything(t)
		c.Precision = precision
		one, two := start(t, c, blobs(), Seeds{1, 2}), start(t, c, blobs(), Seeds{1, 2})
		if a, b := finish(t, one), finish(t, two); !reflect.DeepEqual(a, b) {
			t.Errorf("%s: epochs differ: %v and %v", precision, a, b)
		}
		if !reflect.DeepEqual(one.Weights(), two.Weights()) {
			t.Errorf("%s: weights differ", precision)
		}
		for _, s := range []Seeds{{1, 3}, {2, 2}} {
			other := start(t, c, blobs(), s)
			finish(t, other)
			if reflect.DeepEqual(one.Weights(), other.Weights()) {
				t.Errorf("%s: seeds %v change nothing", precision, s)
			}
		}
	}
}

// A step on all examples has no order, so neither has its seed a meaning;
// smaller steps have.
func TestFullBatchHasNoOrder(t *testing.T) {
	d := blobs()
	for batch, want := range map[int]bool{0: true, d.Train.N + 1: true, d.Train.N - 1: false} {
		c := small()
		c.Batch, c.Epochs = batch, 3
		weights := func(order uint64) []Tensor {
			tr := start(t, c, d, Seeds{Init: 1, Order: order})
			finish(t, tr)
			return tr.Weights()
		}
		if got := reflect.DeepEqual(weights(1), weights(2)); got != want {
			t.Errorf("batch %d of %d examples: the order changes nothing: %v, want %v", batch, d.Train.N, got, want)
		}
	}
}

func TestPrecisionsAgree(t *testing.T) {
	c := small()
	single := finish(t, start(t, c, blobs(), Seeds{}))
	c.Precision = "float64"
	double := finish(t, start(t, c, blobs(), Seeds{}))
	for i := range single {
		near(t, "loss", single[i].Train.Loss, double[i].Train.Loss, 1e-5)
	}
}

// A step of plain descent that gives each weight its share at once has the bits of a gradient and an update, and so it
// has in turns with steps that are measured, which need the gradient.
func TestDescentHasTheBitsOfUpdates(t *testing.T) {
	c := Default()
	c.Hidden, c.Batch, c.Epochs, c.LR = []int{40, 9}, 30, 3, 0.2
	c.Activation = Choice{Name: "prelu", Params: map[string]float64{"alpha": 0.25}}
	c.BatchNorm = true
	for _, c.Precision = range []string{"float32", "float64"} {
		if c.Precision == "float64" {
			sameWithoutDescent[float64](t, c)
		} else {
			sameWithoutDescent[float32](t, c)
		}
	}
}

func sameWithoutDescent[F kernel.Float](t *testing.T, c Config) {
	t.Helper()
	fused, plain := newTraining[F](c, blobs(), Seeds{1, 2}), newTraining[F](c, blobs(), Seeds{1, 2})
	if !fused.descends || fused.pieces != nil {
		t.Fatal("steps do not descend at once: choose a configuration in which they do")
	}
	plain.descends = false
	if !reflect.DeepEqual(finish(t, fused), finish(t, plain)) {
		t.Errorf("%s: epochs differ", c.Precision)
	}
	if !reflect.DeepEqual(fused.State(), plain.State()) {
		t.Errorf("%s: states differ", c.Precision)
	}
}
