package runner

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"nightshift/internal/dataset"
	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/mlp"
)

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
	if sum.Failed != 1 || sum.Done != 5 || sum.Remaining != 0 || !slices.Equal(sum.Failures, want) {
		t.Errorf("%+v", sum)
	}
	row, err := db.Run(ctx, s.Runs[3].ID)
	check(t, err)
	if row.Status != store.Failed || row.Reason != want[0].Reason || !strings.Contains(row.Stack, "scripted") ||
		row.Test.Loss.Valid {
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
	if sum.Failed != 1 || sum.Done != 1 || strings.Contains(sum.Failures[0].Reason, "\n") ||
		!strings.Contains(sum.Failures[0].Reason, "validation") {
		t.Errorf("%+v", sum)
	}
}

func TestMissingDataIsFoundBeforeTheFirstStep(t *testing.T) {
	c := small(t, "xor")
	bad := c
	bad.Data, _ = dataset.Default("csv")
	bad.Data.Path = "nowhere.csv"
	db := openDB(t)
	_, err := Night(ctx, db, []Study{studyOf("s", 1, c, bad)},
		Options{Sources: NewSources([]string{t.TempDir()}), Observe: func(e Event) { t.Errorf("event %+v", e) }})
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
		if n[store.Running] != 0 || n[store.Done]+n[store.Diverged] != sum.Total-sum.Remaining ||
			n[store.Interrupted] != sum.Interrupted {
			t.Errorf("the database after night %d: %v, the summary: %+v", night, n, sum)
		}
		if sum.Remaining == 0 {
			if night < 2 {
				t.Errorf("the nights were stopped %d times only", night)
			}
			break
		}
		if sum.Interrupted == 0 || sum.Reused+sum.Done+sum.Diverged+sum.Remaining != sum.Total {
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
	if err != nil || sum.Remaining != 20 || sum.Interrupted != 0 {
		t.Errorf("%+v, %v", sum, err)
	}
	if runs, err := db.Runs(ctx, "s"); err != nil || len(runs) != 20 {
		t.Errorf("%d runs are recorded, %v", len(runs), err)
	}
}

// What a killed night left running is trained, and does not look running where it is not.
func TestKilledNight(t *testing.T) {
	db := openDB(t)
	c := small(t, "xor")
	s := studyOf("s", 2, c)
	recorded(t, db, s)
	host, start := night.Self()
	ids := []string{s.Runs[0].ID, s.Runs[1].ID}
	check(t, db.Register(ctx, store.Owner{ID: "killed", Host: host, PID: 1 << 30, Start: start, Seen: time.Now()}))
	_, err := db.Hold(ctx, "killed", time.Now(), ids...)
	check(t, err)
	check(t, db.Start(ctx, time.Now(), store.Provenance{}, ids...))
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	_, err = Night(stopped, db, []Study{s}, Options{})
	check(t, err)
	statuses, err := db.Statuses(ctx)
	check(t, err)
	equal(t, "statuses", statuses, map[string]store.Status{ids[0]: store.Interrupted, ids[1]: store.Interrupted})
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
	if sum.Done > 2 || sum.Remaining < 48 {
		t.Errorf("%+v", sum)
	}
	if last == 49 {
		t.Error("the night went on to its end")
	}
}
