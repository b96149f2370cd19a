package report

import (
	"context"
	"fmt"
	"slices"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/mlp"
	"nightshift/report/figure"
)

// Architectures that a figure of parameters shows, and layers whose shapes it has room for.
const (
	mostArchitectures = 12
	mostShapes        = 4
)

// parameters shows the layers of the networks of the cells, with their shapes and what they learn, and beside them the
// chain rule on a network that is small enough to follow. It takes no results.
func parameters(_ context.Context, _ *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	rule, err := chainRule()
	if err != nil {
		return nil, err
	}
	var rows []*cell // one of each architecture
	for _, c := range b.cells {
		if !slices.ContainsFunc(rows, func(o *cell) bool { return layerNames(o) == layerNames(c) }) {
			rows = append(rows, c)
		}
	}
	f := figure.Figure{Name: "parameters", Columns: 1}
	if n := len(rows); n > mostArchitectures {
		rows = rows[:mostArchitectures]
		f.Warnings = append(f.Warnings, fmt.Sprintf("%d of %d architectures are shown; where chooses others.", mostArchitectures, n))
	}
	f.Panels = []figure.Panel{layerPanel(rows)}
	least, most := rows[0], rows[0]
	for _, c := range rows {
		if c.learned() < least.learned() {
			least = c
		}
		if c.learned() > most.learned() {
			most = c
		}
	}
	f.Title = fmt.Sprintf("%s has %d parameters", architecture(most), most.learned())
	if least.learned() != most.learned() {
		f.Title = fmt.Sprintf("From %d parameters (%s) to %d (%s)", least.learned(), architecture(least), most.learned(),
			architecture(most))
	}
	f.Statement = fmt.Sprintf("%s: %s. A layer is a matrix of weights with its biases, so one with a single hidden layer has two.",
		architecture(most), layersInWords(most))
	f.Key = "In a square with room for it: the shape of the weights, outputs × inputs, and the biases, or their number where " +
		"there are many layers; the darker, the more numbers a layer learns, with scales and shifts of batch normalisation and " +
		"slopes of PReLU. Layers: matrices of weights."
	f.Alt = fmt.Sprintf("Table of the layers of %s. %s", number.Count(len(rows), "network"), f.Statement)
	return []figure.Figure{f, rule}, nil
}

// layer is what one layer of a network learns.
type layer struct {
	in, out, extra int // extra: of batch normalisation and of PReLU
}

func (l layer) count() int { return l.out*l.in + l.out + l.extra }

// layers are those of the network of a cell.
func (c *cell) layers() (all []layer) {
	in := c.Data.In
	for _, h := range c.Config.Hidden {
		one := mlp.Config{Activation: c.Config.Activation, BatchNorm: c.Config.BatchNorm, Hidden: []int{h}}
		none := mlp.Config{Hidden: []int{h}}
		all = append(all, layer{in, h, one.Parameters(in, 1) - none.Parameters(in, 1)})
		in = h
	}
	return append(all, layer{in, c.Data.Out, 0})
}

// learned is how many numbers the network of a cell learns.
func (c *cell) learned() int { return c.Config.Parameters(c.Data.In, c.Data.Out) }

// layerNames is the architecture with what else is learned.
func layerNames(c *cell) string {
	text := architecture(c)
	if c.Config.BatchNorm {
		text += ", batch norm"
	}
	if c.Config.Activation.Name == "prelu" {
		text += ", prelu"
	}
	return text
}

// layersInWords say how the number of parameters comes about.
func layersInWords(c *cell) string {
	text := ""
	for i, l := range c.layers() {
		if i > 0 {
			text += " + "
		}
		text += fmt.Sprintf("(%d × %d + %d", l.out, l.in, l.out)
		if l.extra > 0 {
			text += fmt.Sprintf(" + %d", l.extra)
		}
		text += ")"
	}
	return fmt.Sprintf("%s = %d parameters", text, c.learned())
}

// layerPanel has a row for each architecture, a column for each layer and one for all of them.
func layerPanel(rows []*cell) figure.Panel {
	deepest := 0
	for _, c := range rows {
		deepest = max(deepest, len(c.Config.Hidden)+1)
	}
	p := figure.Panel{X: figure.Axis{Label: "layer", Categories: make([]string, deepest+1)}, Colour: figure.Axis{Log: true}}
	for i := range deepest {
		p.X.Categories[i] = fmt.Sprint(i + 1)
	}
	p.X.Categories[deepest] = "all"
	for i, c := range slices.Backward(rows) {
		y := float64(len(rows) - 1 - i)
		p.Y.Categories = append(p.Y.Categories, layerNames(c))
		for k, l := range c.layers() {
			text := fmt.Sprintf("%d×%d\n+%d", l.out, l.in, l.out)
			note := fmt.Sprintf("%d×%d+%d: %d parameters", l.out, l.in, l.out, l.count())
			if deepest > mostShapes {
				text = fmt.Sprint(l.count())
			}
			p.Cells = append(p.Cells, figure.Cell{X: float64(k), Y: y, Value: float64(l.count()), Text: text, Note: note,
				Interval: noInterval,
				Origin:   figure.Origin{Measure: "parameters", Layer: k + 1}})
		}
		p.Cells = append(p.Cells, figure.Cell{X: float64(deepest), Y: y, Value: float64(c.learned()), Text: fmt.Sprint(c.learned()),
			Note:     "parameters",
			Interval: noInterval, Origin: figure.Origin{Measure: "parameters"}})
	}
	return p
}
