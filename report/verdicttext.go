package report

import (
	"fmt"

	"nightshift/internal/metric"
	"nightshift/internal/verdict"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// numbersOf words what lies behind a verdict: its terms, then the difference of its sides.
func numbersOf(v verdict.Verdict) []string {
	var lines []string
	for _, o := range v.Operands {
		if line := operandText(o); line != "" {
			lines = append(lines, line)
		}
	}
	if v.Sentence != "" {
		lines = append(lines, v.Sentence)
	}
	return lines
}

// operandText words the mean of an operand with its interval.
func operandText(o verdict.Operand) string {
	if o.Cell == nil {
		return ""
	}
	m := operandMeasure(o)
	name := m.name
	if o.Number != 1 {
		name = figure.Decimal(o.Number) + " × " + name
	}
	if o.Epoch >= 0 {
		name += fmt.Sprintf(" at epoch %d", o.Epoch)
	}
	at := o.Cell.Label
	if o.Best {
		at = fmt.Sprintf("%s, best on validation of %s", at, plural(o.Matches, "cell"))
	}
	n, mean, ci := o.Estimate()
	if n == 0 {
		return fmt.Sprintf("%s: no %s yet.", at, m.name)
	}
	return fmt.Sprintf("%s: %s %s (%s; %s).", at, name, m.quantity(mean*m.scale), interval(mean*m.scale, scaled(ci, m.scale)), plural(n, "run"))
}

func scaled(i stat.Interval, by float64) stat.Interval {
	return stat.Interval{Lo: i.Lo * by, Hi: i.Hi * by}
}

// operandMeasure is the measure of an operand as the report words it: shares in percent.
func operandMeasure(o verdict.Operand) measure {
	if l, ok := metric.LayerNamed(o.Measure); ok {
		return measure{name: fmt.Sprintf("%s of layer %d", l.Title, o.Layer), scale: scaleOf(l.Percent)}
	}
	switch s, m, ok := measureOf(o.Measure); {
	case ok:
		m.name = s.long() + " " + m.name
		return m
	case o.Measure == "diverged":
		return measure{name: "share of diverged runs", scale: scaleOf(true)}
	case o.Measure == "epochs":
		return measure{name: "epochs trained", scale: scaleOf(false)}
	}
	return measure{name: o.Measure, scale: scaleOf(false)}
}
