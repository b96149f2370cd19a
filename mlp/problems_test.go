package mlp

import (
	"math"
	"strings"
	"testing"
)

func TestEveryLegalConfigurationIsFreeOfProblems(t *testing.T) {
	free := func(c Config, regression bool) {
		t.Helper()
		if p := c.Problems(3, regression); p != nil {
			t.Errorf("%+v", p)
		}
	}
	free(Default(), false)
	for _, o := range objectives {
		c := Default()
		c.Output, c.Loss = o.Output, o.Loss
		free(c, false)
		if o.regression {
			free(c, true)
		}
		if o.reduces {
			c.Reduction = "sum"
			free(c, false)
		}
	}
	for _, table := range []struct {
		options []Option
		set     func(*Config, Choice)
	}{
		{Activations(), func(c *Config, v Choice) { c.Activation = v }},
		{Initializers(), func(c *Config, v Choice) { c.Init = v }},
		{BiasInitializers(), func(c *Config, v Choice) { c.BiasInit = v }},
		{Optimizers(), func(c *Config, v Choice) { c.Optimizer = v }},
		{Schedules(), func(c *Config, v Choice) { c.Schedule = v }},
	} {
		for _, o := range table.options {
			c := Default()
			table.set(&c, o.Default())
			free(c, false)
			if o.Doc == "" {
				t.Errorf("%s has no doc", o.Name)
			}
			for _, p := range o.Params {
				if p.Doc == "" || !(p.Min <= p.Default && p.Default <= p.Max) {
					t.Errorf("%s: %+v", o.Name, p)
				}
				for _, bad := range []float64{p.Min - 1, p.Max * 2.1, math.NaN(), math.Inf(1)} {
					choice := o.Default()
					choice.Params[p.Name] = bad
					table.set(&c, choice)
					if got := c.Problems(3, false); len(got) != 1 || !strings.HasSuffix(got[0].Key, "."+p.Name) {
						t.Errorf("%s with %s %v: %v", o.Name, p.Name, bad, got)
					}
				}
			}
		}
	}
}

func TestProblems(t *testing.T) {
	for _, test := range []struct {
		name       string
		set        func(*Config)
		outputs    int
		regression bool
		key, says  string
	}{
		{name: "no units", set: func(c *Config) { c.Hidden = []int{3, 0} }, key: "hidden", says: "layer 2 has 0 units"},
		{name: "unknown activation", set: func(c *Config) { c.Activation.Name = "rleu" }, key: "activation", says: "relu"},
		{
			name: "no parameter", key: "activation.alpha", says: "missing",
			set: func(c *Config) { c.Activation = Choice{Name: "elu"} },
		},
		{
			name: "foreign parameter", key: "optimizer.beta1", says: "sgd has momentum, weight_decay",
			set: func(c *Config) { c.Optimizer.Params = map[string]float64{"momentum": 0, "weight_decay": 0, "beta1": 1} },
		},
		{
			name: "parameter of none", key: "activation.alpha", says: "no parameters",
			set: func(c *Config) { c.Activation.Params = map[string]float64{"alpha": 1} },
		},
		{name: "unknown output", set: func(c *Config) { c.Output = "linear" }, key: "output", says: "softmax, sigmoid, identity"},
		{name: "unknown loss", set: func(c *Config) { c.Loss = "nll" }, key: "loss", says: "ce, bce, mse, hinge"},
		{
			name: "softmax and bce", key: "loss", says: "goes with ce or mse; bce goes with output sigmoid",
			set: func(c *Config) { c.Loss = "bce" },
		},
		{name: "sigmoid and ce", set: func(c *Config) { c.Output = "sigmoid" }, key: "loss", says: "ce goes with output softmax"},
		{name: "one class", set: func(c *Config) {}, outputs: 1, key: "output", says: "2 or more"},
		{name: "regression with classes' loss", set: func(c *Config) {}, regression: true, key: "loss", says: "identity+mse"},
		{name: "reduction", set: func(c *Config) { c.Reduction = "max" }, key: "reduction", says: "mean, sum"},
		{name: "sum of ce", set: func(c *Config) { c.Reduction = "sum" }, key: "reduction", says: "no meaning for ce"},
		{
			name: "sum of hinge", key: "reduction", says: "no meaning for hinge",
			set: func(c *Config) { c.Output, c.Loss, c.Reduction = "identity", "hinge", "sum" },
		},
		{name: "too much smoothing", set: func(c *Config) { c.LabelSmoothing = 1 }, key: "label_smoothing", says: "below 1"},
		{
			name: "smoothed hinge", key: "label_smoothing", says: "ce, bce or mse",
			set: func(c *Config) { c.Output, c.Loss, c.LabelSmoothing = "identity", "hinge", 0.1 },
		},
		{
			name: "smoothed regression", regression: true, key: "label_smoothing", says: "classes",
			set: func(c *Config) { c.Output, c.Loss, c.LabelSmoothing = "identity", "mse", 0.1 },
		},
		{
			name: "number of weights", key: "class_weights", says: "2 for 3 classes",
			set: func(c *Config) { c.ClassWeights = []float64{1, 2} },
		},
		{name: "weight of 0", set: func(c *Config) { c.ClassWeights = []float64{1, 2, 0} }, key: "class_weights", says: "positive"},
		{
			name: "weighted regression", regression: true, key: "class_weights", says: "regression",
			set: func(c *Config) { c.Output, c.Loss, c.ClassWeights = "identity", "mse", []float64{1, 2, 3} },
		},
		{name: "rate", set: func(c *Config) { c.LR = -1 }, key: "lr", says: "at least 0"},
		{name: "no rate", set: func(c *Config) { c.LR = math.NaN() }, key: "lr", says: "NaN"},
		{name: "clip", set: func(c *Config) { c.Clip = -1 }, key: "clip", says: "at least 0"},
		{name: "l1", set: func(c *Config) { c.L1 = -1 }, key: "l1", says: "at least 0"},
		{name: "l2", set: func(c *Config) { c.L2 = math.Inf(1) }, key: "l2", says: "+Inf"},
		{name: "all inputs dropped", set: func(c *Config) { c.Dropout.Input = 1 }, key: "dropout.input", says: "below 1"},
		{name: "hidden dropout", set: func(c *Config) { c.Dropout.Hidden = -0.1 }, key: "dropout.hidden", says: "at least 0"},
		{name: "batch", set: func(c *Config) { c.Batch = -1 }, key: "batch", says: "full"},
		{name: "variance of one", set: func(c *Config) { c.Batch, c.BatchNorm = 1, true }, key: "batch", says: "at least 2"},
		{name: "epochs", set: func(c *Config) { c.Epochs = -1 }, key: "epochs", says: "negative"},
		{
			name: "metric", key: "early_stop.metric", says: "loss, error, mse, nll, brier",
			set: func(c *Config) { c.EarlyStop.Metric = "ece" },
		},
		{name: "metric of a regression", set: func(c *Config) {
			c.Output, c.Loss, c.EarlyStop = "identity", "mse", EarlyStop{Metric: "error", Patience: 1}
		}, regression: true, key: "early_stop.metric", says: "loss or mse"},
		{name: "patience", set: func(c *Config) { c.EarlyStop.Patience = -1 }, key: "early_stop.patience", says: "never"},
		{name: "delta", set: func(c *Config) { c.EarlyStop.MinDelta = -1 }, key: "early_stop.min_delta", says: "at least 0"},
		{name: "precision", set: func(c *Config) { c.Precision = "float16" }, key: "precision", says: "float32, float64"},
		{name: "log", set: func(c *Config) { c.Log.Every = -1 }, key: "log.every", says: "at least 1"},
	} {
		c := Default()
		test.set(&c)
		outputs := 3
		if test.outputs > 0 {
			outputs = test.outputs
		}
		got := c.Problems(outputs, test.regression)
		if len(got) != 1 || got[0].Key != test.key || !strings.Contains(got[0].Message, test.says) {
			t.Errorf("%s: %v, want one problem of %s that says %q", test.name, got, test.key, test.says)
		}
	}
}

func TestAllProblemsAreReported(t *testing.T) {
	c := Default()
	c.LR, c.Epochs, c.Init.Name = -1, -1, "he"
	if got := c.Problems(3, false); len(got) != 3 {
		t.Errorf("%v", got)
	}
}

func TestStartRefusesDataThatDoNotFit(t *testing.T) {
	for name, test := range map[string]struct {
		set  func(*Config, *Data)
		says string
	}{
		"problem":       {func(c *Config, _ *Data) { c.LR = -1 }, "lr: "},
		"empty":         {func(_ *Config, d *Data) { d.Train = Examples{} }, "training split is empty"},
		"no inputs":     {func(_ *Config, d *Data) { d.In = 0 }, "0 inputs"},
		"short":         {func(_ *Config, d *Data) { d.Test.X = d.Test.X[1:] }, "test split: 7 inputs for 4 examples of 2"},
		"label":         {func(_ *Config, d *Data) { d.Valid.Labels = []int32{0, 0, 2, 0} }, "validation split: label 2 is 2"},
		"labels":        {func(_ *Config, d *Data) { d.Valid.Labels = []int32{0} }, "1 labels for 4"},
		"no validation": {func(c *Config, d *Data) { c.EarlyStop.Patience, d.Valid = 1, Examples{} }, "validation split"},
		"targets": {func(c *Config, d *Data) {
			c.Output, c.Loss = "sigmoid", "bce"
			d.Train.Labels, d.Train.Targets = nil, []float32{0, 1, 0, 1, 0, 1, 0, 2}
		}, "between 0 and 1"},
		"mixed": {func(c *Config, d *Data) {
			c.Output, c.Loss = "identity", "mse"
			d.Train.Labels, d.Train.Targets = nil, make([]float32, 8)
		}, "validation split: 0 targets"},
	} {
		c, d := Default(), xor()
		test.set(&c, &d)
		if tr, err := Start(c, d, Seeds{}); err == nil || tr != nil || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
