package report

import (
	"context"
	"fmt"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// words adds title, statement, key and alternative text.
func (p plot) words(ctx context.Context, f *figure.Figure) error {
	shapes, err := p.shapes(ctx)
	if err != nil {
		return err
	}
	f.Title = p.titleOf(shapes) + p.b.title
	if f.Statement, err = p.endValues(ctx, shapes); err != nil {
		return err
	}
	if f.Panels[0].X.Log && f.Panels[0].Y.Log {
		laws, err := p.laws(ctx)
		if err != nil {
			return err
		}
		f.Statement += laws
	}
	f.Key = p.key(f.Panels)
	f.Alt = fmt.Sprintf("Plot of %s against %s, %s. %s", p.measureNames(), axisWords(p.f.X), number.Count(len(f.Panels), "panel"),
		f.Statement)
	for _, t := range p.f.Measures {
		if m, ok := measures[nameOf(t)]; ok && t.Stat == "" && t.Epoch < 0 && p.f.X != study.Epoch {
			_, split := spelling(t)
			f.Warnings = append(f.Warnings, twoOutcomes(p.cells(), splitNamed(split), m)...)
			if m.name == "loss" {
				f.Warnings = append(f.Warnings, mixed(p.cells())...)
			}
		}
	}
	return nil
}

// nameOf is the measure of a term without its split.
func nameOf(t study.Term) string {
	name, _ := spelling(t)
	return name
}

// measureNames lists what is shown.
func (p plot) measureNames() string {
	var names []string
	for _, t := range p.f.Measures {
		names = append(names, quantity(t).name)
	}
	return listed(names)
}

// laws words the power law of each line, of few, by units: y falls as x to the power of an exponent.
func (p plot) laws(ctx context.Context) (string, error) {
	if len(p.rows) > 4 || p.x.values == nil || len(p.f.Measures) > 1 {
		return "", nil
	}
	var words []string
	for _, l := range p.rows {
		var cells []*verdict.Cell
		var terms []study.Term
		var x []float64
		for _, q := range p.points(l, p.f.Measures[0]) {
			cells, terms, x = append(cells, q.cell.Cell), append(terms, q.term), append(x, q.x)
		}
		if len(cells) < 3 || p.f.Measures[0].Stat != "" {
			return "", nil
		}
		y, err := p.r.Along(ctx, terms, cells)
		if err != nil || len(y) < 3 {
			return "", err
		}
		if e := stat.PowerLawByUnit(x, y).Exponent; e.CI.Known() {
			write := number.Digits(e.Mean, e.CI)
			words = append(words, fmt.Sprintf("%s %s (%s)", titled(l.panel, l.label), write(e.Mean),
				number.Interval(e.Mean, e.CI)))
		}
	}
	if len(words) == 0 {
		return "", nil
	}
	return fmt.Sprintf(" Exponent of a power law of %s, fitted to the logarithms of each unit: %s.", axisWords(p.x.name),
		strings.Join(words, ", ")), nil
}
