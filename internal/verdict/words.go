package verdict

import (
	"fmt"
	"math"

	"nightshift/internal/metric"
	"nightshift/internal/number"
	"nightshift/report/stat"
)

const space = number.Space

// digits is a number without an interval.
func digits(v float64) string { return number.Plain(v) }

// scale is how numbers of a claim are shown: shares in percent.
type scale struct {
	factor float64
	unit   string // of a value
}

// scaleWhere is that of shares or of other values.
func scaleWhere(shares bool) scale {
	if shares {
		return scale{100, space + "%"}
	}
	return scale{1, ""}
}

// difference is the unit of a difference of two values.
func (s scale) difference() string {
	if s.factor == 100 {
		return space + "points"
	}
	return s.unit
}

// writeDifference writes a difference of two values, which is not measured, with its unit.
func (s scale) writeDifference(v float64) string {
	if s.factor == 100 && v == 1 {
		return "1" + space + "point"
	}
	return number.Written(v) + s.difference()
}

// interval is an interval in the scale.
func (s scale) interval(i stat.Interval) stat.Interval {
	return stat.Interval{Lo: s.factor * i.Lo, Hi: s.factor * i.Hi}
}

// scaleOf is that of the sum of operands.
func scaleOf(operands []Operand) scale {
	for _, o := range operands {
		_, m, _ := metric.Parse(o.Measure)
		l, _ := metric.LayerNamed(o.Measure)
		d, _ := metric.DerivedNamed(o.Measure)
		if o.Stat == "trend" || !(m.Percent || l.Percent || d.Percent || o.isShare() || o.Stat == "disagreement") ||
			o.Stat != "" && o.Stat != "share" && o.Stat != "sd" && o.Stat != "disagreement" {
			return scale{1, ""}
		}
	}
	if len(operands) == 1 && operands[0].Stat != "sd" {
		return scaleWhere(true)
	}
	return scale{100, scale{100, ""}.difference()} // an SD is a distance of values, too
}

// sentence words the evidence on the left side minus the right.
func (f *finding) sentence(e evidence) string {
	s := scaleOf(f.Operands)
	if len(f.Operands) > 1 && f.Operands[0].Stat == "sd" {
		s = scale{1, ""}
	}
	what := sumWords(f.Operands)
	if one := f.Operands[0]; len(f.Operands) == 2 && one.Stat == "sd" {
		what = "the ratio of " + one.words() + " to " + f.Operands[1].words()
	}
	if math.IsNaN(e.Mean) {
		return fmt.Sprintf("%s: no value (%s).", what, e.Unit)
	}
	mean, ci := s.factor*e.Mean, s.interval(e.CI)
	if !ci.Known() {
		return fmt.Sprintf("%s: %s%s, without an interval (%s).", what, number.Plain(mean), s.unit, e.Unit)
	}
	write := number.Digits(mean, ci)
	parts := number.Interval(mean, ci)
	switch over := e.HalfUnits(); {
	case e.Examples > 0 && !math.IsNaN(over):
		parts += fmt.Sprintf("; over seeds ±%s, with the %s ±%s", write(s.factor*over), e.OverExamples(),
			write(s.factor*e.HalfExamples()))
	case e.Examples > 0:
		parts += "; over seeds and " + e.OverExamples()
	case isMeans(f.Operands) && e.Method == stat.CorrectedPool:
		parts += ", for other pools"
	case isMeans(f.Operands) && poolRatio(f.Operands, e.Design) != 0: // or NaN
		parts += ", for this pool"
	case isMeans(f.Operands):
		parts += ", on this split"
	}
	return fmt.Sprintf("%s: %s%s (%s; %s).", what, write(mean), s.unit, parts, e.Unit)
}

// sumWords names the left side minus the right, without their numbers.
func sumWords(operands []Operand) string {
	text := ""
	for i, o := range operands {
		switch {
		case i > 0 && o.factor() < 0:
			text += " minus "
		case i > 0:
			text += " plus "
		case o.factor() < 0:
			text = "minus "
		}
		o.Number = math.Abs(o.Number)
		text += o.words()
	}
	return text
}

// words names the operand with its factor, as in "2 × test error at width=8".
func (o Operand) words() string { return factorWords(o.Number) + TermWords(o.Term, o.Cell) }

// Line says how a claim came out: its verdict, the claim in words, and what it rests
// on or why it is undecided.
func (v Verdict) Line() string {
	line := fmt.Sprintf("%s: %s", v.Outcome, v.Words)
	switch {
	case v.Because != "":
		return line + " (" + v.Because + ")"
	case !math.IsNaN(v.Corrected):
		return fmt.Sprintf("%s (p %s, corrected %s; %s)", line, number.P(v.P), number.BareP(v.Corrected), v.Unit)
	}
	return line
}
