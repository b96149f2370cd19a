package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"nightshift/internal/study"
	"nightshift/mlp"
	"nightshift/runner"
)

// A step multiplies and adds once for each weight and example forwards, once
// for its gradient, and once for that of what comes into it, except of the inputs.
func TestWorkOfAStep(t *testing.T) {
	want := map[string]float64{
		"W1-lecture": 2 * 100 * (2*784*100 + 3*100*10),
		"W4-wide":    2 * 256 * (2*784*1024 + 3*(1024*1024+1024*10)),
		"W5-xor":     2 * 750 * (2*2*50 + 3*50*2),
	}
	for _, w := range stepWorkloads {
		if flop, ok := want[w.name]; ok && w.flop() != flop {
			t.Errorf("%s: %v, want %v", w.name, w.flop(), flop)
		}
		delete(want, w.name)
	}
	if len(want) > 0 {
		t.Errorf("there is no %v", want)
	}
}

// The limit of a step is that of its products, zeros left out, or that of moving the weights.
func TestShareOfTheLimit(t *testing.T) {
	l := &limits{gflops: 100, levels: []level{{"L1", 1, 400, 200}, {"L2", 10, 200, 100}, {"memory", 1000, 20, 10}}}
	w := stepWorkload{sizes: []int{2, 3, 4}, batch: 5}
	d := w.step(0.5)
	if want := (demand{2 * 5 * (2*0.5*6 + 3*12), 4 * (2*18 + 2*5*7 + 12), 4 * (18 + 2*5*7)}); d != want {
		t.Errorf("%+v, want %+v", d, want)
	}
	if d := w.evaluation(5, 0.5); d != (demand{2 * 5 * (3 + 12), 4 * 5 * 7, 4 * 5 * 7}) {
		t.Errorf("%+v", d)
	}
	for _, c := range []struct {
		d          demand
		held, want float64
	}{{demand{flop: 50e9}, 0, 0.5}, {demand{1, 50e9, 25e9}, 5000, 0.5}, {demand{1, 5e9, 2.5e9}, 1e6, 0.5}} {
		if got := l.share(c.d, c.held, time.Second); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%+v: %v, want %v", c, got, c.want)
		}
	}
}

func TestZerosOfInputs(t *testing.T) {
	for _, w := range stepWorkloads {
		data, _, from := w.data(20, 1, nil)
		share := 1 - nonzero(data, w.sizes[0])
		if w.mnist && (share < 0.78 || share > 0.84) || !w.mnist && share > 0 || !strings.HasPrefix(from, "random") {
			t.Errorf("%s: %s, a share of %.2f is 0", w.name, from, share)
		}
	}
}

// W7 trains every epoch and measures as a study does by default.
func TestTrainingOfW7(t *testing.T) {
	w := logged
	w.network.examples, w.test, w.epochs = 200, 100, 1
	var out bytes.Buffer
	if err := w.measure(context.Background(), Bench{Repeat: 1, DataDir: t.TempDir(), Out: &out}); err != nil {
		t.Fatal(err)
	}
	var got line
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Work != "W7-logged" || math.Abs(got.ExamplesPer*got.Seconds-200) > 1e-6 || got.Evaluation >= 1 {
		t.Errorf("%s", &out)
	}
	c := w.network.config()
	if c.Log != (mlp.Log{Every: 1, Layers: true}) || c.Output != "softmax" || c.Loss != "ce" {
		t.Errorf("%+v", c)
	}
}

func TestGridOfW6(t *testing.T) {
	temp := t.TempDir()
	dirs, from, err := digits([]string{t.TempDir()}, temp)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(from, "random") {
		t.Errorf("the data are from %s", from)
	}
	s, err := study.Parse("grid.yaml", gridStudy, nil)
	if err != nil {
		t.Fatal(err)
	}
	runs, err := s.Runs(runner.NewSources(dirs).Fingerprint)
	if err != nil {
		t.Fatal(err)
	}
	if len(runs) != 128 || runs[0].Epochs != 20 || runs[0].Batch != 32 {
		t.Errorf("%d runs of %d epochs in batches of %d", len(runs), runs[0].Epochs, runs[0].Batch)
	}
	b := Bench{Watch: func() (func(runner.Event), func()) { return func(runner.Event) {}, func() {} }}
	for _, n := range slices.Concat(gridNights, longNights) {
		n.set = append(n.set, "base.epochs=1", "grid.width=[2]", "grid.lr=[0.1]", "seeds=3")
		runs, err := n.train(context.Background(), b, dirs, t.TempDir())
		if err != nil || runs != 3 {
			t.Errorf("%s: %d runs, %v", n.work, runs, err)
		}
	}
}
