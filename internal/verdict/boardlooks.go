package verdict

import (
	"context"
	"fmt"
	"slices"

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

// LookedWords say how often the seeds of the study were looked at, of the cell that was most often; "" for once. What is not said
// to allow for it is for one look.
func (r *Results) LookedWords(ctx context.Context) (string, error) {
	if s, err := r.Given(); err == nil && s.Until != nil {
		return "after every seed", nil
	}
	if err := r.readVersions(ctx); err != nil {
		return "", err
	}
	most := 1
	for _, c := range r.Cells {
		var plans [][]study.Seeds
		for _, v := range r.versions {
			asked := v.seeds[c.key()]
			if len(asked) > 0 && !slices.ContainsFunc(plans, func(p []study.Seeds) bool { return slices.Equal(p, asked) }) {
				plans = append(plans, asked)
			}
		}
		if len(plans) <= most {
			continue
		}
		looks, err := r.looks(ctx, []*Cell{c})
		if err != nil {
			return "", err
		}
		most = max(most, len(looks))
	}
	if most == 1 {
		return "", nil
	}
	return fmt.Sprintf("%d times", most), nil
}
