package runner

import (
	"strings"
	"testing"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// trainedFor is a study of configurations that all have so many epochs, with the identities of studies that are read.
func trainedFor(epochs int, configs ...study.Config) Study {
	for i := range configs {
		configs[i].Epochs = epochs
	}
	s := studyOf("s", 2, configs...)
	for i := range s.Runs {
		r := &s.Runs[i]
		r.Fingerprint = "its data"
		r.Cell = r.WithEpochs(epochs)
		r.ID = r.Seeds.Of(r.Cell)
	}
	return s
}

// Runs with more epochs go on from the end of those with fewer, to the database that they leave from their start.
func TestMoreEpochs(t *testing.T) {
	for name, test := range map[string]struct {
		every int
		keep  study.Keep
	}{
		"thin": {3, study.Keep{Weights: "none"}}, "best": {1, study.Keep{Weights: "best"}},
		"every": {1, study.Keep{Weights: "every", Every: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			db, whole := openDB(t), openDB(t)
			c := small(t, "blobs")
			c.Log, c.Dropout.Hidden, c.BatchNorm = mlp.Log{Every: test.every, Layers: true}, 0.2, true
			s, longer := trainedFor(4, c, withLR(c, 1e30)), trainedFor(7, c, withLR(c, 1e30)) // the second diverges
			s.Keep, longer.Keep = test.keep, test.keep
			_, err := Night(ctx, db, []Study{s}, Options{})
			check(t, err)
			from := map[string]int{}
			sum, err := Night(ctx, db, []Study{longer}, Options{Observe: func(e Event) {
				if e.Kind == Finished {
					from[e.Run.ID] = e.From
				}
			}})
			check(t, err)
			if sum.Done != 2 || sum.Diverged != 2 {
				t.Errorf("night: %+v", sum)
			}
			_, err = Night(ctx, whole, []Study{longer}, Options{})
			check(t, err)
			_, err = Night(ctx, whole, []Study{s}, Options{})
			check(t, err)
			equal(t, "the database", read(t, db), read(t, whole))
			nothingIsLeftOver(t, db)
			for _, r := range longer.Runs {
				want := 4
				if r.Config.LR == 1e30 {
					want = 0
				}
				equal(t, "from", from[r.ID], want)
			}
		})
	}
}

// Where a run does not go on from one with fewer epochs it is said why, and it is trained from its start.
func TestMoreEpochsFromTheStart(t *testing.T) {
	c := small(t, "blobs")
	stopping, cosine, large, short := c, c, c, c
	stopping.EarlyStop.Patience = 3
	cosine.Schedule.Name = "cosine"
	large.Hidden, large.Batch = []int{maxFinalState / 8}, 1 // which takes some 0.1 s
	short.Hidden = []int{200}
	for name, test := range map[string]struct {
		c      study.Config
		then   Options // of the night with fewer epochs
		change func(*testing.T, *store.DB)
		why    string
	}{
		"early stopping": {c: stopping, why: "early_stop"},
		"schedule":       {c: cosine, why: "schedule cosine"},
		"large":          {c: large, why: "not kept"},
		"short":          {c: short, why: "not kept"},
		"collected": {c: c, change: func(t *testing.T, db *store.DB) {
			_, err := db.Collect(ctx, false)
			check(t, err)
		}, why: "not kept"},
		"another program": {c: c, then: Options{Provenance: store.Provenance{Version: "0"}}, why: "another program"},
		"it goes on":      {c: c},
	} {
		t.Run(name, func(t *testing.T) {
			db := openDB(t)
			s, longer := trainedFor(3, test.c), trainedFor(5, test.c)
			_, err := Night(ctx, db, []Study{s}, test.then)
			check(t, err)
			if test.change != nil {
				test.change(t, db)
			}
			known, err := night.Read(ctx, db, []Study{longer}, time.Now(), night.Lease)
			check(t, err)
			e, ok := known.Agenda(false, longer).Extension(longer.Runs[0].ID)
			if !ok || !strings.Contains(e.Why, test.why) || (e.Why == "") != (test.why == "") {
				t.Errorf("extension %+v, %v", e, ok)
			}
			sum, err := Night(ctx, db, []Study{longer}, Options{})
			check(t, err)
			if sum.Done != 2 {
				t.Errorf("night: %+v", sum)
			}
		})
	}
}
