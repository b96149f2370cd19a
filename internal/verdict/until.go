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
// are decided; a study without has one round of all.
type plan struct {
	until  *study.Until
	most   int // rounds that are looked at
	claims int
	bare   bool                           // outcomes are asked for, and not the words and numbers of each term
	round  map[string]map[study.Seeds]int // by configuration, of each of its seeds
}

func (r *Results) plan(s *study.Study, most int) *plan {
	p := &plan{until: s.Until, most: most, claims: len(s.Expect), round: map[string]map[study.Seeds]int{}}
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

// roundOf is the round that a run belongs to; one that the study does not ask for
// belongs to none.
func (p *plan) roundOf(c *Cell, one Run) int {
	if round, asked := p.round[c.key()][one.Seeds()]; asked {
		return round
	}
	return math.MaxInt
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
		have := make([]int, p.until.Max)
		for _, one := range c.Runs {
			waits := one.Status == store.Pending || one.Status == store.Running || one.Status == store.Interrupted
			if round := p.roundOf(c, one); round < len(have) && !waits {
				have[round]++
			}
		}
		for k, n := range have {
			if n < p.until.Runs {
				rounds = min(rounds, k)
				break
			}
		}
	}
	return rounds
}

// first keeps the runs of the first rounds; all where the study has none.
func (p *plan) first(rounds int) filter {
	if p.until == nil {
		return every
	}
	return func(c *Cell, one Run) bool { return p.roundOf(c, one) < rounds }
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
				v.Warnings = append(v.Warnings, fmt.Sprintf("decided after %d rounds of seeds; with those that other claims asked for: %s", rounds,
					all[i].problem))
				all[i] = v
			}
		}
	}
	return nil
}

// futile says whether a claim about means was given up at one of the rounds so far:
// no number of rounds up to the most was likely to decide it, at the level that the
// whole list leaves to each claim.
func (r *Results) futile(ctx context.Context, c claim, f finding, p *plan) (bool, error) {
	if !isMeans(f.Operands) || len(f.Operands) == 0 || c.Relation == "reproduces" || f.problem != "" {
		return false, nil
	}
	operands := signed(f.Operands)
	factors, runs := make([]float64, len(operands)), make([][]stat.Run, len(operands))
	for i, o := range operands {
		factors[i], runs[i] = o.Number, o.units()
	}
	units := stat.UnitSums(factors, runs...)
	goal := stat.Goal{Lo: math.Inf(-1), Hi: math.Inf(1)}
	switch c.Relation {
	case "<":
		goal.Hi = c.number()
	case ">":
		goal.Lo = c.number()
	default:
		goal.Lo, goal.Hi = c.number()-c.Margin, c.number()+c.Margin
	}
	for n := range len(units) + 1 {
		if stat.Futile(units[:n], goal, p.until.Max, alpha/float64(max(1, p.claims))) {
			return true, nil
		}
	}
	return false, nil
}
