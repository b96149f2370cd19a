package mlp

// Config is everything that determines a training besides its data and seeds.
// It is an immutable value: state is made from it when a training starts.
// The JSON names are the keys of the study file.
type Config struct {
	Hidden         []int     `json:"hidden" doc:"units of each hidden layer, input side first; empty for a linear model"`
	Activation     Choice    `json:"activation" doc:"activation of the hidden layers"`
	Output         string    `json:"output" doc:"activation of the output layer: softmax, sigmoid or identity"`
	Loss           string    `json:"loss" doc:"what is minimised: ce, bce, mse or hinge"`
	Reduction      string    `json:"reduction" doc:"mean or sum of mse or bce over the outputs; over the examples it is always the mean"`
	LabelSmoothing float64   `json:"label_smoothing" doc:"share of the target spread evenly over the classes"`
	ClassWeights   []float64 `json:"class_weights" doc:"weight of each class in the mean over the examples; empty for equal weights"`
	Init           Choice    `json:"init" doc:"initial weights"`
	BiasInit       Choice    `json:"bias_init" doc:"initial biases"`
	Optimizer      Choice    `json:"optimizer" doc:"update rule"`
	LR             float64   `json:"lr" doc:"learning rate"`
	Schedule       Choice    `json:"schedule" doc:"how the learning rate changes over the epochs"`
	Clip           float64   `json:"clip" doc:"largest norm of the gradient; 0 for no clipping"`
	L1             float64   `json:"l1" doc:"factor of the sum of absolute weights (not biases) added to the loss"`
	L2             float64   `json:"l2" doc:"factor of half the sum of squared weights (not biases) added to the loss"`
	Dropout        Dropout   `json:"dropout" doc:"probability that a unit is dropped while training"`
	BatchNorm      bool      `json:"batch_norm" doc:"batch normalisation in front of every hidden activation"`
	Batch          int       `json:"batch" doc:"examples per step; 0 (written full) for one step an epoch"`
	Epochs         int       `json:"epochs" doc:"passes over the training split"`
	EarlyStop      EarlyStop `json:"early_stop" doc:"when to stop before the last epoch"`
	Precision      string    `json:"precision" doc:"float32 or float64"`
	Log            Log       `json:"log" doc:"what is measured, and how often"`
}

// Dropout holds the probabilities with which inverted dropout sets a unit to 0.
type Dropout struct {
	Input  float64 `json:"input" doc:"of an input"`
	Hidden float64 `json:"hidden" doc:"of a hidden unit"`
}

// EarlyStop ends a training when a metric has not improved for Patience
// epochs. However the training ends, the network has the weights of the best
// epoch then (Epoch.Best), which is always measured; epoch 0 is no candidate.
// Patience 0 switches it off.
type EarlyStop struct {
	Metric   string  `json:"metric" doc:"validation metric that is watched: loss, error, mse, nll or brier"`
	Patience int     `json:"patience" doc:"epochs without improvement before the training stops; 0 for never"`
	MinDelta float64 `json:"min_delta" doc:"smallest decrease that counts as an improvement"`
}

// Log thins what is measured. The last epoch and epoch 0 are always measured.
type Log struct {
	Every  int  `json:"every" doc:"epochs between measurements"`
	Layers bool `json:"layers" doc:"whether norms and activations of every layer are measured"`
}

// Seeds of the streams that a training draws from.
type Seeds struct {
	Init  uint64 // initial weights
	Order uint64 // shuffling, dropout
}
