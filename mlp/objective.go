package mlp

// Objective is a pair of output activation and loss that has a meaning.
type Objective struct {
	Output, Loss string
	Doc          string
}

// objective is output activation and loss as one: a value and its gradient
// with respect to the logits, in a form that does not overflow. All functions
// concern one example with the targets t; slices have the length of the outputs.
type objective struct {
	Objective
	loss func(s *prediction, t []float64) float64 // summed over the outputs
	// The gradients take the outputs in d and leave the derivatives of the loss
	// with respect to the logits there, times scale.
	single func(d, t []float32, scale float32)
	double func(d, t []float64, scale float64)

	linear     bool // for one-hot targets the derivatives are the outputs minus the targets, times scale
	likelihood bool // for one-hot targets the loss is minus the logarithm of the class's probability
	reduces    bool // the loss is a sum over outputs, of which the mean can be taken
	regression bool // targets that are not classes have a meaning
	smooths    bool // so have classes that are smoothed
	// weighsTargets says that a class weight multiplies the target of its
	// class, as in PyTorch's CrossEntropyLoss, and not the example's loss. The
	// two differ with label smoothing only.
	weighsTargets bool
}

var objectives = []objective{
	{
		Objective:     Objective{"softmax", "ce", "cross-entropy of class probabilities: the default for classification"},
		loss:          crossEntropy,
		single:        softmaxCEGradient[float32],
		double:        softmaxCEGradient[float64],
		linear:        true,
		likelihood:    true,
		smooths:       true,
		weighsTargets: true,
	}, {
		Objective: Objective{"softmax", "mse", "squared error of class probabilities"},
		loss:      squaredError,
		single:    softmaxMSEGradient[float32],
		double:    softmaxMSEGradient[float64],
		reduces:   true,
		smooths:   true,
	}, {
		Objective:  Objective{"sigmoid", "bce", "binary cross-entropy of independent outputs"},
		loss:       binaryCrossEntropy,
		single:     sigmoidBCEGradient[float32],
		double:     sigmoidBCEGradient[float64],
		linear:     true,
		reduces:    true,
		regression: true,
		smooths:    true,
	}, {
		Objective:  Objective{"sigmoid", "mse", "squared error of outputs between 0 and 1"},
		loss:       squaredError,
		single:     sigmoidMSEGradient[float32],
		double:     sigmoidMSEGradient[float64],
		reduces:    true,
		regression: true,
		smooths:    true,
	}, {
		Objective:  Objective{"identity", "mse", "squared error: the usual one for regression"},
		loss:       squaredError,
		single:     identityMSEGradient[float32],
		double:     identityMSEGradient[float64],
		reduces:    true,
		regression: true,
		smooths:    true,
	}, {
		Objective: Objective{"identity", "hinge", "multi-class hinge: each wrong class has to stay 1 below the right one"},
		loss:      hinge,
		single:    identityHingeGradient[float32],
		double:    identityHingeGradient[float64],
	},
}

// Objectives lists the pairs of output and loss that have a meaning.
func Objectives() []Objective {
	var list []Objective
	for _, o := range objectives {
		list = append(list, o.Objective)
	}
	return list
}

// Outputs lists the activations of the output layer.
func Outputs() []Option {
	return []Option{
		{Name: "softmax", Doc: "class probabilities that add up to 1"},
		{Name: "sigmoid", Doc: "each output between 0 and 1, independent of the others"},
		{Name: "identity", Doc: "the logits themselves"},
	}
}

// Losses lists what can be minimised.
func Losses() []Option {
	return []Option{
		{Name: "ce", Doc: "cross-entropy, with softmax"},
		{Name: "bce", Doc: "binary cross-entropy, with sigmoid"},
		{Name: "mse", Doc: "squared error, with any output"},
		{Name: "hinge", Doc: "multi-class hinge with margin 1, with identity"},
	}
}

func findObjective(output, loss string) (objective, bool) {
	for _, o := range objectives {
		if o.Output == output && o.Loss == loss {
			return o, true
		}
	}
	return objective{}, false
}
