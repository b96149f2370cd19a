package runner

import (
	"context"
	"fmt"
	"math"
	"runtime/debug"
	"strings"
	"time"

	"nightshift/internal/store"
	"nightshift/mlp"
)

// train makes a job's outcome. Whatever goes wrong, a panic included, is part of it.
func train(ctx context.Context, j job, began time.Time, lib *library, obs *observer, o Options) *outcome {
	t := &trainee{job: j, row: j.row(), obs: obs, o: o}
	t.row.Started, t.row.Provenance = began, o.Provenance
	t.result.Run = t.row
	t.run(ctx, lib)
	r := &t.result.Run
	r.Finished = o.Now()
	r.Seconds = r.Finished.Sub(began).Seconds()
	return &t.outcome
}

// trainee is a job being trained.
type trainee struct {
	outcome
	job  job
	row  store.Run // before any training
	obs  *observer
	o    Options
	data *loaded

	keeper *keeper
}

// run trains the job and sets its status.
func (t *trainee) run(ctx context.Context, lib *library) {
	defer func() {
		if p := recover(); p != nil {
			t.fail("panic: " + fmt.Sprint(p))
			t.result.Run.Stack = string(debug.Stack())
		}
	}()
	switch err := t.try(ctx, lib); {
	case err != nil && ctx.Err() != nil:
		t.result = store.Result{Run: t.row} // it will be trained from the start
		t.result.Run.Status = store.Interrupted
	case err != nil:
		t.fail(err.Error())
	}
}

func (t *trainee) fail(reason string) {
	t.result.Run.Status = store.Failed
	t.result.Run.Reason = strings.ReplaceAll(strings.TrimSpace(reason), "\n", "; ")
}

// try trains until the run is done or has diverged. Its error is the reason of a failure.
func (t *trainee) try(ctx context.Context, lib *library) (err error) {
	if t.data, err = lib.get(t.job); err != nil {
		return err
	}
	row, err := datasetRow(t.row.Data, t.job.run.Data, t.data.Data)
	if err != nil {
		return err
	}
	t.dataset = &row
	seeds := mlp.Seeds{Init: t.job.run.Seeds.Init, Order: t.job.run.Seeds.Order}
	training, err := t.o.start(t.job.run.Config.Config, t.data.training, seeds)
	if err != nil {
		return err
	}
	t.keeper = newKeeper(t.job.kept, t.job.run.Precision)
	last, err := t.epochs(ctx, training)
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
	t.result.Outputs = training.Logits(t.data.Test.X, t.data.Test.N)
	t.result.Run.Status = store.Done
	if t.job.kept.final {
		if err := t.keeper.take(final, training); err != nil {
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
func (t *trainee) epochs(ctx context.Context, training mlp.Training) (last mlp.Epoch, err error) {
	r := &t.result
	for {
		e, ok, err := training.Next(ctx)
		if err != nil || !ok {
			return last, err
		}
		last = e
		r.Run.Epochs = e.Epoch
		t.examples = e.Epoch * t.data.Train.N
		row := t.epoch(e)
		if err := t.keeper.see(e, row, training); err != nil {
			return last, err
		}
		if e.Measured {
			r.Epochs = append(r.Epochs, row)
			for i, l := range e.Layers {
				r.Layers = append(r.Layers, layer(e.Epoch, i, l))
			}
		}
		t.obs.send(Event{Kind: Trained, Run: *t.job.run, Epoch: e.Epoch, Of: t.job.run.Epochs, Loss: e.Train.Loss, work: t.job.work()})
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
		Seconds: t.o.Now().Sub(t.row.Started).Seconds(),
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
