package mlp

import "math"

// prediction is what a network says of one example, in float64. Slices have the
// length of the outputs.
type prediction struct {
	output  string    // activation of the outputs
	z, a    []float64 // logits and outputs
	p, logp []float64 // class probabilities and their logarithms
}

func newPrediction(output string, out int) prediction {
	s := prediction{output: output, z: make([]float64, out), p: make([]float64, out), logp: make([]float64, out)}
	switch output {
	case "softmax":
		s.a = s.p
	case "identity":
		s.a = s.z
	default:
		s.a = make([]float64, out)
	}
	return s
}

// outputs follows from z. If it is a softmax so do the probabilities.
func (s *prediction) outputs() {
	switch s.output {
	case "softmax":
		softmax(s.p, s.logp, s.z)
	case "sigmoid":
		for c, v := range s.z {
			s.a[c] = sigmoid(v)
		}
	}
}

// classes follow from the outputs: the probabilities are those of softmax
// itself; sigmoid outputs divided by their sum, which is a softmax of their
// logarithms; and the softmax of identity outputs.
func (s *prediction) classes() {
	switch s.output {
	case "sigmoid":
		for c, v := range s.z {
			s.logp[c] = -softplus(-v)
		}
		softmax(s.p, s.logp, s.logp)
	case "identity":
		softmax(s.p, s.logp, s.z)
	}
}

// softmax also gives the logarithms. logp may be z.
func softmax(p, logp, z []float64) {
	top := z[0]
	for _, v := range z[1:] {
		if v > top {
			top = v
		}
	}
	var sum float64
	for c, v := range z {
		p[c] = math.Exp(v - top)
		sum += p[c]
	}
	lse, share := top+math.Log(sum), 1/sum
	for c, v := range z {
		p[c] *= share
		logp[c] = v - lse
	}
}
