package verdict

import (
	"context"
	"math"
	"slices"

	"nightshift/internal/metric"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// Why a run has no value, apart from its status.
const (
	unmeasured = "without the measurement"
	infinite   = "with a value that is not finite"
)

// value is a measure of one run, at an epoch or at the end of the training; the
// reason says why there is none. A run counts at the epochs that it has
// reached, whatever became of it; at the end only if it came there.
func (r *Results) value(ctx context.Context, t study.Term, one *Run) (v float64, reason string, err error) {
	missing := unmeasured
	if t.Measure == "diverged" && one.Status == store.Diverged {
		return 1, "", nil
	}
	if one.Status != store.Done {
		missing = string(one.Status)
		if t.Epoch < 0 {
			return 0, missing, nil
		}
	}
	number, err := r.stored(ctx, t, one)
	switch {
	case err != nil:
		return 0, "", err
	case !number.Valid:
		return 0, missing, nil
	case math.IsNaN(number.V) && one.Status == store.Diverged:
		return 0, missing, nil
	case math.IsNaN(number.V) || math.IsInf(number.V, 0):
		return 0, infinite, nil
	}
	return number.V, "", nil
}

// stored is what the store has of a run for a term; it is not valid where it
// has nothing.
func (r *Results) stored(ctx context.Context, t study.Term, one *Run) (store.Number, error) {
	switch t.Measure {
	case "diverged", "": // a run that is done has not; what is of the outputs needs no number
		return store.Number{Valid: true}, nil
	case "epochs":
		return store.Number{V: float64(one.Epochs), Valid: true}, nil
	}
	if split, m, ok := metric.Parse(t.Measure); ok {
		if t.Epoch < 0 {
			return onSplit(split, one.Train, one.Valid, one.Test).At(m), nil
		}
		at := slices.IndexFunc(one.Measured, func(e store.Epoch) bool { return e.Epoch == t.Epoch })
		if at < 0 {
			return store.Number{}, nil
		}
		e := one.Measured[at]
		return onSplit(split, e.Train, e.Valid, e.Test).At(m), nil
	}
	if t.Measure == study.UnitCorrelation {
		return r.unitCorrelation(ctx, t.Layer, one)
	}
	if d, ok := metric.DerivedNamed(t.Measure); ok {
		return r.derived(ctx, d, one)
	}
	layers, err := r.Layers(ctx, *one)
	m, known := metric.LayerNamed(t.Measure)
	if err != nil || !known || len(layers) == 0 {
		return store.Number{}, err
	}
	epoch := t.Epoch
	if epoch < 0 {
		epoch = layers[len(layers)-1].Epoch
	}
	for _, l := range layers {
		if l.Epoch == epoch && l.Layer == t.Layer-1 {
			return store.Number{V: l.At(m), Valid: true}, nil
		}
	}
	return store.Number{}, nil
}

// onSplit picks the metrics of a split by its name.
func onSplit(name string, train, valid, test store.Metrics) store.Metrics {
	switch name {
	case "train":
		return train
	case "valid":
		return valid
	}
	return test
}
