package study

import "time"

// budget refuses a study of more runs than it allows itself, and reads how long
// a night may be.
func (d *decoder) budget(n *node, s *Study) {
	budget := d.part(n, "budget", mapping, "{max_runs: 400, wall: 8h}")
	if budget == nil {
		return
	}
	d.known(budget, " in budget", budgetKeys)
	if f := budget.field("wall"); f != nil {
		s.Wall = d.wall(f.value)
	}
	if f := budget.field("max_runs"); f != nil {
		d.maxRuns(f.value, s)
	}
}

func (d *decoder) maxRuns(n *node, s *Study) {
	most, ok := n.number()
	if !ok || most < 1 {
		d.add(n.at, "max_runs is a whole number from 1; found %v", n)
		return
	}
	if len(d.list) > 0 {
		return // the number of runs is not known
	}
	runs := 0
	for _, c := range s.Cells {
		runs += len(c.Seeds)
	}
	if float64(runs) > most {
		d.add(n.at, "the study has %d runs, more than max_runs: %v", runs, n.text)
	}
}

func (d *decoder) wall(n *node) time.Duration {
	wall, err := time.ParseDuration(n.text)
	if n.kind != scalar || err != nil || wall <= 0 {
		d.add(n.at, "wall is a time with its unit, as in 8h, 90m or 8h30m; found %v", n)
		return 0
	}
	return wall
}
