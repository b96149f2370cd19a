package mlp

import (
	"bytes"
	"math"
	"math/rand/v2"

	"nightshift/internal/stream"
)

// GradientCase is a network whose gradient is compared with differences of its
// objective.
type GradientCase struct {
	Name       string // of the variant, or of the random architecture
	Config     Config
	BatchStats bool // batch normalisation uses the statistics of the batch
}

// TensorCheck is the comparison for one tensor of parameters.
type TensorCheck struct {
	Tensor      string
	Error       float64 // ‖a-n‖/(‖a‖+‖n‖) of the gradient a and the difference quotients n
	Limit       float64 // largest error of a right gradient
	Coordinates int
	Skipped     int // of them: a kink lay between the two points
}

// OK says whether the gradient is right as far as differences can tell.
func (c TensorCheck) OK() bool { return c.Error <= c.Limit }

const (
	gradientStep = 1e-5 // near the cube root of the precision, where centred differences are best
	smoothLimit  = 1e-7
	kinkedLimit  = 1e-6 // with kinks, which may also lie close to the two points
	gradientOut  = 3    // classes of a case
	gradientIn   = 4
)

// variants are what a configuration can add to the plain gradient.
var variants = []struct {
	name       string
	batchStats bool
	applies    func(objective) bool // nil for always
	set        func(*Config)
}{
	{name: "plain", set: func(*Config) {}},
	{name: "batch norm", batchStats: true, set: func(c *Config) { c.BatchNorm = true }},
	{name: "running norm", set: func(c *Config) { c.BatchNorm = true }},
	{name: "l1", set: func(c *Config) { c.L1 = 0.01 }},
	{name: "l2", set: func(c *Config) { c.L2 = 0.1 }},
	{name: "weighted", set: func(c *Config) { c.ClassWeights = []float64{1, 3, 0.5} }},
	{name: "smoothed", applies: func(o objective) bool { return o.smooths }, set: func(c *Config) { c.LabelSmoothing = 0.1 }},
	{name: "sum", applies: func(o objective) bool { return o.reduces }, set: func(c *Config) { c.Reduction = "sum" }},
}

// GradientVariants names the variants of GradientCases in their order.
func GradientVariants() []string {
	var names []string
	for _, v := range variants {
		names = append(names, v.name)
	}
	return names
}

// GradientCases lists every activation with every objective in every variant
// that has a meaning for it: the plain gradient, batch normalisation with the
// statistics of the batch and with running ones, each penalty, class weights,
// label smoothing and the sum over the outputs. Nothing is dropped.
func GradientCases() []GradientCase {
	var cases []GradientCase
	for _, a := range activations {
		for _, o := range objectives {
			for _, v := range variants {
				if v.applies != nil && !v.applies(o) {
					continue
				}
				c := gradientConfig([]int{5, 4}, a, o)
				v.set(&c)
				cases = append(cases, GradientCase{v.name, c, v.batchStats})
			}
		}
	}
	return cases
}

// gradientConfig has weights large enough that no gradient vanishes, and biases
// that keep units off their kinks.
func gradientConfig(hidden []int, a activation, o objective) Config {
	c := Default()
	c.Hidden, c.Activation, c.Output, c.Loss = hidden, a.Default(), o.Output, o.Loss
	c.Init = Choice{Name: "normal", Params: map[string]float64{"sd": 0.5, "mean": 0}}
	c.BiasInit = Choice{Name: "normal", Params: map[string]float64{"sd": 0.5, "mean": 0}}
	return c
}

// RandomGradientCase is a deep network drawn from a seed: two to five hidden
// layers of three to eight units, an activation, an objective, and each variant
// that has a meaning for it with probability one half.
func RandomGradientCase(seed uint64) GradientCase {
	r := stream.New("gradcheck", seed)
	hidden := make([]int, 2+r.IntN(5))
	for i := range hidden {
		hidden[i] = 3 + r.IntN(6)
	}
	o := draw(r, objectives)
	g := GradientCase{Name: "random", Config: gradientConfig(hidden, draw(r, activations), o)}
	g.Config.Init = Choice{Name: "orthogonal", Params: map[string]float64{"gain": 1.5}}
	for _, v := range variants {
		if (v.applies == nil || v.applies(o)) && r.IntN(2) == 0 {
			v.set(&g.Config)
			g.BatchStats = g.BatchStats || v.batchStats
		}
	}
	return g
}

func draw[E any](r *rand.Rand, table []E) E { return table[r.IntN(len(table))] }

// GradientCaseOf is a small network with the activation, output and loss of a configuration.
func GradientCaseOf(c Config) GradientCase {
	a, _ := find(activations, c.Activation.Name, activation.option)
	o, _ := findObjective(c.Output, c.Loss)
	g := GradientCase{Name: "plain", Config: gradientConfig([]int{3, 3}, a, o)}
	g.Config.Activation = c.Activation
	return g
}

// Check compares the gradient of the case, at weights and on a few
// examples drawn from the seed, for every tensor of parameters.
func (g GradientCase) Check(seed uint64) ([]TensorCheck, error) {
	n, e, err := g.draw(seed)
	if err != nil {
		return nil, err
	}
	return n.CheckGradient(e, g.BatchStats), nil
}

// draw draws weights and a few examples.
func (g GradientCase) draw(seed uint64) (*Network, Examples, error) {
	n, err := NewNetwork(g.Config, gradientIn, gradientOut, Seeds{Init: seed})
	if err != nil {
		return nil, Examples{}, err
	}
	var e Examples
	for r := stream.New("gradcheck/examples", seed); e.N < 9; e.N++ {
		e.Labels = append(e.Labels, int32(e.N%gradientOut))
		for range gradientIn {
			e.X = append(e.X, float32(r.NormFloat64()))
		}
	}
	return n, e, nil
}

// CheckGradient compares Gradient with centred differences of Objective, two
// evaluations for each parameter. A coordinate is skipped where the pieces of
// the objective differ between its two points. Where both sides of a tensor are
// too small for differences to tell from 0 (the bias in front of a batch
// normalisation), its error is 0.
func (n *Network) CheckGradient(e Examples, batchStats bool) []TensorCheck {
	limit := smoothLimit
	if len(n.net.activation.kinks) > 0 || n.net.objective.Loss == "hinge" || n.net.config.L1 > 0 {
		limit = kinkedLimit
	}
	objective, gradient := n.Gradient(e, batchStats)
	analytic := append([]float64(nil), gradient...)
	// What the rounding of the objective can do to one quotient.
	const epsilon = 0x1p-52
	rounding := 10 * epsilon * math.Max(1, math.Abs(objective)) / gradientStep

	at := 0
	var checks []TensorCheck
	for _, v := range n.net.views() {
		if v.buffer {
			continue
		}
		c := TensorCheck{Tensor: v.name, Limit: limit, Coordinates: len(v.data)}
		var diff, a, b float64
		for i := range v.data {
			numeric, smooth := n.quotient(&v.data[i], e, batchStats)
			if !smooth {
				c.Skipped++
				continue
			}
			exact := analytic[at+i]
			diff += (exact - numeric) * (exact - numeric)
			a += exact * exact
			b += numeric * numeric
		}
		at += len(v.data)
		a, b = math.Sqrt(a), math.Sqrt(b)
		noise := rounding * math.Sqrt(float64(c.Coordinates))
		if !(a <= noise && b <= noise) {
			c.Error = math.Sqrt(diff) / (a + b)
			c.Limit = math.Max(limit, noise/(a+b))
		}
		checks = append(checks, c)
	}
	return checks
}

// quotient is the centred difference quotient along a parameter. It is not
// smooth where a kink lies between the two points.
func (n *Network) quotient(parameter *float64, e Examples, batchStats bool) (q float64, smooth bool) {
	v := *parameter
	*parameter = v + gradientStep
	up, above := n.Objective(e, batchStats), n.Pieces(e)
	*parameter = v - gradientStep
	down, below := n.Objective(e, batchStats), n.Pieces(e)
	*parameter = v
	return (up - down) / (2 * gradientStep), bytes.Equal(above, below)
}
