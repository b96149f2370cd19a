package mlp

import "math"

// Objective is a pair of output activation and loss that has a meaning.
type Objective struct {
	Output, Loss string
	Doc          string
}

// objective is output activation and loss as one: a value and its gradient
// with respect to the logits, in a form that does not overflow. All functions
// concern one example; slices have the length of the outputs.
type objective struct {
	Objective
	outputs func(a, z []float64) // a = output activation of the logits z
	// loss returns the loss for the targets t, summed over the outputs, and,
	// unless g is nil, writes its gradient with respect to z to g.
	loss func(g, z, t []float64) float64

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
		outputs:       softmax,
		loss:          softmaxCE,
		smooths:       true,
		weighsTargets: true,
	}, {
		Objective: Objective{"softmax", "mse", "squared error of class probabilities"},
		outputs:   softmax,
		loss:      softmaxMSE,
		reduces:   true,
		smooths:   true,
	}, {
		Objective:  Objective{"sigmoid", "bce", "binary cross-entropy of independent outputs"},
		outputs:    sigmoids,
		loss:       sigmoidBCE,
		reduces:    true,
		regression: true,
		smooths:    true,
	}, {
		Objective:  Objective{"sigmoid", "mse", "squared error of outputs between 0 and 1"},
		outputs:    sigmoids,
		loss:       sigmoidMSE,
		reduces:    true,
		regression: true,
		smooths:    true,
	}, {
		Objective:  Objective{"identity", "mse", "squared error: the default for regression"},
		outputs:    identity,
		loss:       identityMSE,
		reduces:    true,
		regression: true,
		smooths:    true,
	}, {
		Objective: Objective{"identity", "hinge", "multi-class hinge: each wrong class has to stay 1 below the right one"},
		outputs:   identity,
		loss:      identityHinge,
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

func identity(a, z []float64) { copy(a, z) }

func sigmoids(a, z []float64) {
	for c := range z {
		a[c] = sigmoid(z[c])
	}
}

func softmax(a, z []float64) {
	lse := logSumExp(z)
	for c := range z {
		a[c] = math.Exp(z[c] - lse)
	}
}

func logSumExp(z []float64) float64 {
	m := z[0]
	for _, v := range z {
		m = math.Max(m, v)
	}
	var sum float64
	for _, v := range z {
		sum += math.Exp(v - m)
	}
	return m + math.Log(sum)
}

// softmaxCE is -Σ t ln p. Targets need not add up to 1.
func softmaxCE(g, z, t []float64) float64 {
	lse := logSumExp(z)
	var loss, mass float64
	for c := range z {
		if t[c] != 0 {
			loss += t[c] * (lse - z[c])
			mass += t[c]
		}
	}
	if g != nil {
		for c := range z {
			g[c] = mass*math.Exp(z[c]-lse) - t[c]
		}
	}
	return loss
}

func softmaxMSE(g, z, t []float64) float64 {
	lse := logSumExp(z)
	var loss, dot float64
	for c := range z {
		p := math.Exp(z[c] - lse)
		e := p - t[c]
		loss += e * e
		dot += 2 * e * p
	}
	if g != nil {
		for c := range z {
			p := math.Exp(z[c] - lse)
			g[c] = p * (2*(p-t[c]) - dot)
		}
	}
	return loss
}

func sigmoidBCE(g, z, t []float64) float64 {
	var loss float64
	for c := range z {
		loss += relu(z[c], 0) - z[c]*t[c] + math.Log1p(math.Exp(-math.Abs(z[c])))
		if g != nil {
			g[c] = sigmoid(z[c]) - t[c]
		}
	}
	return loss
}

func sigmoidMSE(g, z, t []float64) float64 {
	var loss float64
	for c := range z {
		a := sigmoid(z[c])
		e := a - t[c]
		loss += e * e
		if g != nil {
			g[c] = 2 * e * a * (1 - a)
		}
	}
	return loss
}

func identityMSE(g, z, t []float64) float64 {
	var loss float64
	for c := range z {
		e := z[c] - t[c]
		loss += e * e
		if g != nil {
			g[c] = 2 * e
		}
	}
	return loss
}

// identityHinge is Σ max(0, 1+z_j-z_y) over the classes j beside the right one
// y, which is where t is largest.
func identityHinge(g, z, t []float64) float64 {
	y := argmax(t)
	clear(g)
	var loss float64
	for c := range z {
		if c == y {
			continue
		}
		if m := 1 + z[c] - z[y]; !(m <= 0) {
			loss += m
			if g != nil {
				g[c]++
				g[y]--
			}
		}
	}
	return loss
}
