package report

import (
	"strings"
	"testing"

	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/report/stat"
)

// A term that may be negative is worded with its whole interval, and drawn with a name and not with that of the study file.
func TestTermBelowZero(t *testing.T) {
	for _, c := range []struct {
		term study.Term
		unit string
	}{
		{study.Term{Number: 1, Measure: study.UnitCorrelation, Layer: 1, Epoch: -1}, "mean cosine of units"},
		{study.Term{Number: 1, Measure: "mean", Layer: 1, Epoch: -1}, "mean activation"},
		{study.Term{Number: 1, Measure: "test_r2", Epoch: -1}, "test R²"},
		{study.Term{Number: 1, Stat: "trend", Measure: "test_error", Axis: "width", Epoch: -1}, "rank correlation"},
	} {
		o := verdict.Operand{Term: c.term, Cell: &verdict.Cell{}}
		o.Own.Difference = stat.Difference{N: 5, Mean: -0.5, CI: stat.Interval{Lo: -0.62, Hi: -0.38}}
		o.Own.Unit, o.Own.Outcomes = "5 runs", make([]stat.Outcomes, 1)
		if text := operandText(o); !strings.Contains(text, "−0.50 (95\u00a0% CI −0.62 to −0.38") {
			t.Errorf("%+v: %s", c.term, text)
		}
		if unit := scaleName(verdict.Verdict{Operands: []verdict.Operand{o}}); unit != c.unit {
			t.Errorf("%+v is drawn in %q", c.term, unit)
		}
	}
}
