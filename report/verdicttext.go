package report

import (
	"fmt"
	"math"

	"nightshift/internal/metric"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
)

// operandText words the value of a term by itself, without its factor.
func operandText(o verdict.Operand) string {
	if o.Cell == nil {
		return ""
	}
	name, m := verdict.TermWords(o.Term, o.Cell), termMeasure(o.Term)
	switch o.Stat {
	case "share":
		m.scale = percent
	case "sd":
		m.spread = true
	case "trend", "bias2", "variance", "variance_data", "variance_init", "distance_between", "barrier":
		m.scale = 1
	case "disagreement":
		m.scale = percent
	}
	e := m.scaled(o.Own)
	switch {
	case math.IsNaN(e.Mean) && o.Cell.Open() > 0:
		return sentence(name) + ": nothing yet."
	case math.IsNaN(e.Mean):
		return sentence(name) + ": no run has a value."
	}
	return fmt.Sprintf("%s: %s over %s.", sentence(name), m.words(e), e.Unit)
}

// claimMeasure is the measure that the numbers of a claim are in.
func claimMeasure(operands []verdict.Operand) measure {
	if len(operands) == 0 {
		return measure{scale: 1}
	}
	o := operands[0]
	m := termMeasure(o.Term)
	switch {
	case o.Stat == "share" || o.Stat == "disagreement" || o.Measure == "diverged":
		m.scale = percent
	case o.Stat == "trend" || o.Measure == "":
		m.scale = 1
	}
	return m
}

// termMeasure is the scale of a term: shares are in percent.
func termMeasure(o study.Term) measure {
	if l, ok := metric.LayerNamed(o.Measure); ok {
		return measure{name: l.Title, scale: scaleOf(l.Percent)}
	}
	if _, m, ok := measureOf(o.Measure); ok {
		return m
	}
	if d, ok := metric.DerivedNamed(o.Measure); ok {
		return measure{name: d.Title, scale: scaleOf(d.Percent)}
	}
	return measure{name: o.Measure, scale: scaleOf(o.Measure == "diverged")}
}
