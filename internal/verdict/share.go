package verdict

import (
	"fmt"

	"nightshift/internal/study"
)

// Share counts the runs that the database has of the newest version of the study, by those that its file plans in all: fewer where it
// is a share that was trained apart, or runs were taken out. Of a study that goes on until its claims are decided nobody
// knows how many there will be: then both are 0.
func (r *Results) Share() (members, planned int) {
	s := r.given.study
	if r.given.err != nil || s == nil || s.Until != nil {
		return 0, 0
	}
	for _, c := range s.Cells {
		planned += len(c.Seeds)
	}
	for _, c := range r.Cells {
		if !c.Former {
			members += len(c.Runs)
		}
	}
	return members, planned
}

// withhold leaves the claims undecided of whose cells the database has only some of the runs that the study plans.
func (r *Results) withhold(s *study.Study, verdicts []Verdict) {
	members, planned := r.Share()
	if members >= planned || s.Until != nil {
		return
	}
	seeds := map[string]int{}
	for _, c := range r.given.study.Cells {
		seeds[keyOf(c.Config)] = len(c.Seeds)
	}
	for i := range verdicts {
		v := &verdicts[i]
		for _, c := range v.Cells {
			if n := seeds[c.key()]; len(c.Runs) < n && v.Outcome != Undecided {
				v.Outcome = Undecided
				v.Because = fmt.Sprintf("the database has a share of the study, with %d of the %d runs of %s", len(c.Runs), n, c.Label)
			}
		}
	}
}
