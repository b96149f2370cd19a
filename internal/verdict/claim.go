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

// claimsOf gives what an expectation says: one claim, or with everywhere one for
// each place.
func claimsOf(s *study.Study, e study.Expectation) []claim {
	var all []claim
	for _, one := range s.Instances(e) {
		all = append(all, claim{one, e.Text})
	}
	return all
}
