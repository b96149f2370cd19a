package verdict

import (
	"context"
	"fmt"
	"slices"

	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/report/stat"
)

// shares is the evidence on one share of runs, or on the difference of two.
func (r *Results) shares(_ context.Context, operands []Operand) (evidence, error) {
	e := evidence{}
	var runs [][]stat.Run
	var designs []stat.Design
	together := true
	for _, o := range operands {
		units := o.units()
		design := stat.Classify(units)
		runs, designs = append(runs, units), append(designs, design)
		together = together && design.Kind == stat.Together
		if design.Kind == stat.OneNetwork {
			e.problem = "one network: no repeat"
		}
	}
	e.Design, e.Unit = designs[0], UnitWords(designs[0])
	e.Difference = stat.Over(nil, 0)
	first := operands[0].factor()
	switch {
	case e.problem != "":
	case !together && len(operands) == 1:
		// Runs that share a training set are no independent trials.
		d, _ := stat.Mean(runs[0])
		units := designs[0].Units()
		e.Difference = stat.Rate(d, stat.Outputs{Runs: len(runs[0]) / units, Examples: units, Mean: d.Mean}).Times(first)
	case !together:
		e.Difference, e.Design = stat.Combination([]float64{first, operands[1].factor()}, runs...)
		e.Unit = UnitWords(e.Design)
	case len(operands) == 1:
		p := proportion(runs[0], designs[0], first)
		e.Difference = p.Over(0)
	case first == -operands[1].factor() && allShared(runs[0], runs[1]):
		rows, _ := stat.Shared(runs...)
		x, y := make([]bool, len(rows[0])), make([]bool, len(rows[0]))
		for k := range x {
			x[k], y[k] = runs[0][rows[0][k]].Value > 0, runs[1][rows[1][k]].Value > 0
		}
		e.Difference = stat.Count(x, y).Difference().Times(first)
	default:
		x, y := proportion(runs[0], designs[0], first), proportion(runs[1], designs[1], -operands[1].factor())
		e.Difference = stat.Proportions(x, y)
	}
	e.OverUnits = e.Difference
	e.Warnings = slices.Concat(e.Difference.Warnings, designWarnings(e.Design))
	for _, o := range operands {
		if n := o.diverged(); n > 0 && o.property != nil {
			e.Warnings = append(e.Warnings, fmt.Sprintf("%s of %s diverged and count as not having the property",
				number.Count(n, "run"),
				o.Cell.Label))
		}
	}
	e.looks = []stat.Difference{e.Difference}
	return e, nil
}

// diverged counts the operand's runs that diverged.
func (o Operand) diverged() (n int) {
	for _, one := range o.runs {
		if one.Status == store.Diverged {
			n++
		}
	}
	return n
}

// proportion counts the distinct runs with the property.
func proportion(runs []stat.Run, d stat.Design, factor float64) stat.Proportion {
	p := stat.Proportion{Factor: factor}
	for _, set := range d.Sets {
		for _, i := range set {
			p.Trials++
			if runs[i].Value > 0 {
				p.Hits++
			}
		}
	}
	return p
}

// allShared says whether two cells have the same seeds.
func allShared(x, y []stat.Run) bool {
	rows, _ := stat.Shared(x, y)
	return len(x) == len(y) && len(rows[0]) == len(x)
}
