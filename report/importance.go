package report

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// Of a figure of importance: bootstrap draws, interactions of two, and panels of main effects.
const (
	importanceDraws = 1000
	mostPairs       = 6
	mostFactors     = 9
)

// factorial is a balanced table of the cells of a block: every combination of the factors, with values over the same seeds.
type factorial struct {
	b       *block
	m       measure
	on      split
	factors []axis
	levels  [][]int // [cell][factor]
	values  [][]float64
	runs    []run // of the first cell, one for each seed
}

// importance shows how much of the variation each factor accounts for, the seed last, and how the error goes with each
// factor: by balanced sums of squares.
func importance(_ context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	t := newFactorial(r, b)
	if t == nil {
		return nil, nil
	}
	effects, err := stat.EtaSquared(t.levels, t.values, importanceDraws, stat.FixedRandom())
	if err != nil {
		r.warnLeftOut("importance", err.Error())
		return nil, nil
	}
	return []figure.Figure{t.shares(effects), t.effects()}, nil
}

// newFactorial takes what was measured on validation, where anything was, of the seeds that all cells have; nil without
// two factors.
func newFactorial(r *results, b *block) *factorial {
	t := &factorial{b: b, m: r.selection(b), on: valid}
	if !slices.ContainsFunc(b.cells, func(c *cell) bool { return c.estimate(valid, t.m).N > 0 }) {
		t.m, t.on = b.quality(), test
	}
	for _, x := range b.axes {
		if slices.ContainsFunc(b.cells, func(c *cell) bool { return x.index(c) < 0 }) {
			return nil
		}
		t.factors = append(t.factors, x)
	}
	if len(t.factors) < 2 {
		return nil
	}
	shared := map[study.Seeds]int{}
	for _, c := range b.cells {
		_, of := final(c.Finished(), t.on, t.m)
		for _, one := range of {
			shared[one.Seeds()]++
		}
	}
	for _, c := range b.cells {
		values, of := final(c.Finished(), t.on, t.m)
		var row []float64
		t.runs = nil
		for i, one := range of {
			if shared[one.Seeds()] == len(b.cells) {
				row, t.runs = append(row, values[i]), append(t.runs, one)
			}
		}
		levels := make([]int, len(t.factors))
		for f, x := range t.factors {
			levels[f] = x.index(c)
		}
		t.levels, t.values = append(t.levels, levels), append(t.values, row)
	}
	if len(t.runs) == 0 {
		r.warnLeftOut("importance", "no seed has a result in every cell, and a table with holes would mix factors up; where "+
			"chooses cells")
		return nil
	}
	return t
}

// name is that of an effect: its factors, the higher interactions or the seed.
func (t *factorial) name(e stat.Effect) string {
	text := ""
	for i, f := range e.Factors {
		if i > 0 {
			text += " × "
		}
		text += study.ShortName(t.factors[f].name)
	}
	return text
}

// shares has a row for each factor, then the largest interactions of two, those of more, and the seed.
func (t *factorial) shares(e stat.Effects) figure.Figure {
	type bar struct {
		name string
		stat.Effect
	}
	var rows []bar
	larger := func(a, b stat.Effect) int { return cmp.Compare(b.Share, a.Share) }
	slices.SortStableFunc(e.Main, larger)
	slices.SortStableFunc(e.Pairs, larger)
	for _, m := range e.Main {
		rows = append(rows, bar{t.name(m), m})
	}
	for _, p := range e.Pairs[:min(len(e.Pairs), mostPairs)] {
		rows = append(rows, bar{t.name(p), p})
	}
	if len(t.factors) > 2 {
		rows = append(rows, bar{"more at once", e.Higher})
	}
	if len(t.runs) > 1 {
		rows = append(rows, bar{"seed", e.Seed})
	}
	p := figure.Panel{X: figure.Axis{Label: "share of the variation, η² (%)", Column: "eta_squared_percent"},
		Y: figure.Axis{Label: "factor", Categories: make([]string, len(rows))}}
	factors := figure.Series{Along: true}
	seed := figure.Series{Along: true, Style: figure.Style{Colour: figure.Vermilion, Marker: figure.Square}}
	for i, row := range rows {
		y := len(rows) - 1 - i
		p.Y.Categories[y] = row.name
		ci := stat.Interval{Lo: percent * row.CI.Lo, Hi: percent * row.CI.Hi}
		if v := percent * row.Share; !ci.Contains(v) { // percentiles of a biased statistic may miss it
			ci = noInterval
		}
		s := &factors
		if y == 0 && len(t.runs) > 1 {
			s = &seed
		}
		s.Means = append(s.Means, figure.Point{X: percent * row.Share, Y: float64(y), Interval: ci, N: len(t.runs), Unit: "seed"})
	}
	p.Series = []figure.Series{factors, seed}
	f := figure.Figure{Name: t.b.file("importance"), Columns: 1, Panels: []figure.Panel{p}, Title: t.title(e)}
	f.Statement = fmt.Sprintf("Of the variation in the %s %s over %s with %s each: ", t.on.long(), t.m.name,
		number.Count(len(t.values), "cell"), number.Count(len(t.runs), "seed"))
	for i, row := range rows {
		if i > 0 {
			f.Statement += ", "
		}
		f.Statement += row.name + " " + etaWords(row.Effect)
	}
	f.Statement += ". The shares of all effects add up to 100" + number.Space + "%."
	f.Key = fmt.Sprintf("Dots: η², the share of the sum of squares of each factor alone, of two together, and (square) of the "+
		"seed; bars: 95"+number.Space+
		"%% intervals, %d bootstrap samples of the seeds of each cell, which lean upwards.", importanceDraws)
	f.Alt = "Dots of the share of the variation by factor. " + f.Statement
	f.Warnings = t.warnings()
	if n := len(e.Pairs) - mostPairs; n > 0 {
		f.Warnings = append(f.Warnings, fmt.Sprintf("%s of two factors with smaller shares left out.", number.Count(n, "interaction")))
	}
	return f
}

// etaWords are the share of the variation that an effect accounts for, in percent, with its interval.
func etaWords(e stat.Effect) string {
	v := percent * e.Share
	if !e.CI.Known() {
		return number.Plain(v) + number.Space + "%"
	}
	ci := stat.Interval{Lo: percent * e.CI.Lo, Hi: percent * e.CI.Hi}
	return fmt.Sprintf("%s"+number.Space+"%% (%s)", number.Digits(v, ci)(v), number.Interval(v, ci))
}

// title names the factor with the largest share where its interval lies above those of all other factors and of the seed.
func (t *factorial) title(e stat.Effects) string {
	first := e.Main[0]
	others := append(slices.Clone(e.Main[1:]), e.Seed)
	if first.CI.Known() && !slices.ContainsFunc(others, func(o stat.Effect) bool { return o.CI.Hi >= first.CI.Lo }) {
		return fmt.Sprintf("%s matters most: %s"+number.Space+"%% of the variation, the seed %s"+number.Space+"%%%s",
			sentence(t.name(first)), number.Plain(percent*first.Share), number.Plain(percent*e.Seed.Share), t.b.title)
	}
	return fmt.Sprintf("What the %s %s varies with%s", t.on.long(), t.m.name, t.b.title)
}

func (t *factorial) warnings() []string {
	all := t.b.warnings(t.b.cells)
	if n := len(t.b.cells[0].Finished()); n > len(t.runs) {
		all = append(all, fmt.Sprintf("Seeds that are missing in some cell are left out: %d of %d are used.", len(t.runs), n))
	}
	return all
}

// effects has a panel for each factor: the mean over all cells at each of its values, with an interval over seeds.
func (t *factorial) effects() figure.Figure {
	f := figure.Figure{Name: t.b.file("main-effects"), Title: fmt.Sprintf("The %s %s by each factor, averaged over the others%s",
		t.on.long(), t.m.name, t.b.title)}
	text := ""
	for k, x := range t.factors[:min(len(t.factors), mostFactors)] {
		p := figure.Panel{Title: study.ShortName(x.name), X: figure.Axis{Label: study.ShortName(x.name), Categories: x.labels},
			Y: t.m.axis(t.on.long())}
		p.Y.Log = false
		s := figure.Series{Label: "mean", Line: true}
		if x.values != nil {
			p.X = x.sizes()
			p.X.Label = study.ShortName(x.name)
		}
		best, least := "", 0.0
		for level, label := range x.labels {
			d, unit := t.at(k, level)
			at := float64(level)
			if x.values != nil {
				at = x.values[level]
			}
			if best == "" || d.Mean < least {
				best, least = label, d.Mean
			}
			s.Means = append(s.Means, figure.Point{X: at, Y: d.Mean, Interval: d.CI, N: d.N, Unit: unit,
				Origin: figure.Origin{Measure: t.m.key, Split: t.on.name, Places: []figure.Place{{Axis: x.name, Label: label}}}})
		}
		slices.SortStableFunc(s.Means, func(a, b figure.Point) int { return cmp.Compare(a.X, b.X) })
		p.Series = []figure.Series{s}
		f.Panels = append(f.Panels, p)
		text += fmt.Sprintf("%s: lowest on average at %s (%s). ", sentence(study.ShortName(x.name)), best, t.m.quantity(least))
	}
	f.Columns = figure.Columns(len(f.Panels))
	f.Statement = text + "An average over the other factors says little where factors interact."
	f.Key = "Means over all cells with a value, with 95" + number.Space + "% intervals over seeds."
	f.Alt = fmt.Sprintf("Line plots of the mean %s by each of %s. %s", t.m.name, number.Count(len(f.Panels), "factor"), f.Statement)
	f.Warnings = t.warnings()
	if n := len(t.factors); n > mostFactors {
		f.Warnings = append(f.Warnings, fmt.Sprintf("The first %d of %d factors are shown.", mostFactors, n))
	}
	return f
}

// at is the mean over the cells at a level of a factor, seed by seed.
func (t *factorial) at(factor, level int) (stat.Difference, string) {
	means := make([]float64, len(t.runs))
	n := 0.0
	for c, levels := range t.levels {
		if levels[factor] == level {
			n++
			for s, v := range t.values[c] {
				means[s] += v
			}
		}
	}
	for s := range means {
		means[s] /= n
	}
	e := overUnits(t.runs, means)
	return e.Difference, e.Unit
}
