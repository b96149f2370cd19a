package mlp

import (
	"context"
	"math"
	"math/rand/v2"

	"nightshift/internal/stream"
	"nightshift/mlp/internal/kernel"
)

// training is the state of one network being trained.
type training[F kernel.Float] struct {
	config Config
	data   Data
	inputs [3]*inputs[F] // of train, valid and test

	net         *net[F]
	optimizer   *optimizer[F]
	order, drop *rand.PCG // generators of the shuffling and, nil without dropout, of what is dropped
	dropping    *rand.Rand
	epochOrder  rand.PCG // order before it shuffled the examples of the epoch

	rows      []int // the training examples in the order of the epoch
	seen      int   // how many of them the epoch's steps have seen; 0 between epochs
	weights   [][]F // the weight matrices, which decay
	gradients [][]F

	initial    []F // parameters before training
	beforeStep []F // parameters before the epoch's last step
	lastSteps  []lastStep
	stats      *layerStats // nil where layers are not measured
	stopper    stopper[F]

	descends bool            // a step adds a multiple of the gradient and needs nothing else of it
	sparse   *sparseSteps[F] // nil where steps multiply zeros like other numbers
	pieces   *pieces[F]      // nil where a batch is computed at once

	next     int  // epoch that the next call makes
	finished bool // no epoch is left
}

// lastStep is what the last step of an epoch did to a layer's weights.
type lastStep struct{ gradient, update float64 }

func newTraining[F kernel.Float](c Config, data Data, seeds Seeds) *training[F] {
	if data.prepared == nil {
		data = Prepare(data)
	}
	n := newNet[F](c, data.In, data.Out)
	n.initialise(stream.New("init", seeds.Init), stream.New("bias", seeds.Init))
	t := &training[F]{
		config:    c,
		data:      data,
		inputs:    inputsOf[F](data.prepared),
		net:       n,
		optimizer: newOptimizer[F](c, len(n.theta)),
		order:     stream.Source("order", seeds.Order),
		rows:      make([]int, data.Train.N),
		initial:   append([]F(nil), n.theta...),
		stopper:   newStopper[F](c.EarlyStop),
	}
	if c.Dropout != (Dropout{}) {
		t.drop = stream.Source("dropout", seeds.Order)
		t.dropping = rand.New(t.drop)
	}
	size := t.batchSize()
	t.descends = t.optimizer.descends() && c.L1 == 0 && c.L2 == 0
	t.sparse = newSparseSteps(c, t.inputs[0], n, t.optimizer)
	if t.sparse == nil && n.inPieces(&data.Train) {
		t.pieces = newPieces(n, size)
	} else {
		n.grow(max(size, min(evaluationRows, data.Train.N)))
	}
	for _, l := range n.layers {
		t.weights, t.gradients = append(t.weights, l.w), append(t.gradients, l.dw)
	}
	if c.Log.Layers {
		t.beforeStep = make([]F, len(n.theta))
		t.lastSteps = make([]lastStep, len(n.layers))
		t.stats = newLayerStats(n)
	}
	return t
}

func (t *training[F]) batchSize() int { return t.config.batch(t.data.Train.N) }

// Next implements Training.
func (t *training[F]) Next(ctx context.Context) (Epoch, bool, error) {
	if t.finished {
		return Epoch{}, false, nil
	}
	e := Epoch{Epoch: t.next}
	if t.next > 0 {
		e.LR = t.config.rate(t.next - 1)
		var err error
		if e.Diverged, err = t.train(ctx, e.LR); err != nil {
			return Epoch{}, false, err
		}
	}
	t.next++
	e.Steps = t.optimizer.steps
	t.measure(&e)
	return e, true, nil
}

// train takes the steps of one epoch, or those that a cancelled context has left
// of it. It stops early where the logits of a step or the parameters at the end
// are not finite.
func (t *training[F]) train(ctx context.Context, lr float64) (diverged bool, err error) {
	size := t.batchSize()
	if t.sparse != nil {
		t.sparse.begin(t.net, t.optimizer)
		defer t.sparse.end(t.net, t.optimizer)
	}
	for {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if t.seen == 0 {
			t.epochOrder = *t.order
			t.shuffle()
		}
		hi := min(t.seen+size, len(t.rows))
		if !t.step(t.rows[t.seen:hi], lr, hi == len(t.rows)) {
			t.seen = 0
			return true, nil
		}
		if t.seen = hi; hi == len(t.rows) {
			t.seen = 0
			return !finite(norm(t.net.theta)), nil
		}
	}
}

// shuffle begins an epoch.
func (t *training[F]) shuffle() {
	for i := range t.rows {
		t.rows[i] = i
	}
	if t.batchSize() < len(t.rows) { // a step on all examples has no order
		stream.Shuffle(t.order, t.rows)
	}
	for i := range t.lastSteps {
		t.lastSteps[i] = lastStep{math.NaN(), math.NaN()}
	}
}

// skipsZeros says whether steps leave out the zeros of the inputs, where the inputs
// have enough of them, which gives the same bits. Dropped inputs are a new matrix
// for every step, so they are multiplied as they are.
func (c Config) skipsZeros() bool { return c.Dropout.Input == 0 }

// step descends once along the gradient of the examples in rows. If their
// logits are not finite it changes nothing and returns false.
func (t *training[F]) step(rows []int, lr float64, last bool) bool {
	n := t.net
	index := rows
	if len(rows) == len(t.rows) { // all have no order
		index = nil
	}
	x := t.inputs[0].rows(index, t.sparse != nil, &n.batch)
	if t.config.Dropout.Input > 0 {
		x = n.batch.copy(x)
	}
	measured := last && t.lastSteps != nil
	if t.pieces != nil {
		if !t.pieces.gradient(x, &t.data.Train, rows) {
			return false
		}
		for _, l := range n.layers {
			n.penaltyGradient(l.dw, l.w)
		}
		t.down(lr, measured)
		return true
	}
	n.forward(x, true, t.dropping)
	if !finite(norm(n.logits()[:len(rows)*n.out])) {
		return false
	}
	n.lossGradient(&t.data.Train, rows)
	for _, l := range n.layers {
		if l.batchNorm != nil {
			l.batchNorm.track(len(rows))
		}
	}
	if t.sparse != nil {
		t.sparse.down(t, x, lr, measured)
		return true
	}
	if t.descends && !measured {
		t.descend(x, -F(lr))
		return true
	}
	n.backward(x)
	t.down(lr, measured)
	return true
}

// descend takes a step of plain gradient descent: each weight gets its share as soon as it is known.
func (t *training[F]) descend(x kernel.Rows[F], rate F) {
	n := t.net
	down := func(l *layer[F], d []F, h kernel.Rows[F]) { n.products.DescendDtX(l.w, rate, l.dw, d, h, l.out) }
	down(&n.layers[0], n.backwardToFirst(x.N(), down), x)
	t.optimizer.steps++
	for i, l := range n.layers { // what is not a weight lies behind the weights of its layer
		from, to := l.at+len(l.w), len(n.theta)
		if i+1 < len(n.layers) {
			to = n.layers[i+1].at
		}
		kernel.Axpy(n.theta[from:to], rate, n.gradient[from:to])
	}
}

// down takes a step along the gradient.
func (t *training[F]) down(lr float64, measured bool) {
	if measured {
		t.beforeUpdate()
	}
	if t.descends { // what the optimiser does, too, after looking up its parameters by name
		t.optimizer.steps++
		kernel.Axpy(t.net.theta, -F(lr), t.net.gradient)
	} else {
		t.optimizer.step(lr, t.net.theta, t.net.gradient, t.weights, t.gradients)
	}
	if measured {
		t.afterUpdate()
	}
}

// beforeUpdate notes what an update begins with.
func (t *training[F]) beforeUpdate() {
	copy(t.beforeStep, t.net.theta)
	for i, l := range t.net.layers {
		t.lastSteps[i].gradient = norm(l.dw)
	}
}

// afterUpdate measures what it did.
func (t *training[F]) afterUpdate() {
	for i := range t.net.layers {
		l := &t.net.layers[i]
		t.lastSteps[i].update = distance(l.w, l.matrix(t.beforeStep))
	}
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// Weights implements Training.
func (t *training[F]) Weights() []Tensor { return t.net.tensors() }

// Logits implements Training.
func (t *training[F]) Logits(e Examples) []float32 { return t.net.predict(e) }
