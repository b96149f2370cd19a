package mlp

import (
	"context"
	"errors"
	"testing"
)

func TestDivergenceIsAResult(t *testing.T) {
	for _, precision := range []string{"float32", "float64"} {
		c := small()
		c.Precision, c.LR, c.Output, c.Loss, c.Epochs = precision, 1e6, "identity", "mse", 50
		c.Log.Every = 7
		got := finish(t, start(t, c, blobs(), Seeds{}))
		last := got[len(got)-1]
		if !last.Diverged || !last.Measured || len(got) > 20 {
			t.Errorf("%s: ends after %d epochs with %+v", precision, len(got), last)
		}
		for _, e := range got[:len(got)-1] {
			if e.Diverged {
				t.Errorf("%s: epoch %d diverged, but training went on", precision, e.Epoch)
			}
		}
	}
}

// The parameters overflow in the only step of an epoch that is not measured.
func TestDivergenceInAnEpochThatIsNotMeasured(t *testing.T) {
	c := small()
	c.Batch, c.LR, c.Log.Every = 0, 1e300, 100
	got := finish(t, start(t, c, blobs(), Seeds{}))
	if len(got) != 2 || !got[1].Diverged || !got[1].Measured {
		t.Errorf("%d epochs, the last %+v", len(got), got[len(got)-1])
	}
}

func TestUntrainedNetworkMayBeDiverged(t *testing.T) {
	c := small()
	c.Init = Choice{Name: "constant", Params: map[string]float64{"value": 1e6}}
	c.Output, c.Loss, c.Activation = "identity", "mse", Choice{Name: "identity"}
	c.Hidden = []int{100, 100, 100, 100, 100, 100, 100}
	got := finish(t, start(t, c, blobs(), Seeds{}))
	if len(got) != 1 || !got[0].Diverged {
		t.Errorf("%d epochs, first %+v", len(got), got[0])
	}
}

func TestCancellation(t *testing.T) {
	tr := start(t, small(), blobs(), Seeds{})
	finishEpoch(t, tr)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for range 2 {
		if _, ok, err := tr.Next(ctx); ok || !errors.Is(err, context.Canceled) {
			t.Errorf("ok %v, error %v", ok, err)
		}
	}
	if e, ok, err := tr.Next(context.Background()); !ok || err != nil || e.Epoch != 1 {
		t.Errorf("training does not go on with epoch 1: %+v, %v, %v", e, ok, err)
	}
}

func TestLogThinsMeasurements(t *testing.T) {
	c := small()
	full := finish(t, start(t, c, blobs(), Seeds{}))
	c.Log = Log{Every: 2}
	thin := finish(t, start(t, c, blobs(), Seeds{}))
	for i, e := range thin {
		if want := i%2 == 0 || i == 5; e.Measured != want {
			t.Errorf("epoch %d measured: %v", i, e.Measured)
		}
		if e.Layers != nil {
			t.Errorf("epoch %d has layers", i)
		}
		if e.Measured && e.Train != full[i].Train {
			t.Errorf("epoch %d: thinning changed the training", i)
		}
		if full[i].Layers == nil {
			t.Errorf("epoch %d lacks layers", i)
		}
	}
}

func TestEarlyStopRestoresTheBest(t *testing.T) {
	c := small()
	c.Hidden, c.Epochs, c.LR, c.Log.Every, c.BatchNorm = []int{30}, 400, 1, 1000, true
	c.EarlyStop = EarlyStop{Metric: "nll", Patience: 4}
	d := blobs()
	tr := newTraining[float32](c, d, Seeds{})
	got := finish(t, tr)
	last := got[len(got)-1]
	if last.Epoch == c.Epochs || last.Diverged {
		t.Fatalf("ended at epoch %d: choose a configuration that overfits", last.Epoch)
	}
	if last.Epoch != last.Best+4 {
		t.Errorf("stopped at epoch %d, the best was %d", last.Epoch, last.Best)
	}
	best := got[last.Best]
	if !best.Measured {
		t.Errorf("the best epoch %d is not measured", best.Epoch)
	}
	for _, e := range got[1:] {
		if e.Valid.NLL < best.Valid.NLL {
			t.Errorf("epoch %d is better than the best", e.Epoch)
		}
	}
	if m := tr.net.evaluate(&d.Test, tr.inputs[2], nil); m != best.Test {
		t.Errorf("the network left behind has %+v, the best epoch had %+v", m, best.Test)
	}
}

// Without early stopping the same epochs have the same numbers.
func TestEarlyStopOnlyWatches(t *testing.T) {
	c := small()
	plain := finish(t, start(t, c, blobs(), Seeds{}))
	c.EarlyStop = EarlyStop{Metric: "loss", Patience: 100}
	for i, e := range finish(t, start(t, c, blobs(), Seeds{})) {
		if e.Train != plain[i].Train || e.Valid != plain[i].Valid {
			t.Errorf("epoch %d differs", i)
		}
	}
}
