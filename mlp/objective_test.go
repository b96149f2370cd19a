package mlp

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// at returns the loss for logits z and targets t, and its gradient.
func (o objective) at(z, t []float64) (loss float64, g []float64) {
	s := newPredictions(o.Output, len(z))
	predict(&s, z)
	g = make([]float64, len(z))
	outputs(o.Output, g, z, len(z))
	o.double(g, t, 1)
	return o.loss(s.row(0), t), g
}

func pair(t *testing.T, output, loss string) objective {
	t.Helper()
	o, ok := findObjective(output, loss)
	if !ok {
		t.Fatalf("no objective %s+%s", output, loss)
	}
	return o
}

func (o objective) name() string { return o.Output + "+" + o.Loss }

func TestObjectiveLaws(t *testing.T) {
	for _, o := range objectives {
		t.Run(o.name(), func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				n := rapid.IntRange(2, 6).Draw(t, "outputs")
				z := rapid.SliceOfN(rapid.Float64Range(-8, 8), n, n).Draw(t, "z")
				target := make([]float64, n)
				if y := rapid.IntRange(0, n-1).Draw(t, "y"); o.smooths && rapid.Bool().Draw(t, "smooth") {
					for c := range target {
						target[c] = 0.1 / float64(n)
					}
					target[y] += 0.9
				} else {
					target[y] = 1
				}
				h := make([]float64, n)
				value, g := o.at(z, target)
				if !(value >= 0) {
					t.Fatalf("loss %v", value)
				}
				for c := range z {
					const step = 1e-5
					copy(h, z)
					h[c] = z[c] + step
					up, _ := o.at(h, target)
					h[c] = z[c] - step
					down, _ := o.at(h, target)
					if o.Loss == "hinge" && math.Abs(up+down-2*value) > 1e-12 {
						continue // a kink lies between
					}
					if numeric := (up - down) / (2 * step); math.Abs(numeric-g[c]) > 1e-7*(1+math.Abs(value)) {
						t.Fatalf("gradient of z[%d] is %v, the difference quotient %v", c, g[c], numeric)
					}
				}
			})
		})
	}
}

func TestSoftmaxIsShiftInvariant(t *testing.T) {
	both := []objective{pair(t, "softmax", "ce"), pair(t, "softmax", "mse")}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "outputs")
		z := rapid.SliceOfN(rapid.Float64Range(-50, 50), n, n).Draw(t, "z")
		shift := rapid.Float64Range(-1e3, 1e3).Draw(t, "shift")
		p, q, shifted, logp := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
		target := make([]float64, n)
		target[0] = 1
		for c := range z {
			shifted[c] = z[c] + shift
		}
		softmax(p, logp, z, n)
		softmax(q, logp, shifted, n)
		var sum float64
		for c := range p {
			sum += p[c]
			if math.Abs(p[c]-q[c]) > 1e-11 {
				t.Fatalf("%v and, shifted, %v", p, q)
			}
		}
		if math.Abs(sum-1) > 1e-13 {
			t.Fatalf("probabilities add up to %v", sum)
		}
		for _, o := range both {
			_, g := o.at(z, target)
			sum = 0
			for _, v := range g {
				sum += v
			}
			if math.Abs(sum) > 1e-13 {
				t.Fatalf("the gradient along a shift is %v", sum)
			}
		}
	})
}

// Exact values: the first by hand, the second is ln(e+e²+e³)-3; the third row
// is the minimum of a smoothed cross-entropy, the entropy of the targets.
func TestKnownLosses(t *testing.T) {
	loss := func(output, loss string, z, target []float64) float64 {
		v, _ := pair(t, output, loss).at(z, target)
		return v
	}
	near(t, "overconfident", loss("softmax", "ce", []float64{1000, 0, -1000}, []float64{0, 0, 1}), 2000, 0)
	near(t, "1, 2, 3", loss("softmax", "ce", []float64{1, 2, 3}, []float64{0, 0, 1}), 0.40760596444438, 1e-13)
	smooth := []float64{0.9 + 0.1/3, 0.1 / 3, 0.1 / 3}
	z, entropy := make([]float64, 3), 0.0
	for c, v := range smooth {
		z[c] = math.Log(v)
		entropy -= v * math.Log(v)
	}
	near(t, "smoothed", loss("softmax", "ce", z, smooth), entropy, 1e-15)
	near(t, "hinge", loss("identity", "hinge", []float64{1, 3, 2}, []float64{0, 0, 1}), 2, 0)

	// One sigmoid that is wrong with p = 1e-5: cross-entropy still pulls with
	// full force, squared error does not.
	logit := []float64{math.Log(1e-5 / (1 - 1e-5))}
	_, g := pair(t, "sigmoid", "bce").at(logit, []float64{1})
	near(t, "BCE gradient", g[0], -0.99999, 1e-12)
	_, g = pair(t, "sigmoid", "mse").at(logit, []float64{1})
	near(t, "MSE gradient", g[0], -1.99996e-5, 1e-10)
}

// A single output that is certain of the wrong class, descended at rate 1 until
// it is undecided: cross-entropy needs 13 steps, squared error 50,023.
func TestSquaredErrorIsSlowToUnlearn(t *testing.T) {
	for _, test := range []struct {
		loss string
		want int
	}{{"bce", 13}, {"mse", 50_023}} {
		o, z, steps := pair(t, "sigmoid", test.loss), []float64{math.Log(1e-5 / (1 - 1e-5))}, 0
		for ; z[0] < 0 && steps < 100_000; steps++ {
			_, g := o.at(z, []float64{1})
			z[0] -= g[0]
		}
		if steps != test.want {
			t.Errorf("%d steps, want %d", steps, test.want)
		}
	}
}

func FuzzObjectives(f *testing.F) {
	f.Add(0.0, 0.0, 0.0, uint8(0))
	f.Add(1e4, -1e4, 3.0, uint8(1))
	f.Add(-1e100, 1e100, 1e-300, uint8(2))
	f.Fuzz(func(t *testing.T, a, b, c float64, y uint8) {
		z := []float64{a, b, c}
		for _, v := range z {
			if !(math.Abs(v) <= 1e100) { // squares do not overflow
				t.Skip()
			}
		}
		target := make([]float64, 3)
		target[y%3] = 1
		for _, o := range objectives {
			loss, g := o.at(z, target)
			out := make([]float64, 3)
			outputs(o.Output, out, z, 3)
			for _, v := range append([]float64{loss}, append(g, out...)...) {
				if !finite(v) {
					t.Errorf("%s of %v: loss %v, gradient %v, outputs %v", o.name(), z, loss, g, out)
				}
			}
		}
		for _, output := range Outputs() {
			s := newPredictions(output.Name, 3)
			predict(&s, z)
			s.classes()
			one := s.row(0)
			for c, v := range one.logp {
				if !(v <= 0) || !(0 <= one.p[c] && one.p[c] <= 1) {
					t.Errorf("%s: logarithmic probabilities of %v: %v, without logarithm %v", output.Name, z, one.logp, one.p)
				}
			}
		}
	})
}

// Class weights and their mean are those of PyTorch's CrossEntropyLoss:
// Σ w_y L / Σ w_y, and with smoothing the weight of each class multiplies its
// own term, so the expected values follow from the definition.
func TestClassWeights(t *testing.T) {
	logits := [][]float64{{1, 0, -1}, {0.5, 2, 0}}
	labels := []int32{0, 2}
	weights := []float64{1, 2, 5}
	for _, smoothing := range []float64{0, 0.3} {
		var sum float64
		for i, z := range logits {
			lse := math.Log(math.Exp(z[0]) + math.Exp(z[1]) + math.Exp(z[2]))
			for c := range z {
				share := smoothing / 3
				if c == int(labels[i]) {
					share += 1 - smoothing
				}
				sum += weights[c] * share * (lse - z[c])
			}
		}
		c := Default()
		c.Hidden, c.ClassWeights, c.LabelSmoothing = nil, weights, smoothing
		n := newNet[float64](c, 1, 3)
		n.grow(2)
		e := Examples{N: 2, Labels: labels}
		copy(n.logits(), append(append([]float64{}, logits[0]...), logits[1]...))
		near(t, "loss", n.loss(&e, []int{0, 1}), sum/6, 1e-14)

		c.Output, c.Loss, c.LabelSmoothing = "identity", "mse", 0
		n = newNet[float64](c, 1, 3)
		n.grow(2)
		copy(n.logits(), append(append([]float64{}, logits[0]...), logits[1]...))
		near(t, "squared error", n.loss(&e, []int{0, 1}), (1*1./3+5*(0.25+4+1)/3)/6, 1e-14)
	}
}
