package runner

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"nightshift/internal/store"
	"nightshift/mlp"
)

// Runs that are over at the deadline are trained first. Then one is begun that is not: it
// has a checkpoint at the deadline, and goes on later, as does what took longer than forecast.
func TestDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := small(t, "xor")
		s := studyOf("s", 3, c, withLR(c, 0.5)) // runs of 4 and of 20 minutes, in turn
		takes := map[float64]time.Duration{0.1: 4 * time.Minute, 0.5: 20 * time.Minute}
		whole := openDB(t)
		_, err := Night(ctx, whole, []Study{s}, Options{})
		check(t, err)
		o := Options{
			Workers:  1,
			Deadline: time.Now().Add(30*time.Minute + time.Second),
			estimate: func(j job) time.Duration { return takes[j.run.LR] },
			start: script(func(c mlp.Config, _ mlp.Seeds, epoch int) {
				if epoch > 0 && epoch <= c.Epochs {
					time.Sleep(takes[c.LR] / 3)
				}
			}),
		}
		o.period = everySteps(1000)
		o.resume = func(c mlp.Config, d mlp.Data, seeds mlp.Seeds, state []byte) (mlp.Training, error) {
			training, err := mlp.Resume(c, d, seeds, state)
			return &scripted{Training: training, epoch: 1, before: func(epoch int) {
				if epoch <= c.Epochs {
					time.Sleep(takes[c.LR] / 3)
				}
			}}, err
		}
		db := openDB(t)
		sum, err := Night(ctx, db, []Study{s}, o)
		check(t, err)
		// 4 + 20 + 4 minutes; then neither 20 nor 4 fit into 2, and an epoch of the first is tried.
		if sum.Done != 3 || sum.Remaining != 3 || !sum.Deadline || sum.Interrupted != 1 || sum.Elapsed < 30*time.Minute {
			t.Errorf("%+v", sum)
		}
		left := func(of int) {
			t.Helper()
			row, err := db.Run(ctx, s.Runs[of].ID)
			check(t, err)
			if _, ok, err := db.Checkpoint(ctx, row.ID); err != nil || !ok || row.Status != store.Interrupted {
				t.Errorf("%v, %v: %s after %d epochs", ok, err, row.Status, row.Epochs)
			}
		}
		left(3)

		// The estimate may be wrong.
		o.Deadline = time.Now().Add(10 * time.Minute)
		o.estimate = func(job) time.Duration { return time.Minute }
		sum, err = Night(ctx, db, []Study{s}, o)
		check(t, err)
		if sum.Done != 0 || sum.Interrupted != 1 || !sum.Deadline || sum.Remaining != 3 {
			t.Errorf("%+v", sum)
		}
		left(3)

		o.Deadline = time.Now().Add(10 * time.Hour)
		sum, err = Night(ctx, db, []Study{s}, o)
		check(t, err)
		if sum.Done != 3 || sum.Remaining != 0 || sum.Deadline {
			t.Errorf("%+v", sum)
		}
		equal(t, "the database", read(t, db), read(t, whole))
	})
}

// stepwise is a training whose steps take 3 seconds each.
type stepwise struct{ mlp.Training }

func (s stepwise) Next(ctx context.Context) (mlp.Epoch, bool, error) {
	return s.Training.Next(slowSteps{ctx})
}

// slowSteps is a context that is looked at before each step.
type slowSteps struct{ context.Context }

func (s slowSteps) Err() error {
	err := s.Context.Err()
	if err == nil {
		time.Sleep(3 * time.Second)
	}
	return err
}

// Nights that are shorter than any run, or over before they begin, get on by a step at least,
// and come to what a night without a deadline does.
func TestShortNights(t *testing.T) {
	for length, most := range map[time.Duration]int{-time.Hour: 24, time.Nanosecond: 24, 2 * time.Second: 13, 10 * time.Second: 6} {
		synctest.Test(t, func(t *testing.T) {
			s := studyOf("s", 2, small(t, "xor")) // 12 steps each
			whole, db := openDB(t), openDB(t)
			_, err := Night(ctx, whole, []Study{s}, Options{})
			check(t, err)
			o := Options{
				Workers: 2, estimate: func(job) time.Duration { return time.Minute },
				start: func(c mlp.Config, d mlp.Data, seeds mlp.Seeds) (mlp.Training, error) {
					training, err := mlp.Start(c, d, seeds)
					return stepwise{training}, err
				},
				resume: func(c mlp.Config, d mlp.Data, seeds mlp.Seeds, state []byte) (mlp.Training, error) {
					training, err := mlp.Resume(c, d, seeds, state)
					return stepwise{training}, err
				},
			}
			nights := 0
			for left := 2; left > 0; nights++ {
				if nights == most {
					t.Fatalf("%d nights of %v have got nowhere: %d runs are left", nights, length, left)
				}
				o.Deadline = time.Now().Add(length)
				sum, err := Night(ctx, db, []Study{s}, o)
				check(t, err)
				if left = sum.Remaining; left > 0 != sum.Deadline || sum.Elapsed > max(0, length)+4*time.Second {
					t.Errorf("%+v", sum)
				}
			}
			equal(t, "the database", read(t, db), read(t, whole))
		})
	}
}

// A night with a deadline estimates its runs by itself. One in which the machine stood still is had again, and is longer.
func TestDeadlineByTheModel(t *testing.T) {
	c := small(t, "xor")
	c.Epochs, c.Log.Every = 100_000_000, 10_000 // for hours
	for length := 250 * time.Millisecond; ; length *= 4 {
		sum, err := Night(ctx, openDB(t), []Study{studyOf("s", 2, c, small(t, "xor"))},
			Options{Workers: 2, Deadline: time.Now().Add(length)})
		check(t, err)
		if sum.Done < 2 && length < time.Minute {
			continue
		}
		if sum.Done != 2 || sum.Remaining != 2 || !sum.Deadline || sum.Interrupted != 2 || sum.Elapsed > length+5*time.Minute {
			t.Errorf("%+v", sum)
		}
		return
	}
}
