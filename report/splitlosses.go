package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"nightshift/internal/number"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// lossPart is one part of a loss at each size of the network.
type lossPart struct {
	name  string
	style figure.Style
	of    stat.Estimate
}

// splitCell is a cell of classes, its place on the axis, and the parts of its loss: the loss, bias, variance, and others.
type splitCell struct {
	*cell
	at    float64
	sets  int
	parts []lossPart
}

// splitLosses splits the 0-1 loss, or the cross-entropy, of cells of classes over fresh training sets. Of each set one
// network is taken, that with the first initialisation.
func splitLosses(ctx context.Context, r *results, b *block, x axis, loss string) ([]figure.Figure, error) {
	if b.cells[0].Regression() {
		return nil, nil
	}
	scale, label := 1.0, "cross-entropy"
	if loss == "zero-one" {
		scale, label = percent, "0-1 loss (%)"
	}
	f := figure.Figure{Name: b.file("bias-variance-" + loss), Title: "Bias and variance of the " + lossName(loss) + " against " +
		x.name + b.title}
	var all []splitCell
	for _, g := range b.groups(b.cells, x.name) {
		var cells []splitCell
		for _, c := range g.cells {
			s, err := r.splitLoss(ctx, c, loss)
			if err != nil {
				return nil, err
			}
			if s.sets >= 2 {
				s.at = x.values[x.index(c)]
				cells = append(cells, s)
			}
		}
		if len(cells) < 2 || len(f.Panels) == figure.MaxPanels {
			continue
		}
		slices.SortFunc(cells, func(a, c splitCell) int { return cmp.Compare(a.at, c.at) })
		f.Panels = append(f.Panels, figure.Panel{Title: g.label, X: x.sizes(), Y: figure.Axis{Label: label, Zero: true},
			Series: partsOfLoss(cells, scale)})
		all = append(all, cells...)
	}
	if len(all) == 0 {
		return nil, nil
	}
	f.Columns = figure.Columns(len(f.Panels))
	var shown []*cell
	for _, c := range all {
		shown = append(shown, c.cell)
	}
	unit := ""
	if scale == percent {
		unit = number.Space + "%"
	}
	for _, c := range []splitCell{all[0], all[len(all)-1]} {
		f.Statement += fmt.Sprintf("At %s", c.PlaceWords())
		for i, p := range c.parts {
			f.Statement += []string{" the ", ", "}[min(i, 1)] + p.name + " is " + plusMinus(scaledBy(p.of, scale)) + unit
		}
		f.Statement += ". "
	}
	f.Statement += "± is half of the 95" + number.Space + "% interval, by a jackknife over " + number.Count(all[0].sets,
		"training set") + "."
	f.Key = lossKey(loss)
	f.Alt = fmt.Sprintf("Plot of the parts of the %s against %s. %s", lossName(loss), x.name, f.Statement)
	f.Warnings = append(b.warnings(shown), "Noise is part of the bias: the most probable class of an example is not known.")
	return []figure.Figure{f}, nil
}

func lossName(loss string) string {
	if loss == "zero-one" {
		return "0-1 loss"
	}
	return loss
}

// lossKey says what the parts of a loss are.
func lossKey(loss string) string {
	if loss == "zero-one" {
		return "Bias: the main vote of the networks is wrong; variance: a network is not of the main vote, which costs where that is " +
			"right and helps where it is wrong. With two classes loss = bias + variance where right − variance where wrong (Domingos " +
			"2000)."
	}
	return "Bias: cross-entropy of the normalised geometric mean of the networks' probabilities; variance: mean divergence of the " +
		"networks from it. Loss = bias + variance exactly (Yang et al. 2020)."
}

// splitLoss splits the loss of a cell; a cell without outputs on two training sets has no parts.
func (r *results) splitLoss(ctx context.Context, c *cell, loss string) (splitCell, error) {
	s := splitCell{cell: c}
	votes, divergence, ok, err := r.OtherLosses(ctx, c.Cell)
	if err != nil || !ok {
		return s, err
	}
	risk := figure.Style{Colour: figure.Black, Marker: figure.Triangle}
	bias := figure.Style{Colour: figure.Blue}
	variance := figure.Style{Colour: figure.Vermilion, Dash: figure.Dashed, Marker: figure.Square}
	if s.sets = votes.Sets; loss == "cross-entropy" {
		s.parts = []lossPart{{"loss", risk, divergence.Risk}, {"bias", bias, divergence.Bias},
			{"variance", variance, divergence.Variance}}
		return s, nil
	}
	right := figure.Style{Colour: figure.Green, Dash: figure.Dotted, Marker: figure.Diamond}
	wrong := figure.Style{Colour: figure.Purple, Dash: figure.DashDotted, Marker: figure.OutlinedCircle}
	s.parts = []lossPart{{"loss", risk, votes.Loss}, {"bias", bias, votes.Bias}, {"variance", variance, votes.Variance},
		{"variance where right", right, votes.UnbiasedVariance}, {"variance where wrong", wrong, votes.BiasedVariance}}
	return s, nil
}

// partsOfLoss are lines of the parts over the sizes.
func partsOfLoss(cells []splitCell, scale float64) []figure.Series {
	all := make([]figure.Series, len(cells[0].parts))
	for _, c := range cells {
		for i, p := range c.parts {
			e := scaledBy(p.of, scale)
			all[i].Label, all[i].Style, all[i].Line = p.name, p.style, true
			all[i].Means = append(all[i].Means, figure.Point{X: c.at, Y: e.Value, Interval: e.CI(), N: c.sets, Unit: "training set"})
		}
	}
	return all
}

// scaledBy is an estimate in another unit.
func scaledBy(e stat.Estimate, scale float64) stat.Estimate {
	return stat.Estimate{Value: scale * e.Value, SE: scale * e.SE, DF: e.DF}
}
