package report

import (
	"context"
	"fmt"
	"math"

	"nightshift/internal/number"
	"nightshift/internal/verdict"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// estimate is the mean of a cell over its units, or a difference of two, in the
// scale of a measure. Figures, statements and tables have no other way to a mean.
type estimate struct {
	verdict.Estimate
	halfUnits, halfExamples float64  // half widths over units alone, and with the test examples; NaN where there is none
	runs                    int      // that it rests on, copies counted once
	outcomes                outcomes // of the values of these runs
}

// estimate gives the mean of a measure over the finished runs of a cell. That of the
// quality on test is over the test examples, too.
func (c *cell) estimate(s split, m measure) estimate {
	if s.name == test.name && m.key == c.quality().key {
		return c.tested
	}
	if known, ok := c.means[meanOf{s.name, m.key}]; ok {
		return known
	}
	values, of := final(c.Finished(), s, m)
	e := over(of, values, m, c.examples(s, m))
	if c.means == nil {
		c.means = map[meanOf]estimate{}
	}
	c.means[meanOf{s.name, m.key}] = e
	return e
}

// onTest takes the mean of the quality on test from the stored outputs.
func (r *results) onTest(ctx context.Context, c *cell) (estimate, error) {
	m := c.quality()
	mean := r.Mean
	if r.live {
		mean = r.SoFar
	}
	e, err := mean(ctx, c.Cell, test.name+"_"+m.key)
	return m.scaled(e), err
}

// scaled is an estimate of package verdict in the scale of the measure.
func (m measure) scaled(v verdict.Estimate) estimate {
	e := estimate{Estimate: v, halfUnits: m.scale * v.HalfUnits(), halfExamples: m.scale * v.HalfExamples()}
	e.Difference = v.Difference.Times(m.scale)
	for _, set := range v.Design.Sets {
		e.runs += len(set)
	}
	if at := v.TwoOutcomes(); at >= 0 {
		e.outcomes = m.inScale(v.Outcomes[at])
	}
	if len(v.Outcomes) == 1 {
		e.clip(m)
	}
	return e
}

// clip keeps the interval of a mean within what the measure can be.
func (e *estimate) clip(m measure) {
	if least, most := m.limits(); e.CI.Known() {
		e.CI, e.Narrow = e.CI.Clip(least, most), e.Narrow.Clip(least, most)
	}
}

// over gives the mean of values of some runs of a cell, in the scale of the
// measure. examples is the number of examples that each value is a rate of, 0 of
// other values.
func over(of []run, values []float64, m measure, examples int) estimate {
	e := overUnits(of, values)
	used := distinct(e.Design, values)
	e.runs, e.outcomes = len(used), m.outcomes(used, examples)
	e.clip(m)
	return e
}

// overUnits gives the mean of values over the units of their runs alone.
func overUnits(of []run, values []float64) (e estimate) {
	e.Difference, e.Design = stat.Mean(runsOf(of, values))
	e.Unit, e.halfUnits, e.halfExamples = verdict.UnitWords(e.Design), e.Half(1-0.95), math.NaN()
	return e
}

// distinct are the values that a design counts: of copies one.
func distinct(d stat.Design, values []float64) []float64 {
	var used []float64
	for _, set := range d.Sets {
		for _, i := range set {
			used = append(used, values[i])
		}
	}
	return used
}

// outcomes are two groups into which values fall, or not.
type outcomes struct{ stat.Outcomes }

// digits is how values of the groups are written, so that they can be told apart.
func (o outcomes) digits() func(float64) string {
	if number.Plain(o.LowMedian) != number.Plain(o.HighMedian) {
		return number.Plain
	}
	return number.Digits(o.Median, stat.Interval{Lo: o.LowMedian, Hi: o.HighMedian})
}

// outcomes says whether values in the scale of the measure fall into two groups.
func (m measure) outcomes(values []float64, examples int) outcomes {
	rates := make([]float64, len(values))
	for i, v := range values {
		rates[i] = v / m.scale
	}
	return m.inScale(stat.TwoOutcomes(rates, examples))
}

// inScale are the groups of rates in the scale of the measure.
func (m measure) inScale(o stat.Outcomes) outcomes {
	o.Split, o.Median, o.LowMedian, o.HighMedian = o.Split*m.scale, o.Median*m.scale, o.LowMedian*m.scale, o.HighMedian*m.scale
	return outcomes{o}
}

// gap gives how far the measure on one split lies above that on another, run by run.
func (c *cell) gap(on, under split, m measure) estimate {
	var values []float64
	var of []run
	for _, r := range c.Finished() {
		v, _ := final([]run{r}, on, m)
		w, _ := final([]run{r}, under, m)
		if len(v) == 1 && len(w) == 1 {
			values, of = append(values, v[0]-w[0]), append(of, r)
		}
	}
	return overUnits(of, values)
}

// runsOf are runs with their values as statistics take them; without values they
// tell of seeds alone.
func runsOf(of []run, values []float64) []stat.Run {
	runs := make([]stat.Run, len(of))
	for i, r := range of {
		runs[i] = stat.Run{Seeds: stat.Seeds{Data: r.SeedData, Init: r.SeedInit, Order: r.SeedOrder}, Digest: r.Digest}
		if values != nil {
			runs[i].Value = values[i]
		}
	}
	return runs
}

// examples is the number of examples that the measure is a rate of, 0 if it is none
// or the number is not known.
func (c *cell) examples(s split, m measure) int {
	if m.name != measures["error"].name {
		return 0
	}
	return c.Examples(s.name)
}

// limits are the smallest and the largest value that the measure can have: shares lie
// between 0 and 100 %, and what is not signed is not negative.
func (m measure) limits() (least, most float64) {
	switch {
	case m.scale == percent:
		return 0, percent
	case m.signed:
		return math.Inf(-1), math.Inf(1)
	}
	return 0, math.Inf(1)
}

// point is the estimate in a figure: the mean with its interval, or the median alone
// where there are two outcomes, of which a mean would show neither.
func (e estimate) point(x float64) figure.Point {
	if e.outcomes.Two {
		return figure.Point{X: x, Y: e.outcomes.Median, Interval: noInterval, Median: true}
	}
	return figure.Point{X: x, Y: e.Mean, Interval: e.CI}
}

// tested says whether a difference has a p value that speaks of both sides: not where one has two outcomes, of which its mean
// is neither.
func (e estimate) tested() bool { return e.CI.Known() && !math.IsNaN(e.P) && !e.outcomes.Two }

// middle is the mean, or the median where there are two outcomes.
func (e estimate) middle() float64 { return e.point(0).Y }

var noInterval = stat.Interval{Lo: math.NaN(), Hi: math.NaN()}

// words say the estimate of a measure with its interval, without its units.
func (m measure) words(e estimate) string {
	if e.outcomes.Two {
		return m.outcomeWords(e)
	}
	write := number.Digits(e.Mean, e.CI)
	return fmt.Sprintf("%s%s (%s%s)", write(e.Mean), m.after(), number.Interval(e.Mean, e.CI), e.parts(write))
}

// named words an estimate behind the name of its measure: test error 4.4 % (...), or test error with two outcomes.
func (m measure) named(name string, e estimate) string {
	if e.outcomes.Two {
		name += " with"
	}
	return name + " " + m.words(e)
}

// is joins the name of a measure and its words: it is 4.4 %, or has two outcomes.
func (e estimate) is() string {
	if e.outcomes.Two {
		return "has"
	}
	return "is"
}

// change words a difference of the measure with its interval, without its units.
func (m measure) change(e estimate) string {
	write := number.Digits(e.Mean, e.CI)
	return fmt.Sprintf("%s%s (%s%s)", write(e.Mean), m.afterPoints(), number.Interval(e.Mean, e.CI), e.parts(write))
}

// parts say how much of an interval comes from the units and how much with the test
// examples, where it is over both.
func (e estimate) parts(write func(float64) string) string {
	if e.Examples == 0 || math.IsNaN(e.halfUnits) || !e.CI.Known() {
		return ""
	}
	return fmt.Sprintf("; over seeds ±%s, with the %s ±%s", write(e.halfUnits), e.OverExamples(), write(e.halfExamples))
}

// outcomeWords say into which two groups the runs fall. Where runs share training
// sets or initialisations, Wilson's interval of the shares would be too narrow.
func (m measure) outcomeWords(e estimate) string {
	o := e.outcomes
	write := o.digits()
	group := func(n int, share stat.Interval, median float64) string {
		text := fmt.Sprintf("%d of %d near %s%s", n, e.runs, write(median), m.after())
		if e.Design.Kind == stat.Together {
			p := percent * float64(n) / float64(e.runs)
			in := stat.Interval{Lo: percent * share.Lo, Hi: percent * share.Hi}
			text += fmt.Sprintf(" (%s"+number.Space+"%%, %s)", number.Digits(p, in)(p), number.Interval(p, in))
		}
		return text
	}
	return fmt.Sprintf("two outcomes, %s and %s, median %s%s", group(o.Low, o.LowShare, o.LowMedian),
		group(o.High, o.HighShare, o.HighMedian), write(o.Median), m.after())
}
