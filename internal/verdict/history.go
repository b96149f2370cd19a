package verdict

import (
	"context"
	"fmt"
	"slices"
)

// history says how often a claim was looked at, and whether it was written first.
func (r *Results) history(ctx context.Context, f *finding, c *place, p *plan) (looks []look, err error) {
	if !c.known {
		if c.spent, err = r.looks(ctx, f.Cells); err != nil {
			return nil, err
		}
		c.known = true
	}
	if !p.outcomesOnly {
		if f.Afterwards, err = r.afterwards(ctx, c.written, f.Cells); err != nil {
			return nil, err
		}
	}
	looks = slices.Concat(c.spent, p.looks(f.rounds))
	f.Looks = max(1, len(looks))
	f.anytime = f.Looks > 1 || p.until != nil
	switch {
	case p.until != nil:
		f.Warnings = append(f.Warnings, "looked at after every seed")
	case f.anytime:
		f.Warnings = append(f.Warnings, fmt.Sprintf("looked at %d times", f.Looks))
	}
	if f.Afterwards {
		f.Warnings = append(f.Warnings, "written afterwards: results of its cells were there when the claim was written or changed")
	}
	return looks, nil
}

// once are the cells without repetitions.
func once(cells []*Cell) (all []*Cell) {
	for _, c := range cells {
		if !slices.Contains(all, c) {
			all = append(all, c)
		}
	}
	return all
}

// cells are those that the operand is of.
func (o Operand) cells() (cells []*Cell) {
	if o.Cell != nil {
		cells = append(cells, o.Cell)
	}
	for _, a := range o.along {
		cells = append(cells, a.cells()...)
	}
	return cells
}

// evidenceAt gathers the evidence at all looks.
func (r *Results) evidenceAt(ctx context.Context, at form, f *finding, looks []look) (evidence, error) {
	var s evidence // after each unit
	sequential := false
	if f.anytime && isMeans(f.Operands) {
		var err error
		if s, sequential, err = r.anytime(ctx, f.Operands); err != nil {
			return s, err
		}
	}
	if f.outcomesOnly && sequential && s.OverUnits.SE > 0 {
		return s, nil
	}
	e, err := at(ctx, f.Operands)
	if err != nil || !f.anytime || e.problem != "" {
		return e, err
	}
	if sequential {
		e.Difference, e.OverUnits, e.looks, e.units = s.Difference, s.OverUnits, s.looks, s.units
		e.Warnings = append(e.Warnings, s.Warnings...)
		return e, nil
	}
	e.looks, e.spends = nil, true
	for k, l := range looks {
		if l.skip {
			continue
		}
		var then []Operand
		for _, o := range f.Operands {
			then = append(then, o.only(l.keep))
		}
		one, err := at(ctx, then)
		if err != nil {
			return e, err
		}
		if one.problem == "" {
			e.looks = append(e.looks, one.looks[0].AtLook(k+1))
		}
	}
	return e, nil
}

// isMeans says whether all operands are means: no shares of runs, and no statistics such as a spread.
func isMeans(operands []Operand) bool {
	return !slices.ContainsFunc(operands, func(o Operand) bool { return o.isShare() || o.Stat != "" })
}
