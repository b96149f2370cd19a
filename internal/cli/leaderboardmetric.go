package cli

import (
	"fmt"
	"math"
	"strings"

	"nightshift/internal/metric"
	"nightshift/internal/number"
	"nightshift/internal/verdict"
)

// measureName is that of a metric of a split, such as test_mse, in words: test MSE.
func measureName(of string) string {
	split, m, known := metric.Parse(of)
	if !known {
		return strings.ReplaceAll(of, "_", " ")
	}
	return split + " " + m.Title
}

// shownMetric writes values of a metric: errors in percent.
type shownMetric struct {
	scale       float64
	unit, delta string // behind a value, and behind a difference
}

func shownAs(name string) shownMetric {
	if _, m, _ := metric.Parse(name); m.Percent {
		return shownMetric{100, number.Space + "%", number.Space + "points"}
	}
	return shownMetric{1, "", ""}
}

// estimate writes a mean with half the width of its interval.
func (s shownMetric) estimate(e verdict.Estimate) string {
	if e.N == 0 || math.IsNaN(e.Mean) {
		return "–"
	}
	if groups := e.Groups(s.scale); groups != "" {
		return groups
	}
	d := e.Difference.Times(s.scale)
	write := number.Digits(d.Mean, d.CI)
	if !d.CI.Known() || number.Constant(d.Mean, d.CI) {
		return write(d.Mean)
	}
	return fmt.Sprintf("%s (%s to %s)", write(d.Mean), write(d.CI.Lo), write(d.CI.Hi))
}

// value writes a mean with its interval and its unit.
func (s shownMetric) value(e verdict.Estimate) string {
	return s.withUnit(e, s.unit)
}

// difference writes a difference with its interval and its unit.
func (s shownMetric) difference(e verdict.Estimate) string {
	return s.withUnit(e, s.delta)
}

func (s shownMetric) withUnit(e verdict.Estimate, unit string) string {
	if groups := e.Groups(s.scale); groups != "" {
		return groups
	}
	d := e.Difference.Times(s.scale)
	return number.Digits(d.Mean, d.CI)(d.Mean) + unit + " (" + number.Interval(d.Mean, d.CI) + ")"
}
