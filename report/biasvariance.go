package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"nightshift/report/figure"
	"nightshift/report/stat"
)

// biasVariance splits the squared test error of cells with fresh training sets
// into bias, variance and noise, against the size of the network.
func biasVariance(ctx context.Context, r *results, b *block) ([]figure.Figure, error) {
	x, ok := b.axis(capacityAxes...)
	if !ok || x.values == nil {
		return nil, nil
	}
	f := figure.Figure{Name: b.file("bias-variance"), Title: "Bias and variance against " + x.name + b.title}
	quantity := "squared error"
	if !b.cells[0].Regression() {
		quantity = "squared error of the probabilities"
	}
	var decomposed []decomposedCell
	for _, g := range b.groups(b.cells, x.name) {
		cells, err := r.decomposeAll(ctx, g.cells, x)
		if err != nil {
			return nil, err
		}
		if len(cells) < 2 {
			continue
		}
		f.Panels = append(f.Panels, figure.Panel{
			Title: g.label, X: x.sizes(), Y: figure.Axis{Label: quantity, Zero: true}, Series: components(cells),
		})
		decomposed = append(decomposed, cells...)
	}
	if len(f.Panels) == 0 {
		return nil, nil
	}
	if len(f.Panels) > figure.MaxPanels {
		f.Warnings = append(f.Warnings, fmt.Sprintf("The first %d of %d panels are shown.", figure.MaxPanels, len(f.Panels)))
		f.Panels = f.Panels[:figure.MaxPanels]
	}
	f.Columns = figure.Columns(len(f.Panels))
	// A bias² of nearly 0 would jump up and down on a logarithmic axis.
	figure.UseLog(f.Panels, 50, figure.Point.Low)

	first, last := decomposed[0], decomposed[len(decomposed)-1]
	if len(f.Panels) == 1 {
		f.Title = fmt.Sprintf("From %s %s to %s: bias² %s, variance %s%s",
			x.name, figure.Decimal(first.at), figure.Decimal(last.at),
			trend(first.d.Bias2, last.d.Bias2, first.d.Sets), trend(first.d.Variance, last.d.Variance, first.d.Sets), b.title)
	}
	f.Statement = lowestRisk(decomposed, x, len(f.Panels) == 1)
	f.Warnings = append(f.Warnings, b.decompositionWarnings(decomposed)...)
	f.Key = fmt.Sprintf("Error bars: 95 %%, jackknife over %s. Risk = noise + bias² + variance; "+
		"the test error that was measured directly is its check.", plural(first.d.Sets, "training set"))
	f.Alt = fmt.Sprintf("Plot of bias², variance, noise and risk against %s, %s. %s", x.name, plural(len(f.Panels), "panel"),
		f.Statement)
	return []figure.Figure{f}, nil
}

// lowestRisk says where the risk is lowest; of a single line also how its ends
// differ.
func lowestRisk(decomposed []decomposedCell, x axis, oneLine bool) string {
	first, last := decomposed[0], decomposed[len(decomposed)-1]
	best := slices.MinFunc(decomposed, func(a, b decomposedCell) int { return cmp.Compare(a.d.Risk.Value, b.d.Risk.Value) })
	if !oneLine {
		return fmt.Sprintf("The risk is lowest at %s: %s = noise %s + bias² %s + variance %s "+
			"(± jackknife standard error over %d training sets).",
			best.cell.Label, plusMinus(best.d.Risk), number(best.d.Noise), plusMinus(best.d.Bias2), plusMinus(best.d.Variance),
			best.d.Sets)
	}
	at := func(d decomposedCell) string { return x.name + " " + figure.Decimal(d.at) }
	return fmt.Sprintf("At %s the bias² is %s and the variance %s, at %s they are %s and %s "+
		"(± jackknife standard error over %d training sets). The risk is lowest at %s: %s.",
		at(first), plusMinus(first.d.Bias2), plusMinus(first.d.Variance),
		at(last), plusMinus(last.d.Bias2), plusMinus(last.d.Variance), first.d.Sets, at(best), plusMinus(best.d.Risk))
}

// decompositionWarnings are those of the decompositions and of their cells.
func (b *block) decompositionWarnings(decomposed []decomposedCell) []string {
	var all []string
	var cells []*cell
	for _, d := range decomposed {
		cells = append(cells, d.cell)
		for _, w := range d.d.Warnings {
			all = append(all, d.cell.Label+": "+w+".")
		}
	}
	first := decomposed[0]
	if !first.truthKnown() {
		all = append(all, "The noise-free values are not known: the noise of the test split is part of the bias².")
	}
	return append(append(all, first.initialWeights(first.d)), b.warnings(cells)...)
}

// point is one of the estimates of the cell.
func (d decomposedCell) point(e stat.Estimate) figure.Point {
	return figure.Point{X: d.at, Y: e.Value, Interval: e.CI()}
}

// components are the parts of the error as lines.
func components(cells []decomposedCell) []figure.Series {
	risk := figure.Series{Label: "risk", Style: figure.Style{Colour: figure.Black, Marker: 2}, Line: true}
	bias := figure.Series{Label: "bias²", Style: figure.Style{Colour: figure.Blue}, Line: true}
	variance := figure.Series{Label: "variance", Style: figure.Style{Colour: figure.Vermilion, Dash: 1, Marker: 1}, Line: true}
	noise := figure.Series{Label: "noise", Style: figure.Style{Colour: figure.Black, Dash: 2, Marker: -1}, Line: true}
	measured := figure.Series{Label: "measured on test", Style: figure.Style{Colour: figure.Green, Marker: 7}}
	none := stat.Interval{Lo: math.NaN(), Hi: math.NaN()}
	truthKnown := cells[0].truthKnown()
	if !truthKnown {
		bias.Label = "bias² + noise"
	}
	for _, c := range cells {
		bias.Means = append(bias.Means, c.point(c.d.Bias2))
		variance.Means = append(variance.Means, c.point(c.d.Variance))
		risk.Means = append(risk.Means, c.point(c.d.Risk))
		noise.Means = append(noise.Means, figure.Point{X: c.at, Y: c.d.Noise, Interval: none})
		m := measures["mse"]
		if !c.Regression() {
			m = measures["brier"]
		}
		if s := c.describe(test, m); s.N > 0 {
			measured.Means = append(measured.Means, figure.Point{X: c.at, Y: s.Mean, Interval: none})
		}
	}
	if !truthKnown {
		return []figure.Series{risk, bias, variance, measured}
	}
	return []figure.Series{risk, bias, variance, noise, measured}
}

// initialWeights says what part the initial weights have in the variance.
func (c *cell) initialWeights(d stat.Decomposition) string {
	switch v := c.Varied(); {
	case d.Inits > 1:
		return fmt.Sprintf("Variance is that of single networks: %d runs on every training set separate "+
			"the part of the training sets (%s at %s) from that of initial weights and order (%s).",
			d.Inits, plusMinus(d.Data), c.Label, plusMinus(d.Init))
	case slices.Contains(v, "init"):
		return "Every training set has initial weights of its own: the variance is of both together."
	}
	return "All runs have the same initial weights and order: the variance is that of the training sets alone."
}

// trend words how a component changed; it stays the same where the difference
// is within the errors.
func trend(from, to stat.Estimate, sets int) string {
	half := stat.Estimate{SE: math.Hypot(from.SE, to.SE), DF: float64(sets - 1)}.CI().Hi
	switch d := to.Value - from.Value; {
	case d > half:
		return "rises"
	case d < -half:
		return "falls"
	}
	return "hardly changes"
}

func plusMinus(e stat.Estimate) string {
	if math.IsNaN(e.SE) {
		return number(e.Value)
	}
	return number(e.Value) + " ± " + number(e.SE)
}
