package report

import (
	"math"
	"testing"

	"nightshift/internal/study"
)

// The counts of the lecture, and layers that add up to them.
func TestParametersOfTheLecture(t *testing.T) {
	t.Parallel()
	n := newNight("nets", "")
	n.glyphs(1, 0.1)
	base, data := n.runs[0], n.runs[0].Data
	want := map[string]float64{"784-10": 7850, "784-50-10": 39760, "784-100-10": 79510,
		"784-100-100-10, batch norm, prelu": 79510 + 10100 + 400 + 2}
	for i, hidden := range [][]int{{}, {100}, {100, 100}} {
		c, err := study.ReadConfig(base.Config)
		if err != nil {
			t.Fatal(err)
		}
		if c.Hidden = hidden; len(hidden) == 2 {
			c.BatchNorm, c.Activation = true, choice("prelu")
		}
		n.add([]study.AxisValue{{Axis: "hidden", Label: string(rune('a' + i))}}, c, study.Seeds{})
		n.runs[len(n.runs)-1].Data = data
	}
	all := build(t, mustRead(t, n), "parameters")
	p := all[0].Panels[0]
	sums := make([]float64, len(p.Y.Categories))
	for _, c := range p.Cells {
		if row := int(c.Y); c.X == float64(len(p.X.Categories)-1) {
			if name := p.Y.Categories[row]; c.Value != want[name] || c.Value != sums[row] {
				t.Errorf("%s: %v parameters, the layers add up to %v, want %v", name, c.Value, sums[row], want[name])
			}
			delete(want, p.Y.Categories[row])
		} else {
			sums[row] += c.Value
		}
	}
	if len(want) > 0 {
		t.Errorf("not shown: %v", want)
	}
}

// The derivative by the first weight is the sum of exactly two products, that of backpropagation and of differences.
func TestChainRuleHasTwoPaths(t *testing.T) {
	t.Parallel()
	n := newSmallNet()
	whole, err := n.backpropagated()
	if err != nil {
		t.Fatal(err)
	}
	if sum := n.product(0) + n.product(1); math.Abs(sum-whole) > 1e-12 {
		t.Errorf("the paths add up to %v, backpropagation gives %v", sum, whole)
	}
	f, err := chainRule()
	if err != nil {
		t.Fatal(err)
	}
	back := f.Panels[1].Diagram
	var walk func(node int, product float64) float64
	paths := 0
	walk = func(node int, product float64) (sum float64) {
		if back.Nodes[node].Name == "w₁₁(1)" {
			paths++
			return product
		}
		for _, a := range back.Arrows {
			if a.From == node {
				sum += walk(a.To, product*a.Value)
			}
		}
		return sum
	}
	if sum := walk(0, 1); paths != 2 || math.Abs(sum-whole) > 1e-12 {
		t.Errorf("%d paths whose products add up to %v, want %v", paths, sum, whole)
	}
	forward := f.Panels[0].Diagram
	for i, node := range forward.Nodes { // each unit is the sigmoid of what comes in
		z, arrows := 0.0, 0
		for _, a := range forward.Arrows {
			if a.To == i {
				z, arrows = z+a.Value*forward.Nodes[a.From].Value, arrows+1
			}
		}
		if want := 1 / (1 + math.Exp(-z)); arrows > 0 && math.Abs(node.Value-want) > 1e-12 {
			t.Errorf("%s is %v, want %v", node.Name, node.Value, want)
		}
	}
	if len(forward.Arrows) != 10 {
		t.Errorf("%d weights of a network 2-2-2-1", len(forward.Arrows))
	}
}
