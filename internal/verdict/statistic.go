package verdict

import (
	"context"
	"fmt"

	"nightshift/internal/study"
	"nightshift/report/stat"
)

// Measured is what a figure shows of a cell: a statistic as a claim would have it, in the units of the study file, and
// the values of single runs.
type Measured struct {
	Estimate
	Runs    []Run     // that have a value, in the study's order
	Values  []float64 // of these runs
	Problem string    // why there is no interval, or why a mean would mislead; "" for nothing
}

// Of gives the statistic of a term of one cell.
func (r *Results) Of(ctx context.Context, t study.Term, c *Cell) (Measured, error) {
	return r.combined(ctx, []study.Term{t}, []*Cell{c})
}

// Between gives the difference of two cells, a in the term t less b in u, over the units that both have or by Welch's t
// where they share none; of spreads their ratio. Values are those of a.
func (r *Results) Between(ctx context.Context, t, u study.Term, a, b *Cell) (Measured, error) {
	u.Number = -t.Number
	return r.combined(ctx, []study.Term{t, u}, []*Cell{a, b})
}

// combined is the sum of some terms, each of a cell of its own.
func (r *Results) combined(ctx context.Context, terms []study.Term, cells []*Cell) (Measured, error) {
	var operands []Operand
	for i, t := range terms {
		o := operandOf(t)
		o.Cell, o.Matches = cells[i], 1
		if err := r.gather(ctx, &o, every); err != nil {
			return Measured{}, err
		}
		operands = append(operands, o)
	}
	m := Measured{Values: operands[0].values}
	for _, one := range operands[0].runs {
		m.Runs = append(m.Runs, *one)
	}
	m.Difference = stat.Over(nil, 0)
	at, problem := r.formOf(claim{}, operands)
	if problem != "" {
		return m, fmt.Errorf("%s: %s", terms[0], problem)
	}
	for _, o := range operands {
		if len(o.values) == 0 {
			return m, nil
		}
	}
	e, err := at(ctx, operands)
	m.Estimate, m.Problem = e.Estimate, e.problem
	return m, err
}

// Along gives what each unit of some cells measured, each of a term of its own, y[unit][place], where they share units;
// nil where they share none, or seeds are crossed so that runs of a unit are no repeats of each other alone.
func (r *Results) Along(ctx context.Context, terms []study.Term, cells []*Cell) (y [][]float64, err error) {
	var along []Operand
	for i, c := range cells {
		o := operandOf(terms[i])
		o.Cell = c
		if err := r.gather(ctx, &o, every); err != nil {
			return nil, err
		}
		along = append(along, o)
	}
	rows, shared := sharedUnits(along)
	design := stat.Classify(shared)
	if design.Kind == stat.Crossed || len(shared) == 0 {
		return nil, nil
	}
	return placesByUnit(along, rows, design), nil
}
