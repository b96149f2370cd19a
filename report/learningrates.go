package report

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// learningRates shows the final test error against the learning rate, and what validation chooses.
func learningRates(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	x, ok := b.axis(lrAxis)
	m := b.quality()
	if !ok || x.values == nil {
		return nil, nil
	}
	all, err := plots(ctx, r, b, plotOf(lrAxis, test.name+"_"+m.key))
	if err != nil || len(all) == 0 {
		return nil, err
	}
	f := all[0]
	f.Name, f.Title = b.file("lr"), "Test "+m.name+" against learning rate"+b.title
	groups := b.groups(b.cells, lrAxis)
	choices, err := b.tune(ctx, r, groups, x)
	if err != nil {
		return nil, err
	}
	f.Warnings = append(f.Warnings, choices.warnings...)
	f.Statement = choices.text
	if n := len(choices.rates); n > 0 && n <= 3 && choices.chosen {
		f.Title = "Best learning rate on validation: " + strings.Join(choices.rates, ", ") + b.soFar() + b.title
	}
	if rate, ok := b.cells[0].majorityError(); ok {
		f.Key += fmt.Sprintf(" Naming the most frequent class every time has an error of %s.", m.quantity(rate*m.scale))
		addMajorityError(f.Panels, rate*m.scale)
	}
	f.Alt = fmt.Sprintf("Plot of the test %s against the learning rate for %s. %s", m.name,
		number.Count(len(groups), "configuration"), f.Statement)
	return []figure.Figure{f}, nil
}

// plotOf is a plot of some measures along an axis.
func plotOf(x string, measures ...string) study.Figure {
	f := study.Figure{Kind: "plot", X: x, Epoch: -1}
	for _, name := range measures {
		f.Measures = append(f.Measures, study.Term{Number: 1, Measure: name, Epoch: -1})
	}
	return f
}

// addMajorityError draws a line at the error of naming one class every time into the panels that reach up
// to half of it: in the others it would squeeze the data.
func addMajorityError(panels []figure.Panel, at float64) {
	for i, p := range panels {
		if p.Highest() > at/2 {
			panels[i].References = append(p.References, figure.Reference{At: at, Label: "always the most frequent class"})
		}
	}
}

// rateChoice is what validation chooses of the learning rates.
type rateChoice struct {
	text     string   // the choices with their test errors, and how these compare
	rates    []string // 0.1 for softmax+ce, ...
	chosen   bool     // there were several rates to choose from in each group
	warnings []string
}

// mostOnEdge is how many configurations whose learning rate lies on the edge of the grid are named one by one; of more, two are.
const mostOnEdge = 4

// tune chooses a learning rate in each group and compares the groups at their
// choices.
func (b *block) tune(ctx context.Context, r *results, groups []group, x axis) (choice rateChoice, err error) {
	m := b.quality()
	result := func(c *cell) string {
		return m.named("test "+m.name, c.estimate(test, m)) + ". "
	}
	choice.chosen = true
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
		winners, names, configurations = append(winners, c), append(names, name), append(configurations, len(distinctCells(g.cells)))
		lr := x.values[x.index(c)]
		choice.chosen = choice.chosen && len(g.cells) > 1
		choice.rates = append(choice.rates, strings.TrimSuffix(figure.Brief(lr)+" for "+g.label, " for "))
		which := "best on validation"
		if len(g.cells) < 2 {
			which = "the only one"
		}
		if len(groups) <= 4 {
			choice.text += fmt.Sprintf("%s: lr %s is %s%s, %s", sentence(name), figure.Brief(lr), which, b.soFar(), result(c))
		}
		if x.edge(c, g.cells) {
			choice.warnings = append(choice.warnings, edgeWords(name, c))
		}
	}
	if n := len(choice.warnings); n > mostOnEdge {
		choice.warnings = append(choice.warnings[:2:2], fmt.Sprintf("The same is true of %d others of %s.", n-2,
			number.Count(len(groups), "configuration")))
	}
	if len(winners) == 0 {
		return rateChoice{text: r.unchosen(b.cells) + ", so no learning rate is chosen."}, nil
	}
	if len(groups) > 4 {
		best := r.choose(winners)
		choice.text = fmt.Sprintf("Best on validation of %s%s: %s, %s", number.Count(len(b.cells), "cell"), b.soFar(),
			best.Label, result(best))
	}
	choice.text += "Each over " + unitsOf(winners) + ". "
	if b.pairsAlone(r) {
		choice.text += "How they compare stands with the figure of pairs."
		return choice, nil
	}
	kept, why := fair(names, configurations)
	comparison, warnings, err := compare(ctx, r, stat.Picked(winners, kept), stat.Picked(names, kept), m)
	choice.text = strings.TrimSpace(choice.text + comparison + " " + why)
	choice.warnings = append(choice.warnings, warnings...)
	return choice, err
}

// rateOnEdge says whether a cell's learning rate is the least or the largest of those that were tried where all else is the
// same, so that a better one may lie beyond.
func (b *block) rateOnEdge(c *cell) bool {
	x, ok := b.axis(lrAxis)
	if !ok || x.values == nil {
		return false
	}
	elsewhere := b.where(c, lrAxis)
	return x.edge(c, slices.DeleteFunc(slices.Clone(b.cells), func(other *cell) bool { return b.where(other, lrAxis) != elsewhere }))
}

// edge says whether a cell is at the least or the largest number of those that some cells have on the axis.
func (x axis) edge(c *cell, among []*cell) bool {
	at, less, more := x.values[x.index(c)], false, false
	for _, other := range among {
		v := x.values[x.index(other)]
		less, more = less || v < at, more || v > at
	}
	return less != more
}

// edgeWords warn that the learning rate which was chosen for something lies on the edge of the grid.
func edgeWords(name string, chosen *cell) string {
	return fmt.Sprintf("%s: the best learning rate, %s, lies on the edge of those that were tried with the rest as it is; others "+
		"may be better.", sentence(name), chosen.axisLabel(lrAxis))
}

// pairsAlone says whether the figure of pairs, which the page has too, compares the same cells.
func (b *block) pairsAlone(r *results) bool {
	x, ok := b.pairAxis(outputAndLoss)
	has := r.declared.Figures == nil ||
		slices.ContainsFunc(r.declared.Figures, func(f study.Figure) bool { return f.Kind == "pairs" })
	return ok && has && !b.cells[0].Regression() && len(b.axes) == 2 && x.name != lrAxis
}

// majorityError is the error, from 0 to 1, of naming the most frequent class of the test split every time; false of a regression.
func (c *cell) majorityError() (float64, bool) {
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
