package verdict

import (
	"context"
	"slices"

	"nightshift/internal/metric"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// derived is a metric of the stored test outputs of a run; it is not valid where there are none.
func (r *Results) derived(ctx context.Context, d metric.Derived, one *Run) (store.Number, error) {
	if known, ok := r.numberOf[lossKey{one.ID, d.Name}]; ok {
		return known, nil
	}
	c := r.cellOf(one)
	logits, err := r.outputs(ctx, one)
	if err != nil || c == nil {
		return store.Number{}, err
	}
	v := Derive(d, c.Config, c.Data, logits)
	if r.growing {
		r.numberOf[lossKey{one.ID, d.Name}] = v
	}
	return v, nil
}

// cellOf is the cell of a run; nil where it is not among the results.
func (r *Results) cellOf(one *Run) *Cell {
	at := slices.IndexFunc(r.Cells, func(c *Cell) bool { return len(c.Runs) > 0 && c.Runs[0].Cell == one.Cell })
	if at < 0 {
		return nil
	}
	return r.Cells[at]
}

// Derive is a metric of the outputs of a run on the test split, logits [n, out]; it is not valid where these are not the
// outputs of the data, or the data have none such.
func Derive(d metric.Derived, c study.Config, data store.Dataset, logits []float32) store.Number {
	n := len(data.TestLabels)
	if data.Regression && data.Out > 0 {
		n = len(data.TestTargets) / data.Out
	}
	if n == 0 || len(logits) != n*data.Out || d.Regression != data.Regression {
		return store.Number{}
	}
	o := metric.Outputs{Out: data.Out, Labels: data.TestLabels, Targets: data.TestTargets}
	if data.Regression {
		o.Values = mlp.OutputValues(c.Output, logits, n, data.Out)
	} else {
		o.Values, o.Answers = mlp.Probabilities(c.Output, logits, n, data.Out), mlp.Predictions(logits, n, data.Out)
	}
	return store.Number{V: d.Of(o), Valid: true}
}
