package runner

import (
	"testing"
	"testing/synctest"
	"time"

	"nightshift/internal/store"
	"nightshift/mlp"
)

// Before the deadline no run starts that would not be over by then, also where a
// later one would; at the deadline what runs has a checkpoint, and goes on later.
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
		db := openDB(t)
		sum, err := Night(ctx, db, []Study{s}, o)
		check(t, err)
		// 4 + 20 + 4 minutes; then neither 20 nor 4 fit into 2.
		if sum.Done != 3 || sum.Remaining != 3 || !sum.Deadline || sum.Interrupted != 0 || sum.Elapsed != 28*time.Minute {
			t.Errorf("%+v", sum)
		}

		// The estimate may be wrong.
		o.Deadline = time.Now().Add(10 * time.Minute)
		o.estimate = func(job) time.Duration { return time.Minute }
		sum, err = Night(ctx, db, []Study{s}, o)
		check(t, err)
		if sum.Done != 0 || sum.Interrupted != 1 || !sum.Deadline || sum.Remaining != 3 {
			t.Errorf("%+v", sum)
		}
		row, err := db.Run(ctx, s.Runs[3].ID)
		check(t, err)
		if checkpoints, err := db.Checkpoints(ctx); err != nil || len(checkpoints) != 1 || row.Status != store.Interrupted ||
			row.Epochs == 0 {
			t.Errorf("%v, %v: %s after %d epochs", checkpoints, err, row.Status, row.Epochs)
		}

		o.Deadline = time.Now().Add(10 * time.Hour)
		sum, err = Night(ctx, db, []Study{s}, o)
		check(t, err)
		if sum.Done != 3 || sum.Remaining != 0 || sum.Deadline {
			t.Errorf("%+v", sum)
		}
		equal(t, "the database", read(t, db), read(t, whole))
	})
}

// A night with a deadline estimates its runs by itself.
func TestDeadlineByTheModel(t *testing.T) {
	c := small(t, "xor")
	c.Epochs = 100_000_000
	sum, err := Night(ctx, openDB(t), []Study{studyOf("s", 2, c, small(t, "xor"))},
		Options{Deadline: time.Now().Add(time.Minute)})
	check(t, err)
	if sum.Done != 2 || sum.Remaining != 2 || !sum.Deadline || sum.Interrupted != 0 || sum.Elapsed > 30*time.Second {
		t.Errorf("%+v", sum)
	}
}
