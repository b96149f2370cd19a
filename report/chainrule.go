package report

import (
	"fmt"
	"math"
	"strings"

	"nightshift/mlp"
	"nightshift/report/figure"
)

// smallNet is the lecture's network for the chain rule: two inputs, two hidden layers of two units, one output, all of
// them sigmoids without biases, and a squared error. Its numbers can be followed by hand.
type smallNet struct {
	x      [2]float64
	w1, w2 [2][2]float64 // [to][from]
	w3     [2]float64
	y      float64

	a1, a2  [2]float64
	o, loss float64
}

func newSmallNet() smallNet {
	n := smallNet{x: [2]float64{1, 0.5}, w1: [2][2]float64{{0.4, -0.6}, {0.3, 0.8}}, w2: [2][2]float64{{0.5, -0.7}, {0.9, 0.2}},
		w3: [2]float64{1.2, 0.8}, y: 1}
	sigmoid := func(z float64) float64 { return 1 / (1 + math.Exp(-z)) }
	for i := range 2 {
		n.a1[i] = sigmoid(n.w1[i][0]*n.x[0] + n.w1[i][1]*n.x[1])
	}
	for i := range 2 {
		n.a2[i] = sigmoid(n.w2[i][0]*n.a1[0] + n.w2[i][1]*n.a1[1])
	}
	n.o = sigmoid(n.w3[0]*n.a2[0] + n.w3[1]*n.a2[1])
	n.loss = (n.o - n.y) * (n.o - n.y)
	return n
}

// slope is the derivative of a sigmoid whose value is a.
func slope(a float64) float64 { return a * (1 - a) }

// factors are the derivatives along the two ways from the loss to the first weight: of the loss by the output, of the
// output by a unit of the second layer, of this unit by the first one of the first layer, and of that by the weight.
func (n smallNet) factors(path int) [4]float64 {
	return [4]float64{2 * (n.o - n.y), slope(n.o) * n.w3[path], slope(n.a2[path]) * n.w2[path][0], slope(n.a1[0]) * n.x[0]}
}

// product is what one way adds to the derivative.
func (n smallNet) product(path int) float64 {
	f := n.factors(path)
	return f[0] * f[1] * f[2] * f[3]
}

// backpropagated is the derivative of the loss by the first weight, as package mlp computes it.
func (n smallNet) backpropagated() (float64, error) {
	c := mlp.Default()
	c.Hidden, c.Activation, c.Output, c.Loss = []int{2, 2}, mlp.Choice{Name: "sigmoid"}, "sigmoid", "mse"
	network, err := mlp.NewNetwork(c, 2, 1, mlp.Seeds{})
	if err != nil {
		return 0, err
	}
	flat := []float64{n.w1[0][0], n.w1[0][1], n.w1[1][0], n.w1[1][1], 0, 0, n.w2[0][0], n.w2[0][1], n.w2[1][0], n.w2[1][1], 0, 0,
		n.w3[0], n.w3[1], 0}
	copy(network.Parameters(), flat)
	_, gradient := network.Gradient(mlp.Examples{N: 1, X: []float32{float32(n.x[0]), float32(n.x[1])},
		Targets: []float32{float32(n.y)}}, false)
	return gradient[0], nil
}

// chainRule shows both ways from the loss to a weight, with the numbers of what they multiply.
func chainRule() (figure.Figure, error) {
	n := newSmallNet()
	whole, err := n.backpropagated()
	if err != nil {
		return figure.Figure{}, err
	}
	f := figure.Figure{Name: "chain-rule", Columns: 1, Title: "The derivative of the loss by a weight adds up over both paths to it"}
	one, two := n.product(0), n.product(1)
	sum := fmt.Sprintf("%s + %s = %s", brief(one), brief(two), brief(one+two))
	f.Panels = []figure.Panel{
		{Title: fmt.Sprintf("Forward: weights and activations; y = %s, L = (o−y)² = %s", brief(n.y), brief(n.loss)),
			Diagram: n.forward()},
		{Title: "Backward: ∂L/∂w₁₁(1) = " + sum, Diagram: n.backward()},
	}
	product := func(path int) string {
		text := ""
		for i, v := range n.factors(path) {
			if i > 0 {
				text += " × "
			}
			text += brief(v)
		}
		return text + " = " + brief(n.product(path))
	}
	f.Statement = fmt.Sprintf("Through a₁(2): %s. Through a₂(2): %s. Together %s; backpropagation of this program gives %s.",
		product(0), product(1), brief(one+two), brief(whole))
	f.Key = "The lecture's small network, with sigmoid units without biases and a squared error. Above: weights at the arrows, " +
		"activations at the units. Below: at each arrow the derivative of its beginning by its end; solid: the path through a₁(2), " +
		"dashed: that through a₂(2)."
	f.Alt = "Two diagrams of a small network: weights and activations, and the derivatives along both paths. " + f.Statement
	return f, nil
}

// The columns and rows of the small network.
const (
	upper, lower = 1.0, 0.0
	middleRow    = 0.5
)

// forward has the weights at the arrows.
func (n smallNet) forward() *figure.Diagram {
	d := &figure.Diagram{}
	node := func(x, y float64, name string, value float64) {
		d.Nodes = append(d.Nodes, figure.Node{X: x, Y: y, Name: name, Value: value})
	}
	rows := [2]float64{upper, lower}
	for layer, values := range [][2]float64{n.x, n.a1, n.a2} {
		for i, v := range values {
			name := fmt.Sprintf("a%s(%d)", lowered(i), layer)
			if layer == 0 {
				name = "x" + lowered(i)
			}
			node(float64(layer)/3, rows[i], name, v)
		}
	}
	node(1, middleRow, "o", n.o)
	for layer, w := range [][2][2]float64{n.w1, n.w2} {
		for to := range 2 {
			for from := range 2 {
				d.Arrows = append(d.Arrows, figure.Arrow{From: 2*layer + from, To: 2*layer + 2 + to, Value: w[to][from],
					Name: fmt.Sprintf("w%s%s(%d)", lowered(to), lowered(from), layer+1), Thick: layer+to+from == 0})
			}
		}
	}
	for from, w := range n.w3 {
		d.Arrows = append(d.Arrows, figure.Arrow{From: 4 + from, To: 6, Value: w, Name: fmt.Sprintf("w₁%s(3)", lowered(from))})
	}
	return d
}

// backward has the derivatives at the arrows, from the loss to the first weight.
func (n smallNet) backward() *figure.Diagram {
	none := math.NaN()
	d := &figure.Diagram{Nodes: []figure.Node{
		{X: 1, Y: middleRow, Name: "L", Value: n.loss}, {X: 0.75, Y: middleRow, Name: "o", Value: n.o},
		{X: 0.5, Y: upper, Name: "a₁(2)", Value: n.a2[0]}, {X: 0.5, Y: lower, Name: "a₂(2)", Value: n.a2[1]},
		{X: 0.25, Y: middleRow, Name: "a₁(1)", Value: n.a1[0]}, {X: 0, Y: middleRow, Name: "w₁₁(1)", Value: none},
	}}
	arrow := func(from, to int, name string, value float64, style figure.Style) {
		d.Arrows = append(d.Arrows, figure.Arrow{From: from, To: to, Name: name, Value: value, Style: style, Thick: true})
	}
	both := figure.Style{Colour: figure.Black}
	shared := n.factors(0)
	arrow(0, 1, "∂L/∂o", shared[0], both)
	for path := range 2 {
		f, way := n.factors(path), figure.Style{Colour: path, Dash: path}
		arrow(1, 2+path, fmt.Sprintf("∂o/∂a%s(2)", lowered(path)), f[1], way)
		arrow(2+path, 4, fmt.Sprintf("∂a%s(2)/∂a₁(1)", lowered(path)), f[2], way)
	}
	arrow(4, 5, "∂a₁(1)/∂w₁₁(1)", shared[3], both)
	return d
}

// brief has enough digits to follow by hand.
func brief(v float64) string { return strings.ReplaceAll(figure.Brief(v), "-", "−") }

// lowered is a number from 1 as an index.
func lowered(i int) string { return []string{"₁", "₂"}[i] }
