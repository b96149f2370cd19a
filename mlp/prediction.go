package mlp

import (
	"math"

	"nightshift/mlp/internal/kernel"
)

// prediction is what a network says of one example, in float64. Slices have the
// length of the outputs.
type prediction struct {
	z, a    []float64 // logits and outputs
	p, logp []float64 // class probabilities and their logarithms
}

// predictions are those of some examples, [rows, out].
type predictions struct {
	output string // activation of the outputs
	out    int
	all    prediction
	best   []int      // by row, the largest logit, where the metrics are those of a softmax
	one    prediction // the row that was asked for last
}

func newPredictions(output string, out int) predictions {
	return predictions{output: output, out: out}
}

// grow makes the predictions those of a number of rows.
func (s *predictions) grow(rows int) {
	size, all := rows*s.out, &s.all
	if cap(all.z) < size {
		all.z, all.p, all.logp = make([]float64, size), make([]float64, size), make([]float64, size)
		all.a = all.p
		s.best = make([]int, rows)
		switch s.output {
		case "sigmoid":
			all.a = make([]float64, size)
		case "identity":
			all.a = all.z
		}
	}
	s.best = s.best[:rows]
	all.z, all.a, all.p, all.logp = all.z[:size], all.a[:size], all.p[:size], all.logp[:size]
}

// row is the prediction of one example, until another row is asked for.
func (s *predictions) row(r int) *prediction {
	lo, hi := r*s.out, (r+1)*s.out
	s.one = prediction{s.all.z[lo:hi], s.all.a[lo:hi], s.all.p[lo:hi], s.all.logp[lo:hi]}
	return &s.one
}

// predict sets the outputs that follow from logits. If they are a softmax the
// probabilities are those, otherwise they are left to classes.
func predict[F kernel.Float](s *predictions, logits []F) {
	s.grow(len(logits) / s.out)
	convert(s.all.z, logits)
	switch s.output {
	case "softmax":
		softmax(s.all.p, s.all.logp, s.all.z, s.out)
	case "sigmoid":
		kernel.Sigmoid(s.all.a, s.all.z)
	}
}

// classes follow from the outputs: the probabilities are those of softmax
// itself; sigmoid outputs divided by their sum, which is a softmax of their
// logarithms; and the softmax of identity outputs.
func (s *predictions) classes() {
	switch s.output {
	case "sigmoid":
		for c, v := range s.all.z {
			s.all.logp[c] = -softplus(-v)
		}
		softmax(s.all.p, s.all.logp, s.all.logp, s.out)
	case "identity":
		softmax(s.all.p, s.all.logp, s.all.z, s.out)
	}
}

// softmax of rows of out logits, with the logarithms. logp may be z.
func softmax(p, logp, z []float64, out int) {
	shift(logp, z, out)
	kernel.Exp(p, logp)
	for lo := 0; lo < len(z); lo += out {
		row := p[lo : lo+out]
		var sum float64
		for _, v := range row {
			sum += v
		}
		log, share := math.Log(sum), 1/sum
		for c := range row {
			row[c] *= share
			logp[lo+c] -= log
		}
	}
}

// shift takes the largest logit of each row of out from the others. shifted may be z.
func shift(shifted, z []float64, out int) {
	for lo := 0; lo < len(z); lo += out {
		row := z[lo : lo+out]
		top := row[0]
		for _, v := range row[1:] {
			top = max(top, v)
		}
		to := shifted[lo:][:len(row)]
		for c, v := range row {
			to[c] = v - top
		}
	}
}
