package runner

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nightshift/internal/cost"
	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

func TestBitsDoNotDependOnWorkers(t *testing.T) {
	s := mixed(t)
	var want contents
	for workers := 1; workers <= 3; workers++ {
		db := openDB(t)
		sum, err := Night(ctx, db, []Study{s}, Options{Workers: workers, Provenance: store.Provenance{Version: "test"}})
		check(t, err)
		if sum.Total != 16 || sum.Done != 12 || sum.Diverged != 4 || sum.Remaining != 0 || sum.Failed != 0 || sum.Running != 0 {
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
	_, err := Night(ctx, db, []Study{s}, Options{Workers: 1, Now: clock,
		Provenance: store.Provenance{Version: "1.2", Host: "here"}})
	check(t, err)
	for _, r := range slices.Concat(s.Runs[:3], s.Runs[4:7]) { // classification twice, regression
		d, err := dataset.NewFiles(nil).Load(r.Data, r.Seeds.Data)
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
		for name, v := range map[string]store.Number{"error": row.Test.Error, "nll": row.Test.NLL, "brier": row.Test.Brier,
			"ece": row.Test.ECE} {
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
		equal(t, r.Label+" outputs", outputs, training.Logits(trainingData(d).Test))
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
	if len(members) != len(s.Runs) || members[1].RunID != s.Runs[1].ID || members[1].CellLabel != "lr=0.5" ||
		string(members[1].Axes) != `[{"axis":"lr","label":"0.5","value":0.5}]` {
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
		best := slices.MinFunc(epochs[1:], func(a,
			b store.Epoch) int {
			return int(math.Copysign(1, a.Valid.Loss.V-b.Valid.Loss.V))
		})
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
	if sum.Reused != 16 || sum.Done != 0 || sum.Remaining != 0 || len(events) != 0 {
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

// Rows of runs are in the order in which these are trained, also where a study lists cell after cell.
func TestRecordedAsTrained(t *testing.T) {
	c := small(t, "xor")
	s := studyOf("one", 3, c, withLR(c, 0.5))
	slices.SortStableFunc(s.Runs, func(a, b study.Run) int { return cmp.Compare(a.LR, b.LR) })
	db := openDB(t)
	var trained []string
	_, err := Night(ctx, db, []Study{s}, Options{Workers: 1, Observe: func(e Event) {
		if e.Kind == Started {
			trained = append(trained, e.Run.ID)
		}
	}})
	check(t, err)
	rows, err := db.Runs(ctx, "")
	check(t, err)
	var recorded []string
	for _, r := range rows {
		recorded = append(recorded, r.ID)
	}
	equal(t, "runs", recorded, trained)
}

// Events come one at a time, in the order of each run, and count up to the summary.
func TestEvents(t *testing.T) {
	s := mixed(t)
	busy := false // no lock: the race detector watches
	last := map[string]Event{}
	var final Progress
	worked := 0.0
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
		case e.Kind == Trained && before.Kind == Trained && e.Epoch <= before.Epoch:
			t.Errorf("epoch %d after %d", e.Epoch, before.Epoch)
		case e.Kind == Trained && e.Of != e.Run.Epochs:
			t.Errorf("epoch %d of %d", e.Epoch, e.Of)
		case e.Kind == Finished && e.Status == store.Done && (e.Examples != 3*40 || before.Epoch != 3):
			t.Errorf("finished %+v after %+v", e, before)
		case e.Worked < worked || e.Worked > e.Work*(1+1e-9):
			t.Errorf("work went from %v to %v of %v", worked, e.Worked, e.Work)
		case e.Running < 0 || e.Running > 16 || e.Total != 16:
			t.Errorf("%+v", e.Progress)
		}
		last[e.Run.ID] = e
		final = e.Progress
		worked = e.Worked
	}})
	check(t, err)
	for id, e := range last {
		if e.Kind != Finished {
			t.Errorf("run %s ended with %v", id, e.Kind)
		}
	}
	equal(t, "the last event's counts", final, sum.Progress)
	var work float64
	for _, e := range last {
		shape, err := NewSources(nil).Shape(e.Run.Data)
		check(t, err)
		work += cost.ReferenceSeconds(cost.Training(e.Run.Config.Config, shape, 0, e.Run.Epochs))
	}
	if math.Abs(sum.Work-work) > 1e-9*work || math.Abs(sum.Worked-work) > 1e-9*work {
		t.Errorf("work %v of %v, want all of %v", sum.Worked, sum.Work, work)
	}
	if len(last) != 16 || sum.Examples < 12*120 || sum.Seconds <= 0 || sum.Elapsed <= 0 {
		t.Errorf("%+v", sum)
	}
}
