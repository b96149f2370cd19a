package report

import (
	"context"
	"fmt"
	"slices"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// leastTried is the number of configurations below which the best of n is not drawn.
const leastTried = 10

// bestOfN shows what the best of n configurations is expected to reach on validation: how
// much of a lead is tuning.
func bestOfN(_ context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	m := r.selection(b)
	var measured []*cell
	for _, c := range b.cells {
		if !c.Former && c.estimate(valid, m).N > 0 {
			measured = append(measured, c)
		}
	}
	drawn := distinctCells(measured)
	copies := len(measured) - len(drawn)
	var values []float64
	for _, c := range drawn {
		values = append(values, c.estimate(valid, m).Mean)
	}
	if len(values) < leastTried {
		return nil, nil
	}
	curve := stat.ExpectedBest(values)
	series := figure.Series{Label: "expected best", Line: true, Band: true}
	for _, best := range curve {
		series.Means = append(series.Means, figure.Point{X: float64(best.N), Y: best.Mean, Interval: best.Band})
	}
	p := figure.Panel{X: figure.Axis{Label: "configurations tried", Log: len(curve) >= 20, Whole: true}, Y: m.axis(valid.long()),
		Series: []figure.Series{series}}
	f := figure.Figure{Name: b.file("best-of-n"), Columns: 1, Panels: []figure.Panel{p}}
	figure.UseLog(f.Panels, figure.Steep, figure.Point.Mean)
	first, last := curve[0], curve[len(curve)-1]
	f.Title = fmt.Sprintf("What the best of n configurations reaches on validation%s", b.title)
	f.Statement = fmt.Sprintf("One configuration of these, drawn at random, has a validation %s of %s on average, the best of "+
		"five %s, the best of %d %s; the best of all has %s. So much of a lead is tuning: compare with others at as many "+
		"configurations as they tried.",
		m.name, m.quantity(first.Mean), m.quantity(curve[4].Mean), last.N, m.quantity(last.Mean), m.quantity(slices.Min(values)))
	f.Key = fmt.Sprintf("Line: expected smallest validation %s of n configurations drawn with replacement from %s, each the mean "+
		"of its seeds; band: where 95"+number.Space+"%% of such choices lie (Dodge et al. 2019).", m.name,
		number.Count(len(values), "cell"))
	f.Alt = "Line plot of the expected best validation " + m.name + " against the number of configurations tried. " + f.Statement
	f.Warnings = b.warnings(drawn)
	if copies > 0 {
		f.Warnings = append(f.Warnings, verdict.CopiesWords(copies)+".")
	}
	if n := len(b.cells) - len(measured); n > 0 {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%s without a result on validation left out.", number.Count(n, "cell")))
	}
	return []figure.Figure{f}, nil
}
