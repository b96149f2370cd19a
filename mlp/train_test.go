package mlp

import (
	"context"
	"math"
	"reflect"
	"testing"

	"nightshift/internal/stream"
)

// finish trains to the end and returns all epochs.
func finish(t testing.TB, tr Training) []Epoch {
	t.Helper()
	var epochs []Epoch
	for {
		e, ok, err := tr.Next(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return epochs
		}
		epochs = append(epochs, e)
	}
}

func start(t testing.TB, c Config, d Data, s Seeds) Training {
	t.Helper()
	tr, err := Start(c, d, s)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// pick is an alternative of a table with its defaults.
func pick(t testing.TB, table []Option, name string) Choice {
	t.Helper()
	o, ok := find(table, name, func(o Option) Option { return o })
	if !ok {
		t.Fatalf("no %s", name)
	}
	return o.Default()
}

// xor is the four corners of the unit square; every one is an example.
func xor() Data {
	e := Examples{N: 4, X: []float32{0, 0, 0, 1, 1, 0, 1, 1}, Labels: []int32{0, 1, 1, 0}}
	return Data{In: 2, Out: 2, Train: e, Valid: e, Test: e}
}

// blobs are three overlapping clouds in five dimensions.
func blobs() Data {
	r := stream.New("blobs", 1)
	draw := func(n int) Examples {
		e := Examples{N: n}
		for i := range n {
			e.Labels = append(e.Labels, int32(i%3))
			for k := range 5 {
				e.X = append(e.X, float32(r.NormFloat64()+float64((i%3)*(k%2))))
			}
		}
		return e
	}
	return Data{In: 5, Out: 3, Train: draw(70), Valid: draw(40), Test: draw(30)}
}

// small is a configuration that trains on blobs in a few milliseconds.
func small() Config {
	c := Default()
	c.Hidden, c.Batch, c.Epochs = []int{8, 6}, 16, 5
	return c
}

func TestXORNeedsANonlinearity(t *testing.T) {
	c := Default()
	c.Hidden, c.Batch, c.Epochs = []int{8}, 0, 500
	got := finish(t, start(t, c, xor(), Seeds{Init: 1}))
	if last := got[500]; last.Train.Error != 0 || last.Train.Loss > 0.05 {
		t.Errorf("ReLU: %+v", last.Train)
	}
	c.Activation = Choice{Name: "identity"}
	got = finish(t, start(t, c, xor(), Seeds{Init: 1}))
	if last := got[500]; last.Train.Loss < math.Ln2-1e-7 || last.Train.Loss > math.Ln2+1e-4 {
		t.Errorf("linear: %+v", last.Train)
	}
}

// everything switches on what a configuration can have.
func everything(t testing.TB) Config {
	c := small()
	c.Activation = pick(t, Activations(), "prelu")
	c.Optimizer = pick(t, Optimizers(), "adam")
	c.Optimizer.Params["weight_decay"] = 0.01
	c.LR, c.Clip, c.L1, c.L2, c.LabelSmoothing = 0.01, 1, 1e-4, 1e-3, 0.1
	c.ClassWeights = []float64{1, 2, 3}
	c.BatchNorm, c.Dropout = true, Dropout{Input: 0.1, Hidden: 0.3}
	return c
}

func TestTrainingLeavesTheDataAlone(t *testing.T) {
	d, same := blobs(), blobs()
	finish(t, start(t, everything(t), d, Seeds{}))
	if !reflect.DeepEqual(d, same) {
		t.Error("training wrote to its data")
	}
}

// Every purpose draws from a generator of its own.
func TestDropoutMovesNeitherWeightsNorOrder(t *testing.T) {
	plain, dropped := small(), small()
	dropped.Dropout.Hidden = 0.5
	a := newTraining[float32](plain, blobs(), Seeds{1, 2})
	b := newTraining[float32](dropped, blobs(), Seeds{1, 2})
	if !reflect.DeepEqual(a.Weights(), b.Weights()) {
		t.Error("initial weights differ")
	}
	for range 3 {
		finishEpoch(t, a)
		finishEpoch(t, b)
		if !reflect.DeepEqual(a.rows, b.rows) {
			t.Error("order differs")
		}
	}
	if reflect.DeepEqual(a.Weights(), b.Weights()) {
		t.Error("dropout does nothing")
	}

	biased := small()
	biased.Init, biased.BiasInit = normalSD.Default(), normalSD.Default()
	c := newTraining[float32](biased, blobs(), Seeds{1, 2})
	biased.BiasInit = zeros.Default()
	d := newTraining[float32](biased, blobs(), Seeds{1, 2})
	if !reflect.DeepEqual(c.net.layers[1].w, d.net.layers[1].w) {
		t.Error("other biases gave other weights")
	}
	if c.net.layers[0].b[0] == c.net.layers[0].w[0] {
		t.Error("biases repeat the numbers of the weights")
	}
}

func finishEpoch(t testing.TB, tr Training) Epoch {
	t.Helper()
	e, ok, err := tr.Next(context.Background())
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	return e
}

func TestEpochsSeeEveryExampleOnce(t *testing.T) {
	tr := newTraining[float32](small(), blobs(), Seeds{})
	finishEpoch(t, tr)
	var orders [2][]int
	for k := range orders {
		e := finishEpoch(t, tr)
		if e.Steps != 5*(k+1) { // 70 examples: four batches of 16 and one of 6
			t.Errorf("%d steps after epoch %d", e.Steps, k+1)
		}
		orders[k] = append([]int(nil), tr.rows...)
		seen := make([]bool, len(tr.rows))
		for _, i := range tr.rows {
			seen[i] = true
		}
		for i, s := range seen {
			if !s {
				t.Errorf("example %d is missing", i)
			}
		}
	}
	if reflect.DeepEqual(orders[0], orders[1]) {
		t.Error("both epochs have the same order")
	}
}

func TestStepsDoNotAllocate(t *testing.T) {
	for name, c := range map[string]Config{"default": small(), "everything": everything(t)} {
		for _, r := range Optimizers() {
			c.Optimizer = r.Default()
			tr := newTraining[float32](c, blobs(), Seeds{})
			tr.step(tr.rows[:16], 0.01, true)
			if a := testing.AllocsPerRun(20, func() {
				tr.step(tr.rows[:16], 0.01, false)
				tr.step(tr.rows[16:22], 0.01, true)
			}); a != 0 {
				t.Errorf("%s, %s: %v allocations", name, r.Name, a)
			}
			tr.measureAll(&Epoch{})
			if a := testing.AllocsPerRun(5, func() {
				tr.net.evaluate(&tr.data.Train, tr.inputs[0], tr.stats)
			}); a != 0 {
				t.Errorf("%s: %v allocations in an evaluation", name, a)
			}
		}
	}
}

// The training objective has to fall for every optimiser, activation and
// objective on an easy problem.
func TestEveryChoiceLearns(t *testing.T) {
	learn := func(name string, set func(*Config)) {
		c := small()
		c.Epochs, c.LR, c.Log.Layers = 15, 0.03, false
		set(&c)
		got := finish(t, start(t, c, blobs(), Seeds{Init: 2}))
		if first, last := got[0].Train, got[len(got)-1].Train; !(last.Loss < 0.98*first.Loss) {
			t.Errorf("%s: loss from %v to %v", name, first.Loss, last.Loss)
		}
	}
	for _, o := range Optimizers() {
		learn(o.Name, func(c *Config) { c.Optimizer = o.Default() })
	}
	for _, a := range Activations() {
		learn(a.Name, func(c *Config) { c.Activation = a.Default() })
	}
	for _, o := range objectives {
		learn(o.name(), func(c *Config) { c.Output, c.Loss = o.Output, o.Loss })
	}
	for _, s := range Schedules() {
		learn(s.Name, func(c *Config) { c.Schedule = s.Default() })
	}
}

func TestRegressionLearnsALine(t *testing.T) {
	e := Examples{N: 50}
	for i := range e.N {
		x := float32(i)/25 - 1
		e.X, e.Targets = append(e.X, x), append(e.Targets, 3*x-1)
	}
	c := Default()
	c.Hidden, c.Output, c.Loss, c.Epochs = nil, "identity", "mse", 200
	tr := start(t, c, Data{In: 1, Out: 1, Train: e}, Seeds{})
	got := finish(t, tr)
	last := got[200]
	if last.Train.MSE > 1e-9 || last.Train.Loss != last.Train.MSE || !math.IsNaN(last.Train.Error) || last.Test != (Metrics{}) {
		t.Errorf("%+v", last)
	}
	w := tr.Weights()
	near(t, "slope", w[0].Data[0], 3, 1e-4)
	near(t, "intercept", w[1].Data[0], -1, 1e-4)
}

func TestBatchNormSurvivesALastBatchOfOne(t *testing.T) {
	c := small()
	c.BatchNorm, c.Batch = true, 23 // 70 = 3·23+1
	got := finish(t, start(t, c, blobs(), Seeds{}))
	if last := got[len(got)-1]; last.Diverged || last.Train.Error > 0.5 {
		t.Errorf("%+v", last)
	}
}
