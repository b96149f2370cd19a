package verdict

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"nightshift/internal/number"
	"nightshift/internal/study"
	"nightshift/report/stat"
)

// Outcome is what a verdict comes to.
type Outcome string

// A claim holds or does not hold where its p value, corrected for the list of claims
// that it stands in, is below 5 %. Else the data leave it undecided.
const (
	Held      Outcome = "held"
	NotHeld   Outcome = "not held"
	Undecided Outcome = "undecided"
)

// Verdict is what the data say about a claim of the study. Its numbers are those of
// the left side minus the right, in the units of the study file: shares from 0 to 1.
type Verdict struct {
	Claim    string // as written
	Words    string // the claim in words
	Outcome  Outcome
	Because  string   // why it is undecided
	Sentence string   // what it rests on, in words
	Warnings []string // what has to be known about it

	Estimate                float64
	Interval                stat.Interval // at 95 %, not corrected
	P, Corrected            float64       // plain, and by Holm's method over the list; NaN where there is none
	Unit                    string        // what one repeat is and how many there are
	N                       int           // units
	HalfUnits, HalfExamples float64       // half widths over units, and with the test examples; NaN where there is none
	SeedsNeeded             int           // units that decide an effect of this size 80 times of 100; 0 where not known
	Looks                   int           // completed plans of seeds that it was looked at with
	Afterwards              bool          // written when results of its cells were known
	Futile                  bool          // under until: decided, no number of seeds up to the most is likely to decide it

	Operands   []Operand       // its terms: those of the left side first
	Difference stat.Difference // of the sum of the terms, at the newest look
	Number     float64         // what the sum of the terms is held against
	Relation   string          // as the claim has it: <, >, = or reproduces
	Margin     float64         // of an equality
	Cells      []*Cell         // that the claim speaks of
}

// Verdicts holds the claims of the study against its results. They are one family:
// each is decided by its p value corrected for all of them.
func (r *Results) Verdicts(ctx context.Context, s *study.Study) ([]Verdict, error) {
	return r.VerdictsAfter(ctx, s, math.MaxInt)
}

// VerdictsAfter gives those that a study with Until comes to when it looks at no
// more than the first rounds of its seeds.
func (r *Results) VerdictsAfter(ctx context.Context, s *study.Study, rounds int) ([]Verdict, error) {
	return r.verdicts(ctx, s, r.plan(s, rounds))
}

func (r *Results) verdicts(ctx context.Context, s *study.Study, p *plan) ([]Verdict, error) {
	var findings []finding
	for _, e := range s.Expect {
		f, err := r.everywhere(ctx, claimsOf(r.all(), e), p)
		if err != nil {
			return nil, fmt.Errorf("expectation %s: %w", e.Text, err)
		}
		f.Claim, f.Words = e.Text, claimWords(e, f.Operands)
		if s.Until != nil {
			f.until = s.Until.Max
		}
		findings = append(findings, f)
	}
	return settle(findings), nil
}

// finding is a verdict in the making: p values of what the claim says and of its
// contrary, before they are corrected.
type finding struct {
	Verdict
	held, contrary float64
	problem        string // why there is nothing to decide
	point          bool   // decided without chance: it takes no part in the family
	anytime        bool
	sd, examples   float64 // over units, and the variance that test examples bring; for seeds needed
	wanting        bool    // more units may mend the problem
	until          int     // rounds at most, of a study that goes on until its claims are decided; else 0
	apart          float64 // from the nearest number that would decide it
	rounds         int     // of seeds that all of its cells have, under until
}

// everywhere holds a claim at each of its places against the data. It holds where
// the largest p value says so, and does not where the smallest one, times the
// number of places, does.
func (r *Results) everywhere(ctx context.Context, places []claim, p *plan) (finding, error) {
	var all []finding
	for _, c := range places {
		f, err := r.find(ctx, c, p)
		if err != nil {
			return finding{}, err
		}
		all = append(all, f)
	}
	switch len(all) {
	case 0:
		return finding{problem: "no place of the study has cells of all terms", held: 1, contrary: 1}, nil
	case 1:
		return all[0], nil
	}
	weakest := 0
	contrary := 1.0
	for i, f := range all {
		if f.problem != "" && all[weakest].problem == "" || all[weakest].problem == "" && f.held > all[weakest].held {
			weakest = i
		}
		if f.problem == "" {
			contrary = min(contrary, float64(len(all))*f.contrary)
		}
	}
	f := all[weakest]
	f.contrary = contrary
	f.Sentence = fmt.Sprintf("At %s, the weakest of %s: %s", f.Claim, number.Count(len(all), "place"), f.Sentence)
	for i, other := range all {
		f.Afterwards = f.Afterwards || other.Afterwards
		f.Looks = max(f.Looks, other.Looks)
		if i != weakest {
			f.Cells = append(f.Cells, other.Cells...)
			f.Warnings = append(f.Warnings, other.Warnings...)
		}
	}
	slices.Sort(f.Warnings)
	f.Warnings = slices.Compact(f.Warnings)
	return f, nil
}

// find holds one claim at one place against the data.
func (r *Results) find(ctx context.Context, c claim, p *plan) (finding, error) {
	none := math.NaN()
	f := finding{held: 1, contrary: 1, sd: none, apart: none, Verdict: Verdict{Claim: c.Text, Relation: c.Relation,
		Margin: c.Margin,
		Number: c.number(), Estimate: none, Interval: unknown, P: none, Corrected: none, HalfUnits: none, HalfExamples: none,
		Difference: stat.Over(nil, 0)}}
	if err := r.gatherTerms(ctx, &f, c, p); err != nil {
		return f, err
	}
	if f.problem = obstacle(f.Operands); f.problem != "" {
		return f, nil
	}
	at, problem := r.formOf(c, f.Operands)
	if f.problem = problem; problem != "" {
		return f, nil
	}
	if f.problem = c.wide(f.Operands); f.problem != "" {
		return f, nil
	}
	looks, err := r.history(ctx, &f, c, p)
	if err != nil {
		return f, err
	}
	if c.Relation == "reproduces" {
		f.reproduce()
		return f, nil
	}
	e, err := r.evidenceAt(ctx, at, f.Operands, looks, f.anytime)
	if err != nil {
		return f, err
	}
	f.weigh(c, e)
	if p.until != nil {
		f.Futile, err = r.futile(ctx, c, f, p)
	}
	return f, err
}

// gatherTerms finds the cells of a claim's terms and takes what was measured of them.
func (r *Results) gatherTerms(ctx context.Context, f *finding, c claim, p *plan) error {
	for side, x := range []study.Expr{c.Lhs, c.Rhs} {
		for _, t := range x.Terms {
			o := r.locate(t, side == 1)
			f.Operands = append(f.Operands, o)
			f.Cells = append(f.Cells, o.candidates...)
		}
	}
	f.Cells = distinct(f.Cells)
	f.rounds = p.rounds(f.Cells)
	for i := range f.Operands {
		if err := r.fill(ctx, &f.Operands[i], p.first(f.rounds)); err != nil {
			return err
		}
		f.Warnings = append(f.Warnings, f.Operands[i].warnings...)
	}
	if p.bare && c.Relation != "=" { // only the margin of an equality is held against the sides
		return nil
	}
	return r.describe(ctx, f.Operands)
}

// history says how often a claim was looked at, and whether it was written first.
func (r *Results) history(ctx context.Context, f *finding, c claim, p *plan) ([]look, error) {
	looks, err := r.looks(ctx, f.Cells)
	if err != nil {
		return nil, err
	}
	if f.Afterwards, err = r.afterwards(ctx, c.written, f.Cells); err != nil {
		return nil, err
	}
	looks = append(looks, p.looks(f.rounds)...)
	f.Looks = max(1, len(looks))
	f.anytime = f.Looks > 1 || p.until != nil
	switch {
	case p.until != nil:
		f.Warnings = append(f.Warnings, "looked at after every seed")
	case f.anytime:
		f.Warnings = append(f.Warnings, fmt.Sprintf("looked at %d times", f.Looks))
	}
	if f.Afterwards {
		f.Warnings = append(f.Warnings, "written afterwards: results of its cells were there when the claim was written or changed")
	}
	return looks, nil
}

func distinct(cells []*Cell) (all []*Cell) {
	for _, c := range cells {
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all
}

// cells are those that the operand is of.
func (o Operand) cells() (cells []*Cell) {
	if o.Cell != nil {
		cells = append(cells, o.Cell)
	}
	for _, a := range o.along {
		cells = append(cells, a.cells()...)
	}
	return cells
}

// obstacle says why operands cannot be compared; "" if they can.
func obstacle(operands []Operand) string {
	for _, o := range operands {
		if o.problem != "" {
			return o.problem
		}
	}
	if len(operands) == 2 && operands[0].same(operands[1]) && operands[0].factor() == -operands[1].factor() {
		return "both sides are the same"
	}
	for _, o := range operands {
		if len(o.lacking) > 0 {
			runs, label := 0, o.Axis
			for _, c := range o.cells() {
				runs += len(c.Runs)
				label = c.Label
			}
			if o.along != nil {
				label = "all cells along " + o.Axis
			}
			return fmt.Sprintf("of the %s of %s, %s: what the others show need not hold for all",
				number.Count(runs, "run"), label, strings.Join(o.lacking, ", "))
		}
	}
	return ""
}

// describe gives each operand its own estimate, for words and tables.
func (r *Results) describe(ctx context.Context, operands []Operand) error {
	for i, o := range operands {
		if o.problem != "" {
			continue
		}
		o.Number, o.Right = 1, false
		alone := []Operand{o}
		of, _ := r.formOf(claim{}, alone)
		e, err := of(ctx, alone)
		if err != nil {
			return err
		}
		operands[i].Own = e.Estimate
	}
	return nil
}

// wide says that the margin of an equality is too wide to mean one.
func (c claim) wide(operands []Operand) string {
	if c.Relation != "=" || c.Because != "" {
		return ""
	}
	left, right := c.Lhs.Constant, c.Rhs.Constant
	for _, o := range operands {
		if o.isShare() || o.Stat != "" {
			return ""
		}
		if o.Right {
			right += o.Number * o.Own.Mean
		} else {
			left += o.Number * o.Own.Mean
		}
	}
	if larger := max(math.Abs(left), math.Abs(right)); c.Margin > larger/4 {
		return fmt.Sprintf("its margin %s is wider than a quarter of the larger side, %s: a claim of equality that wide says "+
			`within ... because "..."`, digits(c.Margin), digits(larger))
	}
	return ""
}

// evidenceAt gathers the evidence at all looks.
func (r *Results) evidenceAt(ctx context.Context, at form, operands []Operand, looks []look, anytime bool) (evidence, error) {
	e, err := at(ctx, operands)
	if err != nil || !anytime || e.problem != "" {
		return e, err
	}
	if isMeans(operands) {
		var units stat.Difference
		if e.looks, units, err = r.anytime(ctx, operands); err != nil {
			return e, err
		}
		if len(e.looks) > 0 {
			e.Difference, e.OverUnits = stat.Last(e.looks), units
			if len(operands) == 1 {
				var warning string
				e.looks, warning = stat.OneCell(e.looks)
				e.Warnings = append(e.Warnings, warning)
			}
			return e, nil
		}
	}
	e.looks = nil
	for k, l := range looks {
		var then []Operand
		for _, o := range operands {
			then = append(then, o.only(l.keep))
		}
		one, err := at(ctx, then)
		if err != nil {
			return e, err
		}
		if one.problem == "" {
			e.looks = append(e.looks, one.looks[0].AtLook(k+1))
		}
	}
	return e, nil
}

func isMeans(operands []Operand) bool {
	return !slices.ContainsFunc(operands, func(o Operand) bool { return o.isShare() || o.Stat != "" })
}

// weigh turns evidence into the p values of the claim.
func (f *finding) weigh(c claim, e evidence) {
	f.Difference, f.Unit, f.N = e.Difference, e.Unit, e.N
	f.Warnings = append(f.Warnings, e.Warnings...)
	border := c.number()
	if e.border != 0 {
		border = e.border
	}
	f.Estimate = e.Mean - border
	f.Interval = stat.Interval{Lo: e.CI.Lo - border, Hi: e.CI.Hi - border}
	f.HalfUnits, f.HalfExamples = e.HalfUnits(), e.HalfExamples()
	f.sd = e.OverUnits.SE * math.Sqrt(float64(e.N))
	if e.Examples > 0 {
		f.examples = max(0, math.Pow(e.HalfExamples(), 2)-math.Pow(e.HalfUnits(), 2))
	}
	f.Sentence = f.sentence(e)
	early := e.N < stat.FutileFrom // what a few units look like, more of them may not
	if f.problem = e.problem; f.problem != "" {
		f.wanting = early
		return
	}
	if e.Design.Kind == stat.OneNetwork && len(f.Operands) == 1 {
		if c.Relation == "=" && !math.IsNaN(e.Mean) {
			f.point, f.held = true, 1
			if math.Abs(e.Mean-c.number()) <= c.Margin {
				f.held = 0
			}
			return
		}
		f.problem, f.wanting = "one network: no repeat", true
		return
	}
	if !e.CI.Known() && (len(e.looks) == 0 || !f.anytime) {
		f.problem, f.wanting = fmt.Sprintf("%s no interval; three units are the least, five are better", gives(e.N)), true
		return
	}
	level := func(v float64) float64 {
		if e.level != nil {
			return e.level(v)
		}
		return v
	}
	at, lo, hi := level(c.number()), level(c.number()-c.Margin), level(c.number()+c.Margin)
	switch c.Relation {
	case "<":
		f.held, f.contrary = stat.Below(at, e.looks...), stat.Above(at, e.looks...)
		f.apart = math.Abs(e.Mean - c.number())
	case ">":
		f.held, f.contrary = stat.Above(at, e.looks...), stat.Below(at, e.looks...)
		f.apart = math.Abs(e.Mean - c.number())
	default:
		if math.IsNaN(lo) {
			lo = math.Inf(-1)
		}
		f.held, f.contrary = stat.Within(lo, hi, e.looks...), stat.Outside(lo, hi, e.looks...)
		f.apart = math.Abs(math.Abs(e.Mean-c.number()) - c.Margin)
	}
	if e.least > 0 && f.apart < e.least {
		f.held, f.contrary, f.wanting = 1, 1, early
		f.problem = fmt.Sprintf("all units agree on all %d test examples, and a difference of up to %s may be unseen on so few",
			e.Examples, digits(e.least))
	}
	f.P = min(f.held, f.contrary)
}

func gives(n int) string {
	if n == 1 {
		return "1 unit gives"
	}
	return fmt.Sprintf("%d units give", n)
}

// reproduce holds a published single run against the prediction interval of one more
// run.
func (f *finding) reproduce() {
	o := f.Operands[0]
	units := o.units()
	design := stat.Classify(units)
	f.Unit, f.N = UnitWords(design), design.Units()
	var singles []float64 // one run of each unit, which are independent
	for _, set := range design.Sets {
		singles = append(singles, o.factor()*units[set[0]].Value)
	}
	s := stat.Describe(singles)
	f.Estimate = s.Mean - f.Number
	p := stat.Prediction(singles, 1)
	if !p.Known() {
		f.problem = fmt.Sprintf("%s no prediction interval of one more run, which five do", gives(len(singles)))
		return
	}
	f.Interval = stat.Interval{Lo: p.Lo - f.Number, Hi: p.Hi - f.Number}
	f.P = stat.PredictionP(singles, f.Number)
	shown := scaleOf(f.Operands)
	write := number.Digits(shown.factor*s.Mean, shown.interval(p))
	f.Sentence = fmt.Sprintf("One more run is expected between %s and %s (95"+space+"%% prediction interval; %s).",
		write(shown.factor*p.Lo), write(shown.factor*p.Hi)+shown.unit, f.Unit)
	if o := o.outcomes(); o.Two {
		f.problem = fmt.Sprintf("the runs have two outcomes, %d around %s and %d around %s: no interval predicts one more", o.Low,
			digits(o.LowMedian), o.High, digits(o.HighMedian))
		return
	}
	f.contrary = f.P
}
