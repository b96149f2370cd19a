package mlp

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"

	"nightshift/internal/stream"
)

// Descending the mean over C outputs with rate C·η is descending the sum with η.
func TestMeanAndSumDifferByTheRate(t *testing.T) {
	for _, o := range objectives {
		if !o.reduces {
			continue
		}
		c := small()
		c.Precision, c.Output, c.Loss = "float64", o.Output, o.Loss
		c.Optimizer.Params = map[string]float64{"momentum": 0.5, "weight_decay": 0}
		c.Reduction, c.LR = "sum", 0.01
		sum := start(t, c, blobs(), Seeds{})
		c.Reduction, c.LR = "mean", 0.03
		mean := start(t, c, blobs(), Seeds{})
		a, b := finish(t, sum), finish(t, mean)
		near(t, o.name()+": loss", a[5].Train.Loss, 3*b[5].Train.Loss, 1e-12)
		near(t, o.name()+": canonical MSE", a[5].Train.MSE, b[5].Train.MSE, 1e-13)
		w := mean.Weights()
		for i, s := range sum.Weights() {
			for k, v := range s.Data {
				near(t, o.name()+": "+s.Name, v, w[i].Data[k], 1e-13)
			}
		}
	}
}

func TestWeightDecayOfSGDIsL2(t *testing.T) {
	c := small()
	c.Precision, c.L2 = "float64", 0.05
	penalised := start(t, c, blobs(), Seeds{})
	finish(t, penalised)
	c.L2, c.Optimizer.Params = 0, map[string]float64{"momentum": 0, "weight_decay": 0.05}
	decayed := start(t, c, blobs(), Seeds{})
	finish(t, decayed)
	w := decayed.Weights()
	for i, p := range penalised.Weights() {
		for k, v := range p.Data {
			near(t, p.Name, v, w[i].Data[k], 1e-14)
		}
	}
}

// Decoupled decay by a thousandth a step shrinks weights, but not the slopes.
func TestNoDecayOfSlopes(t *testing.T) {
	c := small()
	c.Activation, c.Optimizer = pick(t, Activations(), "prelu"), pick(t, Optimizers(), "adamw")
	c.LR, c.Optimizer.Params["weight_decay"] = 1e-6, 1e3
	got := finish(t, start(t, c, blobs(), Seeds{}))
	first, last := got[0].Layers, got[5].Layers
	near(t, "alpha", last[0].Alpha, 0.25, 1e-4)
	near(t, "alpha of the output", last[2].Alpha, 0, 0)
	near(t, "weights", last[0].Weight/first[0].Weight, math.Pow(0.999, 25), 1e-3)
}

// Nothing breaks the symmetry of equal weights. With tanh or ReLU not even the
// gradient of a weight is other than 0, and only the output biases learn.
func TestZeroWeightsKeepUnitsIdentical(t *testing.T) {
	for _, name := range []string{"sigmoid", "tanh", "relu", "softplus"} {
		c := small()
		c.Hidden, c.Activation, c.Init = []int{6}, Choice{Name: name}, zeros.Default()
		c.Epochs, c.LR = 10, 1
		tr := newTraining[float64](c, blobs(), Seeds{})
		got := finish(t, tr)
		w := tr.net.layers[0].w
		for i := range w {
			near(t, name, w[i], w[i%5], 0)
		}
		learns := name == "sigmoid" || name == "softplus"
		if moved := got[10].Layers[0].Distance > 0; moved != learns {
			t.Errorf("%s: weights moved: %v", name, moved)
		}
	}
}

func TestDropoutKeepsTheExpectation(t *testing.T) {
	const n = 200_000
	a, h, mask := make([]float64, n), make([]float64, n), make([]float64, n)
	fill(a, 2)
	dropout(h, a, mask, 0.3, stream.New("test", 1))
	zero := 0.0
	for i, v := range h {
		if v == 0 {
			zero++
		} else {
			near(t, "kept unit", v, 2/0.7, 1e-15)
		}
		near(t, "mask", mask[i]*a[i], v, 0)
	}
	// Five standard errors.
	near(t, "dropped share", zero/n, 0.3, 5*math.Sqrt(0.21/n))
	near(t, "mean", stat.Mean(h, nil), 2, 5*2*math.Sqrt(0.3/0.7/n))
}

func TestDropoutIsOffInEvaluation(t *testing.T) {
	c := small()
	plain := newTraining[float32](c, blobs(), Seeds{})
	c.Dropout = Dropout{Input: 0.5, Hidden: 0.5}
	dropped := newTraining[float32](c, blobs(), Seeds{})
	if a, b := finishEpoch(t, plain), finishEpoch(t, dropped); a.Train != b.Train {
		t.Errorf("%+v and %+v", a.Train, b.Train)
	}
}

// After enough batches of the same distribution the running statistics are
// those of the units, and evaluation agrees with training.
func TestBatchNormStatistics(t *testing.T) {
	c := Default()
	c.Hidden, c.BatchNorm, c.Activation = []int{2}, true, Choice{Name: "identity"}
	n := newNet[float64](c, 1, 2)
	n.layers[0].w[0], n.layers[0].w[1] = 3, -1
	n.layers[0].b[1] = 5
	r := stream.New("test", 1)
	const rows = 500
	x := make([]float64, rows)
	n.grow(rows)
	for range 200 {
		for i := range x {
			x[i] = 2 + r.NormFloat64()
		}
		n.forward(n.all(x), true, nil)
		n.layers[0].batchNorm.track(rows)
	}
	b := n.layers[0].batchNorm
	for o, want := range []struct{ mean, variance float64 }{{6, 9}, {3, 1}} {
		near(t, "running mean", b.mean[o], want.mean, 0.05)
		near(t, "running variance", b.variance[o], want.variance, 0.3)
	}
	var units [2][]float64
	for i, v := range n.layers[0].a[:2*rows] {
		units[i%2] = append(units[i%2], v)
	}
	for _, u := range units {
		mean, sd := stat.PopMeanStdDev(u, nil)
		near(t, "mean of a batch", mean, 0, 1e-12)
		near(t, "SD of a batch", sd, 1, 1e-4)
	}
	training := append([]float64(nil), n.layers[0].a...)
	n.forward(n.all(x), false, nil)
	for i, v := range n.layers[0].a {
		near(t, "evaluation", v, training[i], 0.3)
	}
}

func TestClippingBoundsTheStep(t *testing.T) {
	c := Default()
	c.Clip = 0.5
	o := newOptimizer[float64](c, 2)
	for _, g := range [][]float64{{3, 4}, {0.03, 0.04}} {
		theta := make([]float64, 2)
		length := norm(g)
		o.step(1, theta, g, nil, nil)
		near(t, "step", norm(theta), math.Min(0.5, length), 1e-6)
		near(t, "direction", theta[0]/theta[1], 0.75, 1e-12)
	}
}

// The first step of Adam is the rate along the sign of the gradient.
func TestFirstStepOfAdam(t *testing.T) {
	c := Default()
	c.Optimizer = pick(t, Optimizers(), "adam")
	o := newOptimizer[float64](c, 2)
	theta := []float64{1, 1}
	o.step(0.1, theta, []float64{1e-3, -40}, nil, nil)
	near(t, "up", theta[0], 0.9, 1e-5)
	near(t, "down", theta[1], 1.1, 1e-5)
}

// A gradient of zero and no decay leave the parameters where they are.
func TestOptimizersRestAtAMinimum(t *testing.T) {
	for _, r := range Optimizers() {
		c := Default()
		c.Optimizer = r.Default()
		c.Optimizer.Params["weight_decay"] = 0
		o := newOptimizer[float32](c, 2)
		theta := []float32{1, -2}
		for range 3 {
			o.step(0.1, theta, []float32{0, 0}, [][]float32{theta}, [][]float32{{0, 0}})
		}
		if theta[0] != 1 || theta[1] != -2 {
			t.Errorf("%s: %v", r.Name, theta)
		}
	}
}

// A schedule begins at the full rate and never raises it; a warm-up of w epochs
// multiplies it with min(1, (t+1)/w).
func TestScheduleLaws(t *testing.T) {
	for _, s := range schedules {
		t.Run(s.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				c := Default()
				c.Epochs = rapid.IntRange(1, 200).Draw(t, "epochs")
				c.LR = rapid.Float64Range(1e-6, 10).Draw(t, "lr")
				c.Schedule = s.Default()
				before := c.rate(0)
				if before != c.LR {
					t.Fatalf("begins at %v of %v", before, c.LR)
				}
				for epoch := 1; epoch < c.Epochs; epoch++ {
					rate := c.rate(epoch)
					if !(0 <= rate && rate <= before) {
						t.Fatalf("%v, then %v in epoch %d", before, rate, epoch)
					}
					before = rate
				}
				warm := c
				w := rapid.IntRange(1, 50).Draw(t, "warmup")
				warm.Schedule.Params = map[string]float64{"warmup": float64(w)}
				for name, v := range c.Schedule.Params {
					if name != "warmup" {
						warm.Schedule.Params[name] = v
					}
				}
				for epoch := range c.Epochs {
					want := c.rate(epoch) * math.Min(1, float64(epoch+1)/float64(w))
					if got := warm.rate(epoch); math.Abs(got-want) > 1e-12*c.LR {
						t.Fatalf("epoch %d of a warm-up of %d: %v, want %v", epoch, w, got, want)
					}
				}
			})
		})
	}
}
