package mlp

import (
	"math"

	"nightshift/internal/metric"
	"nightshift/mlp/internal/kernel"
)

// evaluationRows is the number of examples that are evaluated at once.
const evaluationRows = kernel.BandRows

// calibrationBins is the number of equal-width bins of the expected
// calibration error.
const calibrationBins = 15

// evaluate measures the network on a split in evaluation mode. x are the
// split's inputs. stats, if not nil, gets the activations.
func (n *net[F]) evaluate(e *Examples, x *inputs[F], stats *layerStats) Metrics {
	if e.N == 0 {
		return Metrics{}
	}
	if x.skipsZeros() {
		n.toInputMajor()
		all, l := x.rows(nil, true, nil), &n.layers[0]
		return n.measure(e, evaluationRows, stats, func(lo, rows int) {
			n.products.PartXV(l.z[:rows*l.out], all, lo, n.byInput, l.b)
			n.forwardFromFirst(rows, false, nil)
		})
	}
	if n.fitsPieces(e) && kernel.HasClassMetrics() {
		if n.piecewise == nil {
			n.piecewise = newPieceEvaluation(n)
		}
		return n.piecewise.evaluate(e, x, stats)
	}
	return n.evaluateWhole(e, x, stats)
}

// evaluateWhole computes a layer of all examples that are evaluated at once after the other.
func (n *net[F]) evaluateWhole(e *Examples, x *inputs[F], stats *layerStats) Metrics {
	return n.measure(e, evaluationRows, stats, func(lo, rows int) {
		n.forward(x.rows(n.consecutive(lo, rows), false, &n.batch), false, nil)
	})
}

// measure takes the metrics of a split, most examples at a time, whose logits
// forward computes.
func (n *net[F]) measure(e *Examples, most int, stats *layerStats, forward func(lo, rows int)) Metrics {
	if e.N == 0 {
		return Metrics{}
	}
	n.grow(min(e.N, most))
	var t tally
	nllIsLoss := n.nllIsLoss(e)
	for lo := 0; lo < e.N; lo += most {
		rows := min(most, e.N-lo)
		forward(lo, rows)
		if nllIsLoss {
			outputs := n.tallySoftmax(&t, n.logits()[:rows*n.out], e.Labels[lo:lo+rows], stats != nil)
			if stats != nil {
				n.observe(stats, rows, outputs)
			}
			continue
		}
		predict(&n.predictions, n.logits()[:rows*n.out])
		if stats != nil {
			n.observe(stats, rows, n.predictions.all.a)
		}
		if e.Labels != nil {
			n.predictions.classes()
		}
		for r := range rows {
			s := n.predictions.row(r)
			target, factor, mass := n.targets.of(e, lo+r)
			t.loss += factor * n.targets.reduce * n.objective.loss(s, target)
			t.mass += mass
			if e.Labels == nil {
				t.regression(s.a, target)
				continue
			}
			t.classes(s, int(e.Labels[lo+r]), n.objective.Output == "softmax")
		}
	}
	if nllIsLoss {
		return n.softmaxMetrics(&t, e)
	}
	m := t.metrics(e.N, n.out, e.Labels != nil)
	m.Loss += n.penalty()
	return m
}

// nllIsLoss says whether the loss is the NLL of a softmax, which is a metric.
func (n *net[F]) nllIsLoss(e *Examples) bool {
	return n.objective.likelihood && n.targets.oneHot && e.Labels != nil
}

// softmaxMetrics gives the metrics of a split where the loss is the NLL of a softmax.
func (n *net[F]) softmaxMetrics(t *tally, e *Examples) Metrics {
	t.loss, t.mass = t.nll, float64(e.N)
	m := t.metrics(e.N, n.out, true)
	m.Loss += n.penalty()
	return m
}

// consecutive lists the examples from lo on.
func (n *net[F]) consecutive(lo, rows int) []int {
	index := n.window[:rows]
	for r := range index {
		index[r] = lo + r
	}
	return index
}

// tally adds up the metrics of a split, one example at a time.
type tally struct {
	loss, mass        float64 // weighted sum of the losses, sum of the weights
	wrong, nll, brier float64
	square            float64 // of outputs minus targets, over examples and outputs
	bin               [calibrationBins]struct{ confidence, correct float64 }
}

func (t *tally) regression(a, target []float64) {
	for c, v := range a {
		t.square += (v - target[c]) * (v - target[c])
	}
}

// classes compares the outputs with class y, one-hot whatever the smoothing, and
// the class probabilities, which may be the outputs.
func (t *tally) classes(s *prediction, y int, same bool) {
	best := argmax(s.z)
	if best != y {
		t.wrong++
	}
	t.nll -= s.logp[y]
	brier := distanceOf(s.p, y)
	t.brier += brier
	if same {
		t.square += brier
	} else {
		t.square += distanceOf(s.a, y)
	}
	t.calibrate(s.p[best], best == y)
}

// tallySoftmax adds examples of the classes labels whose outputs are the softmax of the logits [*, out], and whose loss
// is the NLL, and returns these outputs if they are wanted.
func (n *net[F]) tallySoftmax(t *tally, logits []F, labels []int32, wanted bool) (outputs []float64) {
	single, ok := any(logits).([]float32)
	if m := &n.classMetrics; ok && kernel.HasClassMetrics() && m.Softmax(single, labels, n.out, calibrationBins) {
		t.addSoftmax(m, len(labels))
		if wanted {
			outputs, _ = m.Probabilities()
		}
		return outputs
	}
	tallySoftmax(t, &n.predictions, logits, labels)
	return n.predictions.all.a
}

// addSoftmax adds examples that were computed together.
func (t *tally) addSoftmax(m *kernel.ClassMetrics, examples int) {
	logLikelihood, brier, confidence := m.LogLikelihood[:examples], m.Brier[:examples], m.Confidence[:examples]
	correct, bin := m.Correct[:examples], m.Bin[:examples]
	for r, l := range logLikelihood {
		t.nll -= l
		t.brier += brier[r]
		b := &t.bin[bin[r]]
		b.confidence += confidence[r]
		b.correct += correct[r]
		t.wrong += 1 - correct[r]
	}
	t.square = t.brier
}

// tallySoftmax does what predict and classes do, in fewer passes.
func tallySoftmax[F kernel.Float](t *tally, s *predictions, logits []F, labels []int32) {
	out := s.out
	s.grow(len(labels))
	for r := range labels {
		z, shifted := logits[r*out:(r+1)*out], s.all.logp[r*out:(r+1)*out]
		best := argmax(z)
		s.best[r] = best
		top := float64(z[best])
		for c, v := range z {
			shifted[c] = float64(v) - top
		}
	}
	kernel.Exp(s.all.p, s.all.logp)
	for r, label := range labels {
		p, y, best := s.all.p[r*out:(r+1)*out], int(label), s.best[r]
		var sum float64
		for _, v := range p {
			sum += v
		}
		t.nll -= s.all.logp[r*out+y] - math.Log(sum)
		share := 1 / sum
		for c := range p {
			p[c] *= share
		}
		brier := distanceOf(p, y)
		t.brier += brier
		t.square += brier
		if best != y {
			t.wrong++
		}
		t.calibrate(p[best], best == y)
	}
}

// calibrate puts a prediction of that confidence into its bin.
func (t *tally) calibrate(confidence float64, right bool) {
	// Bins are open on the left, as in Guo et al. 2017.
	k := 0
	if confidence > 0 { // not so for NaN
		k = min(calibrationBins, int(math.Ceil(confidence*calibrationBins))) - 1
	}
	t.bin[k].confidence += confidence
	if right {
		t.bin[k].correct++
	}
}

// distanceOf is the square of the distance from class y, one-hot.
func distanceOf(a []float64, y int) (square float64) {
	right := a[y]
	a[y]--
	for _, v := range a {
		square += v * v
	}
	a[y] = right
	return square
}

func (t *tally) metrics(examples, out int, classes bool) Metrics {
	n := float64(examples)
	m := Metrics{Loss: t.loss / t.mass, MSE: t.square / (n * float64(out)), Error: t.wrong / n, NLL: t.nll / n,
		Brier: t.brier / n}
	for _, b := range t.bin {
		m.ECE += math.Abs(b.confidence-b.correct) / n
	}
	if classes {
		return m
	}
	return Metrics(metric.Map(metric.Metrics[float64](m), func(of metric.Metric, v float64) float64 {
		if of.Regression {
			return v
		}
		return math.NaN()
	}))
}
