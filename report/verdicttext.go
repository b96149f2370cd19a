package report

import (
	"fmt"
	"math"

	"nightshift/report/figure"
	"nightshift/report/stat"
)

// Numbers words what lies behind the verdict: both operands, then their difference.
func (v Verdict) Numbers() []string {
	var lines []string
	for _, o := range []operand{v.lhs, v.rhs} {
		if line := o.text(); line != "" {
			lines = append(lines, line)
		}
	}
	d := v.difference
	if math.IsNaN(d.Mean) {
		return lines
	}
	m := v.shown()
	method := map[string]string{
		"paired": "paired over " + plural(d.N, "seed"), "Welch": "Welch, as the seeds of the two are not the same",
		"one sample": "over " + plural(d.N, "run"),
		"Wilson":     "Wilson's interval, " + plural(d.N, "run"), "Newcombe": "Newcombe's interval",
	}[d.Method]
	line := fmt.Sprintf("Difference, left minus right: %s (%s", m.points(d.Mean*m.scale), interval(scaled(d.CI, m.scale)))
	if v.relation == "=" && d.Narrow.Known() {
		line += fmt.Sprintf("; 90 %% CI %s to %s against ±%s", number(d.Narrow.Lo*m.scale), number(d.Narrow.Hi*m.scale),
			m.points(v.margin*m.scale))
	}
	return append(lines, line+"; "+method+").")
}

// shown is the measure that the difference is worded in.
func (v Verdict) shown() measure {
	m := v.lhs.shown()
	if v.lhs.cell == nil {
		m = v.rhs.shown()
	} else if v.rhs.cell != nil && v.rhs.shown().scale != m.scale {
		m.scale = 1
	}
	return m
}

// text words the mean of an operand with its interval.
func (o operand) text() string {
	if o.cell == nil {
		return ""
	}
	m := o.shown()
	name := m.name
	if o.Number != 1 {
		name = figure.Decimal(o.Number) + " × " + name
	}
	if o.Epoch >= 0 {
		name += fmt.Sprintf(" at epoch %d", o.Epoch)
	}
	at := o.cell.label
	if o.Best {
		at = fmt.Sprintf("%s, best on validation of %s", at, plural(o.matches, "cell"))
	}
	n, mean, ci := o.estimate()
	if n == 0 {
		return fmt.Sprintf("%s: no %s yet.", at, m.name)
	}
	return fmt.Sprintf("%s: %s %s (%s; %s).", at, name, m.quantity(mean*m.scale), interval(scaled(ci, m.scale)), plural(n, "run"))
}

func scaled(i stat.Interval, by float64) stat.Interval {
	return stat.Interval{Lo: i.Lo * by, Hi: i.Hi * by}
}
