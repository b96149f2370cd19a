package networks

import (
	"encoding/json"
	"errors"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"nightshift/internal/array"
	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// stored trains a network on moons and stores it as a night does.
func stored(t *testing.T) (*store.DB, store.Run, study.Config, mlp.Epoch) {
	t.Helper()
	spec, ok := dataset.Default("moons")
	if !ok {
		t.Fatal("there are no moons")
	}
	spec.Train, spec.Test = 200, 100
	files := dataset.NewFiles(nil)
	about, err := files.Describe(spec)
	if err != nil {
		t.Fatal(err)
	}
	d, err := files.Load(spec, 4)
	if err != nil {
		t.Fatal(err)
	}
	c := config("tanh", 8)
	c.Epochs = 3
	tr, err := mlp.Start(c, mlp.Data{In: 2, Out: 2, Train: Some(d.Train, 2, 200), Test: Some(d.Test, 2, 100)}, mlp.Seeds{})
	if err != nil {
		t.Fatal(err)
	}
	var last mlp.Epoch
	for {
		e, ok, err := tr.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		last = e
	}
	var tensors []array.Tensor
	for _, w := range tr.Weights() {
		tensors = append(tensors, array.Tensor(w))
	}
	weights, err := array.Safetensors(tensors, array.F32)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(filepath.Join(t.TempDir(), "night.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	whole := study.Config{Data: spec, Config: c}
	text, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	run := store.Run{ID: "0123456789abcdef", Cell: "c", Status: store.Done, SeedData: 4, Config: text, Data: about.Fingerprint,
		Epochs: 3}
	if err := db.PutDataset(t.Context(), store.Dataset{ID: run.Data}); err != nil {
		t.Fatal(err)
	}
	bare := run
	bare.ID = "fedcba9876543210"
	pending := []store.Run{run, bare}
	for i := range pending {
		pending[i].Status = store.Pending
	}
	if err := db.PutStudy(t.Context(), store.Study{Study: "s"}, pending, []store.StudyRun{{Study: "s", RunID: run.ID},
		{Study: "s", RunID: bare.ID}}); err != nil {
		t.Fatal(err)
	}
	if err := db.Finish(t.Context(), store.Result{Run: run, Weights: []store.Snapshot{{Epoch: 3, Tensors: weights}}}); err != nil {
		t.Fatal(err)
	}
	return db, run, whole, last
}

// TestSource: a stored network on the examples of its stored spec has the loss that was measured.
func TestSource(t *testing.T) {
	db, run, c, last := stored(t)
	src := NewSource(db, dataset.NewFiles(nil))
	kept, err := src.Kept(t.Context(), run.ID)
	if err != nil || len(kept) != 1 {
		t.Fatalf("%v, %v", kept, err)
	}
	k, ok := networkAfter(kept, 3)
	if _, none := networkAfter(kept, 2); !ok || none {
		t.Error("the network of epoch 3 is kept, and no other")
	}
	d, err := src.Data(run, c)
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewSpace(c.Config, d.In, d.Out)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Point(k.Tensors)
	if err != nil {
		t.Fatal(err)
	}
	line, err := s.Between(p, p, Some(d.Train, d.Out, 1000))
	if err != nil || math.Abs(line[0]-last.Train.Loss) > 1e-6 {
		t.Errorf("loss %v, want %v; %v", line[0], last.Train.Loss, err)
	}
	e := Some(d.Train, d.Out, 50)
	if e.N != 50 || len(e.X) != 100 || e.X[2] != d.Train.X[8] || e.Labels[1] != d.Train.Labels[4] {
		t.Errorf("%d of 200 examples are not every fourth", e.N)
	}
	r, err := NewRegions(c.Config, k, d, 21)
	if err != nil || len(r.Class) != 441 || r.Class[0] < 0 || r.Probability[0] < 0.5 {
		t.Errorf("regions %+v, %v", r, err)
	}
}

// TestSourceSaysWhatIsMissing: weights that were not kept, and data that are others than those of the training.
func TestSourceSaysWhatIsMissing(t *testing.T) {
	db, run, c, _ := stored(t)
	src := NewSource(db, dataset.NewFiles(nil))
	if _, err := src.Kept(t.Context(), "fedcba9876543210"); !errors.Is(err, ErrNoWeights) {
		t.Errorf("no weights: %v", err)
	}
	run.Data = "moons/0 of another version"
	if _, err := src.Data(run, c); !errors.Is(err, ErrNoData) {
		t.Errorf("other data: %v", err)
	}
	c.Data.Set, c.Data.Path = "csv", "nowhere.csv"
	run.Data = "nowhere"
	if _, err := src.Data(run, c); !errors.Is(err, ErrNoData) {
		t.Errorf("no data: %v", err)
	}
}

// networkAfter is the network after an epoch, and whether it was kept.
func networkAfter(kept []Kept, epoch int) (Kept, bool) {
	i := slices.IndexFunc(kept, func(k Kept) bool { return k.Epoch == epoch })
	if i < 0 {
		return Kept{}, false
	}
	return kept[i], true
}
