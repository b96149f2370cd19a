package runner

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"nightshift/internal/store"
	"nightshift/mlp"
)

// A night whose deadline leaves a competition open ends, and says so: the last that it
// begins are the runs that the others wait for.
func TestDeadlineAtARung(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := pruning(contest(t, 2), 0.4, 2, 5)
		db := openDB(t)
		long := s.Runs[5].Config
		of := func(c mlp.Config) string { return fmt.Sprint(c.LR, c.Batch, c.BatchNorm) }
		o := slowly(t, 2, map[string]time.Duration{of(long.Config): 2 * time.Hour}, of)
		judged := map[string]int{} // the first end that a run is judged by
		o.Deadline = time.Now().Add(time.Hour)
		o.estimate = func(j job) time.Duration {
			if judged[j.run.ID] == 0 {
				judged[j.run.ID] = j.to()
			}
			if j.run.Cell == s.Runs[5].Cell {
				return 2 * time.Hour
			}
			return 0
		}
		sum, err := Night(ctx, db, []Study{s}, o)
		check(t, err)
		if !sum.Deadline || sum.Remaining == 0 {
			t.Errorf("%+v", sum)
		}
		for id, to := range judged {
			if to != 2 {
				t.Errorf("run %.12s is judged by epoch %d", id, to)
			}
		}
		if n := statuses(t, db, s.Name); n[store.Running] > 0 || n[store.Interrupted] != sum.Remaining {
			t.Errorf("%v, %+v", n, sum)
		}
		sum, err = Night(ctx, db, []Study{s}, Options{})
		check(t, err)
		if sum.Remaining != 0 {
			t.Errorf("%+v", sum)
		}
		asPlayed(t, s, db, full(t, s))
	})
}

// Events of a competition: each run begins, waits, goes on and ends in an order that
// can be followed, and the work adds up at every moment.
func TestEventsOfACompetition(t *testing.T) {
	s := pruning(contest(t, 2), 0.4, 2, 5)
	other := studyOf("other", 3, small(t, "moons"))
	last := map[string]Event{}
	worked := 0.0
	sum, err := Night(ctx, openDB(t), []Study{s, other}, Options{Workers: 2, Observe: func(e Event) {
		before, known := last[e.Run.ID]
		switch {
		case e.Worked < worked-1e-6 || e.Worked > e.Work*(1+1e-9):
			t.Errorf("work went from %v to %v of %v", worked, e.Worked, e.Work)
		case e.Kind == Expected:
			return
		case e.Kind == Started && known && before.Kind != Waits, e.Kind == Waits && before.Kind != Trained:
			t.Errorf("%v after %v", e.Kind, before.Kind)
		case e.Kind == Finished && e.Status == store.Pruned &&
			(before.Kind != Waits || e.Epochs != before.Epochs || e.Worker != 0):
			t.Errorf("pruned: %+v after %+v", e, before)
		case e.Running < 0 || e.Running > 2+8: // the writer tells of those that are over a little later
			t.Errorf("%d are running", e.Running)
		}
		worked, last[e.Run.ID] = e.Worked, e
	}})
	check(t, err)
	for id, e := range last {
		if e.Kind != Finished {
			t.Errorf("run %s ended with %v", id, e.Kind)
		}
	}
	examples := 0
	for _, e := range last {
		examples += 40 * e.Epochs
	}
	if sum.Examples != examples || sum.Total != 19 || sum.Trained != 19 || sum.Running != 0 {
		t.Errorf("%d examples in all: %+v", examples, sum)
	}
}

// Verify trains a pruned run again as far as it went, its weights included.
func TestVerifyOfACompetition(t *testing.T) {
	s := pruning(contest(t, 1), 0.4, 2, 5)
	db := openDB(t)
	_, err := Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	n := 0
	for _, r := range s.Runs {
		v, err := Verify(ctx, db, r.ID, NewSources(nil), Options{})
		check(t, err)
		if v.Difference != nil {
			t.Errorf("%s: %v", v.Run.Label, v.Difference)
		}
		if v.Run.Status == store.Pruned {
			n++
			if !v.Digest || v.Epochs != v.Run.Epochs+1 {
				t.Errorf("%s: %+v", v.Run.Label, v)
			}
		}
	}
	if n != 5 {
		t.Errorf("%d were pruned", n)
	}
}

// Ctrl-C while cells compete ends the night at once, also where workers wait.
func TestStoppedInACompetition(t *testing.T) {
	s := pruning(contest(t, 2), 0.4, 2, 5)
	stopped, cancel := context.WithCancel(ctx)
	defer cancel()
	db := openDB(t)
	waited := 0
	sum, err := Night(stopped, db, []Study{s}, Options{Workers: 8, Observe: func(e Event) {
		if e.Kind == Waits {
			if waited++; waited == 5 {
				cancel()
			}
		}
	}})
	check(t, err)
	if sum.Remaining == 0 || sum.Trained < 5 {
		t.Errorf("%+v", sum)
	}
	_, err = Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	asPlayed(t, s, db, full(t, s))
}

// A run that has come further than its rung, for a study that is not trained
// tonight, keeps what it has when it is pruned.
func TestPrunedBeyondItsRung(t *testing.T) {
	s := pruning(contest(t, 1), 0.4, 2, 5)
	loser := s.Runs[3] // lr=0
	plain := named(s, "plain", nil, s.Runs[3:4])
	db := openDB(t)
	stopped, cancel := context.WithCancel(ctx)
	defer cancel()
	_, err := Night(stopped, db, []Study{plain}, Options{Workers: 1, start: script(func(_ mlp.Config, _ mlp.Seeds, epoch int) {
		if epoch == 8 {
			cancel()
		}
	})})
	check(t, err)
	sum, err := Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	row, err := db.Run(ctx, loser.ID)
	check(t, err)
	if sum.Remaining != 0 || row.Status != store.Pruned || row.Epochs != 7 || !row.Valid.Loss.Valid {
		t.Errorf("%+v, %+v", sum, row)
	}
	if v, err := Verify(ctx, db, loser.ID, NewSources(nil), Options{}); err != nil || v.Difference != nil || v.Epochs != 8 {
		t.Errorf("%+v, %v", v, err)
	}
	nothingIsLeftOver(t, db)
	_, err = Night(ctx, db, []Study{plain}, Options{})
	check(t, err)
	if row, err := db.Run(ctx, loser.ID); err != nil || row.Status != store.Done || row.Epochs != 9 {
		t.Errorf("wanted in full again: %+v, %v", row, err)
	}
}

// Workers that find nothing to train while a competition is open are there when it is decided.
func TestWorkersWaitForACompetition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := small(t, "xor")
		c.Epochs = 6
		s := pruning(studyOf("s", 2, withLR(c, 0.5), withLR(c, 0)), 0.5, 2)
		slowly := func(training mlp.Training, err error, c mlp.Config, seeds mlp.Seeds) (mlp.Training, error) {
			takes := 10 * time.Second
			if c.LR == 0 && seeds.Init == 1 { // the last to come to the rung
				takes = 25 * time.Second
			}
			return &slow{training, takes, func(bool, bool) {}}, err
		}
		sum, err := Night(ctx, openDB(t), []Study{s},
			Options{Workers: 2, period: context.WithCancel,
				start: func(c mlp.Config, d mlp.Data, seeds mlp.Seeds) (mlp.Training, error) {
					training, err := mlp.Start(c, d, seeds)
					return slowly(training, err, c, seeds)
				}, resume: func(c mlp.Config, d mlp.Data, seeds mlp.Seeds, state []byte) (mlp.Training, error) {
					training, err := mlp.Resume(c, d, seeds, state)
					return slowly(training, err, c, seeds)
				}})
		check(t, err)
		// One to the rung, the slow one behind it, then both winners beside each other; the writer takes a moment.
		if want := 30*time.Second + 75*time.Second + 50*time.Second; sum.Done != 2 || sum.Elapsed < want ||
			sum.Elapsed > want+time.Second {
			t.Errorf("took %v, want %v: %+v", sum.Elapsed, want, sum)
		}
	})
}
