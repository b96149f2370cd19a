package verdict

import (
	"fmt"

	"nightshift/internal/study"
)

// Share counts the runs that the database has of the newest version of the study, by those that its file plans in all: fewer
// where it is a share that was trained apart, or runs were left or taken out. Of a study that goes on until its claims are
// decided nobody knows how many there will be: then both are of the runs that it begins with.
func (r *Results) Share() (members, planned int) {
	s := r.given.study
	if r.given.err != nil || s == nil {
		return 0, 0
	}
	begins := map[string]map[study.Seeds]bool{} // by configuration, of a study that goes on
	for _, c := range s.Cells {
		if s.Until == nil {
			planned += len(c.Seeds)
			continue
		}
		seeds := map[study.Seeds]bool{}
		for i, of := range c.Seeds {
			if s.Until.Round(i) < s.Until.Min {
				seeds[of] = true
			}
		}
		begins[keyOf(c.Config)] = seeds
		planned += len(seeds)
	}
	for _, c := range r.Cells {
		if c.Former {
			continue
		}
		for _, one := range c.Runs {
			if s.Until == nil || begins[c.key()][one.Seeds()] {
				members++
			}
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
				v.Because = fmt.Sprintf("the database has %d of the %d runs of %s that the file of the study plans", len(c.Runs), n, c.Label)
			}
		}
	}
}
