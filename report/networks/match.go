package networks

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Match is an order of the hidden units of one network that brings them next to
// those of another: unit i of a layer takes the place of nothing but unit
// Order[layer][i], times Sign[layer][i].
type Match struct {
	Order [][]int
	Sign  [][]float64 // 1, or -1 where an odd activation lets the unit's sign be turned
}

// Align looks for the order of b's hidden units that brings its parameters next to
// a's: the weight matching of Ainsworth, Hayase and Srinivasa (Git Re-Basin, arXiv
// 2209.04836, algorithm 1). For one layer, the others as they are, the best order is
// a linear assignment; layer after layer in random order until nothing is gained. With
// one hidden layer that is exact. Where the activation is odd, signs are matched too.
func (s *Space) Align(a, b Point, r *rand.Rand) Match {
	m := Match{}
	hidden := len(s.Layers) - 1
	for _, l := range s.Layers[:hidden] {
		order, sign := make([]int, l.Out), make([]float64, l.Out)
		for i := range order {
			order[i], sign[i] = i, 1
		}
		m.Order, m.Sign = append(m.Order, order), append(m.Sign, sign)
	}
	const enough = 1e-12 // of what is gained, relative to the sum
	for gained := true; gained; {
		gained = false
		for _, layer := range r.Perm(hidden) {
			gain := s.gains(a, b, m, layer)
			n := s.Layers[layer].Out
			before, size := 0.0, 0.0
			for i, j := range m.Order[layer] {
				before += m.Sign[layer][i] * gain[i*n+j]
				size += math.Abs(gain[i*n+j])
			}
			worth := gain
			if s.odd() {
				worth = make([]float64, len(gain))
				for k, v := range gain {
					worth[k] = math.Abs(v)
				}
			}
			order := assign(worth, n)
			sign := slices.Repeat([]float64{1}, n)
			after := 0.0
			for i, j := range order {
				if s.odd() && gain[i*n+j] < 0 {
					sign[i] = -1
				}
				after += sign[i] * gain[i*n+j]
			}
			if after-before > enough*(1+size) {
				m.Order[layer], m.Sign[layer] = order, sign
				gained = hidden > 1
			}
		}
	}
	return m
}

// odd says whether a unit's sign may be turned: φ(-z) = -φ(z), and nothing between.
func (s *Space) odd() bool {
	return slices.Contains([]string{"tanh", "hardtanh", "softsign", "identity"}, s.Config.Activation.Name) && !s.Config.BatchNorm
}

// gains is the inner product of a's unit i with b's unit j of a layer, [n, n], over
// what comes into the unit and what leaves it, the other layers being matched.
func (s *Space) gains(a, b Point, m Match, layer int) []float64 {
	l, next := s.Layers[layer], s.Layers[layer+1]
	n := l.Out
	gain := make([]float64, n*n)
	wa, wb := s.Weights(a, layer), s.Weights(b, layer)
	if layer > 0 {
		wb = columns(wb, l.Out, m.Order[layer-1], m.Sign[layer-1])
	}
	va, vb := s.Weights(a, layer+1), s.Weights(b, layer+1)
	if layer+1 < len(m.Order) {
		vb = rows(vb, next.In, m.Order[layer+1], m.Sign[layer+1])
	}
	va, vb = transposed(va, next.Out, n), transposed(vb, next.Out, n)
	ga, ba := s.norms(a, layer)
	gb, bb := s.norms(b, layer)
	for i := range n {
		for j := range n {
			sum := s.Biases(a, layer)[i] * s.Biases(b, layer)[j]
			sum += dot(wa[i*l.In:(i+1)*l.In], wb[j*l.In:(j+1)*l.In])
			sum += dot(va[i*next.Out:(i+1)*next.Out], vb[j*next.Out:(j+1)*next.Out])
			if ga != nil {
				sum += ga[i]*gb[j] + ba[i]*bb[j]
			}
			gain[i*n+j] = sum
		}
	}
	return gain
}

// Apply puts the hidden units of a network into the order of the match. It computes
// what it did before.
func (s *Space) Apply(m Match, p Point) Point {
	q := slices.Clone(p)
	for layer, l := range s.Layers {
		w, b := s.Weights(p, layer), s.Biases(p, layer)
		if layer > 0 {
			w = columns(w, l.Out, m.Order[layer-1], m.Sign[layer-1])
		}
		if layer < len(m.Order) {
			w, b = rows(w, l.In, m.Order[layer], m.Sign[layer]), rows(b, 1, m.Order[layer], m.Sign[layer])
			if gamma, beta := s.norms(p, layer); gamma != nil {
				toGamma, toBeta := s.norms(q, layer)
				copy(toGamma, rows(gamma, 1, m.Order[layer], m.Sign[layer]))
				copy(toBeta, rows(beta, 1, m.Order[layer], m.Sign[layer]))
			}
		}
		copy(s.Weights(q, layer), w)
		copy(s.Biases(q, layer), b)
	}
	return q
}

// sums puts what the first layer sums up of examples, [n, units], into the order of
// the match.
func (s *Space) sums(m Match, z []float64) []float64 {
	if len(m.Order) == 0 {
		return z
	}
	return columns(z, len(z)/s.Layers[0].Out, m.Order[0], m.Sign[0])
}

// rows are those of w [len(order), width] in another order, each times its sign.
func rows(w []float64, width int, order []int, sign []float64) []float64 {
	to := make([]float64, 0, len(w))
	for i, j := range order {
		for _, v := range w[j*width : (j+1)*width] {
			to = append(to, sign[i]*v)
		}
	}
	return to
}

// columns are those of w [n, len(order)] in another order, each times its sign.
func columns(w []float64, n int, order []int, sign []float64) []float64 {
	to, width := make([]float64, len(w)), len(order)
	for r := range n {
		from, into := w[r*width:(r+1)*width], to[r*width:(r+1)*width]
		for i, j := range order {
			into[i] = sign[i] * from[j]
		}
	}
	return to
}

// transposed is w [n, width] as [width, n].
func transposed(w []float64, n, width int) []float64 {
	to := make([]float64, len(w))
	for r := range n {
		for c := range width {
			to[c*n+r] = w[r*width+c]
		}
	}
	return to
}

func dot(a, b []float64) (sum float64) {
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}
