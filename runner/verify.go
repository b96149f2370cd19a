package runner

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// Verification is the comparison of a stored run with the same run trained again.
type Verification struct {
	Run        store.Run    // as the database has it
	Epochs     int          // measured epochs that are the same
	Digest     bool         // whether the database has a digest to compare the weights with
	Difference *Difference  // the first; nil where everything is identical
	Changed    []Difference // in what makes results: kernel, cpu, go, version, commit, os
}

// Verify trains a run of the database again, in memory, and compares everything
// that was measured of it, its outputs and the digest of its weights, bit for bit;
// NaN equals NaN. It is an error if the run, which an unambiguous prefix may
// name, has no result, or if its data are not what they were.
func Verify(ctx context.Context, db *store.DB, id string, sources *Sources, o Options) (Verification, error) {
	r, err := db.Run(ctx, id)
	if err != nil {
		return Verification{}, err
	}
	if r.Status != store.Done && r.Status != store.Diverged && r.Status != store.Pruned {
		return Verification{}, fmt.Errorf("run %s is %s: only runs with a result (done, diverged or pruned) can be verified",
			study.ShortID(r.ID), r.Status)
	}
	record, err := db.Dataset(ctx, r.Data)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return Verification{}, err
	}
	retraining, err := newRetraining(r, record, sources)
	if err != nil {
		return Verification{}, fmt.Errorf("run %s: %w", study.ShortID(r.ID), err)
	}
	v := Verification{Run: r, Digest: r.Digest != "", Changed: changed(r.Provenance, o.Provenance)}
	epochs, err := db.Epochs(ctx, r.ID)
	if err != nil {
		return Verification{}, err
	}
	// What is not what was written is compared as it is: the training shows where it differs.
	layers, err := db.Layers(ctx, r.ID)
	if err != nil && !errors.Is(err, store.ErrChanged) {
		return Verification{}, err
	}
	outputs, err := db.Outputs(ctx, r.ID)
	if err != nil && !errors.Is(err, store.ErrChanged) {
		return Verification{}, err
	}
	if v.Epochs, v.Difference, err = retraining.curves(ctx, epochs, layers); err == nil && v.Difference == nil {
		v.Difference = retraining.end(outputs)
	}
	return v, err
}

// changed lists what made a result then and is another now.
func changed(then, now store.Provenance) []Difference {
	var list []Difference
	for _, d := range []Difference{
		{0, "kernel", then.Kernel, now.Kernel}, {0, "cpu", then.CPU, now.CPU}, {0, "go", then.Go, now.Go},
		{0, "version", then.Version, now.Version}, {0, "commit", commit(then), commit(now)}, {0, "os", then.OS, now.OS},
	} {
		if d.Then != d.Now {
			list = append(list, d)
		}
	}
	return list
}

// commit names the program's commit.
func commit(p store.Provenance) string {
	name := cmp.Or(p.Commit, "unknown")
	if p.Dirty {
		name += " with changes"
	}
	return name
}

// retraining is a run being trained again.
type retraining struct {
	run      store.Run
	data     *dataset.Data
	training mlp.Training
	last     mlp.Epoch
}

func newRetraining(r store.Run, record store.Dataset, sources *Sources) (*retraining, error) {
	c, err := study.ReadConfig(r.Config)
	if err != nil {
		return nil, err
	}
	c.Data = dataset.Recall(c.Data, record.Spec)
	now, err := sources.Fingerprint(c.Data)
	if err != nil {
		return nil, err
	}
	if now != r.Data {
		return nil, fmt.Errorf("the data are not those that it was trained on, so it cannot come to the same: "+
			"they were %q and are %q; say with --data where the old ones are", r.Data, now)
	}
	d, err := sources.files.Load(c.Data, r.SeedData)
	if err != nil {
		return nil, err
	}
	training, err := mlp.Start(c.Config, trainingData(d), mlp.Seeds{Init: r.SeedInit, Order: r.SeedOrder})
	return &retraining{run: r, data: d, training: training}, err
}

// curves trains until the run's last epoch, or until an epoch is not as it was.
func (a *retraining) curves(ctx context.Context, epochs []store.Epoch, layers []store.Layer) (same int, d *Difference,
	err error) {
	for !a.last.Last && (same == 0 || a.last.Epoch < a.run.Epochs) {
		if a.last, _, err = a.training.Next(ctx); err != nil {
			return same, nil, err
		}
		if !a.last.Measured {
			continue
		}
		if same == len(epochs) || epochs[same].Epoch != a.last.Epoch {
			return same, &Difference{a.last.Epoch, "measurement", "not there", "there"}, nil
		}
		if d := compareEpoch(epochs[same], epochRow(a.last, a.data)); d != nil {
			return same, d, nil
		}
		n := 0
		for n < len(layers) && layers[n].Epoch == a.last.Epoch {
			n++
		}
		if d := compareLayers(layers[:n], a.last); d != nil {
			return same, d, nil
		}
		layers = layers[n:]
		same++
	}
	if same < len(epochs) {
		return same, &Difference{epochs[same].Epoch, "measurement", "there", "not there"}, nil
	}
	return same, nil, nil
}

// end compares what the run has left when it was over.
func (a *retraining) end(outputs []float32) *Difference {
	epoch := a.last.Epoch
	if diverged := a.run.Status == store.Diverged; diverged != a.last.Diverged {
		return &Difference{epoch, "diverged", fmt.Sprint(diverged), fmt.Sprint(a.last.Diverged)}
	}
	if ended := a.run.Status != store.Pruned; ended && !a.last.Last {
		return &Difference{epoch, "last epoch", fmt.Sprint(epoch), "later"}
	}
	if outputs != nil {
		now := a.training.Logits(trainingData(a.data).Test)
		if len(now) != len(outputs) {
			return &Difference{epoch, "number of outputs", fmt.Sprint(len(outputs)), fmt.Sprint(len(now))}
		}
		for i, v := range outputs {
			if !same(float64(v), float64(now[i])) {
				return &Difference{epoch, fmt.Sprintf("output %d of test example %d", i%a.data.Out, i/a.data.Out),
					exact(float64(v)), exact(float64(now[i]))}
			}
		}
	}
	if now := digest(a.training.Weights()); a.run.Digest != "" && now != a.run.Digest {
		return &Difference{epoch, "digest of the weights", a.run.Digest, now}
	}
	return nil
}
