package report

import (
	"cmp"
	"math"
	"regexp"
	"strconv"
	"strings"

	"nightshift/internal/formula"
	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/figure"
)

// curvePoints is how many points a curve has: a curve between two of them looks straight.
const curvePoints = 129

// addTheory draws what the study says that theory says of the first measure, from the first place of the panel to the last.
func (p plot) addTheory(panel *figure.Panel, terms []study.Term) {
	if terms[0].Measure != p.f.Measures[0].Measure {
		return
	}
	low, high := panel.Reach()
	for _, t := range p.f.Theory {
		f, err := formula.Parse(t.Formula)
		if err != nil { // the study was read with it
			continue
		}
		r := figure.Reference{Label: cmp.Or(t.Name, "theory: "+p.written(t.Formula, quantity(terms[0]).scale)), Curve: []figure.XY{}}
		for i := range curvePoints {
			at := float64(i) / (curvePoints - 1)
			x := low + at*(high-low)
			if panel.X.Log && low > 0 {
				x = low * math.Pow(high/low, at)
			}
			if y := f(x) * quantity(terms[0]).scale; !math.IsNaN(y) && !math.IsInf(y, 0) {
				r.Curve = append(r.Curve, figure.XY{X: x, Y: y})
			}
		}
		panel.References = append(panel.References, r)
	}
}

// written is a formula as on a slide, with the name of the axis for x; a number has the scale of its axis.
func (p plot) written(text string, scale float64) string {
	if v, err := strconv.ParseFloat(text, 64); err == nil && scale == percent {
		return number.Plain(percent*v) + number.Space + "%"
	}
	text = regexp.MustCompile(`\bx\b`).ReplaceAllLiteralString(text, study.Last(p.f.X))
	return strings.NewReplacer(" ", "", "*", "·", "-", "−", "^2", "²", "^3", "³").Replace(text)
}
