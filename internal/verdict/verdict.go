package verdict

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nightshift/internal/study"
	"nightshift/report/stat"
)

// Outcome is what a verdict comes to.
type Outcome string

// A claim holds or does not hold where the interval of its difference lies on
// one side of what it says. Else the data leave it undecided.
const (
	Held      Outcome = "held"
	NotHeld   Outcome = "not held"
	Undecided Outcome = "undecided"
)

// Verdict is what the data say about a claim of the study.
type Verdict struct {
	Claim    string // as written
	Outcome  Outcome
	Because  string   // why it is undecided
	Warnings []string // what has to be known about it

	Lhs, Rhs   Operand
	Difference stat.Difference // of Lhs and Rhs
	Relation   string          // as the claim has it: <, > or =
	Margin     float64         // of an equality
}

// Verdicts holds claims of the study against its results.
func (r *Results) Verdicts(ctx context.Context, expect []study.Expectation) ([]Verdict, error) {
	var all []Verdict
	for _, e := range expect {
		x, plain := single(e.Lhs)
		y, plainToo := single(e.Rhs)
		if !plain || !plainToo || e.Everywhere || e.Relation == "reproduces" {
			all = append(all, Verdict{Claim: e.Text, Outcome: Undecided, Because: "the report does not know this form of claim yet"})
			continue
		}
		lhs, err := r.operand(ctx, x)
		if err != nil {
			return nil, fmt.Errorf("expectation %s: %w", e.Text, err)
		}
		rhs, err := r.operand(ctx, y)
		if err != nil {
			return nil, fmt.Errorf("expectation %s: %w", e.Text, err)
		}
		v := Verdict{Claim: e.Text, Lhs: lhs, Rhs: rhs, Relation: e.Relation, Margin: e.Margin}
		v.decide()
		all = append(all, v)
	}
	return all, nil
}

// single is the only term of a side, or the number that stands there instead; it is
// false for sums and for statistics other than means.
func single(x study.Expr) (study.Term, bool) {
	switch {
	case len(x.Terms) == 0:
		return study.Term{Number: x.Constant, Epoch: -1}, true
	case len(x.Terms) > 1 || x.Constant != 0 || x.Terms[0].Stat != "":
		return study.Term{}, false
	}
	return x.Terms[0], true
}

// decide compares the operands and says what follows.
func (v *Verdict) decide() {
	v.Outcome = Undecided
	v.Warnings = slices.Concat(v.Lhs.warnings, v.Rhs.warnings)
	v.Difference = between(v.Lhs, v.Rhs)
	if v.Because = v.obstacle(); v.Because != "" {
		return
	}
	d := v.Difference
	v.Outcome = v.settle()
	switch {
	case v.Outcome == Undecided:
		v.Because = "the interval of the difference includes zero"
		if v.Relation == "=" {
			v.Because = "the interval of the difference reaches over the margin"
		}
		if d.N < 5 {
			v.Because += fmt.Sprintf(", with only %s", plural(d.N, "run"))
			if v.Lhs.Cell != nil && v.Rhs.Cell != nil {
				v.Because += " a side"
			}
		}
	case d.CI.Lo == d.CI.Hi && d.N > 0:
		v.Warnings = append(v.Warnings, fmt.Sprintf("all %s give exactly the same difference, so its interval has no width",
			plural(d.N, "run")))
	case d.N < 5:
		v.Warnings = append(v.Warnings, "it rests on "+plural(d.N, "run")+" only")
	}
}

// obstacle says why the operands cannot be compared; "" if they can.
func (v *Verdict) obstacle() string {
	operands := []Operand{v.Lhs, v.Rhs}
	for _, o := range operands {
		if o.problem != "" {
			return o.problem
		}
	}
	if v.Lhs.same(v.Rhs) {
		return "both sides are the same"
	}
	if v.Lhs.Cell != nil && v.Rhs.Cell != nil && (v.Lhs.Measure == "diverged") != (v.Rhs.Measure == "diverged") {
		return "a share of runs and a measure of each run cannot be compared"
	}
	for _, o := range operands {
		if len(o.lacking) > 0 {
			return fmt.Sprintf("of the %s of %s, %s: what the others show need not hold for all",
				plural(len(o.Cell.Runs), "run"), o.Cell.Label, strings.Join(o.lacking, ", "))
		}
	}
	if d := v.Difference; !d.CI.Known() {
		return fmt.Sprintf("%s a side gives no interval; three seeds are the least, five are better", plural(d.N, "run"))
	}
	return ""
}

// settle reads the outcome from the interval of the difference.
func (v *Verdict) settle() Outcome {
	switch ci, margin := v.Difference.CI, v.Margin; v.Relation {
	case "<":
		return outcome(ci.Hi < 0, ci.Lo >= 0)
	case ">":
		return outcome(ci.Lo > 0, ci.Hi <= 0)
	default:
		return outcome(v.Difference.Narrow.Inside(stat.Interval{Lo: -margin, Hi: margin}), ci.Lo > margin || ci.Hi < -margin)
	}
}

func outcome(held, notHeld bool) Outcome {
	switch {
	case held:
		return Held
	case notHeld:
		return NotHeld
	}
	return Undecided
}

// between is the difference of two operands: paired where both have the same
// seeds, else Welch's; of an operand and a number that of one sample; of shares
// of runs by their Wilson intervals.
func between(x, y Operand) stat.Difference {
	if x.problem != "" || y.problem != "" {
		return stat.Paired(nil, nil)
	}
	switch share := x.Measure == "diverged"; {
	case x.Cell == nil && y.Cell == nil:
		return stat.Over([]float64{x.Number, x.Number, x.Number}, y.Number)
	case share && y.Cell == nil:
		return x.share.Over(y.Number)
	case x.Cell == nil:
		return between(y, x).Negate()
	case share && y.Measure == "diverged":
		return stat.Proportions(x.share, y.share)
	case y.Cell == nil:
		return stat.Over(x.values, y.Number)
	}
	if a, b, same := bySeed(x, y); same {
		return stat.Paired(a, b)
	}
	return stat.Welch(x.values, y.values)
}

// bySeed orders the values of two operands by their seeds. It says no where one
// has a seed that the other has not.
func bySeed(x, y Operand) (a, b []float64, same bool) {
	of := map[study.Seeds]float64{}
	for i, r := range y.runs {
		of[r.Seeds()] = y.values[i]
	}
	for i, r := range x.runs {
		v, ok := of[r.Seeds()]
		if !ok {
			return nil, nil, false
		}
		a, b = append(a, x.values[i]), append(b, v)
	}
	return a, b, len(x.runs) == len(y.runs)
}
