package verdict

import "nightshift/internal/study"

// claim is an expectation at one place, as it is held against the data.
type claim struct {
	study.Expectation
	written string // as the study has it, where the claim is one place of many
}

// number is what the sum of the terms, those of the right side subtracted, is held
// against.
func (c claim) number() float64 { return c.Rhs.Constant - c.Lhs.Constant }

// place is a claim at one place of the study, with what stays as it is from look to look:
// where its terms are, the looks that were spent before, and how far it has come.
type place struct {
	claim
	operands []Operand // located
	cells    []*Cell   // that may come to be measured
	spent    []look    // at earlier plans; read with history
	known    bool      // spent is
	rounds   int       // of seeds, that found goes by
	found    *finding  // when its cells had so many rounds; nil before, and where the plan has none

	stream    *stream // its rounds are -1 where it is none
	hopefulOf []*Cell // that were measured
	hopeful   int     // units of these with which it was not given up yet
}

// placesOf gives the places of a claim of the study.
func (r *Results) placesOf(e study.Expectation) (all []*place) {
	for _, c := range claimsOf(r.asGiven(), e) {
		at := &place{claim: c}
		for side, x := range []study.Expr{c.Lhs, c.Rhs} {
			for _, t := range x.Terms {
				o := r.locate(t, side == 1)
				at.operands = append(at.operands, o)
				at.cells = append(at.cells, o.candidates...)
			}
		}
		at.cells = once(at.cells)
		all = append(all, at)
	}
	return all
}

// claimsOf gives what an expectation says: one claim, or with everywhere one for
// each place.
func claimsOf(s *study.Study, e study.Expectation) []claim {
	var all []claim
	for _, one := range s.Instances(e) {
		all = append(all, claim{one, e.Text})
	}
	return all
}
