package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// How many cells a strip plot can hold legibly, with and without the names of
// the best and the worst seed.
const (
	maxRows  = 16
	maxNamed = 10
)

// seedEffects shows how far the seed alone moves the final training loss and the test error.
func seedEffects(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	var cells []*cell
	for _, c := range b.cells {
		if _, of := final(c.Finished(), train, measures["loss"]); len(of) >= 2 {
			cells = append(cells, c)
		}
	}
	if len(cells) == 0 || !slices.ContainsFunc(cells, func(c *cell) bool { return c.design().Units() > 1 }) { // one network each
		return nil, nil
	}
	f := figure.Figure{Name: b.file("seeds"), Title: "What the seed alone changes" + b.title}
	if len(cells) > maxRows {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%d of %d cells are shown, %s; the table has all.", maxRows,
			len(cells), r.preferred()))
		cells = r.bestCells(cells, maxRows)
	}
	quality, trained := b.quality(), measures["loss"]
	if len(mixed(cells)) > 0 { // whose losses share no axis
		trained = quality
	}
	for _, shown := range []struct {
		split
		measure
		label string
	}{{train, trained, trained.label("final training")}, {test, quality, quality.label("test")}} {
		p, err := b.seedPanel(ctx, r, cells, shown.split, shown.measure)
		if err != nil {
			return nil, err
		}
		if len(p.Series) > 0 {
			p.X.Label = shown.label
			f.Panels = append(f.Panels, p)
		}
	}
	f.Columns = len(f.Panels)
	f.Warnings = slices.Concat(f.Warnings, b.warnings(cells), twoOutcomes(cells, train, trained),
		twoOutcomes(cells, test, quality))
	f.Statement = b.seedStatement(r, cells, quality)
	f.Key = seedKey(cells) + medianKey(f.Panels)
	f.Alt = fmt.Sprintf("Dot plot of final training %s and test %s of single runs for %s. %s", trained.name, quality.name,
		number.Count(len(cells), "cell"), f.Statement)
	return []figure.Figure{f}, nil
}

// seedPanel shows a measure of each run: of one cell a row for each run, of several a row for each cell. It has no series where
// there is nothing to show.
func (b *block) seedPanel(ctx context.Context, r *results, cells []*cell, s split, m measure) (p figure.Panel, err error) {
	if len(cells) == 1 {
		p = cells[0].rankedRuns(s, m)
	} else if p, err = b.strips(ctx, r, cells, s, m); err != nil {
		return p, err
	}
	p.X.Most, p.X.Log = m.axis("").Most, p.Wide()
	if len(cells) <= maxNamed {
		p.X.Room = 0.25
	}
	return p, nil
}

// seedStatement says how far the runs of the chosen cell, or of the first, lie apart, and the others against the first.
func (b *block) seedStatement(r *results, cells []*cell, quality measure) string {
	chosen := r.choose(cells)
	if chosen == nil || len(cells) == 1 {
		chosen = cells[0]
	}
	text := chosen.spread(quality)
	if len(b.cells) > 1 {
		text = chosen.Label + ": o" + text[1:]
	}
	if len(cells) > 1 {
		text += b.spreads(cells, quality)
	}
	return text
}

// seedKey says what dots, squares and bars mean.
func seedKey(cells []*cell) string {
	text := "Dots: single runs"
	if len(cells) <= maxNamed {
		text += ", the lowest and the highest with their seed"
	}
	mean := "; square: mean over "
	if slices.ContainsFunc(cells, func(c *cell) bool { return c.design().Units() >= stat.LeastUnits }) {
		mean = "; square and bar: mean and its 95" + number.Space + "% interval over "
	}
	return text + mean + unitsOf(cells) + "."
}

// strips gives every cell a row with a dot for each run; the first cell is on top, and the lowest and the highest run of few
// cells are named.
func (b *block) strips(ctx context.Context, r *results, cells []*cell, s split, m measure) (figure.Panel, error) {
	k := rankedDots{r: r, term: study.Term{Number: 1, Measure: s.name + "_" + m.key, Epoch: -1}, base: -1}
	for _, c := range cells {
		e, err := r.statistic(ctx, k.term, c)
		if err != nil {
			return figure.Panel{}, err
		}
		k.rows = append(k.rows, rankedRow{name: b.where(c), cell: c, measured: e.inOrder()})
	}
	p := k.panel("")
	dots := p.Series[0].Repeats
	for i, row := range k.rows {
		last := len(row.values) - 1
		if last < 0 {
			continue
		}
		if y := float64(len(k.rows) - 1 - i); len(cells) <= maxNamed {
			dots[0].Points[0].Y, dots[last].Points[0].Y = y+0.28, y-0.28 // furthest from the others
			dots[0].Note, dots[0].LabelLeft = row.cell.seedNumbers(row.of[0]), true
			dots[last].Note, dots[last].LabelLeft = row.cell.seedNumbers(row.of[last]), last == 0
		}
		dots = dots[last+1:]
	}
	return p, nil
}

// inOrder has the runs in the order of their values.
func (e measured) inOrder() measured {
	order := stat.Ascending(e.values)
	return measured{e.estimate, stat.Picked(e.values, order), stat.Picked(e.of, order)}
}

// meanAt is a mean with its interval along a row.
func meanAt(row float64, of estimate) figure.Series {
	p := of.point(0)
	p.X, p.Y = p.Y, row
	return figure.Series{Along: true, Style: figure.Style{Colour: figure.Vermilion, Marker: figure.Square}, Means: []figure.Point{p}}
}

// rankedRuns gives every run of one cell a row, in the order of their final
// training loss, and the mean a row of its own below.
func (c *cell) rankedRuns(s split, m measure) figure.Panel {
	_, runs := final(c.Finished(), train, measures["loss"])
	runs = slices.Clone(runs)
	slices.SortStableFunc(runs, func(a, b run) int { return cmp.Compare(b.Train.Loss.V, a.Train.Loss.V) })
	e := c.estimate(s, m)
	p := figure.Panel{Y: figure.Axis{Categories: []string{"mean"}}}
	if e.outcomes.Two {
		p.Y.Categories[0] = "median"
	}
	dots := figure.Series{Along: true}
	values, _ := final(runs, s, m)
	if len(values) != len(runs) {
		return p
	}
	worst, best := extremes(values)
	for i, r := range runs {
		p.Y.Categories = append(p.Y.Categories, c.seedName(r))
		dot := figure.Repeat{Name: c.seedName(r), Points: []figure.XY{{X: values[i], Y: float64(i + 1)}}}
		switch values[i] {
		case values[best]:
			dot.Note = "lowest"
		case values[worst]:
			dot.Note, dot.LabelLeft = "highest", true
		}
		dots.Repeats = append(dots.Repeats, dot)
	}
	p.Series = []figure.Series{dots, meanAt(0, e)}
	return p
}

// extremes are the places of the largest and the smallest value.
func extremes(v []float64) (largest, smallest int) {
	for i := range v {
		if v[i] > v[largest] {
			largest = i
		}
		if v[i] < v[smallest] {
			smallest = i
		}
	}
	return largest, smallest
}

// spread is the statistical sentence on the cell's seeds.
func (c *cell) spread(m measure) string {
	loss := measures["loss"]
	losses, of := final(c.Finished(), train, loss)
	worst, best := extremes(losses)
	e := c.estimate(train, loss)
	text := fmt.Sprintf("Over %s, the final training loss %s %s%s", unitsOf([]*cell{c}), e.is(), loss.words(e), c.sdWords(train, loss))
	if lowest, highest := number.Plain(losses[best]), number.Plain(losses[worst]); lowest != highest {
		text += fmt.Sprintf("; the lowest is that of %s (%s), the highest that of %s (%s)", c.seedName(of[best]), lowest,
			c.seedName(of[worst]), highest)
	}
	text += "."
	if e := c.estimate(test, m); e.N >= 2 {
		text += fmt.Sprintf(" Test %s: %s%s.", m.name, m.words(e), c.sdWords(test, m))
	}
	return text
}

// mostSpreads is of how many cells the spreads are compared in words.
const mostSpreads = 5

// spreads compares how far single runs of few cells lie apart on test with those of the first, as far as the run is the
// unit.
func (b *block) spreads(cells []*cell, m measure) string {
	if len(cells) > mostSpreads {
		return ""
	}
	first, words := "", []string{}
	var base stat.Sample
	var of *cell
	for _, c := range cells {
		d, ok := c.described(test, m)
		switch {
		case !ok || c.estimate(test, m).Design.Kind != stat.Together:
		case first == "":
			first, base, of = b.where(c), d, c
		case c.Copies(of.Cell):
			words = append(words, "of "+b.where(c)+" the same, being the same networks")
		default:
			ratio := stat.SDRatio(d.SD, d.N, base.SD, base.N)
			write := number.Digits(ratio.Value, ratio.CI)
			words = append(words, fmt.Sprintf("of %s %s times (%s)", b.where(c), write(ratio.Value), number.Interval(ratio.Value, ratio.CI)))
		}
	}
	if len(words) == 0 {
		return ""
	}
	return fmt.Sprintf(" The SD of single runs in test %s, against that of %s: %s (F distribution, of normal values).", m.name, first,
		strings.Join(words, "; "))
}

// described are the values of the cell's runs; false where there is no SD of them, of two outcomes and of one network.
func (c *cell) described(s split, m measure) (stat.Sample, bool) {
	values, of := final(c.Finished(), s, m)
	d := stat.Describe(distinct(stat.Classify(runsOf(of, values)), values))
	return d, !c.estimate(s, m).outcomes.Two && d.N >= stat.LeastUnits && d.SD > 1e-12*math.Abs(d.Mean)
}

// sdWords say how far single runs lie apart, with the interval of the SD where the
// run is the unit.
func (c *cell) sdWords(s split, m measure) string {
	d, ok := c.described(s, m)
	switch {
	case !ok:
		return ""
	case c.estimate(s, m).Design.Kind != stat.Together:
		return ", SD of single runs " + m.points(d.SD)
	}
	write := number.Digits(d.SD, d.SDCI)
	return fmt.Sprintf(", SD of single runs %s%s (95"+number.Space+"%% CI %s to %s, chi-square)", write(d.SD), m.afterPoints(),
		write(d.SDCI.Lo), write(d.SDCI.Hi))
}
