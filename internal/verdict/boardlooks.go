package verdict

import (
	"context"
	"fmt"

	"nightshift/internal/study"
	"nightshift/report/stat"
)

// runnerUp is how far the second of a board lies behind the winner, as valid at the looks that there were at the two of them: one
// look at all their units, or any number. Other p values of a board are for one look.
func (r *Results) runnerUp(ctx context.Context, b *Board, second, winner *Cell) error {
	b.RunnerUp = b.Standings[1].Behind
	looks, err := r.looks(ctx, []*Cell{winner, second})
	if err != nil {
		return err
	}
	s, err := r.Given()
	b.Sequential = err == nil && s.Until != nil
	if b.Looks = max(1, len(looks)); b.Looks == 1 && !b.Sequential {
		return nil
	}
	var both []Operand
	for i, c := range []*Cell{second, winner} {
		o, err := r.measure(ctx, study.Term{Number: float64(1 - 2*i), Measure: b.Reported, Epoch: -1}, c)
		if err != nil {
			return err
		}
		both = append(both, o)
	}
	e, ok, err := r.anytime(ctx, both)
	switch {
	case err != nil:
		return err
	case !ok: // no form that is valid whenever one looks
		looks := b.Looks
		if b.Sequential {
			looks = max(looks, len(stat.Looks(s.Until.Min, b.RunnerUp.N)))
		}
		b.RunnerUp.Difference = b.RunnerUp.AtLook(looks)
		return nil
	}
	b.RunnerUp.Difference, b.RunnerUp.OverUnits = e.Difference, e.OverUnits
	b.RunnerUp.P = min(stat.Above(0, e.looks...), stat.Below(0, e.looks...))
	return nil
}

// LooksWords say how often winner and runner-up were looked at; "" for once.
func (b Board) LooksWords() string {
	switch {
	case b.Sequential:
		return "looked at after every seed, which interval and p allow for"
	case b.Looks > 1:
		return fmt.Sprintf("looked at %d times, which interval and p allow for", b.Looks)
	}
	return ""
}
