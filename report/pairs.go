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

// referenceLR is the learning rate at which pairs are compared as they are written,
// or the one of the grid next to it.
const referenceLR = 0.1

// pairs compares outputs and losses, such as sigmoid+mse and softmax+ce, by
// their errors over the epochs: at one learning rate for all, and at the
// learning rate that validation chooses for each.
func pairs(ctx context.Context, r *results, b *block, _ study.Figure) ([]figure.Figure, error) {
	inner, ok := b.pairAxis(outputAndLoss)
	if !ok || b.cells[0].Regression() {
		return nil, nil
	}
	m := b.quality()
	f := figure.Figure{Name: b.file("pairs")}
	wanted := plotOf(study.Epoch, test.name+"_"+m.key)
	wanted.Lines = inner.name
	add := func(title string, cells []*cell) error {
		some, err := plots(ctx, r, &block{cells: cells, axes: b.axes}, wanted)
		for _, one := range some {
			one.Panels[0].Title = title
			f.Panels, f.Key = append(f.Panels, one.Panels[0]), one.Key
		}
		return err
	}
	common, title := b.asWritten(inner)
	err := add(title, common)
	tuned := b.tunedPairs(r, inner)
	if err == nil && len(b.axes) > 1 && len(tuned.cells) > 1 {
		err = add("Tuned on validation: "+strings.Join(tuned.choices, "; "), tuned.cells)
	}
	if err != nil || len(f.Panels) == 0 {
		return nil, err
	}
	f.Columns = len(f.Panels)
	between := " against "
	if len(inner.labels) > 2 {
		between = ", "
	}
	f.Title = "Test error over the epochs: " + strings.Join(inner.labels, between) + b.title
	drawn := slices.Concat(common, tuned.cells)
	f.Warnings = slices.Concat(b.warnings(drawn), twoOutcomes(drawn, test, m))
	if err := b.pairWords(ctx, r, inner, &f, common, tuned); err != nil {
		return nil, err
	}
	f.Key += " Errors, not losses: the losses have different units."
	f.Alt = fmt.Sprintf("Line plot, %s: test error against epoch for %s. %s",
		number.Count(len(f.Panels), "panel"), strings.Join(inner.labels, ", "), f.Statement)
	return []figure.Figure{f}, nil
}

// pairWords adds the statement to a figure of pairs: how they compare where they are
// tuned, else how they end as written.
func (b *block) pairWords(ctx context.Context, r *results, inner axis, f *figure.Figure, common []*cell, t tunedPairs) error {
	m := b.quality()
	if len(t.cells) < 2 {
		var names []string
		for _, c := range common {
			names = append(names, c.axisLabel(inner.name))
		}
		why := t.unfair
		if why == "" {
			why = "Nothing is tuned: that takes a validation split, and finished runs of every pair."
		}
		f.Statement = "Final test error: " + errorsOf(common, names, m) + why
		return nil
	}
	comparison, warnings, err := compare(ctx, r, t.cells, t.names, m)
	if err != nil {
		return err
	}
	each := ""
	if t.tuned {
		each = ", each as validation chooses"
	}
	f.Statement = strings.TrimSpace("Test error" + each + ": " + errorsOf(t.cells, t.choices, m) +
		comparison + " " + t.unfair)
	f.Warnings = slices.Concat(f.Warnings, warnings, t.onEdge)
	title, err := t.title(ctx, r, m)
	if title != "" {
		f.Title = title + b.soFar() + b.title
	}
	return err
}

// errorsOf words the test errors of some cells under their names.
func errorsOf(cells []*cell, names []string, m measure) string {
	text := ""
	for i, c := range cells {
		if e := c.estimate(test, m); e.N > 0 {
			text += fmt.Sprintf("%s: %s. ", names[i], m.words(e))
		}
	}
	return text + "Each over " + unitsOf(cells) + ". "
}

// asWritten has a cell of each pair, at one learning rate. Where all else is
// equal too it is the first place, of those with the most pairs that have finished.
func (b *block) asWritten(inner axis) (cells []*cell, title string) {
	cells, title = b.cells, "As written"
	if lr, swept := b.axis(lrAxis); swept && lr.values != nil && positive(lr.values) {
		pairsAt := func(v float64) int {
			at := slices.DeleteFunc(slices.Clone(b.cells), func(c *cell) bool { return lr.values[lr.index(c)] != v })
			return len(oneEach(inner, at))
		}
		at := slices.MinFunc(lr.values, func(a, b float64) int { // of those that the most pairs have
			return cmp.Or(cmp.Compare(pairsAt(b), pairsAt(a)),
				cmp.Compare(math.Abs(math.Log(a/referenceLR)), math.Abs(math.Log(b/referenceLR))))
		})
		cells = slices.DeleteFunc(slices.Clone(b.cells), func(c *cell) bool { return lr.values[lr.index(c)] != at })
		title = "As written: the same learning rate, " + figure.Brief(at)
	}
	finished := func(g group) (n int) {
		for _, c := range oneEach(inner, g.cells) {
			n += min(1, len(c.Finished()))
		}
		return n
	}
	groups := b.groups(cells, inner.name, lrAxis)
	cells = oneEach(inner, slices.MaxFunc(groups, func(x, y group) int { return cmp.Compare(finished(x), finished(y)) }).cells)
	if rest := b.where(cells[0], inner.name, lrAxis); rest != "" {
		title += ", " + rest
	}
	return cells, title
}

// tunedPairs are the cells that validation chooses of each pair.
type tunedPairs struct {
	cells   []*cell  // with the same number of configurations behind them
	names   []string // of the pairs
	choices []string // the pairs with the places that were chosen
	unfair  string   // says which others had fewer configurations to choose from
	tuned   bool     // validation had several configurations of a pair to choose from
	onEdge  []string // warnings of pairs whose chosen learning rate lies on the edge of the grid
}

func (b *block) tunedPairs(r *results, inner axis) tunedPairs {
	var tuned tunedPairs
	var configurations []int
	for _, label := range inner.labels {
		var cells []*cell
		for _, c := range b.cells {
			if c.axisLabel(inner.name) == label {
				cells = append(cells, c)
			}
		}
		if c := r.choose(cells); c != nil {
			tuned.cells = append(tuned.cells, c)
			tuned.names = append(tuned.names, label)
			configurations = append(configurations, len(distinctCells(cells)))
			tuned.choices = append(tuned.choices, strings.TrimSpace(label+" "+b.where(c, inner.name)))
		}
	}
	kept, why := fair(tuned.names, configurations)
	var onEdge []string
	for _, i := range kept {
		if b.rateOnEdge(tuned.cells[i]) {
			onEdge = append(onEdge, edgeWords(tuned.names[i], tuned.cells[i]))
		}
	}
	return tunedPairs{stat.Picked(tuned.cells, kept), stat.Picked(tuned.names, kept), stat.Picked(tuned.choices, kept), why,
		slices.Max(append(configurations, 1)) > 1, onEdge}
}

// words begin a title with what was done to the pairs.
func (t tunedPairs) words(text string) string {
	switch {
	case t.tuned && len(t.onEdge) > 0:
		return "In this grid, " + text
	case t.tuned:
		return "Tuned, " + text
	}
	return sentence(text)
}

// title words how pairs compare, each as validation chooses.
func (t tunedPairs) title(ctx context.Context, r *results, m measure) (string, error) {
	if len(t.cells) > 2 {
		return t.titleOfMany(ctx, r, m)
	}
	best, other := 0, 1
	if r.choose(t.cells) == t.cells[1] {
		best, other = 1, 0
	}
	name, against := t.names[best], t.names[other]
	d, err := r.difference(ctx, t.cells[other], t.cells[best], m)
	open := r.leavesOpen(m.onTest(), t.cells...)
	by := m.points(math.Abs(d.Mean))
	if d.CI.Known() {
		by = number.Digits(d.Mean, d.CI)(math.Abs(d.Mean)) + m.afterPoints()
	}
	switch {
	case err != nil:
		return "", err
	case open || d.outcomes.Two || !d.CI.Known() || d.CI.Contains(0) || t.cells[0].lost()+t.cells[1].lost() > 0:
		return t.words(fmt.Sprintf("%s against %s is undecided", name, against)), nil
	case d.Mean > 0:
		return t.words(fmt.Sprintf("%s ends %s of test error below %s", name, by, against)), nil
	}
	return t.words(fmt.Sprintf("%s ends %s of test error above %s, though better on validation", name, by, against)), nil
}

// titleOfMany says which of several pairs the one that validation chooses is told apart from.
func (t tunedPairs) titleOfMany(ctx context.Context, r *results, m measure) (string, error) {
	best := slices.Index(t.cells, r.choose(t.cells))
	contrasts, _, err := comparison{r, t.cells, t.names, best, m}.differences(ctx)
	if err != nil || len(contrasts) < len(t.cells)-1 {
		return "", err
	}
	var above, others []string
	for _, d := range contrasts {
		switch {
		case !(d.holm < 0.05) || r.leavesOpen(m.onTest(), t.cells[d.at], t.cells[best]):
			others = append(others, t.names[d.at])
		case d.Mean > 0:
			above = append(above, t.names[d.at])
		default: // better on validation, and worse on test
			return "", nil
		}
	}
	if len(above) == 0 {
		return t.words(fmt.Sprintf("%s is told apart from none of %d", t.names[best], len(others))), nil
	}
	otherNames := listed(above)
	if n := len(above); n > 2 && len(others) == 0 {
		otherNames = fmt.Sprintf("all %d others", n)
	}
	text := t.words(fmt.Sprintf("the test %s of %s is below that of %s", m.name, t.names[best], otherNames))
	if len(others) > 0 {
		text += "; not told apart: " + listed(others)
	}
	return text, nil
}

// outputAndLoss is what the cells of a figure of pairs differ in.
func outputAndLoss(c *cell) string { return c.Config.Output + "+" + c.Config.Loss }

// comparesPairs says whether an axis is that whose rows the figure of pairs compares.
func (b *block) comparesPairs(x axis) bool {
	inner, ok := b.pairAxis(outputAndLoss)
	return ok && inner.name == x.name && !b.cells[0].Regression()
}

// pairAxis is the axis that sets outputs and losses: the paired one if there are several.
func (b *block) pairAxis(kind func(*cell) string) (axis, bool) {
	var chosen axis
	for _, x := range b.axes {
		kinds := map[string]string{}
		sets := true
		for _, c := range b.cells {
			k := c.axisLabel(x.name)
			if old, ok := kinds[k]; ok && old != kind(c) {
				sets = false
			}
			kinds[k] = kind(c)
		}
		different := map[string]bool{}
		for _, k := range kinds {
			different[k] = true
		}
		if sets && len(different) > 1 && (chosen.name == "" || x.values == nil) {
			chosen = x
		}
	}
	return chosen, chosen.name != ""
}

// oneEach keeps the first cell of each value of an axis.
func oneEach(x axis, cells []*cell) []*cell {
	var kept []*cell
	for _, c := range cells {
		if !slices.ContainsFunc(kept, func(k *cell) bool { return k.axisLabel(x.name) == c.axisLabel(x.name) }) {
			kept = append(kept, c)
		}
	}
	return kept
}
