package report

import (
	"context"
	"fmt"
	"math"
	"strings"

	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// Verdict on a claim.
type Verdict string

// A claim holds or does not hold where the interval of its difference lies on
// one side of what it says. Else the data leave it undecided.
const (
	Held      Verdict = "held"
	NotHeld   Verdict = "not held"
	Undecided Verdict = "undecided"
)

// Claim is an expectation of the study with what the data say about it.
type Claim struct {
	Text        string
	Verdict     Verdict
	Because     string   // why it is undecided
	Remarks     []string // doubts about a verdict
	left, right side
	difference  stat.Difference // of left and right
	relation    string
	margin      float64
}

// judge holds the expectations of the study against the data.
func (r *results) judge(ctx context.Context, expect []study.Expectation) ([]Claim, error) {
	var all []Claim
	for _, e := range expect {
		left, err := r.measured(ctx, e.Lhs)
		if err != nil {
			return nil, fmt.Errorf("expectation %s: %w", e.Text, err)
		}
		right, err := r.measured(ctx, e.Rhs)
		if err != nil {
			return nil, fmt.Errorf("expectation %s: %w", e.Text, err)
		}
		c := Claim{Text: e.Text, left: left, right: right, relation: e.Relation, margin: e.Margin}
		c.decide()
		all = append(all, c)
	}
	return all, nil
}

func (c *Claim) decide() {
	c.Verdict = Undecided
	c.Remarks = append(c.left.remarks, c.right.remarks...)
	c.difference = between(c.left, c.right)
	for _, s := range []side{c.left, c.right} {
		if s.problem != "" {
			c.Because = s.problem
			return
		}
	}
	if c.left.same(c.right) {
		c.Because = "both sides are the same"
		return
	}
	if c.left.cell != nil && c.right.cell != nil && (c.left.Measure == "diverged") != (c.right.Measure == "diverged") {
		c.Because = "a share of runs and a measure of each run cannot be compared"
		return
	}
	for _, s := range []side{c.left, c.right} {
		if len(s.lacking) > 0 {
			c.Because = fmt.Sprintf("of the %s of %s, %s: what the others show need not hold for all", plural(len(s.cell.runs), "run"), s.cell.label, strings.Join(s.lacking, ", "))
			return
		}
	}
	d := c.difference
	if !d.CI.Known() {
		c.Because = fmt.Sprintf("%s a side gives no interval; three seeds are the least, five are better", plural(d.N, "run"))
		return
	}
	switch ci := d.CI; {
	case c.relation == "<" && ci.Hi < 0, c.relation == ">" && ci.Lo > 0,
		c.relation == "=" && d.Narrow.Inside(stat.Interval{Lo: -c.margin, Hi: c.margin}):
		c.Verdict = Held
	case c.relation == "<" && ci.Lo >= 0, c.relation == ">" && ci.Hi <= 0,
		c.relation == "=" && (ci.Lo > c.margin || ci.Hi < -c.margin):
		c.Verdict = NotHeld
	case c.relation == "=":
		c.Because = "the interval of the difference reaches over the margin"
	default:
		c.Because = "the interval of the difference includes zero"
	}
	if c.Verdict == Undecided && d.N < 5 {
		c.Because += fmt.Sprintf(", with only %s", plural(d.N, "run"))
		if c.left.cell != nil && c.right.cell != nil {
			c.Because += " a side"
		}
	}
	if ci := d.CI; c.Verdict != Undecided && ci.Lo == ci.Hi && d.N > 0 {
		c.Remarks = append(c.Remarks, fmt.Sprintf("all %s give exactly the same difference, so its interval has no width", plural(d.N, "run")))
	} else if c.Verdict != Undecided && d.N < 5 {
		c.Remarks = append(c.Remarks, "it rests on "+plural(d.N, "run")+" only")
	}
}

// between is the difference of two sides: paired where both have the same
// seeds, else Welch's; of a side and a number that of one sample; of shares of
// runs by their Wilson intervals.
func between(x, y side) stat.Difference {
	if x.problem != "" || y.problem != "" {
		return stat.Paired(nil, nil)
	}
	switch share := x.Measure == "diverged"; {
	case x.cell == nil && y.cell == nil:
		return stat.Over([]float64{x.Number, x.Number, x.Number}, y.Number)
	case share && y.cell == nil:
		return x.share.Over(y.Number)
	case x.cell == nil:
		return between(y, x).Negate()
	case share && y.Measure == "diverged":
		return stat.Proportions(x.share, y.share)
	case y.cell == nil:
		return stat.Over(x.values, y.Number)
	}
	if a, b, same := bySeed(x, y); same {
		return stat.Paired(a, b)
	}
	return stat.Welch(x.values, y.values)
}

// bySeed orders the values of two sides by their seeds. It says no where one
// has a seed that the other has not.
func bySeed(x, y side) (a, b []float64, same bool) {
	of := map[study.Seeds]float64{}
	for i, r := range y.runs {
		of[r.seeds()] = y.values[i]
	}
	for i, r := range x.runs {
		v, ok := of[r.seeds()]
		if !ok {
			return nil, nil, false
		}
		a, b = append(a, x.values[i]), append(b, v)
	}
	return a, b, len(x.runs) == len(y.runs)
}

// Numbers words what lies behind the verdict: both sides, then their difference.
func (c Claim) Numbers() []string {
	var lines []string
	for _, s := range []side{c.left, c.right} {
		if line := s.numbers(); line != "" {
			lines = append(lines, line)
		}
	}
	d := c.difference
	if math.IsNaN(d.Mean) {
		return lines
	}
	m := c.shown()
	method := map[string]string{
		"paired": "paired over " + plural(d.N, "seed"), "Welch": "Welch, as the seeds of the two are not the same", "one sample": "over " + plural(d.N, "run"),
		"Wilson": "Wilson's interval, " + plural(d.N, "run"), "Newcombe": "Newcombe's interval",
	}[d.Method]
	line := fmt.Sprintf("Difference, left minus right: %s (%s", m.points(d.Mean*m.scale), interval(scaled(d.CI, m.scale)))
	if c.relation == "=" && d.Narrow.Known() {
		line += fmt.Sprintf("; 90 %% CI %s to %s against ±%s", number(d.Narrow.Lo*m.scale), number(d.Narrow.Hi*m.scale), m.points(c.margin*m.scale))
	}
	return append(lines, line+"; "+method+").")
}

// shown is the measure that the difference is worded in.
func (c Claim) shown() measure {
	m := c.left.shown()
	if c.left.cell == nil {
		m = c.right.shown()
	} else if c.right.cell != nil && c.right.shown().scale != m.scale {
		m.scale = 1
	}
	return m
}

func (s side) numbers() string {
	if s.cell == nil {
		return ""
	}
	m := s.shown()
	name := m.name
	if s.Number != 1 {
		name = figure.Decimal(s.Number) + " × " + name
	}
	if s.Epoch >= 0 {
		name += fmt.Sprintf(" at epoch %d", s.Epoch)
	}
	at := s.cell.label
	if s.Best {
		at = fmt.Sprintf("%s, best on validation of %s", at, plural(s.matches, "cell"))
	}
	n, mean, ci := s.estimate()
	if n == 0 {
		return fmt.Sprintf("%s: no %s yet.", at, m.name)
	}
	return fmt.Sprintf("%s: %s %s (%s; %s).", at, name, m.quantity(mean*m.scale), interval(scaled(ci, m.scale)), plural(n, "run"))
}

func scaled(i stat.Interval, by float64) stat.Interval {
	return stat.Interval{Lo: i.Lo * by, Hi: i.Hi * by}
}
