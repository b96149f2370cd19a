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
	inputs [3]kernel.Rows[F] // of train, valid and test

	net       *net[F]
	optimizer *optimizer[F]
	order     *rand.Rand
	drop      *rand.Rand // nil without dropout

	rows      []int // the training examples in the order of the epoch
	batch     []F   // [Batch, in] inputs of a step of which some are dropped
	weights   [][]F // the weight matrices, which decay
	gradients [][]F

	start   []F // parameters before training
	before  []F // parameters before the epoch's last step
	last    []lastStep
	watch   *watch
	stopper stopper[F]

	next     int   // epoch that the next call makes
	finished bool  // no epoch is left
	err      error // the context's, after which nothing goes on
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
		order:     stream.New("order", seeds.Order),
		rows:      make([]int, data.Train.N),
		start:     append([]F(nil), n.theta...),
		stopper:   newStopper[F](c.EarlyStop),
	}
	if c.Dropout != (Dropout{}) {
		t.drop = stream.New("dropout", seeds.Order)
	}
	size := t.batchSize()
	if c.Dropout.Input > 0 {
		t.batch = make([]F, size*data.In)
	}
	n.grow(max(size, min(chunk, data.Train.N)))
	for _, l := range n.layers {
		t.weights, t.gradients = append(t.weights, l.w), append(t.gradients, l.dw)
	}
	if c.Log.Layers {
		t.before = make([]F, len(n.theta))
		t.last = make([]lastStep, len(n.layers))
		t.watch = newWatch(n.layers)
	}
	return t
}

func (t *training[F]) batchSize() int {
	if t.config.Batch == 0 {
		return t.data.Train.N
	}
	return min(t.config.Batch, t.data.Train.N)
}

// Next implements Training.
func (t *training[F]) Next(ctx context.Context) (Epoch, bool, error) {
	if t.err != nil || t.finished {
		return Epoch{}, false, t.err
	}
	e := Epoch{Epoch: t.next}
	if t.next > 0 {
		e.LR = t.config.rate(t.next - 1)
		e.Diverged, t.err = t.train(ctx, e.LR)
		if t.err != nil {
			return Epoch{}, false, t.err
		}
	}
	t.next++
	e.Steps = t.optimizer.steps
	t.measure(&e)
	return e, true, nil
}

// train takes the steps of one epoch. It stops early where the logits of a step
// or the parameters at the end are not finite.
func (t *training[F]) train(ctx context.Context, lr float64) (diverged bool, err error) {
	for i := range t.rows {
		t.rows[i] = i
	}
	size := t.batchSize()
	if size < len(t.rows) { // a step on all examples has no order
		t.order.Shuffle(len(t.rows), func(i, j int) { t.rows[i], t.rows[j] = t.rows[j], t.rows[i] })
	}
	for i := range t.last {
		t.last[i] = lastStep{math.NaN(), math.NaN()}
	}
	for lo := 0; lo < len(t.rows); lo += size {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		hi := min(lo+size, len(t.rows))
		if !t.step(t.rows[lo:hi], lr, hi == len(t.rows)) {
			return true, nil
		}
	}
	return !finite(norm(t.net.theta)), nil
}

// few is the size of a batch below which leaving zeros out takes longer than
// multiplying by them. Both give the same bits.
const few = 16

// step descends once along the gradient of the examples in rows. If their
// logits are not finite it changes nothing and returns false.
func (t *training[F]) step(rows []int, lr float64, last bool) bool {
	n := t.net
	x := t.inputs[0]
	x.Index = rows
	if len(rows) < few {
		x.Zeros = nil
	}
	if t.batch != nil {
		for r := range rows {
			copy(t.batch[r*n.in:(r+1)*n.in], x.Row(r))
		}
		x = n.all(t.batch[:len(rows)*n.in])
	}
	n.forward(x, true, t.drop)
	if !finite(norm(n.logits()[:len(rows)*n.out])) {
		return false
	}
	n.lossGradient(&t.data.Train, rows)
	n.backward(x)
	for _, l := range n.layers {
		if l.norm != nil {
			l.norm.track(len(rows))
		}
	}
	watched := last && t.last != nil
	if watched {
		copy(t.before, n.theta)
		for i, l := range n.layers {
			t.last[i].gradient = norm(l.dw)
		}
	}
	t.optimizer.step(lr, n.theta, n.gradient, t.weights, t.gradients)
	if watched {
		for i := range n.layers {
			l := &n.layers[i]
			t.last[i].update = distance(l.w, l.matrix(t.before))
		}
	}
	return true
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// measure fills in what is known of an epoch after its steps and decides
// whether it is the last.
func (t *training[F]) measure(e *Epoch) {
	every := max(1, t.config.Log.Every)
	t.finished = e.Epoch >= t.config.Epochs || e.Diverged
	e.Measured = e.Epoch%every == 0 || t.finished
	if t.stopper.Patience > 0 {
		e.Valid = t.net.evaluate(&t.data.Valid, t.inputs[1], nil)
		improved := t.stopper.see(e.Epoch, e.Valid, t.net)
		t.finished = t.finished || t.stopper.exhausted(e.Epoch)
		e.Measured = e.Measured || improved || t.finished
	}
	if e.Measured {
		t.measureAll(e)
	}
	if e.Measured && !finite(e.Train.Loss) {
		e.Diverged, t.finished = true, true
	}
	e.Best, e.Last = t.stopper.best, t.finished
	if t.finished {
		t.stopper.restore(t.net)
	}
}

func (t *training[F]) measureAll(e *Epoch) {
	n := t.net
	if t.watch != nil {
		n.reset(t.watch)
	}
	e.Train = n.evaluate(&t.data.Train, t.inputs[0], t.watch)
	if t.stopper.Patience == 0 {
		e.Valid = n.evaluate(&t.data.Valid, t.inputs[1], nil)
	}
	e.Test = n.evaluate(&t.data.Test, t.inputs[2], nil)
	e.Distance = distance(n.theta, t.start)
	if t.watch == nil {
		return
	}
	e.Layers = make([]Layer, len(n.layers))
	for i := range n.layers {
		l := &n.layers[i]
		m := t.watch.layers[i].summary()
		m.Weight, m.Distance = norm(l.w), distance(l.w, l.matrix(t.start))
		if e.Epoch > 0 {
			m.Gradient, m.Update = t.last[i].gradient, t.last[i].update
		}
		if l.alpha != nil {
			m.Alpha = float64(l.alpha[0])
		}
		e.Layers[i] = m
	}
}

// Weights implements Training.
func (t *training[F]) Weights() []Tensor { return t.net.tensors() }

// Logits implements Training.
func (t *training[F]) Logits(x []float32, n int) []float32 { return t.net.predict(x, n) }
