package verdict

import (
	"context"

	"nightshift/internal/metric"
	"nightshift/report/stat"
)

// besideValidation gives what widens an interval of test against validation by the examples of both. Outputs on
// validation are not stored; as a smaller, or larger, sample of the same examples it moves a mean as much as the test split
// would if it had that size. There is none where terms are of one split, or of others.
func (r *Results) besideValidation(ctx context.Context, operands []Operand) (outputs []stat.Outputs, validation int, err error) {
	tested, size := 0, 0
	for _, o := range operands {
		split, m, known := metric.Parse(o.Measure)
		switch {
		case !known || o.Epoch >= 0 || m.Name != operandMetric(operands[0]):
			return nil, 0, nil
		case split == "test":
			tested++
		case split != "valid" || o.Cell.Examples("valid") == 0:
			return nil, 0, nil
		}
	}
	if tested == 0 || tested == len(operands) {
		return nil, 0, nil
	}
	for _, o := range operands {
		split, m, _ := metric.Parse(o.Measure)
		on := o
		on.Measure = m.Of("test")
		x, err := r.examples(ctx, []Operand{on})
		if err != nil {
			return nil, 0, err
		}
		of := x.outputs([]float64{o.Number}, [][]stat.Run{o.units()})
		if of == nil {
			return nil, 0, nil
		}
		if split == "valid" {
			size = o.Cell.Examples("valid")
			of[0].Examples = size
			outputs = append(outputs, of...)
			continue
		}
		outputs = append(of, outputs...)
	}
	return outputs, size, nil
}
