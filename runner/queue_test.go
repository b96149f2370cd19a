package runner

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/mlp"
)

// counting makes trainings and counts how often each run begins.
type counting struct {
	mu    sync.Mutex
	times map[string]int
}

func (c *counting) start(config mlp.Config, d mlp.Data, seeds mlp.Seeds) (mlp.Training, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.times == nil {
		c.times = map[string]int{}
	}
	c.times[fmt.Sprint(config.LR, seeds)]++
	return mlp.Start(config, d, seeds)
}

// together has several nights at once on one database.
func together(t *testing.T, n int, path string, s Study, o Options) []Summary {
	t.Helper()
	sums := make([]Summary, n)
	var nights sync.WaitGroup
	for i := range sums {
		nights.Go(func() {
			db, err := store.Open(path)
			if err != nil {
				t.Error(err)
				return
			}
			defer db.Close()
			if sums[i], err = Night(ctx, db, []Study{s}, o); err != nil {
				t.Error(err)
			}
		})
	}
	nights.Wait()
	return sums
}

// Several nights at once share their runs: each is trained once, and every
// night has all of them in the end.
func TestNightsShareTheirRuns(t *testing.T) {
	c := small(t, "xor")
	s := studyOf("s", 40, c, withLR(c, 0.5))
	whole := openDB(t)
	_, err := Night(ctx, whole, []Study{s}, Options{})
	check(t, err)

	path := newPath(t)
	var trained counting
	for _, sum := range together(t, 4, path, s, Options{Workers: 2, start: trained.start}) {
		if sum.Remaining != 0 || sum.Done+sum.Reused != 80 {
			t.Errorf("%+v", sum)
		}
	}
	if len(trained.times) != 80 {
		t.Errorf("%d runs were trained", len(trained.times))
	}
	for run, n := range trained.times {
		if n != 1 {
			t.Errorf("run %s was trained %d times", run, n)
		}
	}
	db, err := store.Open(path)
	check(t, err)
	defer db.Close()
	equal(t, "the database", read(t, db), read(t, whole))
	nothingIsLeftOver(t, db)
}

// recorded puts the studies into the database, as a night does that trains nothing.
func recorded(t testing.TB, db *store.DB, studies ...Study) {
	t.Helper()
	p, err := newPlan(studies, NewSources(nil))
	check(t, err)
	check(t, p.record(ctx, db, new(night.Snapshot).Agenda(false), time.Now()))
}

// elsewhere is an owner on another machine, of whom only his heartbeat can be seen.
func elsewhere(t *testing.T, db *store.DB, held ...string) store.Owner {
	t.Helper()
	o := store.Owner{ID: "elsewhere", Host: "another host", PID: 7, Seen: time.Now()}
	check(t, db.Register(ctx, o))
	got, err := db.Hold(ctx, o.ID, time.Now(), held...)
	check(t, err)
	equal(t, "held", got, held)
	return o
}

// A night waits for what another process is training and counts it as there.
func TestOthersAreWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := small(t, "xor")
		s := studyOf("s", 3, c)
		whole := openDB(t)
		_, err := Night(ctx, whole, []Study{s}, Options{})
		check(t, err)
		first, err := whole.Run(ctx, s.Runs[0].ID)
		check(t, err)
		db := openDB(t)
		recorded(t, db, s)
		o := elsewhere(t, db, s.Runs[0].ID)
		go func() {
			for range 50 {
				time.Sleep(10 * time.Second)
				check(t, db.Beat(ctx, o.ID, time.Now()))
			}
			check(t, db.Finish(ctx, store.Result{Run: first}))
			check(t, db.Forget(ctx, o.ID))
		}()
		var order []Kind
		sum, err := Night(ctx, db, []Study{s}, Options{Observe: func(e Event) {
			if e.Run.ID == first.ID {
				order = append(order, e.Kind)
			}
		}})
		check(t, err)
		if sum.Done != 2 || sum.Reused != 1 || sum.Remaining != 0 || sum.Trained != 2 ||
			math.Abs(sum.Worked-sum.Work) > 1e-9*sum.Work {
			t.Errorf("%+v", sum)
		}
		if sum.Elapsed < 500*time.Second || sum.Elapsed > 502*time.Second {
			t.Errorf("waited for %v", sum.Elapsed)
		}
		equal(t, "events", order, []Kind{Elsewhere})
	})
}

// A process that has not been heard of for a lease has died: what it had
// held is trained here.
func TestDeadOwnersAreInherited(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := openDB(t)
		s := studyOf("s", 3, small(t, "xor"))
		recorded(t, db, s)
		elsewhere(t, db, s.Runs[0].ID, s.Runs[1].ID)
		check(t, db.Start(ctx, time.Now(), store.Provenance{}, s.Runs[0].ID))
		sum, err := Night(ctx, db, []Study{s}, Options{Lease: 5 * time.Minute})
		check(t, err)
		if sum.Done != 3 || sum.Elapsed < 5*time.Minute || sum.Elapsed > 5*time.Minute+2*time.Second {
			t.Errorf("%+v", sum)
		}
		nothingIsLeftOver(t, db)
	})
}

// A night that stops does not wait for others.
func TestStoppedWhileWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := openDB(t)
		s := studyOf("s", 3, small(t, "xor"))
		recorded(t, db, s)
		elsewhere(t, db, s.Runs[0].ID)
		stopped, cancel := context.WithTimeout(ctx, 20*time.Second)
		defer cancel()
		sum, err := Night(stopped, db, []Study{s}, Options{})
		check(t, err)
		if sum.Done != 2 || sum.Remaining != 1 || sum.Interrupted != 0 || sum.Elapsed != 20*time.Second {
			t.Errorf("%+v", sum)
		}
	})
}

// A process that was forgotten (its machine slept, and another took over) stops
// what it trains without writing anything, and goes on with what is left.
func TestLostHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := studyOf("s", 3, small(t, "xor"))
		whole := openDB(t)
		_, err := Night(ctx, whole, []Study{s}, Options{})
		check(t, err)
		db := openDB(t)
		var other store.Owner
		sum, err := Night(ctx, db, []Study{s}, Options{Workers: 1, start: script(func(_ mlp.Config, seeds mlp.Seeds, epoch int) {
			if seeds.Init != 1 || epoch != 2 || other.ID != "" {
				return
			}
			owners, err := db.Owners(ctx)
			check(t, err)
			check(t, db.Forget(ctx, owners[0].ID))
			other = elsewhere(t, db, s.Runs[1].ID)
			time.Sleep(21 * time.Second) // until the next heartbeat
		}), Observe: func(e Event) {
			if e.Run.ID == s.Runs[1].ID && e.Kind == Finished && e.Status != store.Running && e.Status != store.Done {
				t.Errorf("%+v", e)
			}
		}})
		check(t, err)
		if sum.Done != 3 || sum.Remaining != 0 || sum.Elapsed < time.Minute {
			t.Errorf("%+v", sum)
		}
		equal(t, "the database", read(t, db), read(t, whole))
		nothingIsLeftOver(t, db)
	})
}

// Short runs are held together, long ones one by one.
func TestFew(t *testing.T) {
	c := small(t, "xor")
	long := c
	long.Epochs = 3000
	var short []job
	for range 200 {
		short = append(short, studyJobs(studyOf("s", 1, c))...)
	}
	q := &queue{o: Options{Workers: 2}}
	if first, rest := q.takeBatch(short); len(first) != 1 || len(rest) != 199 {
		t.Errorf("%d are held before anything is known", len(first))
	}
	q.speed = short[0].work() / 0.008 // 8 ms each: 25 in 100 ms on two workers
	if first, rest := q.takeBatch(short); len(first) != 25 || len(rest) != 175 {
		t.Errorf("%d runs of 8 ms are held at once", len(first))
	}
	q.speed *= 1000
	if first, _ := q.takeBatch(short); len(first) != 128 {
		t.Errorf("%d runs of 8 us are held at once", len(first))
	}
	q.speed /= 1000
	mixed := slices.Concat(short[:3], studyJobs(studyOf("l", 5, long)))
	if first, _ := q.takeBatch(mixed); len(first) != 3 {
		t.Errorf("%d are held: 3 short ones come first", len(first))
	}
	if first, rest := q.takeBatch(mixed[3:]); len(first) != 1 || len(rest) != 4 {
		t.Errorf("%d runs of 8 s are held at once", len(first))
	}
}

func studyJobs(s Study) []job {
	var jobs []job
	for i := range s.Runs {
		jobs = append(jobs, job{run: &s.Runs[i], cell: &cellInfo{parameters: 22, work: float64(s.Runs[i].Epochs)}})
	}
	return jobs
}
