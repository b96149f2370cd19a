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
	"nightshift/report/stat"
)

// limit leaves out what one figure has no room for: cells that claims name and those that are best on validation stay.
func (p *plot) limit() (warnings []string) {
	var panels []group
	for _, label := range p.panelLabels() {
		g := group{label: label}
		lines := 0
		for _, l := range p.rows {
			if l.panel == label {
				g.cells = append(g.cells, l.cells...)
				lines++
			}
		}
		panels = append(panels, g)
		if lines > linesAtMost {
			warnings = append(warnings, p.fewerLines(label, lines))
		}
	}
	most := figure.MaxPanels
	if p.f.Kind == deadKind { // which has a panel of its own behind them
		most--
	}
	kept, omitted := p.b.shownPanels(p.r, panels, most)
	p.rows = slices.DeleteFunc(p.rows, func(l plotLine) bool {
		return !slices.ContainsFunc(kept, func(g group) bool { return g.label == l.panel })
	})
	return append(warnings, omitted...)
}

// fewerLines leaves as many lines in a panel as can be told apart.
func (p *plot) fewerLines(panel string, of int) string {
	var groups []group
	for _, l := range p.rows {
		if l.panel == panel {
			groups = append(groups, group{label: l.label, cells: l.cells})
		}
	}
	kept := p.b.best(p.r, groups, linesAtMost)
	p.rows = slices.DeleteFunc(p.rows, func(l plotLine) bool {
		return l.panel == panel && !slices.ContainsFunc(kept, func(g group) bool { return g.label == l.label })
	})
	return fmt.Sprintf("%d of %d lines are shown, %s; the table has all.", linesAtMost, of, p.r.preferred())
}

// words adds title, statement, key and alternative text.
func (p plot) words(ctx context.Context, f *figure.Figure) error {
	shapes, err := p.shapes(ctx)
	if err != nil {
		return err
	}
	f.Title = p.titleOf(shapes) + p.b.title
	if f.Statement, err = p.ends(ctx, shapes); err != nil {
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

// listed joins words as a sentence does.
func listed(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}

// key says what lines, bars and dots mean.
func (p plot) key(panels []figure.Panel) string {
	text := ""
	if len(p.f.Measures) > 1 && p.lines.name != "" {
		var dashes []string
		for i, t := range p.f.Measures {
			dashes = append(dashes, []string{"solid", "dashed", "dotted", "dash-dotted"}[i]+": "+p.short(t))
		}
		text = sentence(strings.Join(dashes, ", ")) + ". "
	}
	text += p.marksKey(panels)
	if p.best() {
		text += " At each place the cell that validation chooses."
	}
	return text + medianKey(panels)
}

// marksKey says what is drawn for a cell, as far as there is any of it.
func (p plot) marksKey(panels []figure.Panel) string {
	units := unitsOf(p.cells())
	what := "mean"
	if p.f.Measures[0].Stat != "" || p.f.Measures[0].Measure == "diverged" {
		what = "value"
	}
	var intervals, runs, marks bool
	for _, panel := range panels {
		marks = marks || len(panel.Marks) > 0
		for _, s := range panel.Series {
			runs = runs || len(s.Repeats) > len(s.Means) || p.f.X == study.Epoch && len(s.Repeats) > 1
			intervals = intervals || slices.ContainsFunc(s.Means, func(m figure.Point) bool { return m.Interval.Known() })
		}
	}
	switch {
	case p.f.X == study.Epoch && !slices.ContainsFunc(p.cells(), func(c *cell) bool { return len(c.Finished()) > 0 }):
		return "Thin lines: single runs, none of which has finished."
	case p.f.X == study.Epoch:
		return lineKey(what, units, intervals, runs) + "."
	case !intervals && !runs:
		return "Markers: " + units + "."
	}
	text := "Markers: " + what
	if intervals {
		text += " and its 95" + number.Space + "% interval"
	}
	text += " over " + units
	if t := p.f.Measures[0]; intervals && overExamples(t) {
		text += testKey(p.cells())
	}
	if runs {
		text += "; dots: single runs"
	}
	if marks {
		text += "; signs at the top: all runs, or as many as it says"
	}
	return text + "."
}

// overExamples says whether intervals of a term are over the test examples, too, where outputs are stored: those of errors and of
// losses that have a value for each example.
func overExamples(t study.Term) bool {
	name, split := spelling(t)
	return split == test.name && slices.Contains([]string{"error", "nll", "brier", "mse"}, name) && t.Stat == "" && t.Epoch < 0
}

// lineKey says what lines and bands along the epochs are, as far as there are any of them.
func lineKey(what, units string, intervals, runs bool) string {
	text := "Line: " + what
	if !intervals && !runs {
		return text + " of " + units
	}
	if intervals {
		text += "; band: its 95" + number.Space + "% interval"
	}
	text += " over " + units
	if runs {
		text += "; thin lines: single runs"
	}
	return text
}

// ends words the values at both ends of each line, where there are few.
func (p plot) ends(ctx context.Context, shapes []shape) (string, error) {
	const most = 4
	if len(p.rows)*len(p.f.Measures) > most || p.f.X == study.Epoch {
		return p.summary(ctx, shapes)
	}
	text := ""
	for _, l := range p.rows {
		for _, t := range p.f.Measures {
			words, err := p.lineEnds(ctx, l, t)
			if err != nil {
				return "", err
			}
			if name := strings.Trim(l.panel+", "+l.label, ", "); name != "" && words != "" {
				words = name + ": " + words
			}
			if words != "" {
				text += sentence(words) + ". "
			}
		}
	}
	if text == "" {
		return "No run has finished with a result that could be averaged.", nil
	}
	return text + "Over " + unitsOf(p.cells()) + "." + tested(shapes), nil
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
			words = append(words, fmt.Sprintf("%s %s (%s)", strings.Trim(l.panel+", "+l.label, ", "), write(e.Mean),
				number.Interval(e.Mean, e.CI)))
		}
	}
	if len(words) == 0 {
		return "", nil
	}
	return fmt.Sprintf(" Exponent of a power law of %s, fitted to the logarithms of each unit: %s.", axisWords(p.x.name),
		strings.Join(words, ", ")), nil
}

// lineEnds words the values of a measure at the ends of a line.
func (p plot) lineEnds(ctx context.Context, l plotLine, t study.Term) (string, error) {
	points := p.points(l, t)
	if len(points) == 0 {
		return "", nil
	}
	m := quantity(t)
	if p.f.X == study.Layer {
		t.Layer = 0
	}
	var ends []string
	for _, at := range slices.Compact([]int{0, len(points) - 1}) {
		q := points[at]
		e, err := p.r.of(ctx, q.term, q.cell)
		if err != nil {
			return "", err
		}
		if e.has() {
			ends = append(ends, fmt.Sprintf("%s at %s", m.words(e.estimate), p.placeWords(q)))
		}
	}
	if len(ends) == 0 {
		return "", nil
	}
	text := quantity(t).name + " is " + strings.Join(ends, ", ")
	return strings.Replace(text, " is two outcomes", " has two outcomes", 1), nil
}

// counted says whether what is along x is a number of things, which come behind it: 300 training examples.
func (p plot) counted() bool { return p.f.X == study.Parameters || p.f.X == trainingExamples }

// placeWords name a place along x: layer 2, width 16, 300 training examples; words of an axis say of which.
func (p plot) placeWords(q plotPoint) string {
	at, along := p.placeAlone(q), axisWords(p.f.X)
	switch {
	case p.f.X != study.Layer && p.x.values == nil:
		return along + "=" + at
	case p.counted():
		return at + " " + along
	}
	return along + " " + at
}

// wayWords name both ends of a way along x.
func (p plot) wayWords(from, to plotPoint) string {
	if p.counted() {
		return "from " + p.placeAlone(from) + " to " + p.placeWords(to)
	}
	return "from " + p.placeWords(from) + " to " + p.placeAlone(to)
}

func (p plot) placeAlone(q plotPoint) string {
	if p.f.X == study.Layer {
		return fmt.Sprint(q.term.Layer)
	}
	return q.cell.on(p.x.name)
}

// summary words where the measure is smallest and largest, of many lines or over epochs.
func (p plot) summary(ctx context.Context, shapes []shape) (string, error) {
	t := p.f.Measures[0]
	m := quantity(t)
	type end struct {
		words string
		estimate
	}
	var low, high end
	found := 0
	for _, l := range p.rows {
		for _, q := range p.points(l, t) {
			e, err := p.r.of(ctx, q.term, q.cell)
			if err != nil {
				return "", err
			}
			if !e.has() {
				continue
			}
			words := q.cell.PlaceWords()
			if q.term.Layer > 0 && (p.f.X == study.Layer || l.layer > 0) {
				words += fmt.Sprintf(", layer %d", q.term.Layer)
			}
			if found == 0 || e.Mean < low.Mean {
				low = end{words, e.estimate}
			}
			if found == 0 || e.Mean > high.Mean {
				high = end{words, e.estimate}
			}
			found++
		}
	}
	when := ""
	if p.f.X == study.Epoch {
		when = "At the end the "
	}
	switch found {
	case 0:
		return "No run has finished with a result that could be averaged.", nil
	case 1:
		return fmt.Sprintf("%s is %s; over %s.", sentence(strings.TrimSpace(when+m.name)), m.words(low.estimate), unitsOf(p.cells())), nil
	}
	if onTest := strings.HasPrefix(m.name, test.name); onTest { // whose smallest would be chosen on test
		return fmt.Sprintf("%s lies between %s and %s in %s; over %s.%s", sentence(when+m.name), m.quantity(low.middle()),
			m.quantity(high.middle()), number.Count(len(p.cells()), "cell"), unitsOf(p.cells()), tested(shapes)), nil
	}
	if low.Mean == high.Mean {
		return fmt.Sprintf("%s is %s in all of %s; over %s.", sentence(when+m.name), m.quantity(low.middle()),
			number.Count(len(p.cells()), "cell"), unitsOf(p.cells())), nil
	}
	return fmt.Sprintf("%s is smallest at %s, %s, and largest at %s, %s; over %s.%s", sentence(when+m.name), low.words,
		m.words(low.estimate), high.words, m.words(high.estimate), unitsOf(p.cells()), tested(shapes)), nil
}
