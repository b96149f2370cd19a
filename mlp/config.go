package mlp

// Config is everything that determines a training besides its data and seeds.
// It is an immutable value: state is made from it when a training starts.
//
// The tags of a field say what study files, their JSON Schema and their documentation need of it: json is the name of
// its key, doc what it means, range between which numbers it is (a bracket includes an end), enum what else than a
// table may name, and since the release that added it, empty for the first.
type Config struct {
	Hidden         []int     `json:"hidden" range:"[1, inf)" doc:"units of each hidden layer, input side first; empty for a linear model"`
	Activation     Choice    `json:"activation" doc:"activation of the hidden layers"`
	Output         string    `json:"output" doc:"activation of the output layer: softmax, sigmoid or identity"`
	Loss           string    `json:"loss" doc:"what is minimised: ce, bce, mse or hinge"`
	Reduction      string    `json:"reduction" enum:"mean sum" doc:"mean or sum of mse or bce over the outputs; over the examples it is always the mean"`
	LabelSmoothing float64   `json:"label_smoothing" range:"[0, 1)" doc:"share of the target spread evenly over the classes"`
	ClassWeights   []float64 `json:"class_weights" range:"(0, inf)" doc:"weight of each class in the mean over the examples; empty for equal weights"`
	Init           Choice    `json:"init" doc:"initial weights"`
	BiasInit       Choice    `json:"bias_init" doc:"initial biases"`
	Optimizer      Choice    `json:"optimizer" doc:"update rule"`
	LR             float64   `json:"lr" range:"[0, inf)" doc:"learning rate"`
	Schedule       Choice    `json:"schedule" doc:"how the learning rate changes over the epochs"`
	Clip           float64   `json:"clip" range:"[0, inf)" doc:"largest norm of the gradient; 0 for no clipping"`
	L1             float64   `json:"l1" range:"[0, inf)" doc:"factor of the sum of absolute weights (not biases) added to the loss"`
	L2             float64   `json:"l2" range:"[0, inf)" doc:"factor of half the sum of squared weights (not biases) added to the loss"`
	Dropout        Dropout   `json:"dropout" doc:"probability that a unit is dropped while training"`
	BatchNorm      bool      `json:"batch_norm" doc:"batch normalisation in front of every hidden activation"`
	Batch          int       `json:"batch" range:"[1, inf)" doc:"examples per step; 0 (written full) for one step an epoch"`
	Epochs         int       `json:"epochs" range:"[0, inf)" doc:"passes over the training split"`
	EarlyStop      EarlyStop `json:"early_stop" doc:"when to stop before the last epoch"`
	Precision      string    `json:"precision" enum:"float32 float64" doc:"float32 or float64"`
	Log            Log       `json:"log" doc:"what is measured, and how often"`
}

// Dropout holds the probabilities with which inverted dropout sets a unit to 0.
type Dropout struct {
	Input  float64 `json:"input" range:"[0, 1)" doc:"of an input"`
	Hidden float64 `json:"hidden" range:"[0, 1)" doc:"of a hidden unit"`
}

// EarlyStop ends a training when a metric has not improved for Patience
// epochs. However the training ends, the network has the weights of the best
// epoch then (Epoch.Best), which is always measured; epoch 0 is no candidate.
// Patience 0 switches it off.
type EarlyStop struct {
	Metric   string  `json:"metric" enum:"loss error mse nll brier" doc:"validation metric that is watched: loss, error, mse, nll or brier"`
	Patience int     `json:"patience" range:"[0, inf)" doc:"epochs without improvement before the training stops; 0 for never"`
	MinDelta float64 `json:"min_delta" range:"[0, inf)" doc:"smallest decrease that counts as an improvement"`
}

// Log thins what is measured. The last epoch and epoch 0 are always measured.
type Log struct {
	Every  int  `json:"every" range:"[0, inf)" doc:"epochs between measurements"`
	Layers bool `json:"layers" doc:"whether norms and activations of every layer are measured"`
}

// Seeds of the streams that a training draws from.
type Seeds struct {
	Init  uint64 // initial weights
	Order uint64 // shuffling, dropout
}
