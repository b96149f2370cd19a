package report

import (
	"context"
	"fmt"
	"math"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/report/figure"
	"nightshift/report/networks"
	"nightshift/report/stat"
)

// How many cells a figure of pairs of seeds has room for, and seeds whose names stand at the axes.
const (
	maxPairCells  = 3
	maxNamedSeeds = 8
)

// answered is a cell with what its finished runs answer to the test examples.
type answered struct {
	*cell
	runs    []run
	answers [][]int32
	wrong   []float64 // share of the examples, by run
}

// answers reads what the runs of a cell answer; those that have left no outputs are not among them.
func (r *results) answers(ctx context.Context, c *cell) (answered, error) {
	a, err := r.Answers(ctx, c.Cell)
	return answered{c, a.Runs, a.Answers, a.Wrong}, err
}

// disagreement is the share of the test examples to which two runs give different answers, [runs, runs].
func (a answered) disagreement() [][]float64 {
	return verdict.Answered{Runs: a.runs, Answers: a.answers}.Disagreement()
}

// overPairs is a statistic over the pairs of different seeds, with its interval: by resampled seeds, where all pairs are alike.
func (c *cell) overPairs(d [][]float64, statistic func([]float64) float64) (value float64, ci stat.Interval) {
	over := verdict.Overall(d, statistic)
	if !c.alikePairs() {
		return over.Mean, noInterval
	}
	return over.Mean, over.CI
}

// resamplesSeeds says whether the pairs of so many runs of the cell have an interval, for which their seeds are resampled.
func (c *cell) resamplesSeeds(runs int) bool { return c.alikePairs() && runs >= stat.LeastPairs }

// alikePairs says whether there are several networks, of which no two share a training set, an initialisation or an order that
// others do not share.
func (c *cell) alikePairs() bool { return c.design().Kind == stat.Together }

// unlikePairs warns of cells whose pairs of runs are not all alike.
func unlikePairs(cells []*cell) []string {
	n := 0
	for _, c := range cells {
		if kind := c.design().Kind; kind == stat.Nested || kind == stat.Crossed {
			n++
		}
	}
	if n == 0 {
		return nil
	}
	return []string{fmt.Sprintf("In %s some pairs of runs share a training set or another seed and others do not: what is said of "+
		"pairs is an average over both, without an interval.", number.Count(n, "cell"))}
}

// disagreements shows on how many test examples the seeds of a cell answer differently,
// beside the distance of their weights, and against what independent errors would give.
func disagreements(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	var cells []answered
	for _, c := range b.cells {
		if a, err := r.answers(ctx, c); err != nil {
			return nil, err
		} else if len(a.runs) >= 3 {
			cells = append(cells, a)
		}
	}
	if len(cells) == 0 {
		return nil, nil
	}
	f := figure.Figure{Name: b.file("disagreement"), Title: "Where seeds answer differently" + b.title}
	if len(cells) > maxPairCells {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%d of %d cells are shown, the first; where chooses others.", maxPairCells,
			len(cells)))
		cells = cells[:maxPairCells]
	}
	kept, _, err := r.keptCells(ctx, b, len(b.cells))
	if err != nil {
		return nil, err
	}
	var said []string
	for _, a := range cells {
		d := a.disagreement()
		order := networks.Order(len(d), func(i, j int) float64 { return d[i][j] })
		f.Panels = append(f.Panels, b.seedsBySeeds(a, order, "test examples", "answered differently (%)",
			func(i, j int) float64 { return percent * d[i][j] }))
		if far, err := distances(a, kept); err != nil {
			return nil, err
		} else if far != nil {
			f.Panels = append(f.Panels, b.seedsBySeeds(a, order, "weights", "distance over norm",
				func(i, j int) float64 { return far[i][j] }))
		}
		f.Panels = append(f.Panels, b.againstErrors(a, d))
		said = append(said, b.disagreementWords(a, d))
	}
	f.Columns = len(f.Panels) / len(cells)
	f.Statement = strings.Join(said, " ")
	var drawn []*cell
	for _, a := range cells {
		drawn = append(drawn, a.cell)
	}
	f.Warnings = append(f.Warnings, unlikePairs(drawn)...)
	f.Key = "Squares: two runs each, in an order that puts alike ones side by side; hatched: a run and itself. Dots: pairs " +
		"of runs; line: the sum of their errors, which errors on different examples would come to."
	f.Alt = fmt.Sprintf("Heat maps of the disagreement of seeds, of %s. %s", number.Count(len(cells), "cell"), f.Statement)
	return []figure.Figure{f}, nil
}

// seedsBySeeds is a heat map of pairs of runs.
func (b *block) seedsBySeeds(a answered, order []int, what, label string, value func(i, j int) float64) figure.Panel {
	p := figure.Panel{Title: titled(b.where(a.cell), what), Colour: figure.Axis{Label: label}}
	p.X.Label = "seed"
	if len(order) > maxNamedSeeds {
		p.X = figure.Axis{Label: "place of the seed", Whole: true}
	}
	for _, i := range order {
		if len(order) <= maxNamedSeeds {
			p.X.Categories = append(p.X.Categories, a.seedNumbers(a.runs[i]))
		}
	}
	p.Y = p.X
	for row, i := range order {
		for column, j := range order {
			one := figure.Cell{X: float64(column), Y: float64(row), Value: value(i, j),
				Note: a.seedName(a.runs[i]) + " and " + a.seedName(a.runs[j])}
			if i == j {
				one.Value = math.NaN()
			}
			if p.X.Categories == nil { // places count from 1
				one.X, one.Y = one.X+1, one.Y+1
			}
			p.Cells = append(p.Cells, one)
		}
	}
	return p
}

// distances are those of the weights of a cell's runs, relative to their norms; nil where not all
// of them were kept.
func distances(a answered, kept []keptCell) ([][]float64, error) {
	for _, k := range kept {
		if k.cell != a.cell || len(k.runs) != len(a.runs) {
			continue
		}
		ends, _, err := k.finalPoints()
		if err != nil {
			return nil, err
		}
		far := make([][]float64, len(ends))
		for i := range ends {
			for j := range ends {
				far[i] = append(far[i], ends[i].Distance(ends[j], true))
			}
		}
		return far, nil
	}
	return nil, nil
}

// againstErrors has a dot for each pair of runs: what they answer differently against
// the sum of their errors.
func (b *block) againstErrors(a answered, d [][]float64) figure.Panel {
	p := figure.Panel{Title: titled(b.where(a.cell), "pairs"),
		X: figure.Axis{Label: "error of one + error of the other (%)", Zero: true},
		Y: figure.Axis{Label: "answered differently (%)", Zero: true}}
	dots := figure.Series{Label: "pairs of runs"}
	lo, hi := math.Inf(1), 0.0
	for i := range d {
		for j := range i {
			sum := percent * (a.wrong[i] + a.wrong[j])
			lo, hi = min(lo, sum), max(hi, sum)
			dots.Repeats = append(dots.Repeats, figure.Repeat{Name: a.seedName(a.runs[j]) + " and " + a.seedName(a.runs[i]),
				Points: []figure.XY{{X: sum, Y: percent * d[i][j]}}})
		}
	}
	if lo < percent { // more than all examples cannot be answered differently
		hi = min(hi, percent)
		p.Series = []figure.Series{{Label: "errors on different examples", Line: true,
			Style: figure.Style{Colour: figure.Vermilion, Dash: figure.Dashed, Marker: figure.NoMarker},
			Means: []figure.Point{{X: lo, Y: lo, Interval: noInterval}, {X: hi, Y: hi, Interval: noInterval}}}}
	}
	p.Series = append(p.Series, dots)
	return p
}

// disagreementWords compare what is seen with errors on different examples.
func (b *block) disagreementWords(a answered, d [][]float64) string {
	value, ci := a.cell.overPairs(d, verdict.Mean)
	value, ci = percent*value, stat.Interval{Lo: percent * ci.Lo, Hi: percent * ci.Hi}
	sum := 2 * percent * verdict.Mean(a.wrong)
	seeds := ""
	if ci.Known() {
		seeds = ", seeds resampled"
	}
	text := fmt.Sprintf("two runs answer %s"+number.Space+"%% of the test examples differently (%s%s; %s)",
		number.Digits(value, ci)(value), number.Interval(value, ci), seeds, number.Count(len(a.runs), "run"))
	switch {
	case sum > percent:
		text += "; they err too often to err on different examples only"
	case sum > 0:
		text += fmt.Sprintf("; errors on different examples would come to %s"+number.Space+"%%, so %s"+number.Space+"%% of it is seen",
			number.Plain(sum), number.Plain(percent*value/sum))
	}
	return atPlace(b.where(a.cell), text)
}
