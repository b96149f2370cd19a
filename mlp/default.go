package mlp

// Default is the configuration with every key at its default: one hidden
// layer of 100 ReLUs with He's weights and zero biases, softmax and
// cross-entropy, plain gradient descent at a constant rate of 0.1 in batches
// of 32 over 10 epochs, in float32; no regularisation, no early stopping.
func Default() Config {
	return Config{
		Hidden:     []int{100},
		Activation: Choice{Name: "relu"},
		Output:     "softmax",
		Loss:       "ce",
		Reduction:  "mean",
		Init:       Choice{Name: "he_normal"},
		BiasInit:   zeros.Default(),
		Optimizer:  rules[float64]()[0].Default(),
		LR:         0.1,
		Schedule:   schedules[0].Default(),
		Batch:      32,
		Epochs:     10,
		EarlyStop:  EarlyStop{Metric: "loss"},
		Precision:  "float32",
		Log:        Log{Every: 1, Layers: true},
	}
}
