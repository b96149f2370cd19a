package report

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"nightshift/internal/metric"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/report/figure"
)

// claimWords say a claim in words: "Test error at lr=1 is below 0.5 × test error at
// lr=0.1". Cells are named where the claim is about one place.
func claimWords(e study.Expectation, operands []verdict.Operand) string {
	cells := map[int]*verdict.Cell{}
	if !e.Everywhere {
		for i, o := range operands {
			cells[i] = o.Cell
		}
	}
	m := claimMeasure(operands)
	lhs := sideWords(e.Lhs, m, 0, cells)
	rhs := sideWords(e.Rhs, m, len(e.Lhs.Terms), cells)
	text := lhs + map[string]string{"<": " is below ", ">": " is above ", "=": " equals ", "reproduces": " reproduces "}[e.Relation] + rhs
	if e.Relation == "=" {
		text += " within " + m.written(e.Margin) + m.afterPoints()
	}
	if e.Everywhere {
		text = "everywhere, " + text
	}
	if e.Because != "" {
		text += ", because " + e.Because
	}
	return sentence(text)
}

// sideWords say a side of a claim, whose terms are those from a first one on.
func sideWords(x study.Expr, m measure, first int, cells map[int]*verdict.Cell) string {
	text := ""
	for i, t := range x.Terms {
		factor := t.Number
		switch {
		case i > 0 && factor < 0:
			text, factor = text+" minus ", -factor
		case i > 0:
			text += " plus "
		case factor < 0:
			text, factor = "minus ", -factor
		}
		if factor != 1 {
			text += figure.Decimal(factor) + " × "
		}
		text += termWords(t, cells[first+i])
	}
	switch c := x.Constant; {
	case text == "":
		text = m.written(c) + m.after()
	case c > 0:
		text += " plus " + m.written(c) + m.after()
	case c < 0:
		text += " minus " + m.written(-c) + m.after()
	}
	return text
}

// written is a number of a claim in the scale of the measure, with the digits that it
// was given.
func (m measure) written(v float64) string {
	short, _ := strconv.ParseFloat(strconv.FormatFloat(v*m.scale, 'g', 12, 64), 64)
	return strings.Replace(figure.Decimal(short), "-", "−", 1)
}

// termWords name a term of a claim and where it is measured.
func termWords(t study.Term, c *verdict.Cell) string {
	m := termMeasure(t)
	name := m.name
	switch t.Stat {
	case "share":
		side := map[string]string{"<": "below", ">": "above"}[t.Relation]
		name = fmt.Sprintf("the share of runs with %s %s %s", m.name, side, m.written(t.Bound)+m.after())
	case "sd":
		name = "the SD of single runs in " + m.name
	case "trend":
		name = fmt.Sprintf("the trend of %s along %s", m.name, t.Axis)
	case "bias2":
		name = "bias²"
	case "variance":
		name = "the variance of single networks"
	case "variance_data":
		name = "the variance that training sets bring"
	case "variance_init":
		name = "the variance that initial weights bring"
	}
	if t.Epoch >= 0 {
		name += fmt.Sprintf(" at epoch %d", t.Epoch)
	}
	var places []string
	for _, p := range t.Where {
		places = append(places, p.String())
	}
	where := strings.Join(places, ", ")
	switch {
	case t.Best && c != nil:
		return fmt.Sprintf("%s at the best on validation (%s)", name, c.Label)
	case t.Best && where != "":
		return fmt.Sprintf("%s at the best of %s", name, where)
	case t.Best:
		return name + " at the best on validation"
	case c != nil:
		where = c.Label
	}
	if where == "" {
		return name
	}
	return name + " at " + where
}

// operandText words the value of a term by itself, without its factor.
func operandText(o verdict.Operand) string {
	if o.Cell == nil {
		return ""
	}
	name, m := termWords(o.Term, o.Cell), termMeasure(o.Term)
	switch o.Stat {
	case "share":
		m.scale = percent
	case "trend", "bias2", "variance", "variance_data", "variance_init":
		m.scale = 1
	}
	e := m.scaled(o.Own)
	if math.IsNaN(e.Mean) {
		return sentence(name) + ": nothing yet."
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
	case o.Stat == "share" || o.Measure == "diverged":
		m.scale = percent
	case o.Stat == "trend" || o.Measure == "":
		m.scale = 1
	}
	return m
}

// termMeasure is the measure of a term as the report words it: shares in percent.
func termMeasure(o study.Term) measure {
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
