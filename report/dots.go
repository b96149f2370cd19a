package report

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// mostDots is how many rows a figure of ranked dots can have.
const mostDots = 40

// rankedDots is the cells of a figure of dots, the lowest first.
type rankedDots struct {
	r       *results
	term    study.Term
	measure measure
	against string
	rows    []rankedRow
	among   int      // configurations that all rows have to choose from, where some have more; else 0
	unfair  string   // says which rows had fewer configurations to choose from and are left out
	without []string // names of the rows that have no value, with what became of their runs
	base    int      // index of the row that the others are compared with; -1 for none
}

// rankedRow is a cell in its place, with its difference from the one that the others are compared with.
type rankedRow struct {
	name string
	cell *cell
	measured
	difference estimate
	holm       float64 // p value of the difference, corrected for the number of rows
	open       bool    // a claim about the difference is undecided
}

// dots ranks cells by a measure.
func dots(ctx context.Context, r *results, b *block, f study.Figure) ([]figure.Figure, error) {
	t := f.Measures[0]
	drawn := figure.Figure{Name: b.file(fileName("dots", t.Measure, study.Last(f.By)))}
	var names []string
	var all []*cell
	var panels []rankedDots
	for _, g := range b.rankedPanels(f) {
		k := rankedDots{r: r, term: t, measure: quantity(t), against: f.Against, base: -1}
		if err := k.fill(ctx, b, g, f); err != nil {
			return nil, err
		}
		if k.unfair != "" {
			drawn.Warnings = append(drawn.Warnings, strings.TrimPrefix(g.label+": ", ": ")+k.unfair)
		}
		if n := len(k.without); n > 0 {
			drawn.Warnings = append(drawn.Warnings, fmt.Sprintf("%sWithout a value, and not ranked: %s.",
				strings.TrimPrefix(g.label+": ", ": "), listed(k.without)))
		}
		if len(k.rows) < 2 {
			continue
		}
		panels, names = append(panels, k), append(names, g.label)
		for _, row := range k.rows {
			all = append(all, row.cell)
		}
	}
	if len(panels) == 0 {
		return nil, nil
	}
	if most := figure.MaxPanels / 2; len(panels) > most {
		drawn.Warnings = append(drawn.Warnings, fmt.Sprintf("The first %d of %d panels are shown; the table has all cells.",
			most, len(panels)))
		panels = panels[:most]
	}
	for i, k := range panels {
		drawn.Panels = append(drawn.Panels, k.panel(names[i]))
		if k.base >= 0 {
			drawn.Panels = append(drawn.Panels, k.differences(names[i]))
		}
	}
	ranks := rankedPanels{f, panels, names, all}
	ranks.scale(drawn.Panels)
	drawn.Columns = 1
	if len(drawn.Panels) > 1 {
		drawn.Columns = 2
	}
	ranks.words(b, &drawn)
	return []figure.Figure{drawn}, nil
}

// rankedPanels are the panels of a figure of dots with their names, and the cells that are in them.
type rankedPanels struct {
	f      study.Figure
	panels []rankedDots
	names  []string
	cells  []*cell
}

// scale makes the axes of values, not those of differences, logarithmic where the study says so or the values span decades.
func (p rankedPanels) scale(drawn []figure.Panel) {
	logarithmic := p.panels[0].measure.scale != percent && slices.ContainsFunc(drawn, figure.Panel.Wide)
	if p.f.Log != nil {
		logarithmic = slices.Contains(p.f.Log, "x")
	}
	for i := range drawn {
		if len(drawn[i].References) == 0 { // the differences
			drawn[i].X.Log = logarithmic
		}
	}
}

// rankedPanels are the panels of a figure of dots.
func (b *block) rankedPanels(f study.Figure) []group {
	if f.By == "" || f.Measures[0].Best {
		return groupsOn(b.cells, f.Panels)
	}
	return groupsOn(b.cells, append([]string{f.Panels}, b.freeAxes(b.cells, f.By, f.Panels)...)...)
}

// fill gathers the rows of a panel.
func (k *rankedDots) fill(ctx context.Context, b *block, g group, f study.Figure) error {
	rows := b.groups(g.cells, f.Panels)
	if f.By != "" {
		rows = nil
		for _, label := range newAxis(g.cells, f.By).labels {
			cells := slices.DeleteFunc(slices.Clone(g.cells), func(c *cell) bool { return c.axisLabel(f.By) != label })
			rows = append(rows, group{cells[0].shortPlace(f.By), cells})
		}
	}
	if k.term.Best {
		rows, k.among, k.unfair = alike(rows, func(c *cell) string { return b.where(c, f.By, f.Panels) })
	}
	if len(rows) > mostDots {
		rows = b.bestGroups(k.r, rows, mostDots)
	}
	for _, row := range rows {
		c := k.r.chosenOf(row.cells)
		if c == nil {
			k.without = append(k.without, row.label)
			continue
		}
		e, err := k.r.statistic(ctx, k.term, c)
		if err != nil {
			return err
		}
		if !e.has() {
			k.without = append(k.without, fmt.Sprintf("%s (%s)", row.label, emptyWords(c)))
		} else {
			k.rows = append(k.rows, rankedRow{name: row.label, cell: c, measured: e, holm: math.NaN()})
		}
	}
	slices.SortStableFunc(k.rows, func(a, b rankedRow) int { return cmp.Compare(a.middle(), b.middle()) })
	if f.Against != "" && k.term.Stat != "sd" {
		k.base = slices.IndexFunc(k.rows, func(r rankedRow) bool { return r.cell.axisLabel(f.By) == f.Against })
	}
	return k.compare(ctx)
}

// compare takes the difference of each row from one of them.
func (k *rankedDots) compare(ctx context.Context) error {
	if k.base < 0 {
		return nil
	}
	var ps []float64
	var of []int
	for i := range k.rows {
		if i == k.base || k.losing(i) {
			continue
		}
		var err error
		row := &k.rows[i]
		if row.difference, err = k.r.termDifference(ctx, k.term, k.term, row.cell, k.rows[k.base].cell); err != nil {
			return err
		}
		if row.difference.CI.Known() && !row.difference.outcomes.Two {
			ps, of = append(ps, row.difference.P), append(of, i)
		}
	}
	for i, p := range stat.Holm(ps) {
		k.rows[of[i]].holm, k.rows[of[i]].open = p, k.r.leavesOpen(k.term, k.rows[of[i]].cell, k.rows[k.base].cell)
	}
	return nil
}

// losing says whether the difference of a row from the one that it is compared with would be of some of the runs only.
func (k *rankedDots) losing(i int) bool {
	if k.term.Epoch >= 0 {
		return false
	}
	lost := k.rows[i].cell.lost() + k.rows[k.base].cell.lost()
	if k.term.Stat == "share" || k.term.Measure == "diverged" { // among which runs that diverged count
		lost -= len(k.rows[i].cell.With(store.Diverged)) + len(k.rows[k.base].cell.With(store.Diverged))
	}
	return lost > 0
}

// panel has a row for each cell, the lowest on top.
func (k *rankedDots) panel(title string) figure.Panel {
	p := figure.Panel{Title: title, X: axisOf([]study.Term{k.term}, k.cells()), Y: k.names()}
	p.X.Zero, p.X.Room = false, 0
	dots := figure.Series{Along: true}
	means := figure.Series{Along: true, Style: figure.Style{Colour: figure.Vermilion, Marker: figure.Square}}
	for i, row := range k.rows {
		y := float64(len(k.rows) - 1 - i)
		for n, v := range row.values {
			height := y + []float64{-0.12, 0.12, 0, 0.24, -0.24}[n%5]
			dots.Repeats = append(dots.Repeats, figure.Repeat{Name: row.cell.seedName(row.of[n]), Points: []figure.XY{{X: v, Y: height}},
				Origin: row.cell.origin(k.term)})
		}
		mean := row.cell.pointOf(row.estimate, 0, k.term)
		mean.X, mean.Y = mean.Y, y
		means.Means = append(means.Means, mean)
	}
	p.Series = []figure.Series{dots, means}
	return p
}

// differences has the difference of each row from the one that they are compared with.
func (k *rankedDots) differences(title string) figure.Panel {
	base := k.rows[k.base].name
	label := "minus " + base
	if unit := k.measure.afterPoints(); unit != "" {
		label += " (" + unit[len(number.Space):] + ")"
	}
	p := figure.Panel{X: figure.Axis{Label: label}, Y: k.names(), References: []figure.Reference{{At: 0, Upright: true}}}
	if title != "" {
		p.Title = title + ", " + label
	}
	s := figure.Series{Along: true, Style: figure.Style{Colour: figure.Vermilion, Marker: figure.Square}}
	for i, row := range k.rows {
		if d := row.difference; i != k.base && !k.losing(i) && d.Design.Units() > 0 && !d.outcomes.Two {
			s.Means = append(s.Means, figure.Point{X: d.Mean, Y: float64(len(k.rows) - 1 - i), Interval: d.CI, N: d.N, Unit: d.Unit,
				Origin: row.cell.origin(k.term)})
		}
	}
	p.Series = []figure.Series{s}
	return p
}

// names is the axis of the rows.
func (k *rankedDots) names() figure.Axis {
	a := figure.Axis{Categories: make([]string, len(k.rows)), Column: "cell"}
	for i, row := range k.rows {
		a.Categories[len(k.rows)-1-i] = row.name
	}
	return a
}

func (k *rankedDots) cells() (cells []*cell) {
	for _, row := range k.rows {
		cells = append(cells, row.cell)
	}
	return cells
}
