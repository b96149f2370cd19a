package verdict

import (
	"context"
	"math"
	"slices"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/stat"
)

// Open counts the runs of a cell that are still to come to an end: before they have, its seeds are not those that were planned.
func (c *Cell) Open() int {
	return len(c.With(store.Pending)) + len(c.With(store.Running)) + len(c.With(store.Interrupted))
}

// SoFar gives the mean of a measure over the runs of a cell with an interval that is valid however often one looks at it while
// more runs come in; without an interval where their design has no such form.
func (r *Results) SoFar(ctx context.Context, c *Cell, measure string) (Estimate, error) {
	e, err := r.Mean(ctx, c, measure)
	if err != nil || c.Open() == 0 {
		return e, err
	}
	o, err := r.measure(ctx, study.Term{Number: 1, Measure: measure, Epoch: -1}, c)
	if err != nil {
		return e, err
	}
	return r.anytimeOf(ctx, e, []Operand{o})
}

// anytimeOf gives an estimate of operands its interval that is valid at any time in place of the one for a number of units that
// was planned.
func (r *Results) anytimeOf(ctx context.Context, e Estimate, operands []Operand) (Estimate, error) {
	s, ok, err := r.anytime(ctx, operands)
	if err != nil {
		return e, err
	}
	if !ok {
		for _, d := range []*stat.Difference{&e.Difference, &e.OverUnits} {
			d.CI, d.Narrow, d.P, d.SE = unknown, unknown, math.NaN(), math.NaN()
		}
		return e, nil
	}
	e.Difference, e.OverUnits = s.Difference, s.OverUnits
	if least, most := operands[0].limits(); len(operands) == 1 && e.CI.Lo <= least && e.CI.Hi >= most {
		e.Difference.CI, e.OverUnits.CI = unknown, unknown // of so few units nothing is said yet
	}
	return e, nil
}

// soFar is what is known of a claim some of whose planned runs are not over: no verdict, which would be that of a look which
// nobody planned, and an interval that is valid at any time.
func (r *Results) soFar(ctx context.Context, f *finding) error {
	f.problem += "; the verdict comes when all that were planned are over"
	if !isMeans(f.Operands) || math.IsNaN(f.Number) {
		return nil
	}
	if slices.ContainsFunc(f.Operands, func(o Operand) bool { return o.Cell == nil || len(o.runs) == 0 }) {
		return nil
	}
	e, err := r.sum(ctx, signed(f.Operands))
	if err != nil {
		return err
	}
	if at := e.TwoOutcomes(); at >= 0 {
		return nil // of which a mean is true of neither
	}
	if e, err = r.anytimeOf(ctx, e, f.Operands); err != nil {
		return err
	}
	f.Difference, f.Unit, f.N = e.Difference, e.Unit, e.N
	f.Estimate = e.Mean - f.Number
	f.Interval = stat.Interval{Lo: e.CI.Lo - f.Number, Hi: e.CI.Hi - f.Number}
	f.HalfUnits, f.HalfExamples = e.HalfUnits(), e.HalfExamples()
	f.Sentence = f.sentence(evidence{Estimate: e})
	if f.Interval.Known() {
		f.Warnings = append(f.Warnings, "the interval is valid however often one looks at it")
	}
	return nil
}

// waits says whether the only obstacle of operands is that runs of theirs are not over.
func waits(operands []Operand) bool {
	open := 0
	for _, o := range operands {
		if o.problem != "" {
			return false
		}
		for _, c := range o.cells() {
			open += c.Open()
			for _, one := range c.Runs {
				if one.Status == store.Failed || one.Status == store.Pruned || one.Status == store.Diverged {
					return false
				}
			}
		}
	}
	return open > 0
}

// termsSoFar gives the terms of a claim whose cells have runs to come intervals that are valid at any time; those of other forms
// than means have none before.
func (r *Results) termsSoFar(ctx context.Context, operands []Operand) (err error) {
	for i := range operands {
		o := operands[i]
		if o.problem != "" || !slices.ContainsFunc(o.cells(), func(c *Cell) bool { return len(o.lacking) > 0 && c.Open() > 0 }) {
			continue
		}
		own := &operands[i].Own
		if !isMeans(operands[i : i+1]) {
			own.CI, own.Narrow, own.OverUnits.CI = unknown, unknown, unknown
			continue
		}
		o.Number, o.Right = 1, false
		if *own, err = r.anytimeOf(ctx, *own, []Operand{o}); err != nil {
			return err
		}
	}
	return nil
}
