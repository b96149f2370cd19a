package report

import (
	"context"
	"fmt"
	"math"
	"slices"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// leastRelated is the number of cells below which words for errors are not compared.
const leastRelated = 4

// mostColours is how many cells a legend tells apart.
const mostColours = 6

// jargon shows that words are related and not the same: the training error against bias², and the gap between test and
// training against variance, a dot for each cell. All are squared errors.
func jargon(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	m := b.cells[0].squaredError()
	var errors, gaps comparedWords
	errors.x, errors.y = "bias²", "training "+m.name
	gaps.x, gaps.y = "variance", "test minus training "+m.name
	var drawn []*cell
	for _, c := range b.cells {
		d, _, ok, err := r.Decompose(ctx, c.Cell)
		if err != nil {
			return nil, err
		}
		on, gap := c.estimate(train, m), c.gap(test, train, m)
		if !ok || on.N == 0 || gap.N == 0 {
			continue
		}
		drawn = append(drawn, c)
		errors.add(c, b, d.Bias2.Value, on)
		gaps.add(c, b, d.Variance.Value, gap)
	}
	if len(drawn) < leastRelated {
		return nil, nil
	}
	f := figure.Figure{Name: b.file("jargon"), Columns: 2, Panels: []figure.Panel{errors.panel(), gaps.panel()}}
	f.Title = "Training error and bias², gap and variance" + b.title
	one, other := stat.Spearman(errors.xs, errors.ys), stat.Spearman(gaps.xs, gaps.ys)
	f.Statement = fmt.Sprintf("Over %s the rank correlation of training %s and bias² is %s, that of gap and variance %s; pairs of "+
		"cells in the same order less those in the other (Kendall's τ) are %s and %s of all. Related, and not the same "+
		"number: the training %s of cells goes up to %s, their bias² up to %s; the gap up to %s, the variance up to %s.",
		number.Count(len(drawn), "cell"), m.name, correlationWords(one), correlationWords(other),
		number.Plain(stat.Kendall(errors.xs, errors.ys).Value), number.Plain(stat.Kendall(gaps.xs, gaps.ys).Value), m.name,
		number.Plain(slices.Max(errors.ys)),
		number.Plain(slices.Max(errors.xs)), number.Plain(slices.Max(gaps.ys)), number.Plain(slices.Max(gaps.xs)))
	f.Key = "Dots: cells, a mean over their runs, with the 95" + number.Space + "% interval of what goes upwards; line: where " +
		"both would be equal."
	if !drawn[0].TruthKnown() {
		f.Warnings = append(f.Warnings, noiseInBias)
	}
	f.Warnings = append(f.Warnings, b.warnings(drawn)...)
	f.Alt = "Two scatter plots of cells. " + f.Statement
	return []figure.Figure{f}, nil
}

// comparedWords is one quantity of cells against another.
type comparedWords struct {
	x, y   string
	xs, ys []float64
	dots   []figure.Series
}

func (w *comparedWords) add(c *cell, b *block, x float64, y estimate) {
	w.xs, w.ys = append(w.xs, x), append(w.ys, y.Mean)
	s := figure.Series{Means: []figure.Point{{X: x, Y: y.Mean, Interval: y.CI, N: y.N, Unit: y.Unit,
		Origin: c.origin(study.Term{Epoch: -1})}}}
	s.Means[0].Origin.Measure = w.y
	if len(b.cells) <= mostColours { // the legend names it, since a name beside its dot would lie on bars
		at := len(w.dots)
		s.Label, s.Style = b.where(c), figure.Style{Colour: at, Marker: at}
		w.dots = append(w.dots, s)
		return
	}
	s.Repeats = []figure.Repeat{{Name: b.where(c), Points: []figure.XY{{X: x, Y: y.Mean}}, Note: b.where(c)}}
	w.dots = append(w.dots, s)
}

// panel has the dots and the line on which both quantities are equal.
func (w comparedWords) panel() figure.Panel {
	lo := math.Max(slices.Min(w.xs), slices.Min(w.ys))
	hi := math.Min(slices.Max(w.xs), slices.Max(w.ys))
	p := figure.Panel{X: figure.Axis{Label: w.x, Room: 0.08}, Y: figure.Axis{Label: w.y}, Series: w.dots}
	if lo < hi {
		p.Series = append(p.Series,
			figure.Series{Label: "equal", Line: true,
				Style: figure.Style{Colour: figure.Black, Dash: figure.Dashed, Marker: figure.NoMarker},
				Means: []figure.Point{{X: lo, Y: lo, Interval: noInterval}, {X: hi, Y: hi, Interval: noInterval}}})
	}
	return p
}

// correlationWords are a rank correlation with its interval.
func correlationWords(a stat.Association) string {
	if !a.CI.Known() {
		return number.Plain(a.Value)
	}
	write := number.Digits(a.Value, a.CI)
	return write(a.Value) + " (" + number.Interval(a.Value, a.CI) + ")"
}
