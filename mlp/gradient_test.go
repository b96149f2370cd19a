package mlp

import (
	"bytes"
	"math"
	"testing"

	"nightshift/internal/stream"
)

// checkGradient compares the gradient with central differences and returns the
// relative error ‖a-n‖/(‖a‖+‖n‖) and how many parameters were skipped because a
// kink lay between the two points.
func checkGradient(n *Network, e Examples, batchStats bool) (worst float64, skipped int) {
	const h = 1e-5
	_, g := n.Gradient(e, batchStats)
	analytic := append([]float64(nil), g...)
	theta := n.Parameters()
	var diff, a, b float64
	for i, v := range theta {
		theta[i] = v + h
		up := n.Objective(e, batchStats)
		above := n.Pieces(e)
		theta[i] = v - h
		down := n.Objective(e, batchStats)
		below := n.Pieces(e)
		theta[i] = v
		if !bytes.Equal(above, below) {
			skipped++
			continue
		}
		numeric := (up - down) / (2 * h)
		diff += (analytic[i] - numeric) * (analytic[i] - numeric)
		a += analytic[i] * analytic[i]
		b += numeric * numeric
	}
	if a == 0 && b == 0 {
		return 0, skipped
	}
	return math.Sqrt(diff) / (math.Sqrt(a) + math.Sqrt(b)), skipped
}

func TestGradientsOfEveryCombination(t *testing.T) {
	e := Examples{N: 6, Labels: []int32{0, 2, 1, 1, 0, 2}}
	for i := range e.N * 4 {
		e.X = append(e.X, float32(math.Sin(float64(1+7*i))))
	}
	variants := []struct {
		name       string
		batchStats bool
		set        func(*Config)
	}{
		{"plain", false, func(c *Config) {}},
		{"batch norm on the batch", true, func(c *Config) { c.BatchNorm = true }},
		{"batch norm on running statistics", false, func(c *Config) { c.BatchNorm = true }},
		{"l1", false, func(c *Config) { c.L1 = 0.01 }},
		{"l2", false, func(c *Config) { c.L2 = 0.1 }},
		{"class weights", false, func(c *Config) { c.ClassWeights = []float64{1, 3, 0.5} }},
	}
	checks, skips := 0, 0
	for _, a := range activations {
		for _, o := range objectives {
			for _, v := range variants {
				c := Default()
				c.Hidden, c.Activation, c.Output, c.Loss = []int{5, 4}, a.Default(), o.Output, o.Loss
				c.Init = Choice{Name: "normal", Params: map[string]float64{"sd": 0.5, "mean": 0}}
				c.BiasInit = Choice{Name: "normal", Params: map[string]float64{"sd": 0.5, "mean": 0}}
				v.set(&c)
				n, err := NewNetwork(c, 4, 3, Seeds{Init: 3})
				if err != nil {
					t.Fatal(err)
				}
				worst, skipped := checkGradient(n, e, v.batchStats)
				checks += len(n.Parameters())
				skips += skipped
				if worst > 1e-7 {
					t.Errorf("%s, %s, %s: relative error %.1e, %d skipped", a.Name, o.name(), v.name, worst, skipped)
				}
				if skipped > len(n.Parameters())/10 {
					t.Errorf("%s, %s, %s: %d of %d parameters skipped", a.Name, o.name(), v.name, skipped, len(n.Parameters()))
				}
			}
		}
	}
	t.Logf("%d of %d parameters skipped at kinks", skips, checks)
}

// With a generator that starts afresh for every forward pass, the network with
// dropped units is a smooth function of its parameters.
func TestGradientThroughDropout(t *testing.T) {
	e := Examples{N: 4, Labels: []int32{0, 2, 1, 1}}
	x := make([]float64, e.N*3)
	for i := range x {
		x[i] = math.Sin(float64(1 + 7*i))
	}
	c := Default()
	c.Hidden, c.Activation, c.BatchNorm, c.Dropout = []int{6, 5}, Choice{Name: "tanh"}, true, Dropout{Input: 0.2, Hidden: 0.4}
	n := newNet[float64](c, 3, 3)
	n.initialise(stream.New("init", 1), stream.New("bias", 1))
	n.grow(e.N)
	var input []float64 // after dropout
	objective := func() float64 {
		input = append(input[:0], x...)
		n.forward(input, e.N, true, stream.New("dropout", 5))
		return n.lossGradient(&e, []int{0, 1, 2, 3})
	}
	objective()
	n.backward(input, e.N)
	for i, v := range n.theta {
		const h = 1e-5
		n.theta[i] = v + h
		up := objective()
		n.theta[i] = v - h
		down := objective()
		n.theta[i] = v
		near(t, "gradient", n.gradient[i], (up-down)/(2*h), 1e-8)
	}
}

func TestGradientOfRegression(t *testing.T) {
	e := Examples{N: 3, X: []float32{-1, 0.5, 2}, Targets: []float32{0.1, 0.9, 0.4}}
	for _, o := range objectives {
		if !o.regression {
			continue
		}
		c := Default()
		c.Hidden, c.Activation, c.Output, c.Loss = []int{4}, Choice{Name: "tanh"}, o.Output, o.Loss
		n, err := NewNetwork(c, 1, 1, Seeds{})
		if err != nil {
			t.Fatal(err)
		}
		if worst, _ := checkGradient(n, e, false); worst > 1e-7 {
			t.Errorf("%s: relative error %.1e", o.name(), worst)
		}
	}
}
