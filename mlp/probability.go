package mlp

// Probabilities turns logits [n, out] into class probabilities [n, out]: those
// of softmax itself; sigmoid outputs divided by their sum; and the softmax of
// identity outputs.
func Probabilities(output string, logits []float32, n, out int) []float64 {
	s := newPredictions(output, out)
	predict(&s, logits[:n*out])
	s.classes()
	return s.all.p
}

// LogProbabilities gives the logarithms of Probabilities, which are finite where these are 0.
func LogProbabilities(output string, logits []float32, n, out int) []float64 {
	s := newPredictions(output, out)
	predict(&s, logits[:n*out])
	s.classes()
	return s.all.logp
}

// OutputValues turns logits [n, out] into the outputs [n, out] of a network, which are what a regression predicts.
func OutputValues(output string, logits []float32, n, out int) []float64 {
	s := newPredictions(output, out)
	predict(&s, logits[:n*out])
	return s.all.a
}

// Predictions returns the class with the largest logit of each row [n, out],
// the lowest of them where several are equal.
func Predictions(logits []float32, n, out int) []int32 {
	y := make([]int32, n)
	for i := range y {
		y[i] = int32(argmax(logits[i*out : (i+1)*out]))
	}
	return y
}

// argmax is the index of the largest element, the lowest of equal ones.
func argmax[T float32 | float64](v []T) int {
	best := 0
	for i, x := range v {
		if x > v[best] {
			best = i
		}
	}
	return best
}
