package report

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
	"nightshift/report/figure"
)

// night is a study that was never trained: results with known properties, put
// into a database.
type night struct {
	study    store.Study
	runs     []store.Run
	members  []store.StudyRun
	datasets map[string]store.Dataset
	results  []store.Result
	remarks  []store.Remark
	epochs   int // of a run of glyphs
	rng      *rand.Rand
}

func newNight(name, question string) *night {
	return &night{
		study: store.Study{
			Study: name, Question: question, YAML: "study: " + name + "\nquestion: " + question + "\ndata: {set: glyphs}\n",
			Select: "valid_error",
			At:     time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC),
		},
		datasets: map[string]store.Dataset{},
		epochs:   10,
		rng:      rand.New(rand.NewPCG(1, 2)),
	}
}

func known(v float64) store.Number { return store.Number{V: v, Valid: true} }

// save writes the night to a new database.
func (n *night) save(t testing.TB) *store.DB {
	t.Helper()
	return n.saveAt(t, filepath.Join(t.TempDir(), "night.db"))
}

func (n *night) saveAt(t testing.TB, path string) *store.DB {
	t.Helper()
	ctx := context.Background()
	db, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	for _, d := range n.datasets {
		if err := db.PutDataset(ctx, d); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.PutStudy(ctx, n.study, n.runs, n.members); err != nil {
		t.Fatal(err)
	}
	if err := db.Finish(ctx, n.results...); err != nil {
		t.Fatal(err)
	}
	if err := db.PutRemarks(ctx, n.remarks...); err != nil {
		t.Fatal(err)
	}
	return db
}

// add plans a run; without a result it stays pending.
func (n *night) add(axes []study.AxisValue, c study.Config, seeds study.Seeds) store.Run {
	config, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	label := ""
	for i, a := range axes {
		if i > 0 {
			label += ", "
		}
		label += placeLabel(a)
	}
	place, err := json.Marshal(axes)
	if err != nil {
		panic(err)
	}
	r := store.Run{
		ID:   fmt.Sprintf("%04d%060x", len(n.runs), 7),
		Cell: fmt.Sprintf("%s %s", config, place), Label: label, Status: store.Pending,
		SeedData: seeds.Data, SeedInit: seeds.Init, SeedOrder: seeds.Order, Config: config, Data: c.Data.Set,
		Parameters: 1000,
	}
	n.runs = append(n.runs, r)
	n.members = append(n.members, store.StudyRun{Study: n.study.Study, RunID: r.ID, CellLabel: label, Axes: place})
	return r
}

func (n *night) finish(r store.Run, status store.Status, epochs []store.Epoch, outputs []float32) {
	r.Status = status
	r.Epochs = epochs[len(epochs)-1].Epoch
	last := epochs[len(epochs)-1]
	r.Train, r.Valid, r.Test = last.Train, last.Valid, last.Test
	r.Seconds = 1.5
	r.Started = time.Date(2026, 3, 1, 22, 0, len(n.results), 0, time.UTC)
	r.Finished = r.Started.Add(1500 * time.Millisecond)
	r.Provenance = store.Provenance{
		Version: "0.1", Commit: "0123abcd", Go: "go1.26.8", OS: "linux/amd64", CPU: "some CPU", Host: "bench", Kernel: "avx2",
	}
	if status == store.Diverged {
		r.Reason = "the training loss became NaN in epoch 3"
	}
	n.results = append(n.results, store.Result{Run: r, Epochs: epochs, Outputs: outputs})
}

// learning makes the epochs of a classification whose error falls from 90 %
// towards floor at a rate.
func (n *night) learning(epochs int, rate, floor, loss float64, diverge bool) []store.Epoch {
	wobble := 1 + 0.1*n.rng.NormFloat64()
	var all []store.Epoch
	for e := range epochs + 1 {
		left := math.Exp(-rate * wobble * float64(e))
		at := func(gap float64) store.Metrics {
			err := math.Max(0, floor*wobble+(0.9-floor)*left+gap+0.004*n.rng.NormFloat64())
			return store.Metrics{
				Loss: known(loss * (0.02 + left + gap + 0.002*n.rng.Float64())), Error: known(err), MSE: known(err / 5),
				NLL: known(2.3 * left), Brier: known(err), ECE: known(0.02),
			}
		}
		one := store.Epoch{Epoch: e, Steps: 20 * e, LR: 0.1, Seconds: 0.15 * float64(e), Train: at(0), Valid: at(0.02),
			Test: at(0.02)}
		if diverge && e == 3 {
			one.Train.Loss = known(math.NaN())
			return append(all, one)
		}
		all = append(all, one)
	}
	return all
}

func choice(name string) mlp.Choice { return mlp.Choice{Name: name} }

// glyphs adds a comparison of two pairs over learning rates. The softmax learns
// best at 0.1, the sigmoid at 1; at 10 some softmax runs diverge.
func (n *night) glyphs(seeds int, lrs ...float64) {
	labels := make([]int32, 500)
	for i := range labels {
		labels[i] = int32(i % 10)
	}
	n.datasets["glyphs"] = store.Dataset{ID: "glyphs", In: 784, Out: 10,
		Classes: []string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}, TestLabels: labels,
		Spec: json.RawMessage(`{"set":"glyphs"}`)}
	for seed := range uint64(seeds) {
		for p, pair := range []struct{ label, output, loss string }{{"sigmoid+mse", "sigmoid", "mse"},
			{"softmax+ce", "softmax", "ce"}} {
			for at, lr := range lrs {
				c := study.Config{Data: dataset.Spec{Set: "glyphs", Train: 1000, Test: 500}, Config: mlp.Config{
					Hidden: []int{50}, Activation: choice("sigmoid"), Output: pair.output, Loss: pair.loss, Reduction: "mean",
					LR: lr, Epochs: n.epochs,
				}}
				axes := []study.AxisValue{{Axis: "pair", Label: pair.label}, {Axis: "lr", Label: figure.Decimal(lr), Value: lr}}
				r := n.add(axes, c, study.Seeds{Init: seed, Order: seed})
				distance := math.Abs(math.Log10(lr) - []float64{0, -1}[p])
				epochs := n.learning(n.epochs, 0.9/(1+2*distance), 0.03+0.06*distance+0.03*float64(1-p), []float64{0.1, 2.3}[p],
					p == 1 && lr >= 10 && seed%2 == 0)
				status := store.Done
				if last := epochs[len(epochs)-1]; math.IsNaN(last.Train.Loss.V) {
					status = store.Diverged
				}
				n.finish(r, status, epochs, nil)
				for _, e := range epochs { // units die by the epoch, the faster the larger the learning rate
					last := &n.results[len(n.results)-1]
					last.Layers = append(last.Layers, deadLayer(e.Epoch, 0, glyphsDead(e.Epoch, at, seed)),
						store.Layer{Epoch: e.Epoch, Layer: 1})
				}
			}
		}
	}
}

// glyphsDead is the share of hidden units that is dead at a place on the axis of
// learning rates.
func glyphsDead(epoch, lr int, seed uint64) float64 {
	return float64(epoch) * (0.002*float64(lr) + 0.001*float64(seed)*float64(min(lr, 1)))
}

// The known answer of the sine: squared bias and variance at a width, noise.
func sineBias2(width float64) float64    { return 0.3 / (width * width) }
func sineVariance(width float64) float64 { return 0.004 * width }

const sineNoise = 0.09

// sine adds a width sweep on fresh training sets with known bias and variance.
func (n *night) sine(sets, inits int, widths ...int) {
	const points = 200
	d := store.Dataset{ID: "sine1d", In: 1, Out: 1, Regression: true, NoiseVariance: sineNoise,
		Spec: json.RawMessage(`{"set":"sine1d"}`)}
	for i := range points {
		truth := math.Sin(2*math.Pi*float64(i)/points - math.Pi)
		d.TestTruth = append(d.TestTruth, float32(truth))
		d.TestTargets = append(d.TestTargets, float32(truth+math.Sqrt(sineNoise)*n.rng.NormFloat64()))
	}
	n.datasets["sine1d"] = d
	for set := range uint64(sets) {
		for init := range uint64(inits) {
			for _, width := range widths {
				w := float64(width)
				c := study.Config{Data: dataset.Spec{Set: "sine1d", Train: 30, Test: points}, Config: mlp.Config{
					Hidden: []int{width}, Activation: choice("tanh"), Output: "identity", Loss: "mse", Reduction: "mean",
					LR: 0.01, Epochs: 100,
				}}
				r := n.add([]study.AxisValue{{Axis: "lr", Label: "0.01", Value: 0.01},
					{Axis: "width", Label: fmt.Sprint(width), Value: width}}, c, study.Seeds{Data: set, Init: init})
				outputs := make([]float32, points)
				mse := 0.0
				for i, t := range d.TestTruth {
					outputs[i] = t + float32(math.Sqrt(sineBias2(w))*math.Pow(-1, float64(i))) +
						float32(math.Sqrt(sineVariance(w))*n.rng.NormFloat64())
					mse += math.Pow(float64(outputs[i]-d.TestTargets[i]), 2) / points
				}
				var epochs []store.Epoch
				for e := 0; e <= 100; e += 10 {
					at := func(v float64) store.Metrics {
						v += 0.8 * math.Exp(-float64(e)/15)
						return store.Metrics{Loss: known(v), MSE: known(v)}
					}
					epochs = append(epochs, store.Epoch{Epoch: e, Steps: e, Train: at(sineNoise * (1 - w/60)), Valid: at(mse),
						Test: at(mse)})
				}
				n.finish(r, store.Done, epochs, outputs)
			}
		}
	}
}

// full is the night that every figure can be made of.
func full() *night {
	n := newNight("synthetic", "Does softmax + cross-entropy learn faster than sigmoid + MSE?")
	n.glyphs(5, 0.01, 0.1, 1, 10)
	n.sine(10, 1, 1, 2, 4, 8, 16, 32)
	return n
}
