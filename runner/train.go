package runner

import (
	"context"
	"fmt"
	"math"
	"time"

	"nightshift/internal/store"
	"nightshift/mlp"
)

// trainee is a job being trained.
type trainee struct {
	outcome
	*worker
	job   job
	row   store.Run // before any training
	began time.Time

	data     *loaded
	training mlp.Training
	keeper   *keeper
}

// seconds of training until now.
func (t *trainee) seconds(now time.Time) float64 { return now.Sub(t.began).Seconds() }

// train trains until the run is done or has diverged. Its error is the reason
// of a failure, or the context's.
func (t *trainee) train(ctx context.Context) (err error) {
	if t.data, err = t.lib.get(t.job); err != nil {
		return err
	}
	row, err := datasetRow(t.row.Data, t.job.run.Data, t.data.Data)
	if err != nil {
		return err
	}
	t.dataset = &row
	seeds := mlp.Seeds{Init: t.job.run.Seeds.Init, Order: t.job.run.Seeds.Order}
	if t.training, err = t.o.start(t.job.run.Config.Config, t.data.training, seeds); err != nil {
		return err
	}
	t.keeper = newKeeper(t.job.kept, t.job.run.Precision)
	last, err := t.epochs(ctx)
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
	t.result.Outputs = t.training.Logits(t.data.Test.X, t.data.Test.N)
	t.result.Run.Status = store.Done
	if t.job.kept.final {
		if err := t.keeper.take(final, t.training); err != nil {
			return err
		}
	}
	return t.weights()
}

// weights puts those that are kept into the result.
func (t *trainee) weights() (err error) {
	r := &t.result
	r.Weights, err = t.keeper.choose(t.job.kept.epochs(t.job.run.Config.Config, r.Run, r.Epochs))
	return err
}

// epochs trains and collects what was measured. It returns the last epoch.
func (t *trainee) epochs(ctx context.Context) (last mlp.Epoch, err error) {
	r := &t.result
	for {
		e, ok, err := t.training.Next(ctx)
		if err != nil || !ok {
			return last, err
		}
		last = e
		r.Run.Epochs = e.Epoch
		t.examples = e.Epoch * t.data.Train.N
		row := t.epoch(e)
		if err := t.keeper.see(e, row, t.training); err != nil {
			return last, err
		}
		if e.Measured {
			r.Epochs = append(r.Epochs, row)
			for i, l := range e.Layers {
				r.Layers = append(r.Layers, layer(e.Epoch, i, l))
			}
		}
		t.obs.send(Event{Kind: Trained, Run: *t.job.run, Worker: t.n, Epoch: e.Epoch, Of: t.job.run.Epochs, Loss: e.Train.Loss, work: t.job.work()})
	}
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

// epoch is an epoch as the store keeps it. What has no meaning is absent.
func (t *trainee) epoch(e mlp.Epoch) store.Epoch {
	regression := t.data.Regression
	return store.Epoch{
		Epoch: e.Epoch, Steps: e.Steps, LR: e.LR, Distance: e.Distance,
		Seconds: t.seconds(t.o.Now()),
		Train:   metrics(e.Train, t.data.Train.N, regression),
		Valid:   metrics(e.Valid, t.data.Valid.N, regression),
		Test:    metrics(e.Test, t.data.Test.N, regression),
	}
}

// metrics of a split of n examples.
func metrics(m mlp.Metrics, n int, regression bool) store.Metrics {
	if n == 0 {
		return store.Metrics{}
	}
	is := func(v float64) store.Number { return store.Number{V: v, Valid: true} }
	s := store.Metrics{Loss: is(m.Loss), MSE: is(m.MSE)}
	if !regression {
		s.Error, s.NLL, s.Brier, s.ECE = is(m.Error), is(m.NLL), is(m.Brier), is(m.ECE)
	}
	return s
}

func layer(epoch, i int, l mlp.Layer) store.Layer {
	return store.Layer{
		Epoch: epoch, Layer: i,
		Weight: l.Weight, Gradient: l.Gradient, Update: l.Update, Distance: l.Distance,
		Mean: l.Mean, SD: l.SD, Saturated: l.Saturated, Dead: l.Dead, Alpha: l.Alpha,
	}
}
