package report

import (
	"context"
	"fmt"
	"math"
	"slices"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

const (
	leastRanked = 4  // cells below which a figure of their ranks says no more than the table
	mostRanked  = 10 // cells that are drawn
	mostProfile = 6  // performance profiles that can be told apart
)

// leaderboard ranks cells on validation and shows what they come to on test, how sure
// their ranks are, and the share of runs above each error.
func leaderboard(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	var cells []*verdict.Cell
	for _, c := range b.cells {
		if !c.Former {
			cells = append(cells, c.Cell)
		}
	}
	if len(cells) < leastRanked {
		return nil, nil
	}
	board, err := r.Rank(ctx, cells, mostRanked)
	if err != nil || len(board.Standings) < leastRanked {
		return nil, err
	}
	l := ranking{r: r, b: b, board: board, m: b.quality(), by: r.selection(b)}
	for _, s := range board.Standings {
		at := slices.IndexFunc(b.cells, func(c *cell) bool { return c.Cell == s.Cell })
		l.cells = append(l.cells, b.cells[at])
	}
	return []figure.Figure{l.figure()}, nil
}

// ranking is a board with the cells of the block that it shows, the best first.
type ranking struct {
	r     *results
	b     *block
	board verdict.Board
	cells []*cell
	m, by measure // reported, and chosen by
}

func (l ranking) figure() figure.Figure {
	f := figure.Figure{Name: l.b.file("leaderboard"), Title: l.title(), Statement: l.statement()}
	f.Panels = append(f.Panels, l.rows())
	if l.board.Standings[0].Ranks != nil {
		f.Panels = append(f.Panels, l.ranks())
	}
	p, stepped := l.profiles()
	if stepped {
		f.Panels = append(f.Panels, p)
	}
	f.Columns = len(f.Panels)
	figure.UseLog(f.Panels[:1], figure.Steep, figure.Point.Mean)
	examples := ""
	if testKey(l.cells) != "" {
		examples = ", on test over its examples, too"
	}
	f.Key = fmt.Sprintf("Cells from the best on validation (%s) downwards", l.by.name)
	if hasIntervals(f.Panels[:1]) {
		f.Key += fmt.Sprintf("; bars: 95"+number.Space+"%% intervals over %s%s", unitsOf(l.cells), examples)
	} else {
		f.Key += "; means over " + unitsOf(l.cells)
	}
	if f.Key += "."; l.board.Standings[0].Ranks != nil {
		f.Key += " Colours: probability of each rank on test."
	}
	if stepped {
		f.Key += fmt.Sprintf(" Steps: share of runs with a test %s above a value.", l.m.name)
	}
	f.Key += medianKey(f.Panels)
	f.Alt = fmt.Sprintf("Ranked dots of %s with validation and test %s. %s", number.Count(len(l.cells), "cell"),
		l.m.name, f.Statement)
	f.Warnings = append(f.Warnings, l.b.warnings(l.cells)...)
	if n := l.board.Copies; n > 0 {
		f.Warnings = append(f.Warnings, verdict.CopiesWords(n)+".")
	}
	if n := l.board.Unranked; n > 0 {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%s without a finished run on validation %s not ranked.", number.Count(n, "cell"),
			verb(n, "is", "are")))
	}
	if n := l.board.Ranked - len(l.cells); n > 0 {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%d of %d cells are shown, the best on validation; the table has all.",
			len(l.cells), l.board.Ranked))
	}
	return f
}

// title says who wins, where the difference from the runner-up carries it.
func (l ranking) title() string {
	d := l.board.RunnerUp
	lost := slices.ContainsFunc(l.cells[:2], func(c *cell) bool { return c.lost() > 0 })
	open := l.r.leavesOpen(l.m.onTest(), l.cells[:2]...)
	title := "The first of the ranking are not told apart on test"
	switch apart := d.P < 0.05 && !lost && d.TwoOutcomes() < 0 && !open; {
	case apart && d.Mean > 0:
		title = sentence(l.b.where(l.cells[0])) + " wins, also on test"
	case apart:
		title = sentence(l.b.where(l.cells[0])) + " wins on validation; on test the runner-up is better"
	}
	return title + l.b.soFar() + l.b.title
}

func (l ranking) statement() string {
	winner := l.b.where(l.cells[0])
	e := l.cells[0].estimate(test, l.m)
	text := fmt.Sprintf("%s is the best of %s on validation%s; its test %s %s %s.", sentence(winner),
		number.Count(l.board.Ranked, "cell"), l.b.soFar(), l.m.name, e.is(), l.m.words(e))
	looks := l.board.LooksWords()
	switch d := l.m.scaled(l.board.RunnerUp); {
	case d.TwoOutcomes() >= 0:
		text += fmt.Sprintf(" The runner-up, %s, is not compared with it by the mean: one of them has two outcomes.",
			l.b.where(l.cells[1]))
	case d.CI.Known():
		text += fmt.Sprintf(" The runner-up, %s, differs from it by %s, p %s", l.b.where(l.cells[1]), l.m.change(d), number.P(d.P))
		if looks != "" {
			text += " (" + looks + ")"
		}
		text += "."
	}
	if p := l.board.Standings[0].First; !math.IsNaN(p) {
		text += fmt.Sprintf(" Probability that it is the best on test: %s.", probability(p))
	}
	if gap := l.m.scaled(l.board.Optimism); gap.N > 0 {
		text += fmt.Sprintf(" Optimism of the choice, test minus validation: %s.", l.m.change(gap))
	}
	if f := l.board.Friedman; f != nil {
		text += fmt.Sprintf(" Over %s, Friedman's test that all rank equally: p %s; winner and runner-up by these "+
			"ranks alone: p %s (Holm for %s).", number.Count(l.board.Sets, "training set"), number.P(f.P),
			number.P(l.board.FirstTwo()), number.Count(len(f.Pairs), "pair"))
	}
	if l.board.Friedman != nil && looks != "" {
		text = text[:len(text)-len(".")] + ", both for one look."
	}
	if q := l.board.Cochran; q != nil {
		text += fmt.Sprintf(" One network each on %d test examples: that all err equally often has p %s (Cochran's Q).", q.N,
			number.P(q.P))
	}
	return text
}

// rows has a row of each cell, the best on top, with validation and test.
func (l ranking) rows() figure.Panel {
	p := figure.Panel{X: figure.Axis{Label: l.m.label(""), Most: l.m.axis("").Most}, Y: l.names()}
	for i, s := range []split{valid, test} {
		series := figure.Series{Label: s.long(), Along: true, Style: figure.Style{Colour: i, Marker: i}}
		for k, c := range l.cells {
			if e := c.estimate(s, l.m); e.N > 0 {
				at := e.point(0)
				at.X, at.Y = at.Y, l.row(k)+0.12*float64(1-2*i)
				series.Means = append(series.Means, at)
			}
		}
		p.Series = append(p.Series, series)
	}
	return p
}

func (l ranking) row(k int) float64 { return float64(len(l.cells) - 1 - k) }

func (l ranking) names() figure.Axis {
	a := figure.Axis{Categories: make([]string, len(l.cells))}
	for k, c := range l.cells {
		a.Categories[len(l.cells)-1-k] = l.b.where(c)
	}
	return a
}

// ranks has the probability of each rank of each cell.
func (l ranking) ranks() figure.Panel {
	p := figure.Panel{X: figure.Axis{Label: "rank on test", Whole: true}, Y: l.names(),
		Colour: figure.Axis{Label: "probability (%)", Zero: true, Most: percent}}
	for k, s := range l.board.Standings {
		for rank, v := range s.Ranks {
			one := figure.Cell{X: float64(rank + 1), Y: l.row(k), Value: percent * v}
			if v >= 0.01 {
				one.Text = number.Rounded(percent*v, 0)
			}
			p.Cells = append(p.Cells, one)
		}
	}
	for rank := range l.board.Standings {
		p.X.Ticks = append(p.X.Ticks, float64(rank+1))
	}
	return p
}

// profiles has the share of runs above each test error (performance profiles), where the
// run is the unit and there are five of each.
func (l ranking) profiles() (p figure.Panel, ok bool) {
	p = figure.Panel{X: figure.Axis{Label: "test " + l.m.name + " above" + l.m.unit()},
		Y: figure.Axis{Label: "share of runs (%)", Zero: true, Most: percent}}
	var all []float64
	var values [][]float64
	for _, c := range l.cells[:min(len(l.cells), mostProfile)] {
		v, _ := final(c.Finished(), test, l.m)
		if d := c.design(); d.Kind != stat.Together || d.Units() < 5 {
			return p, false
		}
		values, all = append(values, v), append(all, v...)
	}
	slices.Sort(all)
	thresholds := slices.Compact(all)
	for k, v := range values {
		shares, _ := stat.Profile(v, thresholds)
		s := figure.Series{Label: l.b.where(l.cells[k]), Line: true, Style: figure.Style{Colour: k, Marker: figure.NoMarker}}
		before := 1.0 // steps: the share above a value changes where a run has it
		for i, share := range shares {
			if share != before {
				s.Means = append(s.Means, figure.Point{X: thresholds[i], Y: percent * before, Interval: noInterval})
			}
			s.Means = append(s.Means, figure.Point{X: thresholds[i], Y: percent * share, Interval: noInterval})
			before = share
		}
		p.Series = append(p.Series, s)
	}
	return p, len(thresholds) > 1
}
