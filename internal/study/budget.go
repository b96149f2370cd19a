package study

import (
	"time"

	"nightshift/internal/study/source"
)

// budget refuses a study of more runs than it allows itself, and reads how long
// a night may be.
func (d *decoder) budget(n *source.Node, s *Study) {
	budget := d.part(n, "budget", source.Mapping, "{max_runs: 400, wall: 8h}")
	if budget == nil {
		return
	}
	d.known(budget, " in budget", budgetKeys)
	if f := budget.Field("wall"); f != nil {
		s.Wall = d.wall(f.Value)
	}
	if f := budget.Field("max_runs"); f != nil {
		d.maxRuns(f.Value, s)
	}
}

func (d *decoder) maxRuns(n *source.Node, s *Study) {
	most, ok := n.Number()
	if !ok || most < 1 {
		d.Add(n.At, "max_runs is a whole number from 1; found %v", n)
		return
	}
	if len(d.List) > 0 {
		return // the number of runs is not known
	}
	runs := 0
	for _, c := range s.Cells {
		runs += len(c.Seeds)
	}
	if float64(runs) > most {
		d.Add(n.At, "the study has %d runs, more than max_runs: %v", runs, n.Text)
	}
}

func (d *decoder) wall(n *source.Node) time.Duration {
	wall, err := time.ParseDuration(n.Text)
	if n.Kind != source.Scalar || err != nil || wall <= 0 {
		d.Add(n.At, "wall is a time with its unit, as in 8h, 90m or 8h30m; found %v", n)
		return 0
	}
	return wall
}
