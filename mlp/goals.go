package mlp

import "nightshift/mlp/internal/kernel"

// goals says what the outputs of each class should be, and how much an example
// of it counts.
type goals[F kernel.Float] struct {
	target [][]float64 // [out][out] row y: the targets that the loss is given for class y
	near   [][]F       // the same as the gradient is given them, in the network's precision
	factor []float64   // [out] what the loss of an example of class y is multiplied with
	mass   []float64   // [out] what it adds to the divisor of the mean over the examples
	reduce float64     // 1/out where the mean over the outputs is taken, otherwise 1
	oneHot bool        // the targets of class y are 1 for y and 0 for the others, and all classes count 1

	row     []float64 // [out] targets of an example of a regression
	nearRow []F
}

// newGoals spreads label smoothing and class weights over the targets. The
// mean over a batch is that of PyTorch's CrossEntropyLoss: the sum of the
// weighted losses divided by the sum of the weights of the examples' classes.
func newGoals[F kernel.Float](c Config, o objective, out int) goals[F] {
	g := goals[F]{
		target:  make([][]float64, out),
		near:    make([][]F, out),
		factor:  make([]float64, out),
		mass:    make([]float64, out),
		reduce:  1,
		oneHot:  c.LabelSmoothing == 0 && len(c.ClassWeights) == 0,
		row:     make([]float64, out),
		nearRow: make([]F, out),
	}
	if o.reduces && c.Reduction == "mean" {
		g.reduce = 1 / float64(out)
	}
	weight := func(y int) float64 {
		if len(c.ClassWeights) == 0 {
			return 1
		}
		return c.ClassWeights[y]
	}
	targets, near := make([]float64, out*out), make([]F, out*out)
	for y := range out {
		g.target[y], g.near[y] = targets[y*out:(y+1)*out], near[y*out:(y+1)*out]
		for k := range g.target[y] {
			g.target[y][k] = c.LabelSmoothing / float64(out)
		}
		g.target[y][y] += 1 - c.LabelSmoothing
		g.factor[y], g.mass[y] = weight(y), weight(y)
		if o.weighsTargets {
			g.factor[y] = 1
			for k := range g.target[y] {
				g.target[y][k] *= weight(k)
			}
		}
	}
	convert(near, targets)
	return g
}

// of returns targets, factor and mass of example i.
func (g *goals[F]) of(e *Examples, i int) (target []float64, factor, mass float64) {
	if e.Labels != nil {
		y := e.Labels[i]
		return g.target[y], g.factor[y], g.mass[y]
	}
	convert(g.row, e.Targets[i*len(g.row):(i+1)*len(g.row)])
	return g.row, 1, 1
}

// nearOf returns targets and factor of example i in the network's precision.
func (g *goals[F]) nearOf(e *Examples, i int) (target []F, factor float64) {
	if e.Labels != nil {
		y := e.Labels[i]
		return g.near[y], g.factor[y]
	}
	convert(g.nearRow, e.Targets[i*len(g.row):(i+1)*len(g.row)])
	return g.nearRow, 1
}

// massOf is the divisor of the mean over the examples in rows.
func (g *goals[F]) massOf(e *Examples, rows []int) (mass float64) {
	if e.Labels == nil || g.oneHot {
		return float64(len(rows))
	}
	for _, i := range rows {
		mass += g.mass[e.Labels[i]]
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
	scale := n.goals.reduce / n.goals.massOf(e, rows)
	if n.objective.linear && n.goals.oneHot && e.Labels != nil {
		for r, i := range rows {
			d[r*n.out+int(e.Labels[i])]--
		}
		kernel.Scale(d, F(scale))
		return
	}
	gradient := gradientOf[F](n.objective)
	for r, i := range rows {
		target, factor := n.goals.nearOf(e, i)
		gradient(d[r*n.out:(r+1)*n.out], target, F(factor*scale))
	}
}

// loss returns the data term of the objective for the examples in rows, whose
// logits the last forward pass made in that order.
func (n *net[F]) loss(e *Examples, rows []int) (loss float64) {
	predict(&n.predictions, n.logits()[:len(rows)*n.out])
	for r, i := range rows {
		target, factor, _ := n.goals.of(e, i)
		loss += factor * n.objective.loss(n.predictions.row(r), target)
	}
	return loss * n.goals.reduce / n.goals.massOf(e, rows)
}
