package mlp

import (
	"reflect"
	"sync"
	"testing"

	"nightshift/internal/stream"
	"nightshift/mlp/internal/kernel"
)

// sparse are examples that are mostly zeros, in enough columns for them to count.
func sparse() Data {
	r := stream.New("sparse", 1)
	draw := func(n int) Examples {
		e := Examples{N: n, X: make([]float32, n*80)}
		for i := range e.X {
			if r.IntN(5) == 0 {
				e.X[i] = float32(r.NormFloat64())
			}
		}
		for i := range n {
			e.Labels = append(e.Labels, int32(i%3))
		}
		return e
	}
	return Data{In: 80, Out: 3, Train: draw(70), Valid: draw(40), Test: draw(30)}
}

func TestPreparedDataGiveTheSameBits(t *testing.T) {
	for _, d := range []Data{blobs(), sparse()} {
		for _, precision := range []string{"float32", "float64"} {
			c := everything(t)
			c.Precision = precision
			alone := start(t, c, d, Seeds{1, 2})
			want := finish(t, alone)
			shared := Prepare(d)
			var together sync.WaitGroup
			for range 3 {
				together.Go(func() {
					tr, err := Start(c, shared, Seeds{1, 2})
					if err != nil {
						t.Error(err)
						return
					}
					if got := finish(t, tr); !reflect.DeepEqual(got, want) {
						t.Errorf("%s: epochs differ: %v and %v", precision, got, want)
					}
					if !reflect.DeepEqual(tr.Weights(), alone.Weights()) {
						t.Errorf("%s: weights differ", precision)
					}
				})
			}
			together.Wait()
		}
	}
}

// Leaving zeros out changes nothing: neither weights nor measurements, whatever a step does with the weights behind the
// inputs and wherever it is interrupted.
func TestZerosMayBeLeftOut(t *testing.T) {
	changes := map[string]func(*Config){
		"plain":         func(*Config) {},
		"unlogged":      func(c *Config) { c.Log.Layers = false },
		"float64":       func(c *Config) { c.Precision = "float64" },
		"small batches": func(c *Config) { c.Batch = 3 },
		"full batch":    func(c *Config) { c.Batch = 0 },
		"wide":          func(c *Config) { c.Hidden = []int{230} },
		"no hidden":     func(c *Config) { c.Hidden = nil },
		"l1":            func(c *Config) { c.L1 = 1e-2 },
		"l2":            func(c *Config) { c.L2 = 1e-2 },
		"clip":          func(c *Config) { c.Clip = 0.1 },
		"batch norm":    func(c *Config) { c.BatchNorm = true },
		"dropout":       func(c *Config) { c.Dropout.Hidden = 0.3 },
		"early stop":    func(c *Config) { c.EarlyStop, c.LR, c.Epochs = EarlyStop{Metric: "nll", Patience: 2}, 1, 30 },
		"everything":    func(c *Config) { *c = everything(t); c.Dropout.Input = 0 },
	}
	for _, o := range Optimizers() {
		changes[o.Name+" with weight decay"] = func(c *Config) {
			c.Optimizer, c.LR = o.Default(), 0.01
			c.Optimizer.Params["weight_decay"] = 0.1
		}
		if _, ok := o.Default().Params["momentum"]; ok {
			changes[o.Name+" with momentum"] = func(c *Config) {
				c.Optimizer = o.Default()
				c.Optimizer.Params["momentum"] = 0.9
			}
		}
	}
	for name, change := range changes {
		c := small()
		change(&c)
		if c.Precision == "float64" {
			sameWithZeros[float64](t, name, c)
		} else {
			sameWithZeros[float32](t, name, c)
		}
	}
}

func sameWithZeros[F kernel.Float](t *testing.T, name string, c Config) {
	t.Helper()
	full := newTraining[F](c, sparse(), Seeds{})
	full.sparse = nil
	for i := range full.inputs {
		dense := full.inputs[i].whole()
		if dense.Zeros == nil {
			t.Fatal("the zeros are not left out: choose data with more of them")
		}
		dense.Zeros = nil
		full.inputs[i].whole = func() kernel.Rows[F] { return dense }
	}
	want := finish(t, full)
	steps := 0
	got, last := interrupted(t, c, sparse(), Seeds{}, func() int { steps++; return 2 * steps })
	tr := last.(*training[F])
	if tr.sparse == nil {
		t.Fatalf("%s: no zeros are left out", name)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: epochs differ: %v and %v", name, got, want)
	}
	if !reflect.DeepEqual(tr.Weights(), full.Weights()) {
		t.Errorf("%s: weights differ", name)
	}
	if !reflect.DeepEqual(tr.State(), full.State()) {
		t.Errorf("%s: states differ", name)
	}
}
