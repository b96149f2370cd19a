package mlp

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"nightshift/internal/stream"
)

// Every activation, objective and variant, and random deep networks.
func TestGradientsOfEveryCombination(t *testing.T) {
	cases := GradientCases()
	for seed := range uint64(30) {
		cases = append(cases, RandomGradientCase(seed))
	}
	coordinates, skipped := 0, 0
	for _, g := range cases {
		c := g.Config
		what := fmt.Sprintf("%s, %s+%s, %s, hidden %v", c.Activation.Name, c.Output, c.Loss, g.Name, c.Hidden)
		checks, err := g.Check(3)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		for _, c := range checks {
			if !c.OK() {
				t.Errorf("%s: %s has relative error %.1e, limit %.1e", what, c.Tensor, c.Error, c.Limit)
			}
			skipped += c.Skipped
			coordinates += c.Coordinates
		}
	}
	if skipped > coordinates/100 {
		t.Errorf("%d of %d parameters skipped at kinks", skipped, coordinates)
	}
}

// A slope that is wrong by a millionth is found, and found in the tensors below it only.
func TestWrongGradientsAreFound(t *testing.T) {
	c := gradientConfig([]int{3, 3}, activations[1], objectives[0])
	n, err := NewNetwork(c, 2, 3, Seeds{Init: 1})
	if err != nil {
		t.Fatal(err)
	}
	right := n.net.activate.backward
	n.net.activate.backward = func(d, z, a []float64, alpha float64) {
		right(d, z, a, alpha)
		for i := range d {
			d[i] *= 1 + 1e-6
		}
	}
	wrong := map[string]bool{}
	for _, c := range n.CheckGradient(Examples{N: 2, X: []float32{1, -2, 0.5, 3}, Labels: []int32{0, 2}}, false) {
		if !c.OK() {
			wrong[c.Tensor] = true
		}
	}
	want := map[string]bool{"layers.0.weight": true, "layers.0.bias": true, "layers.1.weight": true, "layers.1.bias": true}
	if !reflect.DeepEqual(wrong, want) {
		t.Errorf("wrong are %v, want %v", wrong, want)
	}
}

// Where a unit rests on its kink the difference is taken across it, and skipped.
func TestKinksAreSkipped(t *testing.T) {
	c := gradientConfig([]int{1}, activations[4], objectives[0])
	c.Init, c.BiasInit = constant.Default(), zeros.Default()
	n, err := NewNetwork(c, 1, 2, Seeds{})
	if err != nil {
		t.Fatal(err)
	}
	n.Parameters()[2] = 1 // to the first class
	checks := n.CheckGradient(Examples{N: 1, X: []float32{1}, Labels: []int32{0}}, false)
	for _, c := range checks {
		want := 0
		if strings.HasPrefix(c.Tensor, "layers.0") {
			want = 1
		}
		if c.Skipped != want || !c.OK() {
			t.Errorf("%+v, want %d skipped", c, want)
		}
	}
}

// The bias in front of a batch normalisation changes nothing; no difference
// quotient may call its gradient wrong.
func TestGradientsOfZero(t *testing.T) {
	c := gradientConfig([]int{3}, activations[2], objectives[0])
	c.BatchNorm = true
	checks, err := GradientCase{"", c, true}.Check(1)
	if err != nil {
		t.Fatal(err)
	}
	if c := checks[1]; c.Tensor != "layers.0.bias" || c.Error != 0 || c.Skipped != 0 {
		t.Errorf("%+v", c)
	}
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
		n.forward(n.all(input), true, stream.New("dropout", 5))
		return n.loss(&e, []int{0, 1, 2, 3})
	}
	objective()
	n.lossGradient(&e, []int{0, 1, 2, 3})
	n.backward(n.all(input))
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
		for _, c := range n.CheckGradient(e, false) {
			if !c.OK() {
				t.Errorf("%s: %s has relative error %.1e", o.name(), c.Tensor, c.Error)
			}
		}
	}
}
