package mlp

// measure fills in what is known of an epoch after its steps and decides
// whether it is the last.
func (t *training[F]) measure(e *Epoch) {
	t.finished = e.Epoch >= t.config.Epochs || e.Diverged
	e.Measured = e.Epoch%t.config.Log.every() == 0 || t.finished
	if t.stopper.Patience > 0 {
		e.Valid = t.net.evaluate(&t.data.Valid, t.inputs[1], nil)
		best := t.stopper.improved(e.Epoch, e.Valid, t.net)
		t.finished = t.finished || t.stopper.exhausted(e.Epoch)
		e.Measured = e.Measured || best || t.finished
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
	if t.stats != nil {
		n.reset(t.stats)
	}
	e.Train = n.evaluate(&t.data.Train, t.inputs[0], t.stats)
	if t.stopper.Patience == 0 {
		e.Valid = n.evaluate(&t.data.Valid, t.inputs[1], nil)
	}
	e.Test = n.evaluate(&t.data.Test, t.inputs[2], nil)
	e.Distance = distance(n.theta, t.initial)
	if t.stats == nil {
		return
	}
	e.Layers = make([]Layer, len(n.layers))
	for i := range n.layers {
		l := &n.layers[i]
		m := t.stats.layers[i].summary()
		m.Weight, m.Distance = norm(l.w), distance(l.w, l.matrix(t.initial))
		if e.Epoch > 0 {
			m.Gradient, m.Update = t.lastSteps[i].gradient, t.lastSteps[i].update
		}
		if l.alpha != nil {
			m.Alpha = float64(l.alpha[0])
		}
		e.Layers[i] = m
	}
}
