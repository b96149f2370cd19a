package runner

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/mlp"
)

// large is a configuration that needs more memory than free, which is enough for small ones.
func large(t *testing.T, seeds int) (s Study, free int64) {
	c := small(t, "xor")
	wide := withLR(c, 0.5)
	wide.Hidden = []int{400, 400}
	s = studyOf("s", seeds, wide, c)
	p, err := newPlan([]Study{s}, NewSources(nil))
	check(t, err)
	// By hand: 4 vectors of 4 bytes for training, none of the optimiser, and 5 for saving.
	if n := p.jobs[0].cell.bytes; n < 9*4*162_402 || n > 9*4*162_402+700_000 {
		t.Fatalf("it needs %d bytes", n)
	}
	return s, p.jobs[0].cell.bytes - 1
}

// A run that does not fit into the memory has failed, with what it needs and what is free; all
// others are trained.
func TestTooLargeFails(t *testing.T) {
	s, free := large(t, 2)
	db := openDB(t)
	o := Options{Workers: 2, Free: func() int64 { return free }}
	sum, err := Night(ctx, db, []Study{s}, o)
	check(t, err)
	if sum.Done != 2 || sum.Failed != 2 || sum.Remaining != 0 {
		t.Fatalf("%+v", sum)
	}
	for _, f := range sum.Failures {
		if !strings.Contains(f.Reason, "needs about 6.49 MB") || !strings.Contains(f.Reason, "MB are free") {
			t.Errorf("%q", f.Reason)
		}
	}
	m, err := newModel(db, s)
	check(t, err)
	if n, needs := m.TooLarge(Options{RetryFailed: true}, free, s); n != 2 || needs != free+1 {
		t.Errorf("%d runs are too large, one needs %d", n, needs)
	}
	free++
	if n, _ := m.TooLarge(Options{RetryFailed: true}, free, s); n != 0 {
		t.Errorf("%d runs are too large where there is enough", n)
	}
	o.RetryFailed = true
	sum, err = Night(ctx, db, []Study{s}, o)
	check(t, err)
	if sum.Done != 2 || sum.Failed != 0 {
		t.Errorf("with enough memory: %+v", sum)
	}
}

// apart gives options that note which runs, by seed and learning rate, were trained while others were.
func apart(o Options) (Options, map[string]bool) {
	var mu sync.Mutex
	running, over, beside := map[string]bool{}, map[string]bool{}, map[string]bool{}
	o.start = func(c mlp.Config, d mlp.Data, seeds mlp.Seeds) (mlp.Training, error) {
		training, err := mlp.Start(c, d, seeds)
		run := fmt.Sprint(c.LR, " ", seeds.Init)
		return &slow{training, 0, func(begins, last bool) {
			mu.Lock()
			defer mu.Unlock()
			if over[run] = over[run] || last; over[run] {
				delete(running, run)
			} else {
				running[run] = true
			}
			for id := range running {
				beside[id] = beside[id] || len(running) > 1
			}
		}}, err
	}
	return o, beside
}

// What seems not to fit is trained in the end, alone, if it does by then.
func TestTrainedAlone(t *testing.T) {
	s, enough := large(t, 3)
	looks := 0
	o, beside := apart(Options{Workers: 3, Free: func() int64 {
		if looks++; looks == 1 {
			return enough
		}
		return 10 * enough
	}})
	m, err := newModel(nil, s)
	check(t, err)
	o.Model = m
	sum, err := Night(ctx, openDB(t), []Study{s}, o)
	check(t, err)
	if sum.Done != 6 {
		t.Errorf("%+v", sum)
	}
	for seed := range 3 {
		if run := fmt.Sprint("0.5 ", seed); beside[run] {
			t.Errorf("%s was trained beside others", run)
		}
	}
}

// killed is a process that the kernel has ended because memory ran out while it was training runs.
func killed(t *testing.T, db *store.DB, id string, runs ...string) {
	t.Helper()
	host, start := night.Self()
	if start == "" {
		t.Skip("no /proc")
	}
	check(t, db.Register(ctx, store.Owner{ID: id, Host: host, PID: 1 << 30, Start: start + " -1,0,0,", Seen: time.Now()}))
	held, err := db.Hold(ctx, id, time.Now(), runs...)
	check(t, err)
	if len(held) != len(runs) {
		t.Fatalf("it holds %v", held)
	}
	check(t, db.Start(ctx, time.Now(), store.Provenance{}, runs...))
}

// A run whose process was ended for lack of memory is trained alone; after the second time it
// has failed, and nothing else with it.
func TestTwoNightsOutOfMemory(t *testing.T) {
	if _, err := os.Stat("/proc/vmstat"); err != nil {
		t.Skip("no /proc/vmstat")
	}
	db := openDB(t)
	s := studyOf("s", 6, small(t, "xor"))
	recorded(t, db, s)
	killed(t, db, "first", s.Runs[0].ID, s.Runs[1].ID)
	o, beside := apart(Options{Workers: 3})
	stopped, stop := context.WithCancel(ctx)
	stop()
	_, err := Night(stopped, db, []Study{s}, o) // which only takes over
	check(t, err)
	for _, r := range s.Runs[:2] {
		row, err := db.Run(ctx, r.ID)
		check(t, err)
		if row.Status != store.Interrupted || row.Reason != night.OutOfMemoryOnce {
			t.Errorf("%s: %s", row.Status, row.Reason)
		}
	}
	killed(t, db, "second", s.Runs[1].ID)
	sum, err := Night(ctx, db, []Study{s}, o)
	check(t, err)
	if sum.Done != 5 || sum.Failed != 1 || sum.Failures[0].ID != s.Runs[1].ID || sum.Failures[0].Reason != night.OutOfMemoryTwice {
		t.Errorf("%+v", sum)
	}
	if beside["0.1 0"] {
		t.Error("a suspect was trained beside others")
	}
	row, err := db.Run(ctx, s.Runs[0].ID)
	check(t, err)
	if row.Status != store.Done || row.Reason != "" {
		t.Errorf("%s: %q", row.Status, row.Reason)
	}
	sum, err = Night(ctx, db, []Study{s}, Options{RetryFailed: true})
	check(t, err)
	if sum.Done != 1 || sum.Failed != 0 {
		t.Errorf("retried: %+v", sum)
	}
}
