package report

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/mlp"
	"nightshift/report/figure"
)

// The steps and networks of a gradient check, and its panels at most.
const (
	gradcheckSeeds  = 3
	gradcheckPanels = 6
	stepsPerDecade  = 2
	smallestStep    = -12 // powers of ten
	largestStep     = -1
	passes, fails   = 1e-7, 1e-2 // usual limits of the relative error
)

// gradcheck shows how far difference quotients are from the gradient of backpropagation, by their step: of small networks
// with the activations, outputs and losses of the cells. It takes no results.
func gradcheck(_ context.Context, _ *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	f := figure.Figure{Name: "gradcheck"}
	var names, said []string
	worst := 0.0
	for _, c := range b.cells {
		name := fmt.Sprintf("%s, %s+%s", activationName(c.Config.Activation), c.Config.Output, c.Config.Loss)
		if slices.Contains(names, name) {
			continue
		}
		if names = append(names, name); len(names) > gradcheckPanels {
			continue
		}
		v, err := newErrorsBySteps(mlp.GradientCaseOf(c.Config.Config))
		if err != nil {
			return nil, fmt.Errorf("gradients of %s: %w", name, err)
		}
		f.Panels = append(f.Panels, v.panel(name))
		_, forward := v.bestStep(0)
		at, centred := v.bestStep(1)
		worst = math.Max(worst, centred)
		said = append(said, fmt.Sprintf("%s: centred differences come closest at a step of %s, with an error of %s; forward "+
			"ones to %s.", name, number.Plain(at), number.Plain(centred), number.Plain(forward)))
	}
	if n := len(names); n > gradcheckPanels {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%d of %d combinations of activation, output and loss are shown; where "+
			"chooses others, and nightshift gradcheck checks all.", gradcheckPanels, n))
	}
	f.Title = "How far difference quotients are from the gradient, by their step"
	if worst < passes {
		f.Title = fmt.Sprintf("Backpropagation and centred differences agree to %s", number.Plain(worst))
	}
	f.Columns = figure.Columns(len(f.Panels))
	one := b.cells[0]
	parameters := one.Config.Parameters(one.Data.In, one.Data.Out)
	f.Statement = fmt.Sprintf("%s A check of all %d parameters of %s would take %d evaluations of the loss, so small networks "+
		"are checked.", strings.Join(said, " "), parameters, architecture(one), 2*parameters)
	f.Key = fmt.Sprintf("Relative error |a−n| / (|a|+|n|) of the gradient a and difference quotients n over all parameters of a "+
		"small network in float64: the median of %d, thin lines each of them. From the right it falls with the step and its square, "+
		"until rounding takes over. Dashed lines: a gradient counts as right below 1e−7 and as wrong above 0.01; the best steps are "+
		"expected at the square root of the precision (forward) and at its cube root (centred).", gradcheckSeeds)
	f.Alt = fmt.Sprintf("Line plots of the error of differences against their step, %s. %s",
		number.Count(len(f.Panels), "panel"), f.Statement)
	return []figure.Figure{f}, nil
}

// errorsBySteps are errors of forward and of centred differences, [scheme][step][seed].
type errorsBySteps struct {
	steps  []float64
	errors [2][][]float64
}

func newErrorsBySteps(g mlp.GradientCase) (v errorsBySteps, err error) {
	for i := range (largestStep-smallestStep)*stepsPerDecade + 1 {
		v.steps = append(v.steps, math.Pow(10, smallestStep+float64(i)/stepsPerDecade))
	}
	for scheme := range v.errors {
		v.errors[scheme] = make([][]float64, len(v.steps))
	}
	for seed := range uint64(gradcheckSeeds) {
		all, err := g.Steps(seed, v.steps)
		if err != nil {
			return v, err
		}
		for i, one := range all {
			v.errors[0][i] = append(v.errors[0][i], one.Forward)
			v.errors[1][i] = append(v.errors[1][i], one.Centred)
		}
	}
	return v, nil
}

// bestStep is the step with the smallest median error.
func (v errorsBySteps) bestStep(scheme int) (step, least float64) {
	least = math.Inf(1)
	for i, of := range v.errors[scheme] {
		if m := verdict.Median(of); m < least {
			step, least = v.steps[i], m
		}
	}
	return step, least
}

func (v errorsBySteps) panel(title string) figure.Panel {
	p := figure.Panel{Title: title, X: figure.Axis{Label: "step", Log: true}, Y: figure.Axis{Label: "relative error", Log: true},
		References: []figure.Reference{{At: passes}, {At: fails}, {At: math.Sqrt(0x1p-52), Upright: true},
			{At: math.Cbrt(0x1p-52), Upright: true}}}
	for scheme, name := range []string{"forward differences", "centred differences"} {
		s := figure.Series{Label: name, Line: true, Style: figure.Style{Colour: scheme, Dash: scheme, Marker: figure.NoMarker}}
		for seed := range gradcheckSeeds {
			s.Repeats = append(s.Repeats, figure.Repeat{Name: fmt.Sprintf("seed %d", seed)})
		}
		for i, of := range v.errors[scheme] {
			if slices.ContainsFunc(of, math.IsNaN) { // all parameters are at a kink
				continue
			}
			s.Means = append(s.Means, figure.Point{X: v.steps[i], Y: verdict.Median(of), Interval: noInterval, Median: true, N: len(of),
				Unit: "network"})
			for seed, e := range of {
				s.Repeats[seed].Points = append(s.Repeats[seed].Points, figure.XY{X: v.steps[i], Y: e})
			}
		}
		p.Series = append(p.Series, s)
	}
	return p
}

// architecture names a network by its layers, as 784-100-10.
func architecture(c *cell) string {
	sizes := []string{fmt.Sprint(c.Data.In)}
	for _, h := range c.Config.Hidden {
		sizes = append(sizes, fmt.Sprint(h))
	}
	return strings.Join(append(sizes, fmt.Sprint(c.Data.Out)), "-")
}
