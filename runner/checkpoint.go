package runner

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"nightshift/internal/night"
	"nightshift/internal/panics"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// save makes a checkpoint, in one transaction with what was measured since the
// last one, and returns when it is in the store. The error is
// store.ErrHoldLost where the run is another process's by now.
func (t *trainee) save(status store.Status) error {
	r := store.Result{Run: t.result.Run, Epochs: t.result.Epochs[t.saved.epochs:], Layers: t.result.Layers[t.saved.layers:],
		Weights: t.snapshots.fresh()}
	r.Run.Status = status
	r.Run.Seconds = t.seconds(t.o.Now())
	if n := len(t.result.Epochs); status == store.Running && n > 0 {
		r.Run.Train.Loss = t.result.Epochs[n-1].Train.Loss // for those who look
	}
	c := store.Checkpoint{RunID: r.Run.ID, Epoch: r.Run.Epochs, State: t.training.State(), Seconds: r.Run.Seconds,
		By: r.Run.Provenance}
	err := t.out.save(t.job, checkpoint{owner: t.owner, result: r, dataset: t.dataset, Checkpoint: c})
	if err == nil {
		t.saved = saved{len(t.result.Epochs), len(t.result.Layers)}
		t.snapshots.markStored(r.Weights)
	}
	return err
}

// stop records how far a run has come that the end of the night stops.
func (t *trainee) stop() {
	row := t.row
	row.Status = store.Interrupted
	if t.training != nil && len(t.result.Epochs) > 0 {
		err := panics.Caught(func() error { return t.save(store.Interrupted) })
		t.lost = errors.Is(err, store.ErrHoldLost)
		t.recorded = err == nil
		row.Epochs = t.result.Run.Epochs
	}
	t.result = store.Result{Run: row}
}

// wait records a run that has come to the rung where it stops, with the
// digest of the weights that are its final ones if it goes no further.
func (t *trainee) wait() {
	t.result.Run.Digest = digest(t.training.Weights())
	measured := t.result.Epochs
	t.stop()
	if t.waits = t.recorded; t.waits {
		t.result.Epochs = measured
	}
}

// prepare makes the training that the job goes on with: that of its checkpoint if
// it leads to the same bits, otherwise an untrained one.
func (t *trainee) prepare() (err error) {
	ctx := context.WithoutCancel(t.ctx) // what is stored is read also while the night is being stopped
	seeds := mlp.Seeds{Init: t.run.Seeds.Init, Order: t.run.Seeds.Order}
	t.snapshots = newSnapshots(t.retention, t.run.Precision)
	if t.oldResult != nil {
		if t.oldEpochs, err = t.db.Epochs(ctx, t.row.ID); err != nil {
			return err
		}
	}
	if t.hasCheckpoint {
		useless, err := t.resume(ctx, seeds)
		if err != nil || t.training != nil {
			return err
		}
		if useless != "" {
			if err := t.forget(ctx, useless); err != nil {
				return err
			}
		}
	}
	if t.extends != "" {
		useless, err := t.extend(ctx, seeds)
		if err != nil || t.training != nil {
			return err
		}
		t.o.Log.Warn("the end of a run with fewer epochs cannot be gone on from", "run", study.ShortID(t.row.ID), "label", t.row.Label,
			"reason", useless)
	}
	t.training, err = t.o.start(t.run.Config.Config, t.data.training, seeds)
	return err
}

// resume continues what the store has of the run. Where that is not possible
// there is no training, and a reason if there is a checkpoint.
func (t *trainee) resume(ctx context.Context, seeds mlp.Seeds) (useless string, err error) {
	id := t.row.ID
	c, ok, err := t.db.Checkpoint(ctx, id)
	switch {
	case errors.Is(err, store.ErrChanged):
		return err.Error(), nil
	case err != nil || !ok:
		return "", err
	case !night.SameBits(c.By, t.o.Provenance):
		return fmt.Sprintf("was made by %s, kernel %s, on %s", c.By.Version, c.By.Kernel, c.By.CPU), nil
	}
	epochs, err := t.db.Epochs(ctx, id)
	if err != nil {
		return "", err
	}
	layers, err := t.db.Layers(ctx, id)
	if err != nil {
		return "", err
	}
	weights, err := t.db.Weights(ctx, id)
	if err != nil {
		return "", err
	}
	if t.oldResult != nil { // what was measured until then is what the result has
		epochs = slices.DeleteFunc(epochs, func(e store.Epoch) bool { return e.Epoch > c.Epoch })
		weights = append(weights, c.Aside...)
	}
	if len(epochs) == 0 || epochs[len(epochs)-1].Epoch > c.Epoch {
		return "does not belong to the epochs in the database", nil
	}
	if !t.snapshots.restore(c.Epoch, epochs, weights) {
		return "comes without weights that are to be kept now", nil
	}
	training, err := t.o.resume(t.run.Config.Config, t.data.training, seeds, c.State)
	if err != nil {
		return err.Error(), nil
	}
	t.training = training
	t.result.Run.Epochs, t.result.Epochs, t.result.Layers = c.Epoch, epochs, layers
	t.saved = saved{len(epochs), len(layers)}
	t.priorSeconds, t.resumedFrom = c.Seconds, c.Epoch
	return "", nil
}

// forget drops a checkpoint, and what it covers: the run is trained from its start.
func (t *trainee) forget(ctx context.Context, reason string) error {
	t.o.Log.Warn("a checkpoint cannot be used", "run", study.ShortID(t.row.ID), "label", t.row.Label, "reason", reason)
	t.snapshots = newSnapshots(t.retention, t.run.Precision)
	row := t.row
	row.Status = store.Running
	return t.db.DropCheckpoint(ctx, t.owner, row)
}
