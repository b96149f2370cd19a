package runner

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// steps is a context that ends when it has been asked n times whether it has.
type steps struct {
	context.Context
	n int
}

func (s *steps) Err() error {
	if err := s.Context.Err(); err != nil {
		return err
	}
	if s.n--; s.n < 0 {
		return context.DeadlineExceeded
	}
	return nil
}

// everySteps makes checkpoints due after n steps, in the middle of epochs.
func everySteps(n int) func(context.Context) (context.Context, context.CancelFunc) {
	return func(ctx context.Context) (context.Context, context.CancelFunc) { return &steps{ctx, n}, func() {} }
}

// eventful is a study whose runs have everything that a checkpoint has to hold:
// momentum, dropout, batch norm, schedules, early stops, kept weights, thinned
// logs, one that diverges.
func eventful(t testing.TB) []Study {
	c := small(t, "xor")
	c.Epochs = 8
	adam := c
	adam.Optimizer, adam.Precision = choice(t, mlp.Optimizers(), "adam"), "float64"
	adam.Dropout.Hidden, adam.Log.Layers = 0.25, true
	normal := c
	normal.BatchNorm, normal.Log.Every = true, 3
	stops := c
	stops.Epochs, stops.LR, stops.EarlyStop = 60, 2, mlp.EarlyStop{Metric: "loss", Patience: 3}
	every := studyOf("every", 2, adam, normal, withLR(c, 1e30))
	every.Keep = study.Keep{Weights: "every", Every: 3}
	best := studyOf("best", 2, stops, adam)
	best.Keep.Weights = "best"
	first := studyOf("first", 2, normal, stops)
	first.Keep.Weights = "init+final"
	return []Study{every, best, first}
}

func choice(t testing.TB, options []mlp.Option, name string) mlp.Choice {
	t.Helper()
	for _, o := range options {
		if o.Name == name {
			return o.Default()
		}
	}
	t.Fatalf("no %s", name)
	return mlp.Choice{}
}

// Nights that are stopped again and again, in the middle of epochs, with
// checkpoints between the stops, leave what an undisturbed one leaves.
func TestResumedRunsHaveTheSameBits(t *testing.T) {
	t.Parallel()
	studies := eventful(t)
	whole := openDB(t)
	_, err := Night(ctx, whole, studies, Options{Workers: 1})
	check(t, err)
	want := read(t, whole)
	for _, n := range []int{1, 2, 3, 7, 50} {
		t.Run(fmt.Sprint(n, " steps"), func(t *testing.T) {
			db := openDB(t)
			for night := 0; ; night++ {
				if night > 400 {
					t.Fatal("the nights do not get on")
				}
				stopped, cancel := context.WithCancel(ctx)
				var mu sync.Mutex
				periods := 0
				o := Options{Workers: 2, period: func(ctx context.Context) (context.Context, context.CancelFunc) {
					mu.Lock()
					defer mu.Unlock()
					if periods++; periods > 5 {
						cancel()
					}
					return everySteps(n)(ctx)
				}}
				sum, err := Night(stopped, db, studies, o)
				cancel()
				check(t, err)
				if sum.Remaining == 0 {
					t.Logf("%d nights", night+1)
					break
				}
			}
			equal(t, "the database", read(t, db), want)
			nothingIsLeftOver(t, db)
		})
	}
}

// nothingIsLeftOver checks that there are no owners, and no checkpoints but final states.
func nothingIsLeftOver(t testing.TB, db *store.DB) {
	t.Helper()
	checkpoints, err := db.Checkpoints(ctx)
	check(t, err)
	finals, err := db.Finals(ctx)
	check(t, err)
	maps.DeleteFunc(checkpoints, func(id string, _ int) bool { _, ok := finals[id]; return ok })
	owners, err := db.Owners(ctx)
	check(t, err)
	if len(checkpoints) > 0 || len(owners) > 0 {
		t.Errorf("left over: checkpoints %v, owners %v", checkpoints, owners)
	}
}

// interrupted leaves every run of the studies with a checkpoint in the middle
// of its second epoch.
func interrupted(t testing.TB, db *store.DB, studies []Study, p store.Provenance) {
	t.Helper()
	stopped, cancel := context.WithCancel(ctx)
	started := false
	sum, err := Night(stopped, db, studies, Options{Workers: 1, Provenance: p,
		period: func(ctx context.Context) (context.Context, context.CancelFunc) {
			if started {
				cancel()
			}
			started = true
			return everySteps(6)(ctx)
		}})
	cancel()
	check(t, err)
	checkpoints, err := db.Checkpoints(ctx)
	check(t, err)
	if len(checkpoints) == 0 {
		t.Fatalf("no checkpoint: %+v", sum)
	}
}

// A checkpoint that another program made, that cannot be read, or that lacks
// weights which are to be kept now, is as good as none.
func TestUselessCheckpoints(t *testing.T) {
	s := studyOf("s", 1, small(t, "xor"))
	here := store.Provenance{Version: "1", Kernel: "k", Host: "a"}
	for name, test := range map[string]struct {
		provenance store.Provenance
		keep       string
		state      []byte
		resumed    bool
	}{
		"same":            {provenance: here, resumed: true},
		"another host":    {provenance: store.Provenance{Version: "1", Kernel: "k", Host: "b"}, resumed: true},
		"another version": {provenance: store.Provenance{Version: "2", Kernel: "k", Host: "a"}},
		"another kernel":  {provenance: store.Provenance{Version: "1", Kernel: "l", Host: "a"}},
		"other weights":   {provenance: here, keep: "init+final"},
		"unreadable":      {provenance: here, state: []byte("nothing")},
	} {
		t.Run(name, func(t *testing.T) {
			db := openDB(t)
			interrupted(t, db, []Study{s}, here)
			again := s
			if test.keep != "" {
				copied := *s.Study
				copied.Keep.Weights = test.keep
				again.Study = &copied
			}
			started, resumed := 0, 0
			sum, err := Night(ctx, db, []Study{again},
				Options{Provenance: test.provenance, period: everySteps(1),
					start: func(c mlp.Config, d mlp.Data, s mlp.Seeds) (mlp.Training, error) {
						started++
						return mlp.Start(c, d, s)
					}, resume: func(c mlp.Config, d mlp.Data, s mlp.Seeds, state []byte) (mlp.Training, error) {
						if test.state != nil {
							state = test.state
						}
						training, err := mlp.Resume(c, d, s, state)
						if err == nil {
							resumed++
						}
						return training, err
					}})
			check(t, err)
			if sum.Done != 1 || (resumed == 1) != test.resumed || started+resumed != 1 {
				t.Errorf("started %d, resumed %d: %+v", started, resumed, sum)
			}
			whole := openDB(t)
			_, err = Night(ctx, whole, []Study{again}, Options{Provenance: test.provenance})
			check(t, err)
			equal(t, "the database", read(t, db), read(t, whole))
			nothingIsLeftOver(t, db)
		})
	}
}

// Unless told otherwise a run is never trained for much longer than 30 s without a
// checkpoint.
func TestCheckpointEvery30Seconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := openDB(t)
		c := small(t, "xor")
		c.Epochs = 20
		s := studyOf("s", 1, c)
		reached, at, longest, n := -1, time.Now(), time.Duration(0), 0
		_, err := Night(ctx, db, []Study{s}, Options{Workers: 1, start: script(func(mlp.Config, mlp.Seeds, int) {
			checkpoints, err := db.Checkpoints(ctx)
			check(t, err)
			if epoch, ok := checkpoints[s.Runs[0].ID]; ok && epoch > reached {
				reached, at = epoch, time.Now()
				n++
			}
			longest = max(longest, time.Since(at))
			time.Sleep(10 * time.Second)
		})})
		check(t, err)
		if n < 5 || longest > 40*time.Second { // 30 s, and a step that is being made
			t.Errorf("%d checkpoints, %v without one", n, longest)
		}
	})
}

// The seconds of a run are those of all its parts, and of no night between them.
func TestSecondsOfResumedRuns(t *testing.T) {
	db := openDB(t)
	s := studyOf("s", 1, small(t, "xor"))
	at := time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)
	clock := func() time.Time { at = at.Add(time.Second); return at }
	stopped, cancel := context.WithCancel(ctx)
	_, err := Night(stopped, db, []Study{s}, Options{Workers: 1, Now: clock,
		start: script(func(_ mlp.Config, _ mlp.Seeds, epoch int) {
			if epoch == 2 {
				cancel()
			}
		})})
	check(t, err)
	part, err := db.Run(ctx, s.Runs[0].ID)
	check(t, err)
	at = at.Add(8 * time.Hour)
	_, err = Night(ctx, db, []Study{s}, Options{Workers: 1, Now: clock})
	check(t, err)
	row, err := db.Run(ctx, s.Runs[0].ID)
	check(t, err)
	if part.Status != store.Interrupted || part.Epochs != 1 || part.Seconds < 2 || row.Seconds < part.Seconds+2 ||
		row.Seconds > part.Seconds+60 {
		t.Errorf("%v s after %+v", row.Seconds, part)
	}
	epochs, err := db.Epochs(ctx, row.ID)
	check(t, err)
	for i := range epochs[1:] {
		if !(epochs[i].Seconds < epochs[i+1].Seconds) || epochs[i+1].Seconds > row.Seconds {
			t.Errorf("epoch %d ended after %v s, the one before after %v, the run after %v", i+1, epochs[i+1].Seconds,
				epochs[i].Seconds, row.Seconds)
		}
	}
}
