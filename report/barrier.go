package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/report/figure"
	"nightshift/report/networks"
	"nightshift/report/stat"
)

// pairwise is what lies between the seeds of a cell.
type pairwise struct {
	keptCell
	samples []string
	pairs   []networks.Pair
}

// pairsOf measures the lines between the last networks of a cell's runs, on examples of
// the first run's training split and of the test split; nil where the data are not there.
func (r *results) pairsOf(ctx context.Context, kind string, k keptCell) (*pairwise, error) {
	d, err := r.data(kind, k.runs[0], k.cell)
	if d == nil || err != nil {
		return nil, err
	}
	all := pairwise{keptCell: k}
	on := networks.Samples(d, verdict.Evaluated)
	for _, s := range on {
		all.samples = append(all.samples, s.Name)
	}
	all.pairs, err = r.NetworkPairs(ctx, k.of, on)
	return &all, err
}

// matrix has a value of each pair of runs, [runs, runs].
func (b pairwise) matrix(value func(networks.Pair) float64) [][]float64 {
	return verdict.PairTable(len(b.runs), b.pairs, value)
}

// interpolation are the networks between two runs as they are, or with aligned units.
type interpolation struct {
	name string
	of   func(networks.Pair) []networks.Line
}

var bothLines = []interpolation{
	{"as they are", func(p networks.Pair) []networks.Line { return p.Naive }},
	{"units aligned", func(p networks.Pair) []networks.Line { return p.Matched }},
}

// barriers shows the loss on the straight line between two seeds, as they are and with
// the hidden units of one in the order of the other's.
func barriers(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	kept, warnings, err := r.keptCells(ctx, b, maxPairCells)
	if err != nil {
		return nil, err
	}
	var all []pairwise
	for _, k := range kept {
		if len(k.runs) < 2 || len(k.space.Layers) < 2 {
			continue
		}
		one, err := r.pairsOf(ctx, "barrier", k)
		if err != nil {
			return nil, err
		}
		if one != nil {
			all = append(all, *one)
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	f := figure.Figure{Name: b.file("barrier"), Title: "Between two seeds" + b.title, Warnings: warnings}
	var said []string
	for _, one := range all {
		for at := range one.samples {
			f.Panels = append(f.Panels, b.linePanel(one, at))
		}
		said = append(said, b.barrierWords(one))
	}
	f.Columns = len(all[0].samples)
	f.Title = barrierTitle(all) + b.title
	f.Panels = append(f.Panels, b.barrierStrips(all)...)
	f.Statement = strings.Join(said, " ")
	for i := range all {
		f.Warnings = append(f.Warnings, mixed([]*cell{all[0].cell, all[i].cell})...)
	}
	f.Warnings = slices.Compact(f.Warnings)
	var drawn []*cell
	for _, one := range all {
		drawn = append(drawn, one.cell)
	}
	f.Warnings = append(f.Warnings, unlikePairs(drawn)...)
	f.Key = fmt.Sprintf("Lines: mean over the pairs of runs, at %d points of the straight line between their weights; bands: "+
		"the middle 90"+number.Space+"%% of the pairs; dashes: the straight line between the losses at the ends. Barrier: how far the "+
		"loss rises above that. Dots: pairs; %s. Aligned: hidden units matched by their weights.", networks.LinePoints,
		medianOfPairs(drawn))
	f.Alt = fmt.Sprintf("Line plot of the loss between two networks of %s, as they are and aligned, and dot plot of the "+
		"barriers. %s", number.Count(len(all), "cell"), f.Statement)
	return []figure.Figure{f}, nil
}

// medianOfPairs says what the marks of medians are, of cells of which some have an interval or none.
func medianOfPairs(cells []*cell) string {
	if slices.ContainsFunc(cells, func(c *cell) bool { return c.resamplesSeeds(len(c.Finished())) }) {
		return "square and bar: median and its 95" + number.Space + "% interval, seeds resampled"
	}
	return "square: median"
}

// linePanel is the loss between the seeds of a cell, on one sample.
func (b *block) linePanel(one pairwise, at int) figure.Panel {
	p := figure.Panel{Title: titled(b.where(one.cell), one.samples[at]),
		X: figure.Axis{Label: "share of the way to the other"}, Y: figure.Axis{Label: one.Config.Loss + " loss", Zero: true}}
	chord := figure.Series{Label: "straight line between the ends", Line: true,
		Style: figure.Style{Colour: figure.Black, Dash: figure.Dotted, Marker: figure.NoMarker}}
	for i, way := range bothLines {
		s := figure.Series{Label: way.name, Line: true, Band: true, Style: figure.Style{Colour: i, Dash: i}}
		for x := range networks.LinePoints {
			var values []float64
			for _, pair := range one.pairs {
				values = append(values, way.of(pair)[at][x])
			}
			slices.Sort(values)
			middle := stat.Interval{Lo: quantile(values, 0.05), Hi: quantile(values, 0.95)}
			share := float64(x) / (networks.LinePoints - 1)
			s.Means = append(s.Means, figure.Point{X: share, Y: verdict.Mean(values), Interval: middle})
			if i == 0 && (x == 0 || x == networks.LinePoints-1) {
				chord.Means = append(chord.Means, figure.Point{X: share, Y: verdict.Mean(values), Interval: noInterval})
			}
		}
		p.Series = append(p.Series, s)
	}
	p.Series = append(p.Series, chord)
	return p
}

// quantile of sorted values, between the two that are nearest.
func quantile(sorted []float64, share float64) float64 {
	at := share * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}

// barrierOf is the barrier of a pair on a sample.
func (l interpolation) barrierOf(at int) func(networks.Pair) float64 {
	return func(p networks.Pair) float64 { return l.of(p)[at].Barrier() }
}

// barrierStrips have a dot for each pair, a panel for each sample.
func (b *block) barrierStrips(all []pairwise) (panels []figure.Panel) {
	for at, sample := range all[0].samples {
		p := figure.Panel{Title: "Barriers, " + sample, X: figure.Axis{Label: "barrier in the loss", Zero: true}}
		for c := len(all) - 1; c >= 0; c-- {
			for w := len(bothLines) - 1; w >= 0; w-- {
				one, way := all[c], bothLines[w]
				row := float64(len(p.Y.Categories))
				p.Y.Categories = append(p.Y.Categories, titled(b.where(one.cell), way.name))
				dots := figure.Series{Along: true, Style: figure.Style{Colour: w}}
				for i, pair := range one.pairs {
					height := row + []float64{-0.1, 0.1, 0, 0.2, -0.2}[i%5]
					dots.Repeats = append(dots.Repeats, figure.Repeat{Points: []figure.XY{{X: way.barrierOf(at)(pair), Y: height}},
						Name: one.seedName(one.runs[pair.A]) + " and " + one.seedName(one.runs[pair.B])})
				}
				value, ci := one.cell.overPairs(one.matrix(way.barrierOf(at)), verdict.Median)
				p.Series = append(p.Series, dots, figure.Series{Along: true, Style: figure.Style{Colour: figure.Black, Marker: figure.Square},
					Means: []figure.Point{{X: value, Y: row, Interval: ci}}})
			}
		}
		panels = append(panels, p)
	}
	return panels
}

// barrierTitle says whether alignment removes most of the barriers that there are, where the
// intervals tell.
func barrierTitle(all []pairwise) string {
	removed, highest := false, 0.0
	var naive, aligned []stat.Interval
	for _, one := range all {
		value, ci := one.cell.overPairs(one.matrix(bothLines[0].barrierOf(0)), verdict.Median)
		_, after := one.cell.overPairs(one.matrix(bothLines[1].barrierOf(0)), verdict.Median)
		naive, aligned, highest = append(naive, ci), append(aligned, after), max(highest, value)
	}
	for i := range all {
		switch {
		case !naive[i].Known() || !aligned[i].Known():
			return plainBarrierTitle
		case naive[i].Hi < highest/10: // there is none to begin with
		case aligned[i].Hi >= naive[i].Lo/2:
			return plainBarrierTitle
		default:
			removed = true
		}
	}
	if !removed {
		return plainBarrierTitle
	}
	return "Most of the barrier between two seeds is the order of their units"
}

const plainBarrierTitle = "The loss between two seeds, as they are and with aligned units"

// barrierWords compare barriers and distances before and after alignment.
func (b *block) barrierWords(one pairwise) string {
	words := func(value func(networks.Pair) float64) string {
		v, ci := one.cell.overPairs(one.matrix(value), verdict.Median)
		return fmt.Sprintf("%s (%s)", number.Digits(v, ci)(v), number.Interval(v, ci))
	}
	seeds := ""
	if one.cell.resamplesSeeds(len(one.runs)) {
		seeds = " (seeds resampled)"
	}
	text := fmt.Sprintf("between two of %s the median barrier in the %s loss is %s, with aligned units %s; the distance of "+
		"their weights is %s, and %s aligned%s", number.Count(len(one.runs), "run"), one.samples[0],
		words(bothLines[0].barrierOf(0)), words(bothLines[1].barrierOf(0)),
		words(func(p networks.Pair) float64 { return p.Distance }), words(func(p networks.Pair) float64 { return p.Aligned }),
		seeds)
	return atPlace(b.where(one.cell), text)
}
