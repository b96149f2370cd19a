package mlp

// goals says what the outputs of each class should be, and how much an example
// of it counts.
type goals struct {
	target [][]float64 // [out][out] row y: the targets that the loss is given for class y
	factor []float64   // [out] what the loss of an example of class y is multiplied with
	mass   []float64   // [out] what it adds to the divisor of the mean over the examples
	reduce float64     // 1/out where the mean over the outputs is taken, otherwise 1
	row    []float64   // [out] targets of an example of a regression
}

// newGoals spreads label smoothing and class weights over the targets. The
// mean over a batch is that of PyTorch's CrossEntropyLoss: the sum of the
// weighted losses divided by the sum of the weights of the examples' classes.
func newGoals(c Config, o objective, out int) goals {
	g := goals{
		target: make([][]float64, out),
		factor: make([]float64, out),
		mass:   make([]float64, out),
		reduce: 1,
		row:    make([]float64, out),
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
	for y := range out {
		g.target[y] = make([]float64, out)
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
	return g
}

// of returns targets, factor and mass of example i.
func (g *goals) of(e *Examples, i int) (target []float64, factor, mass float64) {
	if e.Labels != nil {
		y := e.Labels[i]
		return g.target[y], g.factor[y], g.mass[y]
	}
	convert(g.row, e.Targets[i*len(g.row):(i+1)*len(g.row)])
	return g.row, 1, 1
}

// lossGradient returns the data term of the objective for the examples whose
// logits the last forward pass made, in the order of rows, and writes its
// gradient to the output layer's d.
func (n *net[F]) lossGradient(e *Examples, rows []int) float64 {
	var mass float64
	for _, i := range rows {
		_, _, m := n.goals.of(e, i)
		mass += m
	}
	last := &n.layers[len(n.layers)-1]
	var loss float64
	for r, i := range rows {
		target, factor, _ := n.goals.of(e, i)
		convert(n.z, last.z[r*n.out:(r+1)*n.out])
		scale := factor * n.goals.reduce / mass
		loss += scale * n.objective.loss(n.g, n.z, target)
		for c, g := range n.g {
			last.d[r*n.out+c] = F(scale * g)
		}
	}
	return loss
}
