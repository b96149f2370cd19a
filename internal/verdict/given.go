package verdict

import (
	"cmp"
	"slices"
	"strings"

	"nightshift/internal/study"
)

// Given is the study by whose newest version claims and figures go. Claims speak of
// the cells that this has; others are former ones. Where the command line has only
// left cells out (--set grid.width=[32]), they speak of all that the file has.
func (r *Results) Given() (*study.Study, error) { return r.given.study, r.given.err }

// given is a study as its file has it, or why this version cannot read it.
type given struct {
	study *study.Study
	err   error
}

// readGiven reads the newest version, and finds out which cells are former ones.
func (r *Results) readGiven() {
	s, err := study.Parse(r.Study.Study, []byte(r.Study.YAML), r.Study.Set)
	r.given = given{s, err}
	wider := slices.DeleteFunc(slices.Clone(r.Study.Set), leavesOut)
	if err != nil || len(wider) == len(r.Study.Set) {
		return
	}
	whole, err := study.Parse(r.Study.Study, []byte(r.Study.YAML), wider)
	if err != nil {
		return
	}
	places := map[string]int{}
	for i, c := range whole.Cells {
		if key := keyOf(c.Config); key != "" {
			places[key] = i + 1
		}
	}
	if slices.ContainsFunc(r.Cells, func(c *Cell) bool { return !c.Former && places[c.key()] == 0 }) {
		return
	}
	for _, c := range r.Cells {
		c.Former = c.Former && places[c.key()] == 0
	}
	slices.SortStableFunc(r.Cells, func(a, b *Cell) int { // in the order of the file, and former ones behind
		if a.Former != b.Former {
			if b.Former {
				return -1
			}
			return 1
		}
		return cmp.Compare(places[a.key()], places[b.key()])
	})
	r.given.study = whole
}

// leavesOut says whether a setting of the command line may leave cells of the file out.
func leavesOut(set string) bool {
	return strings.HasPrefix(set, "grid.") || strings.HasPrefix(set, "exclude")
}
