package report

import (
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
)

// key says what lines, bars and dots mean.
func (p plot) key(panels []figure.Panel) string {
	text := ""
	if p.lines.name != "" {
		for _, terms := range p.unitsOfTerms() {
			if len(terms) < 2 { // whose lines are told apart by what they are of
				continue
			}
			var dashes []string
			for i, t := range terms {
				dashes = append(dashes, []string{"solid", "dashed", "dotted", "dash-dotted"}[i]+": "+p.short(t))
			}
			text += sentence(strings.Join(dashes, ", ")) + ". "
		}
	}
	text += p.marksKey(panels)
	if p.joinsNothing() {
		text += " No two cells differ in " + axisWords(p.x.name) + " alone, so no line joins them."
	}
	if !p.joinsNothing() && slices.ContainsFunc(p.rows, func(l plotLine) bool { return !p.differAlong(l.cells) }) {
		text += " Cells that differ in more than " + axisWords(p.x.name) + " are not joined by a line."
	}
	if p.choosesBest() {
		text += " At each place the cell that validation chooses."
	}
	return text + beyondKey(panels) + medianKey(panels)
}

// beyondKey says that runs which diverged lie at the end of a logarithmic axis where they have left it.
func beyondKey(panels []figure.Panel) string {
	most, wild := map[string]float64{}, map[string]float64{} // by what axes show
	for _, p := range panels {
		for _, s := range p.Series {
			for _, m := range s.Means {
				most[p.Y.Label] = max(most[p.Y.Label], m.Y)
			}
			for _, one := range s.Repeats {
				at := wild
				if one.Ended != figure.Diverged {
					at = most
				}
				for _, q := range one.Points {
					at[p.Y.Label] = max(at[p.Y.Label], q.Y)
				}
			}
		}
	}
	for _, p := range panels {
		if of := p.Y.Label; p.Y.Log && most[of] > 0 && wild[of] > figure.Beyond*most[of] {
			return " Runs that diverged and have left the axis lie at its upper end."
		}
	}
	return ""
}

// whatIsShown is what there is of a term: the mean of a measure, or the value of a statistic.
func whatIsShown(t study.Term) string {
	if t.Stat != "" || t.Measure == "diverged" {
		return "value"
	}
	return "mean"
}

// marksKey says what is drawn for a cell, as far as there is any of it.
func (p plot) marksKey(panels []figure.Panel) string {
	units := p.units()
	what := whatIsShown(p.f.Measures[0])
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
