package mlp

import "nightshift/mlp/internal/kernel"

// toInputMajor brings the weights of the first layer into the form in which products with
// inputs without zeros read them. It holds until the weights change.
func (n *net[F]) toInputMajor() {
	l := &n.layers[0]
	if n.byInput == nil {
		n.byInput = kernel.NewInputMajor[F](l.in, l.out)
	}
	n.products.ToInputMajor(n.byInput, l.w)
}

// sparseSteps is what a training needs for steps on inputs without zeros. While it
// takes them, the first layer's weights are in net.byInput, and what the optimiser
// keeps for them in state; at all other times they are where those of other layers
// are, in the order in which they are stored, added up and compared.
type sparseSteps[F kernel.Float] struct {
	gradient *kernel.InputMajor[F]   // of the first layer's weights, nil until a step needs it
	state    []*kernel.InputMajor[F] // by vector of the optimiser
}

// newSparseSteps returns nil where zeros are not left out.
func newSparseSteps[F kernel.Float](c Config, x *inputs[F], n *net[F], o *optimizer[F]) *sparseSteps[F] {
	if !c.skipsZeros() || !x.skipsZeros() {
		return nil
	}
	s := &sparseSteps[F]{}
	for range o.state {
		s.state = append(s.state, kernel.NewInputMajor[F](n.in, n.layers[0].out))
	}
	return s
}

// begin begins steps.
func (s *sparseSteps[F]) begin(n *net[F], o *optimizer[F]) {
	n.toInputMajor()
	for i, v := range s.state {
		n.products.ToInputMajor(v, n.layers[0].matrix(o.state[i]))
	}
}

// end ends them.
func (s *sparseSteps[F]) end(n *net[F], o *optimizer[F]) {
	n.fromInputMajor()
	for i, v := range s.state {
		n.products.FromInputMajor(n.layers[0].matrix(o.state[i]), v)
	}
}

// fromInputMajor puts the weights of toInputMajor where they are stored.
func (n *net[F]) fromInputMajor() { n.products.FromInputMajor(n.layers[0].w, n.byInput) }

// down takes a step along the gradient of the examples x, given that of their logits.
func (s *sparseSteps[F]) down(t *training[F], x kernel.Rows[F], lr float64, measured bool) {
	n, o := t.net, t.optimizer
	l := &n.layers[0]
	rest := part[F]{theta: n.theta[len(l.w):], g: n.gradient[len(l.w):], weights: t.weights[1:], gradients: t.gradients[1:]}
	for _, slot := range o.state {
		rest.state = append(rest.state, slot[len(l.w):])
	}
	d := n.backwardToFirst(x.N(), n.gradientOf)
	if t.descends && !measured {
		n.products.Descend(n.byInput, -F(lr), d, x)
		o.update(lr, o.begin(n.gradient), rest)
		return
	}
	if s.gradient == nil {
		s.gradient = kernel.NewInputMajor[F](l.in, l.out)
	}
	n.products.XtD(s.gradient, d, x)
	n.penaltyGradient(s.gradient.Data, n.byInput.Data)
	if measured || o.clip > 0 {
		n.products.FromInputMajor(l.dw, s.gradient) // norms are sums in this order
	}
	if measured {
		n.fromInputMajor()
		t.beforeUpdate()
	}
	first := part[F]{theta: n.byInput.Data, g: s.gradient.Data,
		weights: [][]F{n.byInput.Data}, gradients: [][]F{s.gradient.Data}}
	for _, v := range s.state {
		first.state = append(first.state, v.Data)
	}
	scale := o.begin(n.gradient)
	o.update(lr, scale, first)
	o.update(lr, scale, rest)
	if measured {
		n.fromInputMajor()
		t.afterUpdate()
	}
}
