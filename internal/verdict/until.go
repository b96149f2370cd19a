package verdict

import (
	"context"
	"fmt"
	"math"
	"slices"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/stat"
)

// plan is how the seeds of a study come in rounds, where it goes on until its claims
// are decided; a study without has one round of all. It keeps what does not change
// from look to look.
type plan struct {
	until        *study.Until
	most         int // rounds that are looked at
	claims       int
	outcomesOnly bool                           // outcomes are asked for, and not the words and numbers of each term
	round        map[string]map[study.Seeds]int // by configuration, of each of its seeds
	cells        map[*Cell]*cellRounds
	places       [][]*place // of each claim
}

// cellRounds are the runs of a cell by rounds.
type cellRounds struct {
	round    map[*Run]int
	runs     [][]*Run // of each round
	complete int      // rounds whose runs are all over, as far as is known
}

func (r *Results) plan(s *study.Study, most int) *plan {
	p := &plan{until: s.Until, most: most, claims: len(s.Expect), round: map[string]map[study.Seeds]int{},
		cells: map[*Cell]*cellRounds{}}
	if s.Until == nil {
		return p
	}
	for _, c := range s.Cells {
		key := keyOf(c.Config)
		if key == "" {
			continue
		}
		rounds := map[study.Seeds]int{}
		for i, seeds := range c.Seeds {
			rounds[seeds] = s.Until.Round(i)
		}
		p.round[key] = rounds
	}
	return p
}

// of gives the rounds of a cell. A run that the study does not ask for belongs to none.
func (p *plan) of(c *Cell) *cellRounds {
	if k := p.cells[c]; k != nil {
		return k
	}
	k := &cellRounds{round: map[*Run]int{}, runs: make([][]*Run, p.until.Max)}
	rounds := p.round[c.key()]
	for _, one := range c.planned() {
		if round, asked := rounds[one.Seeds()]; asked {
			k.round[one] = round
			k.runs[round] = append(k.runs[round], one)
		}
	}
	p.cells[c] = k
	return k
}

// key of the cell's configuration.
func (c *Cell) key() string {
	if c.configKey == "" {
		c.configKey = configKey(c.Runs[0].Config)
	}
	return c.configKey
}

// rounds is the number of rounds of which all of these cells have all runs. It
// follows from what the runs came to, whoever trained them and when.
func (p *plan) rounds(cells []*Cell) int {
	if p.until == nil {
		return 0
	}
	rounds := min(p.most, p.until.Max)
	for _, c := range cells {
		k := p.of(c)
		for k.complete < len(k.runs) && p.over(k.runs[k.complete]) {
			k.complete++
		}
		rounds = min(rounds, k.complete)
	}
	return rounds
}

// over says whether the runs of a round are all there and have ended.
func (p *plan) over(round []*Run) bool {
	waits := func(one *Run) bool {
		return one.Status == store.Pending || one.Status == store.Running || one.Status == store.Interrupted
	}
	return len(round) >= p.until.Runs && !slices.ContainsFunc(round, waits)
}

// first keeps the runs of the first rounds; all where the study has none.
func (p *plan) first(rounds int) filter {
	if p.until == nil {
		return every
	}
	return func(c *Cell, one *Run) bool {
		round, asked := p.of(c).round[one]
		return asked && round < rounds
	}
}

// looks are those that a study takes until its claims are decided, for forms of
// claims that have to share their alpha among them: at the least number of rounds,
// doubled, and at the most. There are two at least, so that nothing is decided as if
// it were looked at once.
func (p *plan) looks(rounds int) []look {
	if p.until == nil {
		return nil
	}
	var all []look
	for _, n := range stat.Looks(p.until.Min, p.until.Max) {
		if n <= rounds {
			all = append(all, look{keep: p.first(n), early: func(filter) bool { return false }})
		}
	}
	return all
}

// keepDecided gives claims back the verdict that they had come to after fewer rounds,
// where nothing can be decided any more after more of them: of what is decided the
// study asks no further seeds, and those that other claims asked for do not take it back.
func (r *Results) keepDecided(ctx context.Context, s *study.Study, all []Verdict, most int) error {
	lost := func(v Verdict) bool { return v.Outcome == Undecided && v.problem != "" }
	for rounds := s.Until.Min; rounds < min(most, s.Until.Max) && slices.ContainsFunc(all, lost); rounds++ {
		then, err := r.verdicts(ctx, s, r.plan(s, rounds))
		if err != nil {
			return err
		}
		for i, v := range then {
			if v.Outcome != Undecided && lost(all[i]) {
				v.Warnings = append(v.Warnings, fmt.Sprintf("decided after %d rounds of seeds; with those that other claims asked for: %s",
					rounds, all[i].problem))
				all[i] = v
			}
		}
	}
	return nil
}

// futile says whether a claim about means was given up at one of the rounds so far:
// no number of rounds up to the most was likely to decide it, at the level that the
// whole list leaves to each claim.
func (f *finding) futile(c *place, p *plan, units []float64) bool {
	if !isMeans(f.Operands) || len(f.Operands) == 0 || c.Relation == "reproduces" || f.problem != "" {
		return false
	}
	goal := stat.Goal{Lo: math.Inf(-1), Hi: math.Inf(1)}
	switch c.Relation {
	case "<":
		goal.Hi = c.number()
	case ">":
		goal.Lo = c.number()
	default:
		goal.Lo, goal.Hi = c.number()-c.Margin, c.number()+c.Margin
	}
	if !slices.Equal(c.hopefulOf, f.measured()) {
		c.hopefulOf, c.hopeful = f.measured(), 0
	}
	for n := c.hopeful; n <= len(units); n++ {
		if stat.Futile(units[:n], goal, p.until.Max, alpha/float64(max(1, p.claims))) {
			return true
		}
		c.hopeful = n
	}
	return false
}

// measured are the cells whose runs the terms of a claim are of.
func (f *finding) measured() (cells []*Cell) {
	for _, o := range f.Operands {
		cells = append(cells, o.Cell)
	}
	return cells
}
