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
)

// learningRates shows the final test error against the learning rate, one line
// for each place on the other axes.
func learningRates(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	x, ok := b.axis(lrAxis)
	m := b.quality()
	if !ok || x.values == nil || !slices.ContainsFunc(b.cells, func(c *cell) bool { return c.estimate(test, m).N > 0 }) {
		return nil, nil
	}
	f := figure.Figure{Name: b.file("lr"), Title: "Test " + m.name + " against learning rate" + b.title}
	groups := b.groups(b.cells, lrAxis)
	inner := b.lines(6, lrAxis)
	panels, omitted := b.shownPanels(r, b.groups(b.cells, lrAxis, inner.name))
	f.Columns = figure.Columns(len(panels))
	for _, g := range panels {
		f.Panels = append(f.Panels, b.ratePanel(g, x, inner, m))
	}
	choices, err := b.tune(ctx, r, groups, x)
	if err != nil {
		return nil, err
	}
	f.Warnings = slices.Concat(omitted, b.warnings(b.cells), twoOutcomes(b.cells, test, m), choices.warnings)
	f.Statement = choices.text
	if n := len(choices.rates); n > 0 && n <= 3 {
		f.Title = "Best learning rate on validation: " + strings.Join(choices.rates, ", ") + b.title
	}
	f.Key = "Markers: mean and its 95" + number.Space + "% interval over " + unitsOf(b.cells) + testKey(b.cells) +
		"; dots: single runs; × at the top: how many of the runs diverged" + b.prunedMarks() + "." + medianKey(f.Panels)
	if guess, ok := b.cells[0].chance(); ok {
		f.Key += fmt.Sprintf(" Naming the most frequent class every time has an error of %s.", m.quantity(guess*m.scale))
		addChance(f.Panels, x, guess*m.scale)
	}
	f.Alt = fmt.Sprintf("Plot of the test %s against the learning rate for %s. %s", m.name,
		number.Count(len(groups), "configuration"),
		f.Statement)
	return []figure.Figure{f}, nil
}

// ratePanel has a line over the learning rates for each place of its cells on
// the other axes; those on the inner axis are told apart.
func (b *block) ratePanel(g group, x, inner axis, m measure) figure.Panel {
	p := figure.Panel{Title: g.label, Y: m.axis(test.name)}
	p.X = figure.Axis{Label: "learning rate", Log: positive(x.values), Ticks: x.values}
	lines := b.groups(g.cells, lrAxis)
	for i, line := range lines {
		s := figure.Series{Line: true}
		if inner.name != "" {
			at := inner.on(line.cells[0])
			s.Style, s.Label = figure.Style{Colour: at, Dash: at, Marker: at}, line.cells[0].place(inner.name)
		}
		for _, c := range line.cells {
			at := x.values[x.on(c)]
			if p.X.Log { // beside each other, not on top of each other
				at *= math.Pow(1.04, float64(i)-float64(len(lines)-1)/2)
			}
			c.addFinal(&s, at, test, m)
			p.Marks = append(p.Marks, c.marks(at, s.Style)...)
		}
		slices.SortFunc(s.Means, func(a, b figure.Point) int { return cmp.Compare(a.X, b.X) })
		p.Series = append(p.Series, s)
	}
	return p
}

// addChance draws a line at the error of a guess into the panels that reach up
// to half of it: in the others it would squeeze the data.
func addChance(panels []figure.Panel, x axis, guess float64) {
	line := figure.Series{
		Label: "always the most frequent class", Style: figure.Style{Colour: figure.Black, Dash: 2, Marker: -1}, Line: true,
		Means: []figure.Point{{X: slices.Min(x.values), Y: guess, Interval: noInterval},
			{X: slices.Max(x.values), Y: guess, Interval: noInterval}},
	}
	for i, p := range panels {
		if p.Highest() > guess/2 {
			panels[i].Series = append(p.Series, line)
		}
	}
}

// rateChoice is what validation chooses of the learning rates.
type rateChoice struct {
	text     string   // the choices with their test errors, and how these compare
	rates    []string // 0.1 for softmax+ce, ...
	warnings []string
}

// tune chooses a learning rate in each group and compares the groups at their
// choices.
func (b *block) tune(ctx context.Context, r *results, groups []group, x axis) (choice rateChoice, err error) {
	m := b.quality()
	result := func(c *cell) string {
		return fmt.Sprintf("test %s %s. ", m.name, m.words(c.estimate(test, m)))
	}
	var winners []*cell
	var names []string
	var configurations []int
	for _, g := range groups {
		c := r.choose(g.cells)
		if c == nil {
			continue
		}
		name := g.label
		if name == "" {
			name = "the only configuration"
		}
		winners, names, configurations = append(winners, c), append(names, name), append(configurations, len(g.cells))
		lr := x.values[x.on(c)]
		choice.rates = append(choice.rates, strings.TrimSuffix(figure.Brief(lr)+" for "+g.label, " for "))
		if len(groups) <= 4 {
			choice.text += fmt.Sprintf("%s: lr %s is best on validation, %s", sentence(name), figure.Brief(lr), result(c))
		}
		if lr == slices.Min(x.values) || lr == slices.Max(x.values) {
			choice.warnings = append(choice.warnings, fmt.Sprintf(
				"%s: the best learning rate, %s, lies on the edge of the grid; a wider grid may find a better one.",
				sentence(name), figure.Brief(lr)))
		}
	}
	if len(winners) == 0 {
		return rateChoice{text: "There is no validation split, so no learning rate is chosen."}, nil
	}
	if len(groups) > 4 {
		best := r.choose(winners)
		choice.text = fmt.Sprintf("Best on validation of %s: %s, %s", number.Count(len(groups), "configuration"), best.Label,
			result(best))
	}
	choice.text += "Each over " + unitsOf(winners) + ". "
	kept, why := fair(names, configurations)
	comparison, warnings, err := compare(ctx, r, picked(winners, kept), picked(names, kept), m)
	choice.text = strings.TrimSpace(choice.text + comparison + " " + why)
	choice.warnings = append(choice.warnings, warnings...)
	return choice, err
}

// chance is the error of naming the most frequent class of the test split every time.
func (c *cell) chance() (float64, bool) {
	if c.Regression() || len(c.Data.TestLabels) == 0 {
		return 0, false
	}
	counts := map[int32]int{}
	most := 0
	for _, label := range c.Data.TestLabels {
		counts[label]++
		most = max(most, counts[label])
	}
	return 1 - float64(most)/float64(len(c.Data.TestLabels)), true
}
