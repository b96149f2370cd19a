package study

import (
	"testing"

	"nightshift/internal/dataset"
	"nightshift/mlp"
)

// TestMoreIsNeverLessWork: the law of every cost, at several networks.
func TestMoreIsNeverLessWork(t *testing.T) {
	more := map[string]func(*Config, *Shape){
		"inputs":        func(_ *Config, s *Shape) { s.In++ },
		"outputs":       func(_ *Config, s *Shape) { s.Out++ },
		"training":      func(_ *Config, s *Shape) { s.Train++ },
		"validation":    func(_ *Config, s *Shape) { s.Valid++ },
		"test":          func(_ *Config, s *Shape) { s.Test++ },
		"nonzero":       func(_ *Config, s *Shape) { s.Nonzero = min(1, s.Nonzero+0.1) },
		"width":         func(c *Config, _ *Shape) { c.Hidden = append([]int{c.Hidden[0] + 1}, c.Hidden[1:]...) },
		"depth":         func(c *Config, _ *Shape) { c.Hidden = append([]int{c.Hidden[0]}, c.Hidden...) },
		"epochs":        func(c *Config, _ *Shape) { c.Epochs++ },
		"smaller batch": func(c *Config, s *Shape) { c.Batch = max(1, c.examplesOfStep(*s)-1) },
		"log layers":    func(c *Config, _ *Shape) { c.Log.Layers = true },
		"log more":      func(c *Config, _ *Shape) { c.Log.Every = 1 },
		"early stop":    func(c *Config, _ *Shape) { c.EarlyStop.Patience = 3 },
		"batch norm":    func(c *Config, _ *Shape) { c.BatchNorm = true },
		"dropout":       func(c *Config, _ *Shape) { c.Dropout.Hidden = 0.5 },
		"float64":       func(c *Config, _ *Shape) { c.Precision = "float64" },
		"optimizer": func(c *Config, _ *Shape) {
			if c.Optimizer.Params["momentum"] == 0 {
				c.Optimizer = mlp.Choice{Name: "adam"}
			}
		},
		"momentum": func(c *Config, _ *Shape) {
			if c.Optimizer.Name == "sgd" {
				c.Optimizer = mlp.Choice{Name: "sgd", Params: map[string]float64{"momentum": 0.9}}
			}
		},
	}
	var configs []Config
	for _, hidden := range [][]int{{8}, {100}, {64, 32, 16}} {
		for _, batch := range []int{0, 1, 17, 1000000} {
			for _, every := range []int{1, 7} {
				c := Config{Data: dataset.Spec{Set: "xor"}, Config: mlp.Default()}
				c.Hidden, c.Batch, c.Log.Every, c.Log.Layers, c.Epochs = hidden, batch, every, batch == 17, 13
				configs = append(configs, c)
			}
		}
	}
	shapes := []Shape{{2, 2, 100, 0, 50, 1}, {784, 10, 5000, 1000, 10000, 0.19}, {64, 10, 1, 0, 0, 0.24}}
	for name, change := range more {
		for _, c := range configs {
			for _, s := range shapes {
				before := c.Work(s, 0, c.Epochs)
				d, u := c, s
				change(&d, &u)
				after := d.Work(u, 0, d.Epochs)
				for k := range before {
					if after[k] < before[k] {
						t.Errorf("%s: kind %d falls from %g to %g (hidden %v, batch %d, %+v)", name, k, before[k], after[k], c.Hidden, c.Batch, s)
					}
				}
			}
		}
	}
}

// TestWorkIsAddedUpByEpochs: parts of a training make the whole of it, but for
// the outputs on the test split, which every part would leave.
func TestWorkIsAddedUpByEpochs(t *testing.T) {
	c := Config{Config: mlp.Default()}
	c.Log.Every = 3
	s := Shape{4, 3, 100, 10, 0, 1}
	whole := c.Work(s, 0, 10)
	if parts := c.Work(s, 0, 4).Plus(c.Work(s, 4, 10)); parts != whole {
		t.Errorf("0 to 4 and 4 to 10 are %v, 0 to 10 is %v", parts, whole)
	}
}

// TestWorkByHand counts a training of two epochs in four steps.
func TestWorkByHand(t *testing.T) {
	c := Config{Config: mlp.Default()}
	c.Hidden, c.Batch, c.Epochs = []int{5}, 2, 2
	got := c.Work(Shape{In: 3, Out: 2, Train: 4, Valid: 1, Test: 2, Nonzero: 1}, 0, 2)
	const (
		first, rest = 3 * 5, 5 * 2
		trained     = 2 * 4           // examples
		evaluated   = 3*(4+1+2) + 2   // after epochs 0, 1, 2, and the outputs in the end
		parameters  = 15 + 5 + 10 + 2 // weights, biases
		updates     = parameters * (4*2 + 3*4 + 10)
	)
	want := Work{
		Setups: 1, Steps: 4, Products: trained*(2*first+3*rest) + evaluated*(first+rest),
		Units: 5 * (2*trained + evaluated), Updates: updates, Answers: 2 * (trained + 4*evaluated), Watched: 3 * 4 * (5 + 2),
	}
	if got != want {
		t.Errorf("work is %v, by hand %v", got, want)
	}
}
