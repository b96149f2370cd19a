package mlp

import "nightshift/mlp/internal/kernel"

// classTargets are what the outputs of each class should be, and how much an
// example of it counts.
type classTargets[F kernel.Float] struct {
	target  [][]float64 // [out][out] row y: what the loss is given for class y
	rounded [][]F       // [out][out] the same in the precision of the network, for the gradient
	factor  []float64   // [out] what the loss of an example of class y is multiplied with
	mass    []float64   // [out] what it adds to the divisor of the mean over the examples
	reduce  float64     // 1/out where the mean over the outputs is taken, otherwise 1
	oneHot  bool        // the targets of class y are 1 for y and 0 for the others, and all classes count 1

	row        []float64 // [out] targets of an example of a regression
	roundedRow []F
}

// newClassTargets spreads label smoothing and class weights over the targets. The
// mean over a batch is that of PyTorch's CrossEntropyLoss: the sum of the
// weighted losses divided by the sum of the weights of the examples' classes.
func newClassTargets[F kernel.Float](c Config, o objective, out int) classTargets[F] {
	t := classTargets[F]{
		target:     make([][]float64, out),
		rounded:    make([][]F, out),
		factor:     make([]float64, out),
		mass:       make([]float64, out),
		reduce:     1,
		oneHot:     c.LabelSmoothing == 0 && len(c.ClassWeights) == 0,
		row:        make([]float64, out),
		roundedRow: make([]F, out),
	}
	if o.reduces && c.Reduction == "mean" {
		t.reduce = 1 / float64(out)
	}
	weight := func(y int) float64 {
		if len(c.ClassWeights) == 0 {
			return 1
		}
		return c.ClassWeights[y]
	}
	exact, rounded := make([]float64, out*out), make([]F, out*out)
	for y := range out {
		t.target[y], t.rounded[y] = exact[y*out:(y+1)*out], rounded[y*out:(y+1)*out]
		for k := range t.target[y] {
			t.target[y][k] = c.LabelSmoothing / float64(out)
		}
		t.target[y][y] += 1 - c.LabelSmoothing
		t.factor[y], t.mass[y] = weight(y), weight(y)
		if o.weighsTargets {
			t.factor[y] = 1
			for k := range t.target[y] {
				t.target[y][k] *= weight(k)
			}
		}
	}
	convert(rounded, exact)
	return t
}

// of returns targets, factor and mass of example i.
func (c *classTargets[F]) of(e *Examples, i int) (target []float64, factor, mass float64) {
	if e.Labels != nil {
		y := e.Labels[i]
		return c.target[y], c.factor[y], c.mass[y]
	}
	convert(c.row, e.Targets[i*len(c.row):(i+1)*len(c.row)])
	return c.row, 1, 1
}

// roundedOf returns targets and factor of example i in the network's precision.
func (c *classTargets[F]) roundedOf(e *Examples, i int) (target []F, factor float64) {
	if e.Labels != nil {
		y := e.Labels[i]
		return c.rounded[y], c.factor[y]
	}
	convert(c.roundedRow, e.Targets[i*len(c.row):(i+1)*len(c.row)])
	return c.roundedRow, 1
}

// massOf is the divisor of the mean over the examples in rows.
func (c *classTargets[F]) massOf(e *Examples, rows []int) (mass float64) {
	if e.Labels == nil || c.oneHot {
		return float64(len(rows))
	}
	for _, i := range rows {
		mass += c.mass[e.Labels[i]]
	}
	return mass
}

// lossGradient writes the gradient of the data term of the objective to the
// output layer's d, for the examples in rows, whose logits the last forward
// pass made in that order.
func (n *net[F]) lossGradient(e *Examples, rows []int) {
	last := &n.layers[len(n.layers)-1]
	size := len(rows) * n.out
	d := last.d[:size]
	outputs(n.objective.Output, d, last.z[:size], n.out)
	scale := n.targets.reduce / n.targets.massOf(e, rows)
	if n.objective.linear && n.targets.oneHot && e.Labels != nil {
		for r, i := range rows {
			d[r*n.out+int(e.Labels[i])]--
		}
		kernel.Scale(d, F(scale))
		return
	}
	gradient := gradientOf[F](n.objective)
	for r, i := range rows {
		target, factor := n.targets.roundedOf(e, i)
		gradient(d[r*n.out:(r+1)*n.out], target, F(factor*scale))
	}
}

// loss returns the data term of the objective for the examples in rows, whose
// logits the last forward pass made in that order.
func (n *net[F]) loss(e *Examples, rows []int) (loss float64) {
	predict(&n.predictions, n.logits()[:len(rows)*n.out])
	for r, i := range rows {
		target, factor, _ := n.targets.of(e, i)
		loss += factor * n.objective.loss(n.predictions.row(r), target)
	}
	return loss * n.targets.reduce / n.targets.massOf(e, rows)
}
