package verdict

import (
	"context"
	"fmt"
	"math"
	"slices"

	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/stat"
)

// Resolution is the smallest difference that the planned seeds of a study decide of one
// of its claims.
type Resolution struct {
	Claim    string
	Units    int     // that are planned of every cell; at most, where seeds go on until claims are decided
	Smallest float64 // distance of the true value from what the claim says that is decided 80 times of 100; NaN where not known
	SD       float64 // over units, of earlier results; NaN where it takes none
	From     int     // units that have results
	Because  string  // why the smallest difference is not known

	scale    scale
	equality bool
}

// Resolutions says of each claim of a study how small a difference its planned seeds
// decide, corrected for the number of claims, from the spread in those results that its
// planned runs have already.
func (r *Results) Resolutions(ctx context.Context, s *study.Study) ([]Resolution, error) {
	all := make([]Resolution, len(s.Expect))
	for i, e := range s.Expect {
		all[i] = Resolution{Claim: e.Text, Smallest: math.NaN(), SD: math.NaN(),
			Because: "no place of the study has cells of all terms"}
		for k, c := range claimsOf(s, e) {
			one, err := r.resolution(ctx, c, s)
			if err != nil {
				return nil, fmt.Errorf("expectation %s: %w", e.Text, err)
			}
			if one.Claim = e.Text; k == 0 || one.coarser(all[i]) {
				all[i] = one
			}
		}
	}
	return all, nil
}

// coarser says whether one place of a claim takes a larger difference than another.
func (v Resolution) coarser(w Resolution) bool {
	return w.Because == "" && (v.Because != "" || v.Smallest > w.Smallest)
}

func (r *Results) resolution(ctx context.Context, c claim, s *study.Study) (Resolution, error) {
	v := Resolution{Smallest: math.NaN(), SD: math.NaN(), equality: c.Relation == "="}
	f, err := r.endedTerms(ctx, c)
	if err != nil {
		return v, err
	}
	v.Units, v.scale = plannedUnits(f.Cells), scaleOf(f.Operands)
	if c.Relation == "reproduces" {
		v.Because = "it asks where one more run would lie, not for a difference"
		return v, nil
	}
	if slices.ContainsFunc(f.Operands, func(o Operand) bool { return o.Stat == "barrier" }) {
		v.Because = "barriers are measured by the report"
		return v, nil
	}
	if v.Units < 3 {
		v.Because = unitsGive(v.Units) + " no interval; three units are the least, five are better"
		return v, nil
	}
	crossed := false
	if at, problem := r.formOf(c, f.Operands); problem == "" && obstacle(f.Operands) == "" {
		e, err := at(ctx, f.Operands)
		if err != nil {
			return v, err
		}
		v.From, f.design, crossed = e.N, f.designOf(c, e), e.Design.Kind == stat.Crossed
		v.SD = f.design.sd
	}
	if v.From == 0 { // a share needs no spread
		f.design = f.shareDesign(c)
	}
	look, err := r.lastLook(ctx, s, f.Cells)
	if err != nil {
		return v, err
	}
	if f.design.anytime = look > 1 && isMeans(f.Operands) && !crossed; look > 1 && !f.design.anytime {
		f.design.look = look
	}
	v.Smallest = f.design.smallest(v.Units, alpha/float64(len(s.Expect)))
	if f.design.alone {
		v.SD = math.NaN()
	}
	switch {
	case !math.IsNaN(v.Smallest):
	case f.design.alone:
		v.Because = fmt.Sprintf("even if all of %s agree, they are too few", number.Count(v.Units, "run"))
	case v.From > 0:
		v.Because = fmt.Sprintf("results of %s have no spread to go by", number.Count(v.From, "unit"))
	default:
		v.Because = "there are no earlier results of three units to take a spread from"
	}
	return v, nil
}

// endedTerms gathers what there is of the terms of a claim so far, from runs that have ended.
func (r *Results) endedTerms(ctx context.Context, c claim) (finding, error) {
	f := finding{}
	ended := func(_ *Cell, one *Run) bool { return one.Status == store.Done || one.Status == store.Diverged }
	for side, x := range []study.Expr{c.Lhs, c.Rhs} {
		for _, t := range x.Terms {
			o := r.locate(t, side == 1)
			f.Cells = append(f.Cells, o.candidates...)
			if err := r.fill(ctx, &o, ended); err != nil {
				return f, err
			}
			f.Operands = append(f.Operands, o)
		}
	}
	f.Cells = once(f.Cells)
	return f, nil
}

// shareDesign is the design of a claim about one share of runs, of which nothing has
// to be known beforehand; without anything of other claims.
func (f *finding) shareDesign(c claim) design {
	first := f.Operands[0]
	if len(f.Operands) != 1 || !first.isShare() || c.Relation == "=" {
		return design{}
	}
	factor := first.factor()
	return design{alone: true, bound: c.number() / factor, above: (c.Relation == ">") == (factor > 0)}
}

// plannedUnits is the number of units that the plan has of each of some cells, at least.
func plannedUnits(cells []*Cell) int {
	least := math.MaxInt
	for _, c := range cells {
		var runs []stat.Run
		for _, one := range c.Planned() {
			runs = append(runs, stat.Run{Seeds: stat.Seeds(one.Seeds())})
		}
		least = min(least, stat.Classify(runs).Units())
	}
	if len(cells) == 0 {
		return 0
	}
	return least
}

// lastLook is the number of the look at which the plan is complete: round by round, or
// after smaller plans that were complete before.
func (r *Results) lastLook(ctx context.Context, s *study.Study, cells []*Cell) (int, error) {
	looks, err := r.looks(ctx, cells)
	if err != nil {
		return 0, err
	}
	earlier := 0
	for _, l := range looks {
		if !l.keepsAll(cells) {
			earlier++
		}
	}
	if s.Until != nil {
		return earlier + len(stat.Looks(s.Until.Min, s.Until.Max)), nil
	}
	return earlier + 1, nil
}

// keepsAll says whether a look was at all runs of some cells.
func (l look) keepsAll(cells []*Cell) bool {
	for _, c := range cells {
		for _, one := range c.planned() {
			if !l.keep(c, one) {
				return false
			}
		}
	}
	return true
}

// Words say what the planned seeds decide.
func (v Resolution) Words() string {
	if v.Because != "" {
		return v.Because
	}
	from := ""
	if v.equality {
		from = " inside or outside of the margin"
	}
	text := fmt.Sprintf("%s%s or more%s with %s", number.Plain(v.scale.factor*v.Smallest), v.scale.difference(), from,
		number.Count(v.Units, "unit"))
	if !math.IsNaN(v.SD) {
		text += fmt.Sprintf(" (SD %s over %d so far)", number.Plain(v.scale.factor*v.SD), v.From)
	}
	return text
}
