package report

import (
	"context"
	"fmt"

	"nightshift/internal/dataset"
	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/mlp"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// Most panels of a fan, and fits that it draws.
const (
	maxFans   = 6
	fansDrawn = 20
)

// fan shows what the networks of a regression of one input say over it: single runs,
// their mean, and the truth.
func fan(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	var cells []*cell
	for _, c := range b.cells {
		if c.Regression() && c.Data.In == 1 && c.Data.Out == 1 && len(c.Finished()) > 0 {
			cells = append(cells, c)
		}
	}
	if len(cells) == 0 {
		return nil, nil
	}
	f := figure.Figure{Name: b.file("fan"), Title: "The same question to many networks" + b.title}
	if len(cells) > maxFans {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%d of %d cells are shown, evenly spaced; where chooses others.",
			maxFans, len(cells)))
		var some []*cell
		for i := range maxFans {
			some = append(some, cells[i*(len(cells)-1)/(maxFans-1)])
		}
		cells = some
	}
	for _, c := range cells {
		p, err := r.fanPanel(ctx, c)
		if err != nil {
			return nil, err
		}
		if p != nil {
			p.Title = b.where(c)
			f.Panels = append(f.Panels, *p)
		}
	}
	if len(f.Panels) == 0 {
		return nil, nil
	}
	f.Columns = figure.Columns(len(f.Panels))
	m := measures["mse"]
	first, end := cells[0], cells[len(cells)-1]
	f.Statement = atPlace(b.where(first), m.named("test MSE", first.estimate(test, m)))
	if end != first {
		f.Statement += " " + atPlace(b.where(end), m.named("test MSE", end.estimate(test, m)))
	}
	f.Warnings = append(f.Warnings, b.warnings(cells)...)
	f.Key = fmt.Sprintf("Thin lines: single networks, at most %d; line: their mean over all runs; dashes: the truth without "+
		"noise. What the mean misses is bias, what the thin lines spread is variance.", fansDrawn)
	f.Alt = fmt.Sprintf("Line plots of what networks say over the input, of %s. %s", number.Count(len(cells), "cell"), f.Statement)
	return []figure.Figure{f}, nil
}

// fanPanel draws the fits of a cell over the test inputs; nil where these are not there.
func (r *results) fanPanel(ctx context.Context, c *cell) (*figure.Panel, error) {
	runs := c.Finished()
	d, err := r.data("fan", runs[0], c)
	if d == nil || err != nil {
		return nil, err
	}
	x := make([]float64, d.Test.N)
	for i := range x {
		x[i] = float64(d.Test.Inputs(i)[0])
	}
	order := stat.Ascending(x)
	p := figure.Panel{X: figure.Axis{Label: inputName(d, 0)}, Y: figure.Axis{Label: outputName(d)}}
	fits := figure.Series{Label: "mean of the networks", Line: true, Style: figure.Style{Colour: figure.Blue, Marker: figure.NoMarker}}
	middle := make([]float64, d.Test.N)
	used := 0
	for _, one := range runs {
		logits, err := r.db.Outputs(ctx, one.ID)
		if err != nil {
			return nil, err
		}
		if len(logits) != d.Test.N {
			continue
		}
		used++
		values := mlp.OutputValues(c.Config.Output, logits, d.Test.N, 1)
		fit := figure.Repeat{Name: c.seedName(one)}
		for _, i := range order {
			middle[i] += values[i]
			fit.Points = append(fit.Points, figure.XY{X: x[i], Y: values[i]})
		}
		if len(fits.Repeats) < fansDrawn {
			fits.Repeats = append(fits.Repeats, fit)
		}
	}
	if used == 0 {
		return nil, nil
	}
	for _, i := range order {
		fits.Means = append(fits.Means, figure.Point{X: x[i], Y: middle[i] / float64(used), Interval: noInterval})
	}
	p.Series = []figure.Series{fits}
	if d.Test.Truth != nil {
		truth := figure.Series{Label: "truth", Line: true,
			Style: figure.Style{Colour: figure.Vermilion, Dash: figure.Dashed, Marker: figure.NoMarker}}
		for _, i := range order {
			truth.Means = append(truth.Means, figure.Point{X: x[i], Y: float64(d.Test.Truth[i]), Interval: noInterval})
		}
		p.Series = append(p.Series, truth)
	}
	return &p, nil
}

// outputName is the name of the target.
func outputName(d *dataset.Data) string {
	if len(d.Outputs) > 0 {
		return d.Outputs[0]
	}
	return "target"
}
