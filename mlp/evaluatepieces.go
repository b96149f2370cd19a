package mlp

import "nightshift/mlp/internal/kernel"

// pieceEvaluation evaluates a small network whose loss is the NLL of a softmax, in pieces of the examples that are evaluated at
// once elsewhere, to the same bits.
type pieceEvaluation[F kernel.Float] struct {
	*unitwise[F]
	labels    []int32 // [rows] of the piece
	byExample []F     // [rows, out] activations of a layer
}

func newPieceEvaluation[F kernel.Float](n *net[F]) *pieceEvaluation[F] {
	widest := 0
	for _, l := range n.layers {
		widest = max(widest, l.out)
	}
	return &pieceEvaluation[F]{unitwise: n.unitwise(), labels: make([]int32, pieceRows),
		byExample: kernel.Aligned[F](pieceRows*widest + kernel.Spare)}
}

// evaluate measures the network on a split.
func (p *pieceEvaluation[F]) evaluate(e *Examples, inputs *inputs[F], stats *layerStats) Metrics {
	var t tally
	units := inputs.units()
	for lo := 0; lo < e.N; lo += evaluationRows {
		rows := min(evaluationRows, e.N-lo)
		var x kernel.Rows[F]
		if units == nil {
			x = inputs.rows(p.net.consecutive(lo, rows), false, &p.net.batch)
		}
		for first := 0; first < rows; first += p.rows {
			if units != nil {
				p.from(units[(lo+first)*p.net.in:])
			} else {
				p.read(x, first)
			}
			p.piece(&t, e.Labels[lo+first:lo+min(first+p.rows, rows)], stats)
		}
		if stats != nil {
			stats.addMoments()
		}
	}
	return p.net.softmaxMetrics(&t, e)
}

// piece adds the examples that were read, which have the labels.
func (p *pieceEvaluation[F]) piece(t *tally, labels []int32, stats *layerStats) {
	n, rows := p.net, len(labels)
	last := len(p.layers) - 1
	for i := range last {
		p.hidden(i)
		if stats != nil {
			s, l := &p.layers[i], &n.layers[i]
			kernel.TransposeTight(p.byExample, l.out, s.a, s.units, p.rows)
			u, size := &stats.layers[i], l.out*p.rows
			addUnits(u, p.byExample[:rows*l.out], s.a[:size], s.z[:size], &stats.flat[i], p.rows, loopsOf[F](n.activation).sloping)
		}
	}
	logits := p.logits()
	clear(p.labels[copy(p.labels, labels):])
	if !n.classMetrics.ByClass(any(logits).([]float32), p.labels, rows, n.out, calibrationBins) {
		p.pieceOneByOne(t, labels, stats)
		return
	}
	t.addSoftmax(&n.classMetrics, rows)
	if stats != nil {
		byExample, byClass := n.classMetrics.Probabilities()
		addUnits(&stats.layers[last], byExample, byClass, byClass, &stats.output, p.rows, slopingSigmoids[float64])
	}
}

// pieceOneByOne adds examples whose logits may not be finite.
func (p *pieceEvaluation[F]) pieceOneByOne(t *tally, labels []int32, stats *layerStats) {
	n, last := p.net, len(p.layers)-1
	logits := p.byExample[:len(labels)*n.out]
	byExample(logits, p.layers[last].z, n.out, p.rows)
	tallySoftmax(t, &n.predictions, logits, labels)
	if stats != nil {
		outputs := n.predictions.all.a
		add(&stats.layers[last], outputs, outputs, &stats.output, func(j int) bool { return slopingSigmoids(outputs[j : j+1]) })
	}
}

// predict computes the logits [*, out] of inputs.
func (p *pieceEvaluation[F]) predict(logits []float32, x kernel.Rows[F]) {
	out := p.net.out
	for lo := 0; lo < x.N(); lo += p.rows {
		p.read(x, lo)
		for i := range len(p.layers) - 1 {
			p.hidden(i)
		}
		byExample(logits[lo*out:min(lo+p.rows, x.N())*out], p.logits(), out, p.rows)
	}
}

// byExample turns logits [out, rows], of which the first examples are wanted: [examples, out].
func byExample[To, From kernel.Float](logits []To, z []From, out, rows int) {
	for i := range logits {
		logits[i] = To(z[i%out*rows+i/out])
	}
}

// addUnits is add for activations that are there by example, [examples, units], and by unit, [units, rows], where those behind
// the examples are no examples.
func addUnits[F kernel.Float](u *unitStats, byExample, byUnit, at []F, flat *ranges, rows int, sloping func(a []F) bool) {
	kernel.AddMoments(&u.moments, byExample)
	u.n += float64(len(byExample))
	examples := len(byExample) / len(u.alive)
	if examples == rows {
		u.saturated += float64(countOf(flat, at))
	}
	for o, alive := range u.alive {
		if examples < rows {
			u.saturated += float64(countOf(flat, at[o*rows:][:examples]))
		}
		if !alive {
			u.alive[o] = sloping(byUnit[o*rows:][:examples])
		}
	}
}
