package runner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ctx = context.Background()

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func openDB(t testing.TB) *store.DB {
	t.Helper()
	db, err := store.Open(filepath.Join(t.TempDir(), "nightshift.db"))
	check(t, err)
	t.Cleanup(func() { db.Close() })
	return db
}

// small is a configuration that trains in a millisecond.
func small(t testing.TB, set string) study.Config {
	t.Helper()
	spec, ok := dataset.Default(set)
	if !ok {
		t.Fatalf("no data set %s", set)
	}
	spec.Train, spec.Valid, spec.Test = 40, 20, 20
	c := study.Config{Data: spec, Config: mlp.Default()}
	c.Hidden, c.Batch, c.Epochs, c.Init = []int{4}, 10, 3, he(t)
	if set == "sine1d" {
		c.Output, c.Loss, c.LR = "identity", "mse", 0.01
	}
	return c
}

func he(t testing.TB) mlp.Choice {
	t.Helper()
	options := mlp.Initializers()
	i := slices.IndexFunc(options, func(o mlp.Option) bool { return o.Name == "he_normal" })
	if i < 0 {
		t.Fatal("no initialiser he_normal")
	}
	return options[i].Default()
}

// studyOf spans configurations and seeds, seed-major.
func studyOf(name string, seeds int, configs ...study.Config) Study {
	s := Study{Study: &study.Study{Name: name, Question: "why?", YAML: "study: " + name + "\n", Select: "valid_error", Keep: study.Keep{Weights: "none"}}}
	for seed := range uint64(seeds) {
		for _, c := range configs {
			r := study.Run{Config: c, Cell: identity(c), Label: fmt.Sprintf("lr=%g", c.LR), Seeds: study.Seeds{Data: 7, Init: seed, Order: 100 + seed}}
			r.ID = identity(c, r.Seeds)
			r.Axes = []study.AxisValue{{Axis: "lr", Label: fmt.Sprint(c.LR), Value: c.LR}}
			s.Runs = append(s.Runs, r)
		}
	}
	return s
}

func identity(parts ...any) string {
	b, err := json.Marshal(parts)
	if err != nil {
		panic(err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func withLR(c study.Config, lr float64) study.Config {
	c.LR = lr
	return c
}

// contents is everything that a night has left in the database besides times.
type contents struct {
	Runs     []store.Run
	Epochs   map[string][]store.Epoch
	Layers   map[string][]store.Layer
	Outputs  map[string][]float32
	Weights  map[string][]store.Snapshot
	Datasets map[string]store.Dataset
}

func read(t testing.TB, db *store.DB) contents {
	t.Helper()
	c := contents{nil, map[string][]store.Epoch{}, map[string][]store.Layer{}, map[string][]float32{}, map[string][]store.Snapshot{}, map[string]store.Dataset{}}
	var err error
	c.Runs, err = db.Runs(ctx, "")
	check(t, err)
	slices.SortFunc(c.Runs, func(a, b store.Run) int { return strings.Compare(a.ID, b.ID) })
	for i, r := range c.Runs {
		c.Runs[i].Started, c.Runs[i].Finished, c.Runs[i].Seconds = time.Time{}, time.Time{}, 0
		epochs, err := db.Epochs(ctx, r.ID)
		check(t, err)
		for i := range epochs {
			epochs[i].Seconds = 0
		}
		c.Epochs[r.ID] = epochs
		c.Layers[r.ID], err = db.Layers(ctx, r.ID)
		check(t, err)
		c.Outputs[r.ID], err = db.Outputs(ctx, r.ID)
		check(t, err)
		c.Weights[r.ID], err = db.Weights(ctx, r.ID)
		check(t, err)
		c.Datasets[r.Data], err = db.Dataset(ctx, r.Data)
		check(t, err)
	}
	return c
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateNaNs()); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// mixed is a study of classification and regression, with weights, whose last cell diverges.
func mixed(t testing.TB) Study {
	c, r := small(t, "xor"), small(t, "sine1d")
	r.Precision = "float64"
	s := studyOf("mixed", 4, c, withLR(c, 0.5), r, withLR(r, 1e30))
	s.Keep.Weights = "init+final"
	return s
}

func TestBitsDoNotDependOnWorkers(t *testing.T) {
	s := mixed(t)
	var want contents
	for workers := 1; workers <= 3; workers++ {
		db := openDB(t)
		sum, err := Night(ctx, db, []Study{s}, Options{Workers: workers, Provenance: store.Provenance{Version: "test"}})
		check(t, err)
		if sum.Total != 16 || sum.Done != 12 || sum.Diverged != 4 || sum.Left != 0 || sum.Failed != 0 || sum.Running != 0 {
			t.Fatalf("%d workers: %+v", workers, sum)
		}
		got := read(t, db)
		if workers == 1 {
			want = got
			continue
		}
		equal(t, fmt.Sprintf("%d workers", workers), got, want)
	}
}

// What a run leaves behind, against the training itself.
func TestOutcome(t *testing.T) {
	s := mixed(t)
	db := openDB(t)
	at := time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)
	var mu sync.Mutex
	clock := func() time.Time { // a second passes between any two looks at it
		mu.Lock()
		defer mu.Unlock()
		at = at.Add(time.Second)
		return at
	}
	_, err := Night(ctx, db, []Study{s}, Options{Workers: 1, Now: clock, Provenance: store.Provenance{Version: "1.2", Host: "here"}})
	check(t, err)
	for _, r := range slices.Concat(s.Runs[:3], s.Runs[4:7]) { // classification twice, regression
		d, err := dataset.Load(r.Data, r.Seeds.Data, nil)
		check(t, err)
		training, err := mlp.Start(r.Config.Config, trainingData(d), mlp.Seeds{Init: r.Seeds.Init, Order: r.Seeds.Order})
		check(t, err)
		var last mlp.Epoch
		n := 0
		for {
			e, ok, err := training.Next(ctx)
			check(t, err)
			if !ok {
				break
			}
			last = e
			n++
		}
		row, err := db.Run(ctx, r.ID)
		check(t, err)
		if row.Status != store.Done || row.Epochs != 3 || row.Version != "1.2" || row.Host != "here" || row.Seconds <= 0 {
			t.Errorf("%s: %+v", r.Label, row)
		}
		if got := row.Finished.Sub(row.Started).Seconds(); got != row.Seconds {
			t.Errorf("%s: %v s between start and finish, %v recorded", r.Label, got, row.Seconds)
		}
		if row.Parameters != r.Config.Config.Parameters(d.In, d.Out) {
			t.Errorf("%s: %d parameters", r.Label, row.Parameters)
		}
		if row.Test.Loss.V != last.Test.Loss || row.Train.MSE.V != last.Train.MSE || row.Valid.Loss.V != last.Valid.Loss {
			t.Errorf("%s: final metrics %+v, want those of %+v", r.Label, row, last)
		}
		for name, v := range map[string]store.Number{"error": row.Test.Error, "nll": row.Test.NLL, "brier": row.Test.Brier, "ece": row.Test.ECE} {
			if v.Valid == d.Regression {
				t.Errorf("%s: %s is there: %v, of a regression: %v", r.Label, name, v.Valid, d.Regression)
			}
		}
		epochs, err := db.Epochs(ctx, r.ID)
		check(t, err)
		if len(epochs) != n || epochs[0].Epoch != 0 || epochs[n-1].Steps != 12 || !(epochs[1].Seconds > epochs[0].Seconds) {
			t.Errorf("%s: epochs %+v", r.Label, epochs)
		}
		layers, err := db.Layers(ctx, r.ID)
		check(t, err)
		if len(layers) != 2*n || layers[1].Layer != 1 || layers[2*n-1].Weight != last.Layers[1].Weight {
			t.Errorf("%s: layers %+v", r.Label, layers)
		}
		outputs, err := db.Outputs(ctx, r.ID)
		check(t, err)
		equal(t, r.Label+" outputs", outputs, training.Logits(d.Test.X, d.Test.N))
		weights, err := db.Weights(ctx, r.ID)
		check(t, err)
		if len(weights) != 2 || weights[0].Epoch != 0 || weights[1].Epoch != 3 {
			t.Fatalf("%s: snapshots %+v", r.Label, weights)
		}
		equal(t, r.Label+" weights", decodeTensors(t, weights[1].Tensors), training.Weights())
		record, err := db.Dataset(ctx, row.Data)
		check(t, err)
		if record.Regression != d.Regression || record.Out != d.Out {
			t.Errorf("%s: data set %+v", r.Label, record)
		}
		equal(t, "labels", record.TestLabels, d.Test.Labels)
		equal(t, "targets", record.TestTargets, d.Test.Targets)
		equal(t, "truth", record.TestTruth, d.Test.Truth)
	}

	diverged, err := db.Run(ctx, s.Runs[3].ID)
	check(t, err)
	if diverged.Status != store.Diverged || !strings.Contains(diverged.Reason, "epoch") || diverged.Epochs == 0 {
		t.Errorf("diverged run: %+v", diverged)
	}
	if l := diverged.Train.Loss; !l.Valid || !(math.IsNaN(l.V) || l.V > 1e30) {
		t.Errorf("its training loss: %+v", l)
	}
	members, err := db.StudyRuns(ctx, "mixed")
	check(t, err)
	if len(members) != len(s.Runs) || members[1].RunID != s.Runs[1].ID || members[1].CellLabel != "lr=0.5" || string(members[1].Axes) != `[{"axis":"lr","label":"0.5","value":0.5}]` {
		t.Errorf("members: %+v", members)
	}
}

func TestWeightsAreKeptAsTheStudySays(t *testing.T) {
	c := small(t, "xor")
	for keep, want := range map[string]int{"none": 0, "final": 1, "init+final": 2} {
		db := openDB(t)
		s := studyOf("s", 1, c)
		s.Keep.Weights = keep
		_, err := Night(ctx, db, []Study{s, studyOf("without", 1, c)}, Options{})
		check(t, err)
		weights, err := db.Weights(ctx, s.Runs[0].ID)
		check(t, err)
		if len(weights) != want {
			t.Errorf("%s: %d snapshots, want %d", keep, len(weights), want)
		}
	}
}

// After an early stop the run is what its best epoch was.
func TestEarlyStopKeepsBestEpoch(t *testing.T) {
	c := small(t, "xor")
	c.Epochs, c.LR, c.EarlyStop = 200, 2, mlp.EarlyStop{Metric: "loss", Patience: 3}
	s := studyOf("s", 5, c)
	s.Keep.Weights = "final"
	db := openDB(t)
	_, err := Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	stopped := 0
	for _, r := range s.Runs {
		row, err := db.Run(ctx, r.ID)
		check(t, err)
		epochs, err := db.Epochs(ctx, r.ID)
		check(t, err)
		best := slices.MinFunc(epochs[1:], func(a, b store.Epoch) int { return int(math.Copysign(1, a.Valid.Loss.V-b.Valid.Loss.V)) })
		equal(t, "test metrics", row.Test, best.Test)
		weights, err := db.Weights(ctx, r.ID)
		check(t, err)
		if weights[0].Epoch != best.Epoch {
			t.Errorf("weights of epoch %d, best was %d", weights[0].Epoch, best.Epoch)
		}
		if row.Epochs < c.Epochs && best.Epoch < row.Epochs {
			stopped++
		}
	}
	if stopped == 0 {
		t.Error("no run has stopped early: the test shows nothing")
	}
}

func TestResultsAreReused(t *testing.T) {
	db := openDB(t)
	first := mixed(t)
	_, err := Night(ctx, db, []Study{first}, Options{})
	check(t, err)
	before := read(t, db)

	var events []Event
	sum, err := Night(ctx, db, []Study{first}, Options{Observe: func(e Event) { events = append(events, e) }})
	check(t, err)
	if sum.Reused != 16 || sum.Done != 0 || sum.Left != 0 || len(events) != 0 {
		t.Errorf("the second night: %+v, events %v", sum, events)
	}
	equal(t, "the database", read(t, db), before)

	// Another study shares a cell and adds one.
	c := small(t, "xor")
	sum, err = Night(ctx, db, []Study{studyOf("other", 4, c, withLR(c, 0.25)), first}, Options{})
	check(t, err)
	if sum.Total != 20 || sum.Reused != 16 || sum.Done != 4 {
		t.Errorf("a night with another study: %+v", sum)
	}
	shared, err := db.Runs(ctx, "other")
	check(t, err)
	if len(shared) != 8 {
		t.Errorf("the other study has %d runs, want 8", len(shared))
	}
}

func TestOrderIsSeedMajorAcrossStudies(t *testing.T) {
	a, b := small(t, "xor"), small(t, "moons")
	one, two := studyOf("one", 3, a, withLR(a, 0.5)), studyOf("two", 3, b, a)
	var seeds []uint64
	var order []string
	sum, err := Night(ctx, openDB(t), []Study{one, two}, Options{Workers: 1, Observe: func(e Event) {
		if e.Kind == Started {
			seeds = append(seeds, e.Run.Seeds.Init)
			order = append(order, fmt.Sprint(e.Run.Data.Set, " ", e.Run.LR))
		}
	}})
	check(t, err)
	if sum.Total != 9 {
		t.Errorf("%d runs, want 9: the shared cell once", sum.Total)
	}
	equal(t, "seeds", seeds, []uint64{0, 0, 0, 1, 1, 1, 2, 2, 2})
	round := []string{"xor 0.1", "xor 0.5", "moons 0.1"}
	equal(t, "cells", order, slices.Concat(round, round, round))
}

// scripted is a training that does what its function says before every epoch.
type scripted struct {
	mlp.Training
	before func(epoch int)
	epoch  int
}

func (s *scripted) Next(ctx context.Context) (mlp.Epoch, bool, error) {
	s.before(s.epoch)
	s.epoch++
	return s.Training.Next(ctx)
}

// script makes trainings that call before with their configuration and epoch.
func script(before func(c mlp.Config, seeds mlp.Seeds, epoch int)) starter {
	return func(c mlp.Config, d mlp.Data, seeds mlp.Seeds) (mlp.Training, error) {
		t, err := mlp.Start(c, d, seeds)
		return &scripted{Training: t, before: func(epoch int) { before(c, seeds, epoch) }}, err
	}
}

func TestPanicIsFailureOfItsRun(t *testing.T) {
	db := openDB(t)
	c := small(t, "xor")
	s := studyOf("s", 3, c, withLR(c, 0.5))
	o := Options{start: script(func(c mlp.Config, seeds mlp.Seeds, epoch int) {
		if c.LR == 0.5 && seeds.Init == 1 && epoch == 2 {
			panic("index out of range")
		}
	})}
	sum, err := Night(ctx, db, []Study{s}, o)
	check(t, err)
	want := []Failure{{s.Runs[3].ID, "lr=0.5", "panic: index out of range"}}
	if sum.Failed != 1 || sum.Done != 5 || sum.Left != 0 || !slices.Equal(sum.Failures, want) {
		t.Errorf("%+v", sum)
	}
	row, err := db.Run(ctx, s.Runs[3].ID)
	check(t, err)
	if row.Status != store.Failed || row.Reason != want[0].Reason || !strings.Contains(row.Stack, "scripted") || row.Test.Loss.Valid {
		t.Errorf("the failed run: %+v", row)
	}

	// It is a failure on later nights, too, until it is retried.
	sum, err = Night(ctx, db, []Study{s}, o)
	check(t, err)
	if sum.Failed != 1 || sum.Reused != 5 || !slices.Equal(sum.Failures, want) {
		t.Errorf("the next night: %+v", sum)
	}
	sum, err = Night(ctx, db, []Study{s}, Options{RetryFailed: true})
	check(t, err)
	if sum.Failed != 0 || sum.Reused != 5 || sum.Done != 1 {
		t.Errorf("after a retry: %+v", sum)
	}
	row, err = db.Run(ctx, s.Runs[3].ID)
	check(t, err)
	if row.Status != store.Done || row.Reason != "" || row.Stack != "" {
		t.Errorf("the retried run: %+v", row)
	}
}

func TestImpossibleRunFails(t *testing.T) {
	c := small(t, "xor")
	bad := withLR(c, 0.5)
	bad.EarlyStop.Patience, bad.Data.Valid = 2, 0
	s := studyOf("s", 1, bad, c)
	sum, err := Night(ctx, openDB(t), []Study{s}, Options{})
	check(t, err)
	if sum.Failed != 1 || sum.Done != 1 || strings.Contains(sum.Failures[0].Reason, "\n") || !strings.Contains(sum.Failures[0].Reason, "validation") {
		t.Errorf("%+v", sum)
	}
}

func TestMissingDataIsFoundBeforeTheFirstStep(t *testing.T) {
	c := small(t, "xor")
	bad := c
	bad.Data, _ = dataset.Default("csv")
	bad.Data.Path = "nowhere.csv"
	db := openDB(t)
	_, err := Night(ctx, db, []Study{studyOf("s", 1, c, bad)}, Options{DataDirs: []string{t.TempDir()}, Observe: func(e Event) { t.Errorf("event %+v", e) }})
	if err == nil || !strings.Contains(err.Error(), "nowhere.csv") || !strings.Contains(err.Error(), "study s") {
		t.Errorf("%v", err)
	}
	if statuses, err := db.Statuses(ctx); err != nil || len(statuses) != 0 {
		t.Errorf("recorded all the same: %v, %v", statuses, err)
	}
}

// A night that is stopped in the middle of runs and continued leaves what an
// uninterrupted one leaves.
func TestInterruptedNightGoesOn(t *testing.T) {
	s := mixed(t)
	whole := openDB(t)
	_, err := Night(ctx, whole, []Study{s}, Options{})
	check(t, err)

	db := openDB(t)
	for night := 0; ; night++ {
		if night > 20 {
			t.Fatal("the nights do not get on")
		}
		stopped, cancel := context.WithCancel(ctx)
		var mu sync.Mutex
		steps := 0
		sum, err := Night(stopped, db, []Study{s}, Options{Workers: 2, start: script(func(_ mlp.Config, _ mlp.Seeds, epoch int) {
			mu.Lock()
			defer mu.Unlock()
			if steps++; steps == 11 { // within a run
				cancel()
			}
		})})
		cancel()
		check(t, err)
		statuses, err := db.Statuses(ctx)
		check(t, err)
		n := map[store.Status]int{}
		for _, status := range statuses {
			n[status]++
		}
		if n[store.Running] != 0 || n[store.Done]+n[store.Diverged] != sum.Total-sum.Left || n[store.Interrupted] != sum.Interrupted {
			t.Errorf("the database after night %d: %v, the summary: %+v", night, n, sum)
		}
		if sum.Left == 0 {
			if night < 2 {
				t.Errorf("the nights were stopped %d times only", night)
			}
			break
		}
		if sum.Interrupted == 0 || sum.Reused+sum.Done+sum.Diverged+sum.Left != sum.Total {
			t.Errorf("night %d: %+v", night, sum)
		}
	}
	equal(t, "the database", read(t, db), read(t, whole))
}

func TestStoppedBeforeTheFirstRun(t *testing.T) {
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	db := openDB(t)
	s := studyOf("s", 20, small(t, "xor"))
	sum, err := Night(stopped, db, []Study{s}, Options{Observe: func(e Event) { t.Errorf("event %+v", e) }})
	if err != nil || sum.Left != 20 || sum.Interrupted != 0 {
		t.Errorf("%+v, %v", sum, err)
	}
	if runs, err := db.Runs(ctx, "s"); err != nil || len(runs) != 20 {
		t.Errorf("%d runs are recorded, %v", len(runs), err)
	}
}

// After the stop no run is handed out, also where a worker is waiting for one.
func TestFeedAfterTheStop(t *testing.T) {
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	for range 20 {
		queue := make(chan job, 10)
		feed(stopped, queue, make([]job, 10))
		if n := len(queue); n > 0 {
			t.Fatalf("%d jobs were handed out", n)
		}
	}
}

// What a killed night left running is trained, and does not look running where it is not.
func TestKilledNight(t *testing.T) {
	db := openDB(t)
	c := small(t, "xor")
	s := studyOf("s", 2, c)
	p, err := newPlan([]Study{s}, nil)
	check(t, err)
	check(t, p.record(ctx, db, time.Now()))
	check(t, db.Start(ctx, time.Now(), s.Runs[0].ID, s.Runs[1].ID))
	if _, _, err := p.left(ctx, db, false); err != nil {
		t.Fatal(err)
	}
	statuses, err := db.Statuses(ctx)
	check(t, err)
	equal(t, "statuses", statuses, map[string]store.Status{s.Runs[0].ID: store.Interrupted, s.Runs[1].ID: store.Interrupted})
	sum, err := Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	if sum.Done != 2 {
		t.Errorf("%+v", sum)
	}
}

func TestUnwritableDatabaseStopsTheNight(t *testing.T) {
	db := openDB(t)
	c := small(t, "xor")
	s := studyOf("s", 50, c)
	last := uint64(0)
	sum, err := Night(ctx, db, []Study{s}, Options{Workers: 1, start: script(func(_ mlp.Config, seeds mlp.Seeds, epoch int) {
		last = seeds.Init
		if last == 2 && epoch == 1 {
			db.Close()
		}
	})})
	if err == nil || strings.Count(err.Error(), "\n") > 0 || !strings.Contains(err.Error(), "stopped") {
		t.Fatalf("%v", err)
	}
	if sum.Done > 2 || sum.Left < 48 {
		t.Errorf("%+v", sum)
	}
	if last == 49 {
		t.Error("the night went on to its end")
	}
}

// Events come one at a time, in the order of each run, and count up to the summary.
func TestEvents(t *testing.T) {
	s := mixed(t)
	busy := false // no lock: the race detector watches
	last := map[string]Event{}
	var final Progress
	sum, err := Night(ctx, openDB(t), []Study{s}, Options{Workers: 2, Observe: func(e Event) {
		if busy {
			t.Error("two events at once")
		}
		busy = true
		defer func() { busy = false }()
		before, known := last[e.Run.ID]
		switch {
		case (e.Kind == Started) == known:
			t.Errorf("%v after %v", e.Kind, before.Kind)
		case e.Kind == Trained && before.Kind == Trained && e.Epoch != before.Epoch+1:
			t.Errorf("epoch %d after %d", e.Epoch, before.Epoch)
		case e.Kind == Trained && e.Of != e.Run.Epochs:
			t.Errorf("epoch %d of %d", e.Epoch, e.Of)
		case e.Kind == Finished && e.Status == store.Done && (e.Examples != 3*40 || before.Epoch != 3):
			t.Errorf("finished %+v after %+v", e, before)
		case e.Running < 0 || e.Running > 16 || e.Total != 16:
			t.Errorf("%+v", e.Progress)
		}
		last[e.Run.ID] = e
		final = e.Progress
	}})
	check(t, err)
	for id, e := range last {
		if e.Kind != Finished {
			t.Errorf("run %s ended with %v", id, e.Kind)
		}
	}
	equal(t, "the last event's counts", final, sum.Progress)
	if len(last) != 16 || sum.Examples < 12*120 || sum.Seconds <= 0 || sum.Elapsed <= 0 {
		t.Errorf("%+v", sum)
	}
}
