package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// biasVariance splits the squared test error of cells with fresh training sets
// into bias, variance and noise, against the size of the network.
func biasVariance(ctx context.Context, r *results, b *block, wanted study.Figure) ([]figure.Figure, error) {
	x, ok := b.axis(capacityAxes...)
	if !ok || x.values == nil {
		return nil, nil
	}
	if wanted.Loss != "" {
		return splitLosses(ctx, r, b, x, wanted.Loss)
	}
	f := figure.Figure{Name: b.file("bias-variance"), Title: "Bias and variance against " + x.name + b.title}
	quantity := "squared error"
	if !b.cells[0].Regression() {
		quantity = "squared error of the probabilities"
	}
	var decomposed []decomposedCell
	var stacks []figure.Panel
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
		stacks = append(stacks, stacked(titled(g.label, "one upon the other"), quantity, x, cells))
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
	oneLine := len(f.Panels) == 1
	if 2*len(stacks) <= figure.MaxPanels {
		f.Panels, f.Columns = append(f.Panels, stacks...), max(f.Columns, 2)
	}
	if oneLine {
		f.Title = r.changeTitle(decomposed, x) + b.soFar() + b.title
	}
	f.Statement = decompositionEnds(r, decomposed, x, oneLine)
	others, err := otherLosses(ctx, r, decomposed)
	if err != nil {
		return nil, err
	}
	f.Statement += others
	f.Warnings = append(f.Warnings, b.decompositionWarnings(decomposed)...)
	f.Key = fmt.Sprintf("Error bars: 95"+number.Space+"%% interval, jackknife over %s. Risk = noise + bias² + variance; "+
		"the test error that was measured directly is its check. Areas: the parts of the risk, one upon the other.",
		resampled(decomposed[0].d))
	f.Alt = fmt.Sprintf("Plot of bias², variance, noise and risk against %s, %s. %s", x.name,
		number.Count(len(f.Panels), "panel"), f.Statement)
	return []figure.Figure{f}, nil
}

// resampled names what the errors of a decomposition are jackknifed over.
func resampled(d stat.Decomposition) string {
	sets := number.Count(d.Sets, "training set")
	switch {
	case d.Inits == 1:
		return sets
	case d.Kind == stat.Crossed && d.Inits > 2:
		return fmt.Sprintf("%s and %d initialisations, crossed", sets, d.Inits)
	case d.Kind == stat.Crossed:
		return fmt.Sprintf("%s (× %d initialisations, crossed)", sets, d.Inits)
	}
	return fmt.Sprintf("%s with %d runs of their own each", sets, d.Inits)
}

// decompositionEnds words where the error comes from at the smallest and the largest network of a
// line, and at the one that validation chooses of all.
func decompositionEnds(r *results, decomposed []decomposedCell, x axis, oneLine bool) string {
	var cells []*cell
	for _, d := range decomposed {
		cells = append(cells, d.cell)
	}
	chosen := r.choose(cells)
	text := ""
	for i, d := range decomposed {
		name, best := d.cell.Label, d.cell == chosen
		if oneLine {
			name = x.name + " " + figure.Decimal(d.at)
		}
		if !best && (!oneLine || i > 0 && i < len(decomposed)-1) {
			continue
		}
		if best {
			name += ", the best on validation,"
		}
		text += fmt.Sprintf("At %s bias² is %s, variance %s, risk %s. ", name, plusMinus(d.d.Bias2), plusMinus(d.d.Variance),
			plusMinus(d.d.Risk))
	}
	if text == "" {
		return r.unchosen(cells) + ", so no cell is singled out; error bars are those of a jackknife over " +
			resampled(decomposed[0].d) + "."
	}
	return text + "± is half of the 95" + number.Space + "% interval, by a jackknife over " + resampled(decomposed[0].d) + "."
}

// changeTitle words how bias² and variance change from the smallest to the largest
// network, where a test of both by units says that they do.
func (r *results) changeTitle(decomposed []decomposedCell, x axis) string {
	first, last := decomposed[0], decomposed[len(decomposed)-1]
	changes := []stat.Difference{first.change(last, func(d stat.Decomposition) stat.Estimate { return d.Bias2 }),
		first.change(last, func(d stat.Decomposition) stat.Estimate { return d.Variance })}
	var ps []float64
	for _, d := range changes {
		ps = append(ps, d.P)
	}
	words := make([]string, len(changes))
	for i, p := range stat.Holm(ps) {
		switch {
		case p >= 0.05 || first.cell.lost()+last.cell.lost() > 0 || r.leavesOpen(study.Term{Stat: []string{"bias2", "variance"}[i], Epoch: -1}, first.cell, last.cell):
			words[i] = "undecided"
		case changes[i].Mean > 0:
			words[i] = "rises"
		default:
			words[i] = "falls"
		}
	}
	return fmt.Sprintf("From %s %s to %s: bias² %s, variance %s", x.name, figure.Decimal(first.at), figure.Decimal(last.at),
		words[0], words[1])
}

// change is how much more of a part of the error there is in another cell, by units
// where both have the same seeds.
func (d decomposedCell) change(to decomposedCell, part func(stat.Decomposition) stat.Estimate) stat.Difference {
	return stat.Contrast([]float64{1, -1}, sameSeeds([]*cell{d.cell, to.cell}), part(to.d), part(d.d))
}

// noiseInBias warns of a bias that is measured against noisy targets.
const noiseInBias = "The noise-free values are not known: the noise of the test split is part of the bias²."

// decompositionWarnings are those of the decompositions and of their cells.
func (b *block) decompositionWarnings(decomposed []decomposedCell) []string {
	var all, order []string
	var cells []*cell
	said := map[string]string{} // where each doubt holds
	for _, d := range decomposed {
		cells = append(cells, d.cell)
		for _, w := range d.d.Warnings {
			if where, same := said[w]; !same {
				said[w] = d.cell.Label
				order = append(order, w)
			} else if !strings.HasSuffix(where, " and others") {
				said[w] = where + " and others"
			}
		}
	}
	for _, w := range order {
		all = append(all, fmt.Sprintf("%s: %s.", said[w], w))
	}
	first := decomposed[0]
	if !first.TruthKnown() {
		all = append(all, noiseInBias)
	}
	return append(append(all, first.initialWeights()), b.warnings(cells)...)
}

// point is one of the estimates of the cell.
func (d decomposedCell) point(e stat.Estimate) figure.Point {
	return figure.Point{X: d.at, Y: e.Value, Interval: e.CI()}
}

// components are the parts of the error as lines.
func components(cells []decomposedCell) []figure.Series {
	risk := figure.Series{Label: "risk", Style: figure.Style{Colour: figure.Black, Marker: figure.Triangle}, Line: true}
	bias := figure.Series{Label: "bias²", Style: figure.Style{Colour: figure.Blue}, Line: true}
	variance := figure.Series{Label: "variance", Line: true,
		Style: figure.Style{Colour: figure.Vermilion, Dash: figure.Dashed, Marker: figure.Square}}
	noise := figure.Series{Label: "noise", Line: true,
		Style: figure.Style{Colour: figure.Black, Dash: figure.Dotted, Marker: figure.NoMarker}}
	measured := figure.Series{Label: "measured on test", Style: figure.Style{Colour: figure.Green, Marker: figure.OutlinedDiamond}}
	truthKnown := cells[0].TruthKnown()
	if !truthKnown {
		bias.Label = "bias² + noise"
	}
	for _, c := range cells {
		bias.Means = append(bias.Means, c.point(c.d.Bias2))
		variance.Means = append(variance.Means, c.point(c.d.Variance))
		risk.Means = append(risk.Means, c.point(c.d.Risk))
		noise.Means = append(noise.Means, figure.Point{X: c.at, Y: c.d.Noise, Interval: noInterval})
		if e := c.estimate(test, c.squaredError()); e.N > 0 {
			measured.Means = append(measured.Means, figure.Point{X: c.at, Y: e.Mean, Interval: noInterval})
		}
	}
	if !truthKnown {
		return []figure.Series{risk, bias, variance, measured}
	}
	return []figure.Series{risk, bias, variance, noise, measured}
}

// stacked is the parts of the error as areas upon each other, on a linear axis, whose upper edge is the risk.
func stacked(title, quantity string, x axis, cells []decomposedCell) figure.Panel {
	p := figure.Panel{Title: title, X: x.sizes(), Y: figure.Axis{Label: "parts of the " + quantity, Zero: true}}
	lines := components(cells)
	for _, name := range []string{"noise", "bias²", "bias² + noise", "variance"} {
		for _, s := range lines {
			if s.Label == name {
				s.Line, s.Area, s.Style.Marker = false, true, figure.NoMarker
				p.Series = append(p.Series, s)
			}
		}
	}
	return p
}

// initialWeights says what part the initial weights have in the variance.
func (d decomposedCell) initialWeights() string {
	of := d.d
	switch v := d.Varied(); {
	case of.Inits > 1 && of.Kind == stat.Crossed:
		return fmt.Sprintf("Variance is that of single networks: at %s that of the training sets alone is %s, that of the "+
			"initial weights alone %s, and that of both together %s.", d.PlaceWords(), plusMinus(of.Data), plusMinus(of.Init),
			plusMinus(of.Interaction))
	case of.Inits > 1:
		return fmt.Sprintf("Variance is that of single networks: at %s the part of the training sets is %s, that of initial "+
			"weights and order %s.", d.PlaceWords(), plusMinus(of.Data), plusMinus(of.Init))
	case slices.Contains(v, "init"):
		return "Every training set has initial weights of its own: the variance is of both together."
	}
	return "All runs have the same initial weights: the variance is that of the training sets alone, and the bias² holds the " +
		"whole effect of these weights; nested seeds (nested: true) would tell them apart."
}

// plusMinus words an estimate with half of its interval.
func plusMinus(e stat.Estimate) string {
	ci := e.CI()
	if !ci.Known() {
		return number.Plain(e.Value)
	}
	write := number.Digits(e.Value, ci)
	return write(e.Value) + " ± " + write((ci.Hi-ci.Lo)/2)
}
