package runner

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"nightshift/internal/store"
	"nightshift/mlp"
)

// slow is a training whose epochs take time, and that is told about.
type slow struct {
	mlp.Training
	takes time.Duration
	tell  func(begins, last bool)
}

func (s *slow) Next(ctx context.Context) (mlp.Epoch, bool, error) {
	s.tell(true, false)
	time.Sleep(s.takes)
	e, ok, err := s.Training.Next(ctx)
	s.tell(false, ok && e.Last)
	return e, ok, err
}

// slowly are options under which an epoch of a cell takes its time, and a run that
// is trained by two at once is an error.
func slowly(t *testing.T, workers int, takes map[string]time.Duration, cell func(mlp.Config) string) Options {
	var mu sync.Mutex
	busy := map[string]bool{}
	slowed := func(training mlp.Training, err error, c mlp.Config, seeds mlp.Seeds) (mlp.Training, error) {
		run := fmt.Sprint(cell(c), seeds.Init)
		return &slow{training, takes[cell(c)], func(begins, _ bool) {
			mu.Lock()
			defer mu.Unlock()
			if begins && busy[run] {
				t.Errorf("run %s is trained by two at once", run)
			}
			busy[run] = begins
		}}, err
	}
	return Options{Workers: workers, start: func(c mlp.Config, d mlp.Data, seeds mlp.Seeds) (mlp.Training, error) {
		training, err := mlp.Start(c, d, seeds)
		return slowed(training, err, c, seeds)
	}, resume: func(c mlp.Config, d mlp.Data, seeds mlp.Seeds, state []byte) (mlp.Training, error) {
		training, err := mlp.Resume(c, d, seeds, state)
		return slowed(training, err, c, seeds)
	}}
}

// atOnce has as many nights as there are times after which they are stopped, and
// waits for them.
func atOnce(t *testing.T, path string, s Study, o Options, stops ...time.Duration) {
	var nights sync.WaitGroup
	for _, stop := range stops {
		nights.Go(func() {
			db, err := store.Open(path)
			check(t, err)
			defer db.Close()
			stopped, cancel := context.WithTimeout(ctx, stop)
			defer cancel()
			_, err = Night(stopped, db, []Study{s}, o)
			check(t, err)
		})
	}
	nights.Wait()
}

// Whatever the numbers of runs, nights and workers, and whatever the times that
// runs take and nights are stopped at: no run is ever trained by two at once,
// and in the end every run was trained to its end once, and once more for weights.
func TestSchedule(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seeds := rapid.IntRange(1, 6).Draw(rt, "seeds")
		workers := rapid.IntRange(1, 3).Draw(rt, "workers")
		takes := rapid.SliceOfN(rapid.IntRange(1, 25_000), seeds, seeds).Draw(rt, "milliseconds of an epoch")
		ends := rapid.SliceOfN(rapid.IntRange(0, 200), 1, 3).Draw(rt, "seconds until a night is stopped")
		synctest.Test(t, func(t *testing.T) {
			s := studyOf("s", seeds, small(t, "xor"))
			path := newPath(t)
			var stops []time.Duration
			for _, end := range ends {
				stops = append(stops, time.Duration(end)*time.Second)
			}
			var mu sync.Mutex
			at, over := map[uint64]int{}, map[uint64]int{}
			slowly := func(training mlp.Training, err error, run uint64) (mlp.Training, error) {
				return &slow{training, time.Duration(takes[run]) * time.Millisecond, func(begins, last bool) {
					mu.Lock()
					defer mu.Unlock()
					if begins {
						at[run]++
					} else {
						at[run]--
					}
					if at[run] > 1 {
						t.Errorf("run %d is trained by %d at once", run, at[run])
					}
					if last {
						over[run]++
					}
				}}, err
			}
			o := Options{Workers: workers, start: func(c mlp.Config, d mlp.Data, seeds mlp.Seeds) (mlp.Training, error) {
				training, err := mlp.Start(c, d, seeds)
				return slowly(training, err, seeds.Init)
			}, resume: func(c mlp.Config, d mlp.Data, seeds mlp.Seeds, state []byte) (mlp.Training, error) {
				training, err := mlp.Resume(c, d, seeds, state)
				return slowly(training, err, seeds.Init)
			}}
			for times := 1; times <= 2; times++ { // the second time for weights
				atOnce(t, path, s, o, stops...)
				db, err := store.Open(path)
				check(t, err)
				defer db.Close()
				before := 0
				for _, n := range over {
					if n == times {
						before++
					}
				}
				sum, err := Night(ctx, db, []Study{s}, o)
				check(t, err)
				if sum.Reused != before || sum.Done != seeds-before || sum.Remaining != 0 || sum.Failed != 0 {
					t.Errorf("%d were done before: %+v", before, sum)
				}
				for run := range uint64(seeds) {
					if over[run] != times {
						t.Errorf("run %d was trained to its end %d times", run, over[run])
					}
				}
				nothingIsLeftOver(t, db)
				s.Keep.Weights = "init+final"
			}
		})
	})
}
