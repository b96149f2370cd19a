package verdict

import (
	"context"
	"math"
	"runtime"
	"slices"

	"nightshift/internal/panics"
	"nightshift/internal/store"
	"nightshift/mlp"
	"nightshift/report/stat"
)

// wrong gives the test examples that some runs of a cell got wrong, a row for
// each. It says no where the outputs of one are not stored, or are not those that
// its test error was measured on.
func (r *Results) wrong(ctx context.Context, c *Cell, runs []*Run) (w stat.Wrong, ok bool, err error) {
	w.Examples = len(c.Data.TestLabels)
	if w.Examples == 0 || len(runs) == 0 {
		return w, false, nil
	}
	if err := r.readWrong(ctx, c, runs); err != nil {
		return w, false, err
	}
	for _, one := range runs {
		row := r.wrongOf[one.ID]
		if row == nil {
			return w, false, nil
		}
		w.Rows = append(w.Rows, row)
	}
	for i, n := range w.Count() {
		if math.Abs(float64(n)/float64(w.Examples)-runs[i].Test.Error.V) > 1e-6 {
			return w, false, nil
		}
	}
	return w, true, nil
}

// readWrong reads the outputs of the runs that were not asked for before, several
// at a time, and keeps a bit of each example.
func (r *Results) readWrong(ctx context.Context, c *Cell, runs []*Run) error {
	runs = slices.DeleteFunc(slices.Clone(runs), func(one *Run) bool { _, known := r.wrongOf[one.ID]; return known })
	if len(runs) == 0 {
		return nil
	}
	rows := make([][]uint64, len(runs))
	n := min(len(runs), runtime.GOMAXPROCS(0))
	errs := make([]error, n)
	var readers panics.Group
	for k := range n {
		from, to := k*len(runs)/n, (k+1)*len(runs)/n
		readers.Go(func() {
			errs[k] = r.eachOutputs(ctx, runs[from:to], func(i int, logits []float32) { rows[from+i] = wrongOf(c.Data, logits) })
		})
	}
	readers.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	for i, one := range runs {
		r.wrongOf[one.ID] = rows[i]
	}
	return nil
}

// eachOutputs calls do for the outputs of some runs, by their index.
func (r *Results) eachOutputs(ctx context.Context, runs []*Run, do func(i int, logits []float32)) error {
	at, ids := map[string]int{}, []string(nil)
	for i, one := range runs {
		if _, brought := r.brought[one.ID]; !brought {
			ids = append(ids, one.ID)
		}
		at[one.ID] = i
	}
	if len(ids) > 1 {
		if err := r.db.EachOutputs(ctx, ids, func(id string, logits []float32) {
			do(at[id], logits)
			delete(at, id)
		}); err != nil {
			return err
		}
	}
	for i, one := range runs {
		if _, left := at[one.ID]; !left {
			continue
		}
		logits, err := r.outputs(ctx, one)
		if err != nil {
			return err
		}
		do(i, logits)
	}
	return nil
}

// wrongOf packs the test examples whose largest output is not that of their label,
// the first of equal ones being the answer; nil where these are no outputs of the
// test set.
func wrongOf(data store.Dataset, logits []float32) []uint64 {
	n := len(data.TestLabels)
	if data.Out == 0 || len(logits) != n*data.Out {
		return nil
	}
	wrong := make([]bool, n)
	for i, answer := range mlp.Predictions(logits, n, data.Out) {
		wrong[i] = answer != data.TestLabels[i]
	}
	return stat.Pack(wrong)
}

// losses gives a per-example loss of the test outputs of a run: nll, brier or mse
// by the name of the metric. It is nil where the outputs do not give it, which is
// where their mean is not the metric that was measured.
func (r *Results) losses(ctx context.Context, c *Cell, one *Run, name string) ([]float64, error) {
	if known, ok := r.lossesOf[lossKey{one.ID, name}]; ok {
		return known, nil
	}
	losses, err := r.readLosses(ctx, c, one, name)
	if err == nil && r.growing {
		r.lossesOf[lossKey{one.ID, name}] = losses
	}
	return losses, err
}

// lossKey is a run and what of its outputs is asked for.
type lossKey struct{ run, name string }

func (r *Results) readLosses(ctx context.Context, c *Cell, one *Run, name string) ([]float64, error) {
	logits, err := r.outputs(ctx, one)
	if err != nil {
		return nil, err
	}
	var losses []float64
	switch {
	case c.Regression() && name == "mse":
		losses = squaredErrors(c, logits)
	case !c.Regression() && len(c.Data.TestLabels) > 0 && len(logits) == len(c.Data.TestLabels)*c.Data.Out:
		losses = classLosses(c, logits, name)
	}
	mean := 0.0
	for _, v := range losses {
		mean += v / float64(len(losses))
	}
	measured := map[string]store.Number{"nll": one.Test.NLL, "brier": one.Test.Brier, "mse": one.Test.MSE}[name]
	if !isFinite(measured) || !(math.Abs(mean-measured.V) <= 1e-4*math.Abs(measured.V)+1e-9) {
		return nil, nil
	}
	return losses, nil
}

// classLosses gives nll, brier or mse of each example of a classification.
func classLosses(c *Cell, logits []float32, name string) []float64 {
	n, out := len(c.Data.TestLabels), c.Data.Out
	p := mlp.Probabilities(c.Config.Output, logits, n, out)
	if name == "mse" { // of the outputs themselves, as a mean over them
		p = mlp.OutputValues(c.Config.Output, logits, n, out)
	}
	losses := make([]float64, n)
	for i, label := range c.Data.TestLabels {
		row := p[i*out : (i+1)*out]
		switch name {
		case "nll":
			losses[i] = -math.Log(row[label])
		case "brier", "mse":
			for class, v := range row {
				if class == int(label) {
					v--
				}
				losses[i] += v * v
			}
			if name == "mse" {
				losses[i] /= float64(out)
			}
		default:
			return nil
		}
	}
	return losses
}

// squaredErrors gives the mean squared error over the outputs of each example of a
// regression.
func squaredErrors(c *Cell, logits []float32) []float64 {
	out := c.Data.Out
	if out == 0 || len(logits) != len(c.Data.TestTargets) || c.Config.Output != "identity" {
		return nil
	}
	losses := make([]float64, len(logits)/out)
	for i, z := range logits {
		off := float64(z - c.Data.TestTargets[i])
		losses[i/out] += off * off / float64(out)
	}
	return losses
}
