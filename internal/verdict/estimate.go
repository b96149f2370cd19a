package verdict

import (
	"context"
	"fmt"
	"math"
	"slices"

	"nightshift/internal/metric"
	"nightshift/internal/number"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/stat"
)

// Estimate is a mean over the runs of a cell, or a sum of such means with factors,
// with what the data say about it. Figures, tables and claims have it from here.
type Estimate struct {
	stat.Difference                 // over units, and over test examples where their outputs are stored
	OverUnits       stat.Difference // over units alone
	Design          stat.Design     // of the runs that go together
	Unit            string          // what one repeat is and how many there are, in words
	Examples        int             // test examples that the interval is over too; 0: it is for this split
	Validation      int             // validation examples that it is over besides
	Outcomes        []stat.Outcomes // of each cell
}

// HalfUnits is half the width of the interval over units alone. Wilson's interval is narrower than the one that it is
// made of where that is wide; then there is nothing that the examples add.
func (e Estimate) HalfUnits() float64 {
	if e.Examples == 0 {
		return e.OverUnits.Half(alpha)
	}
	return min(e.OverUnits.Half(alpha), e.Half(alpha))
}

// OverExamples names the examples that the interval is over, besides units: 300 test examples.
func (e Estimate) OverExamples() string {
	if e.Validation > 0 {
		return fmt.Sprintf("%d test and %d validation examples", e.Examples, e.Validation)
	}
	return fmt.Sprintf("%d test examples", e.Examples)
}

// HalfExamples is half the width with the test examples; NaN where no outputs say.
func (e Estimate) HalfExamples() float64 {
	if e.Examples == 0 {
		return math.NaN()
	}
	return e.Half(alpha)
}

// TwoOutcomes finds the first cell whose runs fall into two groups, so that a mean
// says nothing true of either; at is -1 where there is none.
func (e Estimate) TwoOutcomes() (at int) {
	return slices.IndexFunc(e.Outcomes, func(o stat.Outcomes) bool { return o.Two })
}

// Groups words the two outcomes of an estimate of one cell, of which its mean would show neither: "6 near 1.1, 2 near 25". It
// is "" where there are none; those of a sum name none, and say that one of its cells has two.
func (e Estimate) Groups(scale float64) string {
	at := e.TwoOutcomes()
	switch {
	case at < 0:
		return ""
	case len(e.Outcomes) > 1:
		return "a cell has two outcomes"
	}
	o := e.Outcomes[at]
	return fmt.Sprintf("%d near %s, %d near %s", o.Low, number.Plain(scale*o.LowMedian), o.High, number.Plain(scale*o.HighMedian))
}

// alpha is the level of intervals and verdicts.
const alpha = 0.05

// Mean gives the mean of a measure, such as test_error at the end of the training,
// over the runs of a cell that have it.
func (r *Results) Mean(ctx context.Context, c *Cell, measure string) (Estimate, error) {
	o, err := r.measure(ctx, study.Term{Number: 1, Measure: measure, Epoch: -1}, c)
	if err != nil {
		return Estimate{}, err
	}
	return r.sum(ctx, []Operand{o})
}

// Compare gives the difference of two cells in a measure, a - b, over the units
// that they share, or by Welch where they share none.
func (r *Results) Compare(ctx context.Context, a, b *Cell, measure string) (Estimate, error) {
	var both []Operand
	for i, c := range []*Cell{a, b} {
		o, err := r.measure(ctx, study.Term{Number: float64(1 - 2*i), Measure: measure, Epoch: -1}, c)
		if err != nil {
			return Estimate{}, err
		}
		both = append(both, o)
	}
	return r.sum(ctx, both)
}

// sum adds the means of operands, each times its factor.
func (r *Results) sum(ctx context.Context, operands []Operand) (Estimate, error) {
	factors, runs := factorsOf(operands)
	e := Estimate{}
	for _, o := range operands {
		e.Outcomes = append(e.Outcomes, o.outcomes())
	}
	examples, err := r.examples(ctx, operands)
	if err != nil {
		return e, err
	}
	switch {
	case examples.errors != nil && examples.common:
		t := stat.CombineErrors(factors, examples.errors...)
		e.Difference, e.OverUnits, e.Design = t.Difference, t.OverUnits, t.Design
		if len(operands) == 1 && factors[0] == 1 {
			e.Difference = stat.Rate(t.Difference, t.Outputs[0])
		}
		e.Examples = examples.errors[0].Wrong.Examples
	default:
		e.OverUnits, e.Design = stat.Combination(factors, runs...)
		e.Difference = e.OverUnits
		outputs := examples.outputs(factors, runs)
		if outputs == nil {
			if outputs, e.Validation, err = r.besideValidation(ctx, operands); err != nil {
				return e, err
			}
		}
		if outputs != nil {
			e.Difference, e.Examples = stat.WithExamples(e.OverUnits, outputs...), outputs[0].Examples
		}
	}
	e.correctPool(operands)
	if len(operands) == 1 && factors[0] == 1 {
		operands[0].clip(&e.Difference)
		operands[0].clip(&e.OverUnits)
	}
	e.Unit = UnitWords(e.Design)
	e.Warnings = slices.Concat(e.Difference.Warnings, designWarnings(e.Design))
	if e.Design.Kind == stat.OneNetwork && len(operands) > 1 && len(e.Design.Copies) == 0 {
		e.Unit = "one run of each that shares its seeds: no repeat"
	}
	if e.Difference.Method == "Welch" {
		other := stat.Classify(runs[1])
		e.Unit = fmt.Sprintf("%s against %s, no seeds shared", e.Unit, UnitWords(other))
	}
	return e, nil
}

// clip keeps the intervals of a mean within what its measure can be.
func (o Operand) clip(d *stat.Difference) {
	if least, most := o.limits(); o.Stat == "" && d.CI.Known() {
		d.CI, d.Narrow = d.CI.Clip(least, most), d.Narrow.Clip(least, most)
	}
}

// limits are the smallest and the largest value that the operand's measure can have: of a share 0 and 1; no loss and no norm is
// below 0.
func (o Operand) limits() (least, most float64) {
	_, m, known := metric.Parse(o.Measure)
	l, ofLayer := metric.LayerNamed(o.Measure)
	derived, of := metric.DerivedNamed(o.Measure)
	least, most = math.Inf(-1), math.Inf(1)
	if known || ofLayer && !l.Signed {
		least = 0
	}
	if of {
		least = derived.Least
	}
	if m.Percent || l.Percent || of {
		most = 1
	}
	return least, most
}

// examples are the test examples of some operands.
type examples struct {
	common bool          // they are the same for all operands
	errors []stat.Errors // of each operand, where all are test errors
	losses [][][]float64 // else of each operand the loss of each run at each example
	runs   [][]stat.Run  // of each operand
}

// examples reads the stored outputs of operands that are errors or per-example
// losses on the test split at the end of the training.
func (r *Results) examples(ctx context.Context, operands []Operand) (examples, error) {
	x := examples{common: true}
	for _, o := range operands {
		split, m, known := metric.Parse(o.Measure)
		if !known || split != "test" || o.Epoch >= 0 || m.Name != operandMetric(operands[0]) {
			return examples{}, nil
		}
		x.common = x.common && sameTest(o.Cell.Data, operands[0].Cell.Data)
		switch m.Name {
		case "error":
			w, ok, err := r.wrong(ctx, o.Cell, o.runs)
			if err != nil || !ok {
				return examples{}, err
			}
			x.errors = append(x.errors, stat.Errors{Runs: o.units(), Wrong: w})
		case "nll", "brier", "mse":
			var table [][]float64
			for _, one := range o.runs {
				row, err := r.losses(ctx, o.Cell, one, m.Name)
				if err != nil || row == nil {
					return examples{}, err
				}
				table = append(table, row)
			}
			if len(table) == 0 {
				return examples{}, nil
			}
			x.losses = append(x.losses, table)
		default:
			return examples{}, nil
		}
		x.runs = append(x.runs, o.units())
	}
	return x, nil
}

// operandMetric is the metric of an operand without its split.
func operandMetric(o Operand) string {
	_, m, _ := metric.Parse(o.Measure)
	return m.Name
}

// sameTest says whether two data sets have their test examples in common.
func sameTest(a, b store.Dataset) bool {
	return a.ID == b.ID || slices.Equal(a.TestLabels, b.TestLabels) && slices.Equal(a.TestTargets, b.TestTargets) && a.In == b.In
}

// outputs reduces the examples to what widens an interval over units: one table of
// what goes together on common examples, else one for each operand.
func (x examples) outputs(factors []float64, runs [][]stat.Run) []stat.Outputs {
	if x.errors == nil && x.losses == nil {
		return nil
	}
	if rows, _ := stat.Shared(runs...); x.common && len(rows[0]) > 0 && x.losses != nil {
		sums := make([][]float64, len(rows[0]))
		for k := range sums {
			sums[k] = make([]float64, len(x.losses[0][0]))
			for c, f := range factors {
				for j, v := range x.losses[c][rows[c][k]] {
					sums[k][j] += f * v
				}
			}
		}
		return []stat.Outputs{stat.Losses(sums)}
	}
	var all []stat.Outputs
	for c, f := range factors {
		if x.errors != nil {
			all = append(all, stat.Combine([]float64{f}, x.errors[c].Wrong))
			continue
		}
		scaled := make([][]float64, len(x.losses[c]))
		for s, row := range x.losses[c] {
			for _, v := range row {
				scaled[s] = append(scaled[s], f*v)
			}
		}
		all = append(all, stat.Losses(scaled))
	}
	return all
}

// of gives the examples of some runs of each operand, by their indices.
func (x examples) of(at [][]int) examples {
	some := examples{common: x.common}
	for c, runs := range x.runs {
		some.runs = append(some.runs, stat.Picked(runs, at[c]))
		if x.errors != nil {
			wrong := stat.Wrong{Examples: x.errors[c].Wrong.Examples, Rows: stat.Picked(x.errors[c].Wrong.Rows, at[c])}
			some.errors = append(some.errors, stat.Errors{Runs: some.runs[c], Wrong: wrong})
		} else {
			some.losses = append(some.losses, stat.Picked(x.losses[c], at[c]))
		}
	}
	return some
}
