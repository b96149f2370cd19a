package report

import (
	"fmt"
	"math"
	"slices"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
)

// words says what the figure shows.
func (p rankedPanels) words(b *block, drawn *figure.Figure) {
	k, t := p.panels[0], p.f.Measures[0]
	drawn.Title = k.title(p.f, len(p.panels), b.soFar()) + b.title
	for i, k := range p.panels {
		if drawn.Statement != "" {
			drawn.Statement += " "
		}
		if p.names[i] != "" {
			drawn.Statement += sentence(p.names[i]) + ": "
		}
		drawn.Statement += k.statement()
	}
	drawn.Key = "Dots: single runs; square: mean over " + unitsOf(p.cells)
	if hasIntervals(drawn.Panels) {
		drawn.Key = "Dots: single runs; square and bar: mean and its 95" + number.Space + "% interval over " + unitsOf(p.cells)
		if overExamples(t) {
			drawn.Key += testKey(p.cells)
		}
	}
	drawn.Key += "."
	if t.Best {
		drawn.Key += " Of each the cell that validation chooses."
	}
	if k.base >= 0 {
		drawn.Key += " Differences are over the units that both have."
	}
	drawn.Key += medianKey(drawn.Panels)
	drawn.Alt = fmt.Sprintf("Dot plot, %s: %s of %s in order. %s", number.Count(len(drawn.Panels), "panel"), k.measure.name,
		number.Count(len(p.cells), "cell"), drawn.Statement)
	drawn.Warnings = append(drawn.Warnings, b.warnings(p.cells)...)
	if m, ok := measures[nameOf(t)]; ok && t.Stat == "" && t.Epoch < 0 {
		_, split := spelling(t)
		drawn.Warnings = append(drawn.Warnings, twoOutcomes(p.cells, splitNamed(split), m)...)
	}
}

// separated are the names of the rows that are told apart from the one that they are compared with, of those that are not, and of
// those of which no mean is true: with two outcomes, or with runs that are lost, or compared with such.
func (k *rankedDots) separated() (below, above, rest, two, losing []string) {
	for i, row := range k.rows {
		switch {
		case i == k.base:
		case k.losing(i):
			losing = append(losing, row.name)
		case row.difference.outcomes.Two:
			two = append(two, row.name)
		case !row.apart():
			rest = append(rest, row.name)
		case row.difference.Mean < 0:
			below = append(below, row.name)
		default:
			above = append(above, row.name)
		}
	}
	return below, above, rest, two, losing
}

// apart says whether a row is told apart from the one that it is compared with.
func (row rankedRow) apart() bool { return row.holm < 0.05 && !row.open }

// title says which rows are told apart from the one that they are compared with.
func (k *rankedDots) title(f study.Figure, panels int, soFar string) string {
	what := sentence(k.measure.name)
	if k.base < 0 || panels > 1 || k.compared() == 0 {
		by := "cell"
		if f.By != "" {
			by = axisWords(f.By)
		}
		if k.term.Best {
			by += ", each as validation chooses"
		}
		return what + " by " + by
	}
	base := k.rows[k.base].name
	below, above, rest, two, losing := k.separated()
	few := func(names []string) string {
		if len(names) > 3 {
			return fmt.Sprint(len(names))
		}
		return listed(names)
	}
	end := amongWords(k.among) + soFar
	if others := append(two, losing...); len(others) > 0 {
		end = "; " + few(others) + " not compared" + end
	}
	apart := end
	if len(rest) > 0 {
		apart = "; " + few(rest) + " not told apart" + end
	}
	switch {
	case len(below)+len(above) == 0 && len(rest) == 1:
		return fmt.Sprintf("%s: %s is not told apart from %s", what, rest[0], base) + end
	case len(below)+len(above) == 0:
		return fmt.Sprintf("%s: none of %d is told apart from %s", what, len(rest), base) + end
	case len(below) == 0:
		return fmt.Sprintf("%s: %s above %s", what, few(above), base) + apart
	case len(above) == 0:
		return fmt.Sprintf("%s: %s below %s", what, few(below), base) + apart
	}
	return fmt.Sprintf("%s: %s below %s, %s above", what, few(below), base, few(above)) + apart
}

// statement says how the rows differ from the one that they are compared with, or what the ends of the ranking are.
func (k *rankedDots) statement() string {
	if k.base < 0 {
		first, last := k.rows[0], k.rows[len(k.rows)-1]
		return fmt.Sprintf("From %s, %s, to %s, %s; over %s. The order is that of these runs, not tested.", first.name,
			k.measure.words(first.estimate), last.name, k.measure.words(last.estimate), unitsOf(k.cells()))
	}
	base := k.rows[k.base]
	text := fmt.Sprintf("%s: %s. ", sentence(base.name), k.measure.words(base.estimate))
	below, above, rest, two, losing := k.separated()
	for _, g := range []struct {
		names []string
		word  string
	}{{below, "below it"}, {above, "above it"}, {rest, "not told apart"}} {
		if len(g.names) > 0 {
			text += sentence(g.word+": "+k.withDifferences(g.names)) + ". "
		}
	}
	if len(two) > 0 {
		text += fmt.Sprintf("Not compared by the mean, since one of both has two outcomes: %s. ", listed(two))
	}
	if len(losing) > 0 {
		text += k.losingWords(losing)
	}
	if n := k.compared(); n > 0 {
		text += "Holm for " + number.Count(n, "comparison") + "; over "
	} else {
		text += "Over "
	}
	return text + unitsOf(k.cells()) + "."
}

// losingWords say why some rows are not compared: what became of their runs, or of those that they would be compared with.
func (k *rankedDots) losingWords(names []string) string {
	if base := k.rows[k.base]; base.cell.lost() > 0 {
		return fmt.Sprintf("Not compared: %s of %s. ", base.cell.lostWords(), base.name)
	}
	var words []string
	for _, row := range k.rows {
		if slices.Contains(names, row.name) {
			words = append(words, fmt.Sprintf("%s (%s)", row.name, row.cell.lostWords()))
		}
	}
	return "Not compared, since what other runs show need not hold for those that are lost: " + listed(words) + ". "
}

// compared counts the rows whose difference was tested.
func (k *rankedDots) compared() (n int) {
	for _, row := range k.rows {
		if !math.IsNaN(row.holm) {
			n++
		}
	}
	return n
}

// withDifferences names rows with their differences.
func (k *rankedDots) withDifferences(names []string) string {
	var words []string
	for _, row := range k.rows {
		if !slices.Contains(names, row.name) {
			continue
		}
		text := row.name
		if d := row.difference; d.CI.Known() {
			write := number.Digits(d.Mean, d.CI)
			text += " by " + write(math.Abs(d.Mean)) + k.measure.afterPoints()
			if !row.apart() {
				text = fmt.Sprintf("%s (%s)", row.name, k.measure.change(d))
			}
		}
		words = append(words, text)
	}
	return listed(words)
}
