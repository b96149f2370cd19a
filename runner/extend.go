package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/mlp"
)

// maxFinalState is the size in bytes up to which the final state of a run is kept whose weights are not.
const maxFinalState = 100_000

// mostFinalState is that size for a run of so many seconds at the reference speed: to keep a byte takes some 5 ns, half a
// percent of a microsecond. Where it is less than a state has, the states of very many runs would be most of a database, and
// to train a run again is no wait.
func mostFinalState(seconds float64) int64 { return int64(min(maxFinalState, 1000+1e6*seconds)) }

// keepsFinalState says whether the final state of a job's run is kept.
func (j job) keepsFinalState() bool {
	c := j.run.Config.Config
	return c.Extends() == nil && (j.retention.Any() || c.StateBytes(j.cell.parameters) <= mostFinalState(j.work()))
}

// finalState is what a run with more epochs can go on from; nil where none can, or it is not kept.
func (t *trainee) finalState() *store.Checkpoint {
	if !t.keepsFinalState() {
		return nil
	}
	return &store.Checkpoint{RunID: t.row.ID, Epoch: t.result.Run.Epochs, State: t.training.State(), Seconds: t.seconds(t.o.Now()),
		By: t.o.Provenance}
}

// extend goes on from the end of a run with fewer epochs, whose measurements become this one's. Where that is not
// possible there is no training, and a reason.
func (t *trainee) extend(ctx context.Context, seeds mlp.Seeds) (useless string, err error) {
	ending, err := t.db.Ending(ctx, t.extends)
	switch {
	case errors.Is(err, store.ErrChanged), errors.Is(err, store.ErrNotFound):
		return err.Error(), nil
	case err != nil:
		return "", err
	case ending.Final == nil:
		return "its final state is not there any more", nil
	case !night.SameBits(ending.Final.By, t.o.Provenance):
		return fmt.Sprintf("was made by %s, kernel %s, on %s", ending.Final.By.Version, ending.Final.By.Kernel,
			ending.Final.By.CPU), nil
	}
	c := t.run.Config.Config
	unmeasured := func(epoch int) bool { return epoch%max(1, c.Log.Every) != 0 } // but for its being the last of that run
	t.result.Epochs = slices.DeleteFunc(ending.Epochs, func(e store.Epoch) bool { return unmeasured(e.Epoch) })
	t.result.Layers = slices.DeleteFunc(ending.Layers, func(l store.Layer) bool { return unmeasured(l.Epoch) })
	if !t.snapshots.restore(ending.Final.Epoch, t.result.Epochs, ending.Weights) {
		t.result.Epochs, t.result.Layers, t.snapshots = nil, nil, newSnapshots(t.retention, t.run.Precision)
		return "it comes without weights that are to be kept", nil
	}
	clear(t.snapshots.stored) // with the other run they are
	training, err := t.o.extend(c, t.data.training, seeds, ending.Final.State)
	if err != nil {
		t.result.Epochs, t.result.Layers, t.snapshots = nil, nil, newSnapshots(t.retention, t.run.Precision)
		return err.Error(), nil
	}
	t.training = training
	t.result.Run.Epochs = ending.Final.Epoch
	t.priorSeconds, t.resumedFrom = ending.Final.Seconds, ending.Final.Epoch
	return "", nil
}
