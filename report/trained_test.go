package report

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"nightshift/internal/array"
	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
	"nightshift/report/figure"
)

// trainedRun is what a training leaves behind, in the shape of the store.
type trainedRun struct {
	epochs  []store.Epoch
	outputs []float32
	weights []store.Snapshot
	out     mlp.Epoch // the last one
}

// trainOnce trains a network on generated data, as a runner does, and keeps the weights of every third epoch.
func trainOnce(c study.Config, seeds study.Seeds) (trainedRun, *dataset.Data) {
	files := dataset.NewFiles(nil)
	d, err := files.Load(c.Data, seeds.Data)
	must(err)
	part := func(s dataset.Split) mlp.Examples {
		return mlp.Examples{N: s.N, X: s.X, Labels: s.Labels, Targets: s.Targets}
	}
	tr, err := mlp.Start(c.Config, mlp.Data{In: d.In, Out: d.Out, Train: part(d.Train), Valid: part(d.Valid), Test: part(d.Test)},
		mlp.Seeds{Init: seeds.Init, Order: seeds.Order})
	must(err)
	var all trainedRun
	snapshot := func(epoch int) {
		var tensors []array.Tensor
		for _, w := range tr.Weights() {
			tensors = append(tensors, array.Tensor(w))
		}
		encoded, err := array.Safetensors(tensors, array.F32)
		must(err)
		all.weights = append(all.weights, store.Snapshot{Epoch: epoch, Tensors: encoded})
	}
	for {
		e, ok, err := tr.Next(context.Background())
		must(err)
		if !ok {
			break
		}
		all.out = e
		all.epochs = append(all.epochs, store.Epoch{Epoch: e.Epoch, Train: stored(e.Train, d), Valid: stored(e.Valid, d),
			Test: stored(e.Test, d)})
		if e.Epoch%3 == 0 {
			snapshot(e.Epoch)
		}
	}
	all.outputs = tr.Logits(part(d.Test))
	return all, d
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// stored are metrics as the store has them.
func stored(m mlp.Metrics, d *dataset.Data) store.Metrics {
	s := store.Metrics{Loss: known(m.Loss), MSE: known(m.MSE)}
	if !d.Regression {
		s.Error, s.NLL, s.Brier, s.ECE = known(m.Error), known(m.NLL), known(m.Brier), known(m.ECE)
	}
	return s
}

// cellOf is a cell of trained networks.
type cellOf struct {
	label string
	set   string
	edit  func(*study.Config)
}

// trainedNight trains some cells with a number of seeds each.
func trainedNight(name string, seeds int, cells ...cellOf) *night {
	n := newNight(name, "What do networks say?")
	for _, cell := range cells {
		spec, _ := dataset.Default(cell.set)
		spec.Train, spec.Valid, spec.Test = 60, 30, 40
		c := study.Config{Data: spec, Config: mlp.Default()}
		c.Hidden, c.Epochs, c.Batch = []int{6}, 9, 10
		cell.edit(&c)
		about, err := dataset.NewFiles(nil).Describe(c.Data)
		must(err)
		for seed := range uint64(seeds) {
			s := study.Seeds{Init: seed, Order: seed}
			one, d := trainOnce(c, s)
			if _, known := n.datasets[about.Fingerprint]; !known {
				text, err := json.Marshal(c.Data)
				must(err)
				n.datasets[about.Fingerprint] = store.Dataset{ID: about.Fingerprint, Spec: text, In: d.In, Out: d.Out,
					Regression: d.Regression, Classes: d.Classes, TestLabels: d.Test.Labels, TestTargets: d.Test.Targets,
					TestTruth: d.Test.Truth, NoiseVariance: d.NoiseVariance}
			}
			r := n.add([]study.AxisValue{{Axis: "pair", Label: cell.label}}, c, s)
			n.runs[len(n.runs)-1].Data = about.Fingerprint
			r.Data = about.Fingerprint
			n.finish(r, store.Done, one.epochs, one.outputs)
			n.results[len(n.results)-1].Weights = one.weights
			n.results[len(n.results)-1].Run.Digest = fmt.Sprintf("%s %d", cell.label, seed)
		}
	}
	return n
}

func plain(*study.Config) {}

// The nights of networks that were trained, each once.
var (
	trainedGlyphs = sync.OnceValue(func() *night {
		return trainedNight("glyphs", 3, cellOf{"softmax", "glyphs", plain}, cellOf{"sigmoid", "glyphs", func(c *study.Config) {
			c.Output, c.Loss = "sigmoid", "mse"
		}}, cellOf{"equal", "glyphs", func(c *study.Config) {
			c.Init, c.Activation = mlp.Choice{Name: "constant", Params: map[string]float64{"value": 0.01}}, mlp.Choice{Name: "sigmoid"}
		}})
	})
	trainedXOR = sync.OnceValue(func() *night {
		return trainedNight("xor", 3, cellOf{"two", "xor", plain}, cellOf{"deep", "spirals", func(c *study.Config) {
			c.Hidden = []int{5, 4}
		}})
	})
	trainedSine = sync.OnceValue(func() *night {
		return trainedNight("sine", 3, cellOf{"sine", "sine1d", func(c *study.Config) {
			c.Output, c.Loss, c.LR = "identity", "mse", 0.05
		}})
	})
)

// again is a night that can be saved anew.
func again(n *night) func() *night {
	return func() *night {
		c := *n
		c.runs, c.members, c.results = slices.Clone(n.runs), slices.Clone(n.members), slices.Clone(n.results)
		return &c
	}
}

// panelTitled finds a panel by its title.
func panelTitled(f figure.Figure, title string) *figure.Panel {
	for i := range f.Panels {
		if f.Panels[i].Title == title {
			return &f.Panels[i]
		}
	}
	return nil
}
