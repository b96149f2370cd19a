package runner

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"nightshift/internal/store"
	"nightshift/mlp"
)

// nightsUntilDone has nights of a study, each of which is stopped after so many periods of so many steps, until no run is left,
// and counts those that were stopped.
func nightsUntilDone(t *testing.T, db *store.DB, s Study, most, steps int) (nights int) {
	t.Helper()
	for ; ; nights++ {
		stopped, cancel := context.WithCancel(ctx)
		var mu sync.Mutex
		periods := 0
		sum, err := Night(stopped, db, []Study{s}, Options{Workers: 2,
			period: func(ctx context.Context) (context.Context, context.CancelFunc) {
				mu.Lock()
				defer mu.Unlock()
				if periods++; periods > most {
					cancel()
				}
				return everySteps(steps)(ctx)
			}})
		cancel()
		check(t, err)
		if sum.Remaining == 0 {
			return nights
		}
		if nights > 400 {
			t.Fatal("the nights do not get on")
		}
	}
}

// Nights that are stopped again and again leave what an undisturbed one leaves.
func TestHalvingGoesOn(t *testing.T) {
	t.Parallel()
	s := pruning(contest(t, 2), 0.4, 2, 5)
	whole := openDB(t)
	_, err := Night(ctx, whole, []Study{s}, Options{})
	check(t, err)
	for _, n := range []int{1, 5, 20} {
		db := openDB(t)
		nights := nightsUntilDone(t, db, s, 5, n)
		if nights < 2 {
			t.Errorf("the nights were stopped %d times only", nights)
		}
		equal(t, fmt.Sprint("the database, checkpoints after ", n, " steps"), read(t, db), read(t, whole))
		nothingIsLeftOver(t, db)
	}
}

// Whatever the numbers of nights and workers, and whatever the times that runs
// take and nights are stopped at: no run is trained by two at once, and in the
// end all is as the game has it.
func TestHalvingOfManyNights(t *testing.T) {
	t.Parallel()
	contestants := contest(t, 2)
	whole := full(t, contestants)
	random := rand.New(rand.NewPCG(3, 4))
	for range often() {
		s := pruning(contestants, []float64{0.3, 0.5, 0.8}[random.IntN(3)], 2, 5)
		takes := map[string]time.Duration{} // an epoch, by cell
		for _, r := range s.Runs {
			takes[fmt.Sprint(r.LR, r.Batch, r.BatchNorm)] = time.Duration(1+random.IntN(25_000)) * time.Millisecond
		}
		var stops []time.Duration
		for range 1 + random.IntN(3) {
			stops = append(stops, time.Duration(random.IntN(300))*time.Second)
		}
		workers := 1 + random.IntN(3)
		synctest.Test(t, func(t *testing.T) {
			path := newPath(t)
			o := slowly(t, workers, takes, func(c mlp.Config) string { return fmt.Sprint(c.LR, c.Batch, c.BatchNorm) })
			atOnce(t, path, s, o, stops...)
			db, err := store.Open(path)
			check(t, err)
			defer db.Close()
			sum, err := Night(ctx, db, []Study{s}, o)
			check(t, err)
			if sum.Remaining != 0 || sum.Reused+sum.Done+sum.Diverged+sum.Pruned != sum.Total {
				t.Errorf("%+v", sum)
			}
			asPlayed(t, s, db, whole)
			nothingIsLeftOver(t, db)
		})
		if t.Failed() {
			t.Fatalf("keep %g, %d workers, nights of %v, epochs of %v", s.Prune.Keep, workers, stops, takes)
		}
	}
}
