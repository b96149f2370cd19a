package mlp

import "math"

// Probabilities turns logits [n, out] into class probabilities [n, out]: those
// of softmax itself; sigmoid outputs divided by their sum; and the softmax of
// identity outputs.
func Probabilities(output string, logits []float32, n, out int) []float64 {
	p := make([]float64, n*out)
	for i := range n {
		row := p[i*out : (i+1)*out]
		convert(row, logits[i*out:(i+1)*out])
		logProbabilities(row, row, output == "sigmoid")
		for c := range row {
			row[c] = math.Exp(row[c])
		}
	}
	return p
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

// logProbabilities writes the logarithms of the class probabilities of the
// logits z to p, which may be z. Where the outputs are sigmoids σ(z), the
// probability of a class is its share of their sum: a softmax of ln σ(z).
func logProbabilities(p, z []float64, sigmoids bool) {
	copy(p, z)
	if sigmoids {
		for c, v := range p {
			p[c] = -softplus(-v)
		}
	}
	lse := logSumExp(p)
	for c := range p {
		p[c] -= lse
	}
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
