package report

import (
	"math"
	"regexp"
	"strings"

	"nightshift/internal/formula"
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
	for _, text := range p.f.Theory {
		f, err := formula.Parse(text)
		if err != nil { // the study was read with it
			continue
		}
		r := figure.Reference{Label: "theory: " + p.written(text), Curve: []figure.XY{}}
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

// written is a formula as on a slide, with the name of the axis for x.
func (p plot) written(text string) string {
	text = regexp.MustCompile(`\bx\b`).ReplaceAllLiteralString(text, study.Last(p.f.X))
	return strings.NewReplacer(" ", "", "*", "·", "-", "−", "^2", "²", "^3", "³").Replace(text)
}
