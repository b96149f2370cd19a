package report

import (
	"fmt"
	"math"

	"nightshift/internal/metric"
	"nightshift/internal/verdict"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// numbersOf words what lies behind a verdict: both operands, then their difference.
func numbersOf(v verdict.Verdict) []string {
	var lines []string
	for _, o := range []verdict.Operand{v.Lhs, v.Rhs} {
		if line := operandText(o); line != "" {
			lines = append(lines, line)
		}
	}
	d := v.Difference
	if math.IsNaN(d.Mean) {
		return lines
	}
	m := shownOf(v)
	method := map[string]string{
		"paired": "paired over " + plural(d.N, "seed"), "Welch": "Welch, as the seeds of the two are not the same",
		"one sample": "over " + plural(d.N, "run"),
		"Wilson":     "Wilson's interval, " + plural(d.N, "run"), "Newcombe": "Newcombe's interval",
	}[d.Method]
	line := fmt.Sprintf("Difference, left minus right: %s (%s", m.points(d.Mean*m.scale), interval(d.Mean*m.scale, scaled(d.CI, m.scale)))
	if v.Relation == "=" && d.Narrow.Known() {
		line += fmt.Sprintf("; 90 %% CI %s to %s against ±%s", number(d.Narrow.Lo*m.scale), number(d.Narrow.Hi*m.scale),
			m.points(v.Margin*m.scale))
	}
	return append(lines, line+"; "+method+").")
}

// shownOf is the measure that the difference of a verdict is worded in.
func shownOf(v verdict.Verdict) measure {
	m := operandMeasure(v.Lhs)
	if v.Lhs.Cell == nil {
		m = operandMeasure(v.Rhs)
	} else if v.Rhs.Cell != nil && operandMeasure(v.Rhs).scale != m.scale {
		m.scale = 1
	}
	return m
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
