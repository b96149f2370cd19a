package networks

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Cosines are the cosines between the incoming weights of the units of a layer,
// [units, units]: 1 for units that compute the same of their inputs, apart from their
// scale and bias. Two units without any weights are alike, one of them is like no other.
func (s *Space) Cosines(p Point, layer int) []float64 {
	w, l := s.Weights(p, layer), s.Layers[layer]
	all := make([]float64, l.Out*l.Out)
	for i := range l.Out {
		all[i*l.Out+i] = 1
		for j := range i {
			c := cosine(w[i*l.In:(i+1)*l.In], w[j*l.In:(j+1)*l.In])
			all[i*l.Out+j], all[j*l.Out+i] = c, c
		}
	}
	return all
}

// MeanCosine is the mean over the pairs of different units of a layer; NaN for a
// layer of one unit.
func (s *Space) MeanCosine(p Point, layer int) float64 {
	n := s.Layers[layer].Out
	sum := 0.0
	for _, c := range s.Cosines(p, layer) {
		sum += c
	}
	return (sum - float64(n)) / float64(n*(n-1))
}

// EffectiveRank is the exponential of the entropy of the singular values of a layer's
// weights, as shares of their sum: as many as there are where they are equal, 1 where
// all units are multiples of one, 0 for weights that are all 0. (Roy and Vetterli,
// EUSIPCO 2007.)
func (s *Space) EffectiveRank(p Point, layer int) float64 {
	l := s.Layers[layer]
	w := mat.NewDense(l.Out, l.In, append([]float64(nil), s.Weights(p, layer)...))
	var svd mat.SVD
	if !svd.Factorize(w, mat.SVDNone) {
		return math.NaN()
	}
	values := svd.Values(nil)
	total := 0.0
	for _, v := range values {
		total += v
	}
	if total == 0 {
		return 0
	}
	entropy := 0.0
	for _, v := range values {
		if share := v / total; share > 0 {
			entropy -= share * math.Log(share)
		}
	}
	return math.Exp(entropy)
}

// cosine of the angle between two vectors: exactly 1 for equal ones, and 0 where one
// of them has no direction.
func cosine(a, b []float64) float64 {
	var ab, aa, bb float64
	same := true
	for i, v := range a {
		ab += v * b[i]
		aa += v * v
		bb += b[i] * b[i]
		same = same && v == b[i]
	}
	switch {
	case same:
		return 1
	case aa == 0 || bb == 0:
		return 0
	}
	return max(-1, min(1, ab/math.Sqrt(aa)/math.Sqrt(bb)))
}
