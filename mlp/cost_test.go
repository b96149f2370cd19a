package mlp

import (
	"slices"
	"testing"

	"nightshift/mlp/internal/kernel"
)

// TestUpdatesCountTheSlotsThatTheyWrite: an update changes as many of its slots as
// the cost says, with the default parameters and with each of them at its least. A
// loop in Go counts more, whatever its slots.
func TestUpdatesCountTheSlotsThatTheyWrite(t *testing.T) {
	for _, r := range rules[float64]() {
		choices := []Choice{r.Default()}
		for _, p := range r.Params {
			c := r.Default()
			c.Params[p.Name] = p.Min
			choices = append(choices, c)
		}
		for _, choice := range choices {
			const n = 5
			slots := make([][]float64, r.slots)
			for i := range slots {
				slots[i] = make([]float64, n)
			}
			theta, g := make([]float64, n), []float64{0.1, -0.2, 0.3, -0.4, 0.5}
			r.update(choice.Params, 0.1, 1, theta, g, slots)
			written := 0.0
			for _, s := range slots {
				if !slices.Equal(s, make([]float64, n)) {
					written++
				}
			}
			if !r.vectorised {
				written += plainUpdate
			}
			c := Default()
			c.Optimizer = choice
			if got := c.updatePasses(); got != written {
				t.Errorf("%v: %v passes beside the parameters and the gradient are counted, an update does %v", choice, got, written)
			}
		}
	}
}

// TestAPlainLoopCountsMore: an optimiser of which nothing is said but its slots is
// taken to be a loop in Go.
func TestAPlainLoopCountsMore(t *testing.T) {
	adagrad, _ := find(rules[float64](), "adagrad", rule[float64].option)
	rmsprop, _ := find(rules[float64](), "rmsprop", rule[float64].option)
	c, d := Default(), Default()
	c.Optimizer, d.Optimizer = adagrad.Default(), rmsprop.Default()
	if adagrad.slots != rmsprop.slots || c.updatePasses() != d.updatePasses()+plainUpdate {
		t.Errorf("adagrad counts %v, rmsprop %v", c.updatePasses(), d.updatePasses())
	}
}

// TestCostCountsTheNetwork: parameters, weights and the examples of a step are
// those of a training.
func TestCostCountsTheNetwork(t *testing.T) {
	data := blobs()
	s := Shape{In: data.In, Out: data.Out, Train: data.Train.N, Nonzero: 1}
	for _, a := range activations {
		for _, hidden := range [][]int{{}, {7}, {5, 4, 3}} {
			for _, batch := range []int{0, 1, 32, 1000} {
				c := Default()
				c.Activation, c.Hidden, c.Batch, c.BatchNorm = a.Default(), hidden, batch, batch > 1
				tr := newTraining[float32](c, data, Seeds{})
				cost := c.Cost(s)
				products := 0.0
				units := -data.Out
				for i, l := range tr.net.layers {
					passes := 3.0
					if i == 0 {
						passes = 2 // nothing below learns
					}
					products += passes * float64(len(l.w))
					units += l.out
				}
				if cost.Parameters != len(tr.net.theta) || cost.Batch != tr.batchSize() || cost.Step.Products != products ||
					cost.Observed != units+data.Out || cost.Evaluation.Activations != float64(units) {
					t.Errorf("%s, hidden %v, batch %d: %+v", a.Name, hidden, batch, cost)
				}
			}
		}
	}
}

// TestMeasurementsAreThoseOfATraining counts the epochs that a training measures.
func TestMeasurementsAreThoseOfATraining(t *testing.T) {
	data := blobs()
	for _, every := range []int{0, 1, 3, 4, 100} {
		c := Default()
		c.Hidden, c.Epochs, c.Log.Every = []int{2}, 8, every
		tr := newTraining[float32](c, data, Seeds{})
		measured := -1 // without epoch 0
		for {
			e, ok, err := tr.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if !ok {
				break
			}
			if e.Measured {
				measured++
			}
			if got := c.Measurements(e.Epoch); got != measured {
				t.Errorf("every %d: %d measurements until epoch %d, counted %d", every, measured, e.Epoch, got)
			}
		}
	}
}

// TestZerosAreSkippedWhereTheyAreCounted: the inputs are compressed, and the cost
// is that of compressed ones, on the same side of the thresholds.
func TestZerosAreSkippedWhereTheyAreCounted(t *testing.T) {
	for _, in := range []int{63, 64} {
		for _, filled := range []int{1, 15, 16, 17} {
			x := make([]float32, 64*in)
			for i := range filled * in {
				x[i] = 1 // a share of filled/64
			}
			s := Shape{In: in, Out: 2, Train: 64, Nonzero: float64(filled) / 64}
			c := Default()
			compressed := kernel.Compress(x, in) != nil
			c.Hidden = []int{1000}
			dense := c.Cost(Shape{In: in, Out: 2, Train: 64, Nonzero: 1})
			got := c.Cost(s)
			if counted := got.Evaluation.Products < dense.Evaluation.Products; counted != compressed {
				t.Errorf("%d inputs, %d/64 of them not 0: compressed %v, counted so %v", in, filled, compressed, counted)
			}
			c.Dropout.Input = 0.5
			if dropped := c.Cost(s).Step.Products; dropped != dense.Step.Products {
				t.Errorf("dropped inputs: a step counts %v multiply-adds, want all %v", dropped, dense.Step.Products)
			}
		}
	}
}

// TestMemoryIsThatOfATraining adds up what a training holds on to.
func TestMemoryIsThatOfATraining(t *testing.T) {
	const n = 4000
	data := Data{In: 5, Out: 3, Train: Examples{N: n, X: make([]float32, 5*n), Labels: make([]int32, n)}}
	s := Shape{In: data.In, Out: data.Out, Train: data.Train.N, Nonzero: 1}
	for _, r := range rules[float32]() {
		c := Default()
		c.Optimizer, c.Hidden, c.Batch = r.Default(), []int{100, 600}, 500 // too wide for pieces
		tr := newTraining[float32](c, data, Seeds{})
		numbers := len(tr.net.theta) + len(tr.net.gradient) + len(tr.initial) + len(tr.beforeStep)
		for _, slot := range tr.optimizer.state {
			numbers += len(slot)
		}
		for _, l := range tr.net.layers {
			numbers += len(l.z) + len(l.d) + len(l.mask) + len(l.drop)
			if len(l.a) > 0 && &l.a[0] != &l.z[0] {
				numbers += len(l.a)
			}
		}
		held := float64(4*numbers + 8*len(tr.rows))
		if got := float64(c.Cost(s).Memory); got < held || got > 2.5*held {
			t.Errorf("%s: %v bytes are counted, a training holds %v", r.Name, got, held)
		}
	}
}

// Inputs of bytes take a byte each, unless steps are taken on all of them.
func TestMemoryOfBytes(t *testing.T) {
	c := Default()
	s := Shape{In: 784, Out: 10, Train: 50_000, Test: 10_000, Nonzero: 1}
	floats := c.Cost(s).Inputs
	s.Bytes = true
	if got, want := floats-c.Cost(s).Inputs, int64(3*784*60_000); got != want {
		t.Errorf("bytes save %d bytes, want %d", got, want)
	}
	c.Batch = 0
	if got := c.Cost(s).Inputs; got != floats {
		t.Errorf("steps on all bytes take %d bytes, want %d as floats take", got, floats)
	}
}
