package verdict

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"nightshift/internal/metric"
	"nightshift/report/stat"
)

// plural words a count of things: 1 run, 2 runs.
func plural(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

const minus, space = "−", "\u00a0" // a sign, and a space that does not break

// digits is a number with two significant digits.
func digits(v float64) string {
	return strings.Replace(strconv.FormatFloat(v, 'g', 2, 64), "-", minus, 1)
}

// scale is how numbers of a claim are shown: shares in percent.
type scale struct {
	factor float64
	unit   string // of a value
}

// decimal is a number at the decimals that an interval of this half-width supports.
func (s scale) decimal(v, half float64) string {
	decimals, ok := stat.Decimals(s.factor * half)
	if !ok {
		decimals = 2
	}
	if v *= s.factor; decimals < 0 {
		power := math.Pow(10, float64(-decimals))
		v, decimals = math.Round(v/power)*power, 0
	}
	text := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Trim(text, "-0.") == "" {
		text = strings.TrimPrefix(text, "-")
	}
	return strings.Replace(text, "-", minus, 1)
}

// scaleOf is that of the sum of operands.
func scaleOf(operands []Operand) scale {
	for _, o := range operands {
		_, m, _ := metric.Parse(o.Measure)
		l, _ := metric.LayerNamed(o.Measure)
		if o.Stat == "trend" || !(m.Percent || l.Percent || o.isShare()) || o.Stat != "" && o.Stat != "share" && o.Stat != "sd" {
			return scale{1, ""}
		}
	}
	if len(operands) == 1 {
		return scale{100, space + "%"}
	}
	return scale{100, " points"}
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
	half := (e.CI.Hi - e.CI.Lo) / 2
	if !e.CI.Known() {
		return fmt.Sprintf("%s: %s%s, without an interval (%s).", what, s.decimal(e.Mean, math.Abs(e.Mean)/10), s.unit, e.Unit)
	}
	parts := fmt.Sprintf("95%s%% interval %s to %s", space, s.decimal(e.CI.Lo, half), s.decimal(e.CI.Hi, half))
	switch over := e.HalfUnits(); {
	case e.Examples > 0 && !math.IsNaN(over):
		parts += fmt.Sprintf("; over seeds ±%s, with the %d test examples ±%s", s.decimal(over, half), e.Examples,
			s.decimal(half, half))
	case e.Examples > 0:
		parts += fmt.Sprintf("; over seeds and %d test examples", e.Examples)
	case isMeans(f.Operands):
		parts += ", on this split"
	}
	return fmt.Sprintf("%s: %s%s (%s; %s).", what, s.decimal(e.Mean, half), s.unit, parts, e.Unit)
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

// words names the operand, as in "2 × test error at width=8".
func (o Operand) words() string {
	name := strings.ReplaceAll(o.Measure, "_", " ")
	switch o.Stat {
	case "share":
		name = "share of runs by " + name
	case "sd":
		name = "SD of " + name
	case "trend":
		name = "trend of " + name + " along " + o.Axis
	case "bias2", "variance", "variance_data", "variance_init":
		name = strings.ReplaceAll(o.Stat, "_", " of ")
	}
	if o.Measure == "diverged" {
		name = "share of diverged runs"
	}
	if o.Layer > 0 {
		name += fmt.Sprintf(" of layer %d", o.Layer)
	}
	if o.Epoch >= 0 {
		name += fmt.Sprintf(" at epoch %d", o.Epoch)
	}
	if o.Number != 1 {
		name = digits(o.Number) + " × " + name
	}
	if o.Cell != nil {
		name += " at " + o.Cell.Label
	}
	if o.Best {
		name += fmt.Sprintf(", best on validation of %s", plural(o.Matches, "cell"))
	}
	return name
}
