package verdict

import (
	"context"
	"fmt"
	"math"
	"slices"

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

	problem string // why there is nothing to decide
}

// Verdicts holds the claims of the study against its results. They are one family:
// each is decided by its p value corrected for all of them.
func (r *Results) Verdicts(ctx context.Context, s *study.Study) ([]Verdict, error) {
	all, err := r.VerdictsAfter(ctx, s, math.MaxInt)
	if err == nil {
		r.withhold(s, all)
	}
	return all, err
}

// VerdictsAfter gives those that a study with Until comes to when it looks at no
// more than the first rounds of its seeds.
func (r *Results) VerdictsAfter(ctx context.Context, s *study.Study, rounds int) ([]Verdict, error) {
	all, err := r.verdicts(ctx, s, r.plan(s, rounds))
	if err != nil || s.Until == nil {
		return all, err
	}
	return all, r.keepDecided(ctx, s, all, rounds)
}

func (r *Results) verdicts(ctx context.Context, s *study.Study, p *plan) ([]Verdict, error) {
	if p.places == nil {
		for _, e := range s.Expect {
			p.places = append(p.places, r.placesOf(e))
		}
	}
	var findings []finding
	for i, e := range s.Expect {
		f, err := r.everywhere(ctx, p.places[i], p)
		if err != nil {
			return nil, fmt.Errorf("expectation %s: %w", e.Text, err)
		}
		f.Claim, f.outcomesOnly = e.Text, p.outcomesOnly
		if !p.outcomesOnly {
			f.Words = claimWords(e, f.Operands)
		}
		if s.Until != nil {
			f.until = s.Until.Max
		}
		findings = append(findings, f)
	}
	return decideAll(findings), nil
}

// finding is a verdict in the making: p values of what the claim says and of its
// contrary, before they are corrected.
type finding struct {
	Verdict
	held, contrary float64
	point          bool // decided without chance: it takes no part in the family
	anytime        bool
	design         design  // what seeds needed follow from
	wanting        bool    // more units may mend the problem
	until          int     // rounds at most, of a study that goes on until its claims are decided; else 0
	distance       float64 // from the nearest number that would decide it
	rounds         int     // of seeds that all of its cells have, under until
	outcomesOnly   bool    // no words are asked for
}

// everywhere holds a claim at each of its places against the data. It holds where
// the largest p value says so, and does not where the smallest one, times the
// number of places, does.
func (r *Results) everywhere(ctx context.Context, places []*place, p *plan) (finding, error) {
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
		return finding{Verdict: Verdict{problem: "no place of the study has cells of all terms"}, held: 1, contrary: 1}, nil
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

// find holds one claim at one place against the data. Where its cells have got no further
// round since the last look, nothing has changed.
func (r *Results) find(ctx context.Context, c *place, p *plan) (finding, error) {
	rounds := p.rounds(c.cells)
	if c.found == nil || c.rounds != rounds {
		f, err := r.findAfter(ctx, c, p, rounds)
		if err != nil || p.until == nil {
			return f, err
		}
		c.found, c.rounds = &f, rounds
	}
	f := *c.found
	f.Cells, f.Warnings = slices.Clone(f.Cells), slices.Clone(f.Warnings)
	return f, nil
}

// findAfter holds a claim against the data of so many rounds.
func (r *Results) findAfter(ctx context.Context, c *place, p *plan, rounds int) (f finding, err error) {
	none := math.NaN()
	f = finding{held: 1, contrary: 1, distance: none, rounds: rounds, outcomesOnly: p.outcomesOnly, Verdict: Verdict{Claim: c.Text,
		Relation: c.Relation, Margin: c.Margin, Operands: slices.Clone(c.operands), Cells: c.cells,
		Number: c.number(), Estimate: none, Interval: unknown, P: none, Corrected: none, HalfUnits: none, HalfExamples: none,
		Difference: stat.Over(nil, 0)}}
	if p.outcomesOnly {
		if ok, err := r.streamed(ctx, c, &f, p); ok || err != nil {
			return f, err
		}
	}
	if err := r.gatherTerms(ctx, &f, c, p); err != nil {
		return f, err
	}
	if f.problem = obstacle(f.Operands); f.problem != "" {
		if p.until == nil && waits(f.Operands) {
			err = r.soFar(ctx, &f)
		}
		return f, err
	}
	if copied(f.Operands) {
		if c.Relation != "=" {
			f.problem = "both sides are the same networks to the bit: neither can be less"
			return f, nil
		}
		f.Warnings = append(f.Warnings, "both sides are the same networks to the bit")
	}
	at, problem := r.formOf(c.claim, f.Operands)
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
	// A look at seeds that do not all count by now has spent its part of alpha, and is taken again when they do.
	for i, l := range looks {
		looks[i].skip = p.until != nil && l.early(p.first(f.rounds))
	}
	e, err := r.evidenceAt(ctx, at, &f, looks)
	if err != nil {
		return f, err
	}
	f.weigh(c.claim, e)
	if p.until != nil {
		f.Futile = f.futile(c, p, e.units.Sums)
	}
	return f, err
}

// gatherTerms takes what was measured of the cells of a claim's terms.
func (r *Results) gatherTerms(ctx context.Context, f *finding, c *place, p *plan) error {
	for i := range f.Operands {
		if err := r.fill(ctx, &f.Operands[i], p.first(f.rounds)); err != nil {
			return err
		}
		f.Warnings = append(f.Warnings, f.Operands[i].warnings...)
	}
	if p.outcomesOnly && c.Relation != "=" { // only the margin of an equality is held against the sides
		return nil
	}
	if why := unevenChoice(f.Operands); why != "" {
		f.Warnings = append(f.Warnings, why)
	}
	if err := r.describe(ctx, f.Operands); err != nil || p.until != nil {
		return err
	}
	return r.termsSoFar(ctx, f.Operands)
}
