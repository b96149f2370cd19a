package mlp

import (
	"math/rand/v2"

	"nightshift/mlp/internal/kernel"
)

// net is a network with its gradient and working memory. All parameters live
// in one flat vector, all gradients in another, all buffers (the running
// statistics of batch normalisation) in a third; the layers are views of them.
type net[F kernel.Float] struct {
	config       Config
	in, out      int
	activation   activation
	objective    objective
	activate     layerActivation[F] // the activation of a layer at once
	targets      classTargets[F]
	predictions  predictions
	classMetrics kernel.ClassMetrics

	theta, gradient []F // parameters and the gradient of the objective
	buffers         []F // running statistics
	layers          []layer[F]

	units     *unitwise[F]          // of pieceRows examples, for steps and evaluations; nil before the first of them
	piecewise *pieceEvaluation[F]   // nil where examples are not evaluated in pieces, and before the first time
	byInput   *kernel.InputMajor[F] // the first layer's weights for inputs without zeros; see toInputMajor

	products   *kernel.Products[F]
	rows       int      // examples that the working memory holds
	batchStats bool     // the last forward pass normalised with the batch's statistics
	dropped    bool     // the last forward pass dropped units
	window     []int    // rows that are evaluated at once
	batch      batch[F] // inputs of a step or an evaluation that are made for it
}

// layer is a weight matrix with what follows it. In the output layer the
// activation is part of the objective, so a and what comes after it are nil.
type layer[F kernel.Float] struct {
	in, out int

	at        int           // where w begins in the parameters
	w, dw     []F           // [out, in]
	b, db     []F           // [out]
	batchNorm *batchNorm[F] // nil without batch normalisation
	alpha     []F           // [1] slope of a PReLU; nil otherwise
	dalpha    []F

	z    []F // [rows, out] what goes into the activation
	a    []F // [rows, out] activations, in the memory of z where the activation is inPlace
	mask []F // [rows, out] 0 for dropped, 1/(1-p) for kept units; nil without dropout
	drop []F // [rows, out] activations after dropout; nil without dropout
	h    []F // what the next layer saw in the last forward pass: a or drop
	d    []F // [rows, out] gradient of the objective with respect to z
}

// matrix is the layer's weights within a copy of the parameters.
func (l *layer[F]) matrix(theta []F) []F { return theta[l.at : l.at+len(l.w)] }

// newNet lays out a network whose parameters are all zero.
func newNet[F kernel.Float](c Config, in, out int) *net[F] {
	n := &net[F]{config: c, in: in, out: out, products: kernel.New[F]()}
	n.activation, _ = find(activations, c.Activation.Name, activation.option)
	n.objective, _ = findObjective(c.Output, c.Loss)
	n.activate = newLayerActivation[F](n.activation)
	n.targets = newClassTargets[F](c, n.objective, out)
	n.predictions = newPredictions(n.objective.Output, out)
	n.window = make([]int, evaluationRows)

	count := c.Parameters(in, out)
	n.theta, n.gradient = make([]F, count), make([]F, count)
	if c.BatchNorm {
		units := 0
		for _, h := range c.Hidden {
			units += h
		}
		n.buffers = make([]F, 2*units)
	}
	theta, gradient, buffers := n.theta, n.gradient, n.buffers
	take := func(k int) (p, g []F) {
		p, g = theta[:k:k], gradient[:k:k]
		theta, gradient = theta[k:], gradient[k:]
		return p, g
	}
	for i, width := range append(append([]int{}, c.Hidden...), out) {
		l := layer[F]{in: in, out: width, at: len(n.theta) - len(theta)}
		l.w, l.dw = take(width * in)
		l.b, l.db = take(width)
		if i < len(c.Hidden) {
			if c.BatchNorm {
				l.batchNorm = newBatchNorm[F](width)
				l.batchNorm.gamma, l.batchNorm.dgamma = take(width)
				l.batchNorm.beta, l.batchNorm.dbeta = take(width)
				l.batchNorm.mean, l.batchNorm.variance = buffers[:width:width], buffers[width:2*width:2*width]
				buffers = buffers[2*width:]
				fill(l.batchNorm.gamma, 1)
				fill(l.batchNorm.variance, 1)
			}
			if n.activation.learned {
				l.alpha, l.dalpha = take(1)
				l.alpha[0] = F(n.alpha())
			}
		}
		n.layers = append(n.layers, l)
		in = width
	}
	return n
}

// Parameters counts what a network with in inputs and out outputs learns.
func (c Config) Parameters(in, out int) int {
	a, _ := find(activations, c.Activation.Name, activation.option)
	count := 0
	for _, h := range c.Hidden {
		count += h*in + h
		if c.BatchNorm {
			count += 2 * h
		}
		if a.learned {
			count++
		}
		in = h
	}
	return count + out*in + out
}

func fill[F kernel.Float](v []F, x F) {
	for i := range v {
		v[i] = x
	}
}

// alpha is the activation's parameter as configured.
func (n *net[F]) alpha() float64 {
	if len(n.activation.Params) == 0 {
		return 0
	}
	return n.config.Activation.Params[n.activation.Params[0].Name]
}

// alphaOf is the activation's parameter in a layer as it is now.
func (n *net[F]) alphaOf(l *layer[F]) float64 {
	if l.alpha != nil {
		return float64(l.alpha[0])
	}
	return n.alpha()
}

// initialise draws the weights and biases. They have generators of their own,
// so that another choice of biases leaves the weights as they are.
func (n *net[F]) initialise(weights, biases *rand.Rand) {
	w, _ := find(initializers, n.config.Init.Name, initializer.option)
	b, _ := find(biasInitializers, n.config.BiasInit.Name, initializer.option)
	for _, l := range n.layers {
		v := make([]float64, len(l.w))
		w.fill(v, n.config.Init.Params, l.in, l.out, weights)
		convert(l.w, v)
		v = v[:len(l.b)]
		b.fill(v, n.config.BiasInit.Params, l.in, l.out, biases)
		convert(l.b, v)
	}
}

func convert[To, From kernel.Float](dst []To, src []From) {
	for i, v := range src {
		dst[i] = To(v)
	}
}

// grow makes room for batches of the given number of examples.
func (n *net[F]) grow(rows int) {
	if rows <= n.rows {
		return
	}
	n.rows = rows
	for i := range n.layers {
		l := &n.layers[i]
		size := rows * l.out
		l.z, l.d = make([]F, size), make([]F, size)
		if i == len(n.layers)-1 {
			continue
		}
		if l.a = l.z; !n.activation.inPlace {
			l.a = make([]F, size)
		}
		if n.config.Dropout.Hidden > 0 {
			l.mask, l.drop = make([]F, size), make([]F, size)
		}
		if l.batchNorm != nil {
			l.batchNorm.xhat = make([]F, size)
		}
	}
}
