package report

import (
	"context"
	"fmt"
	"math"
	"slices"

	"nightshift/internal/cost"
	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/mlp"
	"nightshift/report/figure"
)

// Cells that a forecast of the others needs at least, and parts of them of which each is forecast by the rest.
const (
	leastTimed = 3
	timedParts = 10
)

// timings shows how long runs took against the forecast from the runs of other cells, and what nights took against what was
// forecast of them.
func timings(_ context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	var timed []*cell
	for _, c := range b.cells {
		if len(c.timings()) > 0 {
			timed = append(timed, c)
		}
	}
	if len(timed) < leastTimed {
		return nil, nil
	}
	dots := figure.Series{Label: "run"}
	var ratios []float64
	for i, c := range timed {
		var others []cost.Timing
		for k, o := range timed {
			if k%timedParts != i%timedParts || len(timed) < timedParts && k != i {
				others = append(others, o.timings()...)
			}
		}
		speed := cost.Fit(others)
		for k, one := range c.timings() {
			forecast := speed.Seconds(one.Work)
			ratios = append(ratios, math.Max(one.Seconds/forecast, forecast/one.Seconds))
			dots.Repeats = append(dots.Repeats, figure.Repeat{Name: titled(b.where(c), fmt.Sprintf("run %d", k+1)),
				Points: []figure.XY{{X: forecast, Y: one.Seconds}}, Origin: c.origin(study.Term{Measure: "seconds", Epoch: -1})})
		}
	}
	p := figure.Panel{Title: "runs", X: figure.Axis{Label: "forecast from other cells (s)", Column: "forecast", Log: true},
		Y: figure.Axis{Label: "seconds of a run", Column: "seconds", Log: true}, Series: []figure.Series{dots, equalLine(dots.Repeats)}}
	f := figure.Figure{Name: b.file("time"), Columns: 1, Panels: []figure.Panel{p}}
	half := verdict.Median(ratios)
	f.Title = fmt.Sprintf("Half of the runs took what other cells forecast within a factor of %s%s", number.Plain(half), b.title)
	slices.Sort(ratios)
	f.Statement = fmt.Sprintf("Of %s in %s the time is within a factor of %s of the forecast for half, and of %s for nine in ten.",
		number.Count(len(ratios), "run"), number.Count(len(timed), "cell"), number.Plain(half), number.Plain(quantile(ratios, 0.9)))
	f.Key = "Dots: single runs; line: as forecast. The forecast counts the operations of a training, with speeds fitted to the " +
		"runs of other cells."
	if night := nightPanel(r); night != nil {
		f.Panels, f.Columns = append(f.Panels, *night), 2
		f.Key += " Nights stand with the interval in which nine in ten are expected."
	}
	f.Alt = "Scatter plot of the time of runs against their forecast. " + f.Statement
	f.Warnings = b.warnings(timed)
	return []figure.Figure{f}, nil
}

// timings are those of the finished runs of a cell.
func (c *cell) timings() (all []cost.Timing) {
	d := c.Config.Data
	shape := mlp.Shape{In: c.Data.In, Out: c.Data.Out, Train: d.Train.Count(), Valid: d.Valid.Count(),
		Test: d.Test.Count(), Nonzero: 1}
	for _, one := range c.Finished() {
		if one.Seconds > 0 && shape.Train > 0 {
			all = append(all, cost.Timing{Cell: c.Label, Work: cost.Training(c.Config.Config, shape, 0, one.Epochs), Seconds: one.Seconds})
		}
	}
	return all
}

// equalLine joins the ends at which the forecast is the time.
func equalLine(of []figure.Repeat) figure.Series {
	lo, hi := math.Inf(1), 0.0
	for _, r := range of {
		lo, hi = min(lo, r.Points[0].X, r.Points[0].Y), max(hi, r.Points[0].X, r.Points[0].Y)
	}
	return figure.Series{Label: "as forecast", Line: true,
		Style: figure.Style{Colour: figure.Black, Dash: figure.Dashed, Marker: figure.NoMarker},
		Means: []figure.Point{{X: lo, Y: lo, Interval: noInterval}, {X: hi, Y: hi, Interval: noInterval}}}
}

// nightPanel has a row for each night of the study that had a forecast, with the time that it took; nil without any.
func nightPanel(r *results) *figure.Panel {
	p := figure.Panel{Title: "nights", X: figure.Axis{Label: "seconds of a night", Column: "seconds", Log: true},
		Y: figure.Axis{Label: "night"}}
	forecast := figure.Series{Label: "forecast", Along: true}
	took := figure.Series{Label: "took", Along: true, Style: figure.Style{Colour: figure.Vermilion, Marker: figure.Square}}
	for _, n := range r.nights {
		if !(n.Forecast > 0 && n.Seconds > 0 && n.Low <= n.Forecast && n.Forecast <= n.High) {
			continue
		}
		row := float64(len(p.Y.Categories))
		p.Y.Categories = append(p.Y.Categories, fmt.Sprintf("%s (%s)", n.Started.UTC().Format("2006-01-02 15:04:05"),
			number.Count(n.Trained, "run")))
		at := figure.Point{X: n.Forecast, Y: row + 0.12, N: n.Trained, Unit: "run"}
		at.Interval.Lo, at.Interval.Hi = n.Low, n.High
		forecast.Means = append(forecast.Means, at)
		took.Means = append(took.Means, figure.Point{X: n.Seconds, Y: row - 0.12, Interval: noInterval})
	}
	if len(took.Means) == 0 {
		return nil
	}
	p.Series = []figure.Series{forecast, took}
	return &p
}
