package cost

import (
	"testing"

	"nightshift/mlp"
)

// TestMoreIsNeverLessWork: the law of every cost, at several networks.
func TestMoreIsNeverLessWork(t *testing.T) {
	more := map[string]func(*mlp.Config, *mlp.Shape){
		"inputs":        func(_ *mlp.Config, s *mlp.Shape) { s.In++ },
		"outputs":       func(_ *mlp.Config, s *mlp.Shape) { s.Out++ },
		"training":      func(_ *mlp.Config, s *mlp.Shape) { s.Train++ },
		"validation":    func(_ *mlp.Config, s *mlp.Shape) { s.Valid++ },
		"test":          func(_ *mlp.Config, s *mlp.Shape) { s.Test++ },
		"nonzero":       func(_ *mlp.Config, s *mlp.Shape) { s.Nonzero = min(1, s.Nonzero+0.01) },
		"width":         func(c *mlp.Config, _ *mlp.Shape) { c.Hidden = append([]int{c.Hidden[0] + 1}, c.Hidden[1:]...) },
		"depth":         func(c *mlp.Config, _ *mlp.Shape) { c.Hidden = append([]int{c.Hidden[0]}, c.Hidden...) },
		"epochs":        func(c *mlp.Config, _ *mlp.Shape) { c.Epochs++ },
		"smaller batch": func(c *mlp.Config, s *mlp.Shape) { c.Batch = max(1, c.Cost(*s).Batch-1) },
		"log layers":    func(c *mlp.Config, _ *mlp.Shape) { c.Log.Layers = true },
		"log more":      func(c *mlp.Config, _ *mlp.Shape) { c.Log.Every = 1 },
		"early stop":    func(c *mlp.Config, _ *mlp.Shape) { c.EarlyStop.Patience = 3 },
		"batch norm":    func(c *mlp.Config, _ *mlp.Shape) { c.BatchNorm = true },
		"dropout":       func(c *mlp.Config, _ *mlp.Shape) { c.Dropout.Hidden = 0.5 },
		"float64":       func(c *mlp.Config, _ *mlp.Shape) { c.Precision = "float64" },
		"optimizer": func(c *mlp.Config, _ *mlp.Shape) {
			if c.Optimizer.Params["momentum"] == 0 {
				c.Optimizer = mlp.Choice{Name: "adam"}
			}
		},
		"momentum": func(c *mlp.Config, _ *mlp.Shape) {
			if c.Optimizer.Name == "sgd" {
				c.Optimizer = mlp.Choice{Name: "sgd", Params: map[string]float64{"momentum": 0.9}}
			}
		},
	}
	var configs []mlp.Config
	for _, hidden := range [][]int{{8}, {100}, {64, 32, 16}} {
		for _, batch := range []int{0, 1, 17, 1000000} {
			for _, every := range []int{1, 7} {
				c := mlp.Default()
				c.Hidden, c.Batch, c.Log.Every, c.Log.Layers, c.Epochs = hidden, batch, every, batch == 17, 13
				configs = append(configs, c)
			}
		}
	}
	shapes := []mlp.Shape{
		{In: 2, Out: 2, Train: 100, Test: 50, Nonzero: 1},
		{In: 784, Out: 10, Train: 5000, Valid: 1000, Test: 10000, Nonzero: 0.19},
		{In: 64, Out: 10, Train: 1, Nonzero: 0.24},
	}
	for name, change := range more {
		for _, c := range configs {
			for _, s := range shapes {
				before := Training(c, s, 0, c.Epochs)
				d, u := c, s
				change(&d, &u)
				after := Training(d, u, 0, d.Epochs)
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
	c := mlp.Default()
	c.Log.Every = 3
	s := mlp.Shape{In: 4, Out: 3, Train: 100, Valid: 10, Nonzero: 1}
	whole := Training(c, s, 0, 10)
	if parts := Training(c, s, 0, 4).Plus(Training(c, s, 4, 10)); parts != whole {
		t.Errorf("0 to 4 and 4 to 10 are %v, 0 to 10 is %v", parts, whole)
	}
}

// TestWorkByHand counts a training of two epochs in four steps.
func TestWorkByHand(t *testing.T) {
	c := mlp.Default()
	c.Hidden, c.Batch, c.Epochs = []int{5}, 2, 2
	got := Training(c, mlp.Shape{In: 3, Out: 2, Train: 4, Valid: 1, Test: 2, Nonzero: 1}, 0, 2)
	const (
		first, rest = 3 * 5, 5 * 2
		trained     = 2 * 4           // examples
		evaluated   = 3*(4+1+2) + 2   // after epochs 0, 1, 2, and the outputs in the end
		parameters  = 15 + 5 + 10 + 2 // weights, biases
		updates     = parameters * (4*2 + 3*4 + 10)
	)
	want := Work{
		Setups: 1, Steps: 4, Products: trained*(2*first+3*rest) + evaluated*(first+rest),
		Activations: 5 * (2*trained + evaluated), Updates: updates, Outputs: 2 * (trained + 4*evaluated), Observed: 3 * 4 * (5 + 2),
	}
	if got != want {
		t.Errorf("work is %v, by hand %v", got, want)
	}
}
