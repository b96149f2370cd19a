package verdict

import (
	"slices"
	"strings"

	"nightshift/internal/study"
)

// Given is the study by whose newest version claims and figures go. Claims speak of
// the cells that this has; others are former ones. Where the command line has only
// left cells out (--set grid.width=[32]), they speak of all that the file has.
func (r *Results) Given() (*study.Study, error) {
	s, err := study.Parse(r.Study.Study, []byte(r.Study.YAML), r.Study.Set)
	if err != nil {
		return nil, err
	}
	wider := slices.DeleteFunc(slices.Clone(r.Study.Set), leavesOut)
	if len(wider) == len(r.Study.Set) {
		return s, nil
	}
	whole, err := study.Parse(r.Study.Study, []byte(r.Study.YAML), wider)
	if err != nil {
		return s, nil
	}
	cells := map[string]bool{}
	for _, c := range whole.Cells {
		if key := keyOf(c.Config); key != "" {
			cells[key] = true
		}
	}
	if slices.ContainsFunc(r.Cells, func(c *Cell) bool { return !c.Former && !cells[c.key()] }) {
		return s, nil
	}
	for _, c := range r.Cells {
		c.Former = c.Former && !cells[c.key()]
	}
	return whole, nil
}

// leavesOut says whether a setting of the command line may leave cells of the file out.
func leavesOut(set string) bool {
	return strings.HasPrefix(set, "grid.") || strings.HasPrefix(set, "exclude")
}
