package runner

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"nightshift/internal/store"
	"nightshift/mlp"
)

// train trains until the run is done or has diverged. Its error is the reason
// of a failure, the context's, or says that the run stops at a rung or is lost.
func (t *trainee) train() (err error) {
	if t.data, err = t.lib.get(t.job); err != nil {
		return err
	}
	row := t.data.row
	row.ID = t.row.Data
	t.dataset = &row
	if err := t.prepare(); err != nil {
		return err
	}
	if t.first {
		t.ctx = t.o.atLeast(t.ctx)
	}
	last, err := t.periods()
	if err != nil {
		return err
	}
	if last.Diverged {
		t.result.Run.Status = store.Diverged
		t.result.Run.Reason = divergence(last)
		if err := t.final(last.Epoch); err != nil {
			return err
		}
		return t.weights()
	}
	final := last.Epoch
	if last.Best > 0 {
		final = last.Best
	}
	if err := t.final(final); err != nil {
		return err
	}
	t.result.Outputs = t.training.Logits(t.data.training.Test)
	t.result.Run.Digest = digest(t.training.Weights())
	t.result.Run.Status, t.result.Run.Reason = store.Done, ""
	t.result.Final = t.finalState()
	if t.retention.Final {
		if err := t.snapshots.take(final, t.training); err != nil {
			return err
		}
	}
	return t.weights()
}

// weights puts those that are kept into the result.
func (t *trainee) weights() (err error) {
	if err := t.sameResult(); err != nil {
		return err
	}
	r := &t.result
	r.Weights, err = t.snapshots.choose(t.retention.Epochs(t.run.Config.Config, r.Run, r.Epochs))
	return err
}

// errAtRung says that a run has come to the rung where it stops and others go first.
var errAtRung = errors.New("others go first")

// periods trains to the end, with a checkpoint at the end of every period. It
// returns the last epoch.
func (t *trainee) periods() (last mlp.Epoch, err error) {
	for {
		ctx, cancel := t.o.period(t.ctx)
		last, err := t.epochs(ctx)
		due := ctx.Err()
		cancel()
		if err == nil || t.ctx.Err() != nil || !errors.Is(err, due) {
			return last, err
		}
		if len(t.result.Epochs) > 0 {
			if err := t.save(store.Running); err != nil {
				return last, err
			}
		}
	}
}

// epochs trains and collects what was measured. It returns the last epoch.
func (t *trainee) epochs(ctx context.Context) (last mlp.Epoch, err error) {
	r := &t.result
	last.Epoch = r.Run.Epochs // of a training that is over already
	for {
		e, ok, err := t.training.Next(ctx)
		if err != nil || !ok {
			return last, err
		}
		last = e
		r.Run.Epochs = e.Epoch
		t.examples = (e.Epoch - t.resumedFrom) * t.data.Train.N
		row := t.epoch(e)
		if err := t.snapshots.observe(e, row, t.training); err != nil {
			return last, err
		}
		if e.Measured {
			if err := t.sameEpoch(row); err != nil {
				return last, err
			}
			r.Epochs = append(r.Epochs, row)
			for i, l := range e.Layers {
				r.Layers = append(r.Layers, layer(e.Epoch, i, l))
			}
		}
		t.tell(row, e)
		if t.stopAt > 0 && e.Epoch == t.stopAt && !e.Last {
			return last, errAtRung
		}
	}
}

// epochsApart is the shortest time between two events of a run's epochs, except for its last one. Epochs may take a tenth of
// it, and an event for each would wake another thread every time.
const epochsApart = time.Millisecond

// tell says how far the run has come: to other processes, and to those who watch this one.
func (t *trainee) tell(row store.Epoch, e mlp.Epoch) {
	r := store.Reached{ID: t.row.ID, Epoch: row.Epoch, Seconds: row.Seconds}
	if e.Measured {
		r.Loss = row.Train.Loss
	}
	t.out.reach(r)
	now := t.o.Now()
	if now.Sub(t.told) < epochsApart && !e.Last && e.Epoch != t.stopAt {
		return
	}
	t.told = now
	t.obs.send(Event{Kind: Trained, Run: *t.run, Worker: t.n, Epoch: e.Epoch, Of: t.run.Epochs, Loss: e.Train.Loss,
		Seconds: t.seconds(now), work: t.work()})
}

// final makes the metrics of an epoch those of the run.
func (t *trainee) final(epoch int) error {
	for _, e := range t.result.Epochs {
		if e.Epoch == epoch {
			t.result.Run.Train, t.result.Run.Valid, t.result.Run.Test = e.Train, e.Valid, e.Test
			return nil
		}
	}
	return fmt.Errorf("epoch %d, which the training ended with, was not measured", epoch)
}

func divergence(e mlp.Epoch) string {
	if l := e.Train.Loss; math.IsNaN(l) || math.IsInf(l, 0) {
		return fmt.Sprintf("training loss became %v in epoch %d", l, e.Epoch)
	}
	return fmt.Sprintf("a step of epoch %d was not finite", e.Epoch)
}

// epoch is an epoch as the store keeps it.
func (t *trainee) epoch(e mlp.Epoch) store.Epoch {
	row := epochRow(e, t.data.Data)
	row.Seconds = t.seconds(t.o.Now())
	return row
}
