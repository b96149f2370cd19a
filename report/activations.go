package report

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/mlp"
	"nightshift/report/figure"
)

// Activations are drawn from -activationReach to activationReach, at places so far apart, and on both sides of a jump.
const (
	activationReach = 6.0
	activationStep  = 0.125
	besideJump      = 1e-6
)

// activations shows the activations of hidden layers with their derivatives: all that there are, or those of the cells
// that the study chooses. It takes no results.
func activations(_ context.Context, _ *results, b *block, f study.Figure) ([]figure.Figure, error) {
	var chosen []mlp.Choice
	if len(f.Where) == 0 {
		for _, o := range mlp.Activations() {
			chosen = append(chosen, o.Default())
		}
	}
	for _, c := range b.cells {
		has := func(o mlp.Choice) bool { return activationName(o) == activationName(c.Config.Activation) }
		if len(f.Where) > 0 && !slices.ContainsFunc(chosen, has) {
			chosen = append(chosen, c.Config.Activation)
		}
	}
	return ActivationFigures(chosen...), nil
}

// ActivationFigures draws activations with their derivatives: those that level off at both ends in one figure, the others
// in another, since they need other scales.
func ActivationFigures(chosen ...mlp.Choice) (all []figure.Figure) {
	level := func(c mlp.Choice) bool {
		f, _ := mlp.NewFunction(c)
		below, above := f.Flat()
		return !math.IsNaN(below) && !math.IsNaN(above)
	}
	for _, kind := range []struct {
		name, title string
		levels      bool
	}{{"activations-bounded", "Activations that level off at both ends", true},
		{"activations-unbounded", "Activations that do not level off above", false}} {
		f := figure.Figure{Name: kind.name, Title: kind.title}
		var said []string
		for _, c := range chosen {
			if level(c) != kind.levels {
				continue
			}
			f.Panels = append(f.Panels, activationPanel(c))
			said = append(said, activationWords(c))
		}
		if len(f.Panels) == 0 {
			continue
		}
		if len(f.Panels) == 1 {
			f.Title, f.Panels[0].Title = f.Panels[0].Title+" and its derivative", ""
		}
		if n := len(f.Panels); n > figure.MaxPanels {
			f.Panels = f.Panels[:figure.MaxPanels]
			f.Warnings = append(f.Warnings, fmt.Sprintf("%d of %d activations are shown; where chooses others.", figure.MaxPanels, n))
		}
		f.Columns = figure.Columns(len(f.Panels))
		f.Statement = "Steepest slope, and where the slope is under a twentieth of it: " + strings.Join(said, ", ") + "."
		f.Key = "Line: the activation f of z; dashes: its derivative, with which backpropagation multiplies; dots: kinks, at " +
			"which the derivative is that of PyTorch."
		f.Alt = fmt.Sprintf("Line plots of %s and their derivatives. %s", number.Count(len(f.Panels), "activation"), f.Statement)
		all = append(all, f)
	}
	return all
}

// activationName is the name with the parameters, where they are not the usual ones.
func activationName(c mlp.Choice) string {
	all := mlp.Activations()
	at := slices.IndexFunc(all, func(o mlp.Option) bool { return o.Name == c.Name })
	if at < 0 || len(all[at].Params) == 0 {
		return c.Name
	}
	p := all[at].Params[0]
	if v, given := c.Params[p.Name]; given && v != p.Default {
		return fmt.Sprintf("%s, %s=%s", c.Name, p.Name, figure.Decimal(v))
	}
	return c.Name
}

// activationWords say how steep an activation is and where it is flat.
func activationWords(c mlp.Choice) string {
	f, _ := mlp.NewFunction(c)
	text := activationName(c) + " " + number.Plain(f.Steepest())
	switch below, above := f.Flat(); {
	case below == -above:
		return fmt.Sprintf("%s (beyond ±%s)", text, number.Plain(above))
	case !math.IsNaN(below) && !math.IsNaN(above):
		return fmt.Sprintf("%s (below %s and above %s)", text, number.Plain(below), number.Plain(above))
	case !math.IsNaN(below):
		return fmt.Sprintf("%s (below %s)", text, number.Plain(below))
	case !math.IsNaN(above):
		return fmt.Sprintf("%s (above %s)", text, number.Plain(above))
	}
	return text
}

// activationPanel draws an activation and its derivative, which jumps at kinks.
func activationPanel(c mlp.Choice) figure.Panel {
	f, _ := mlp.NewFunction(c)
	places := []float64{}
	for i := range int(2*activationReach/activationStep) + 1 {
		places = append(places, -activationReach+activationStep*float64(i))
	}
	for _, k := range f.Kinks() {
		places = append(places, k-besideJump, k+besideJump)
	}
	slices.Sort(places)
	value := figure.Series{Label: "f", Line: true, Style: figure.Style{Colour: figure.Blue, Marker: figure.NoMarker}}
	slope := figure.Series{Label: "f′", Line: true,
		Style: figure.Style{Colour: figure.Vermilion, Dash: figure.Dashed, Marker: figure.NoMarker}}
	for _, z := range places {
		y, d := f.At(z)
		value.Means = append(value.Means, figure.Point{X: z, Y: y, Interval: noInterval})
		if !slices.Contains(f.Kinks(), z) { // a value between the two sides would bend the line
			slope.Means = append(slope.Means, figure.Point{X: z, Y: d, Interval: noInterval})
		}
	}
	p := figure.Panel{Title: activationName(c), X: figure.Axis{Label: "z"}, Y: figure.Axis{Label: "f(z), f′(z)", Column: "value"},
		Series: []figure.Series{value, slope}}
	kinks := figure.Series{Label: "kink", Style: figure.Style{Colour: figure.Black}}
	for _, k := range f.Kinks() {
		y, _ := f.At(k)
		kinks.Means = append(kinks.Means, figure.Point{X: k, Y: y, Interval: noInterval})
	}
	if len(kinks.Means) > 0 {
		p.Series = append(p.Series, kinks)
	}
	return p
}
