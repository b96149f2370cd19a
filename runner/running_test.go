package runner

import (
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"nightshift/internal/store"
	"nightshift/mlp"
)

// A run that is being trained says by whom.
func TestRunningHasItsProvenance(t *testing.T) {
	db := openDB(t)
	s := studyOf("s", 1, small(t, "xor"))
	by := store.Provenance{Version: "1.2", Host: "here", Kernel: "plain"}
	var seen store.Run
	_, err := Night(ctx, db, []Study{s}, Options{Provenance: by, start: script(func(_ mlp.Config, _ mlp.Seeds, epoch int) {
		for epoch == 1 && seen.Status != store.Running {
			var err error
			if seen, err = db.Run(ctx, s.Runs[0].ID); err != nil {
				t.Error(err)
				return
			}
			runtime.Gosched()
		}
	})})
	check(t, err)
	if seen.Provenance != by || seen.Started.IsZero() {
		t.Errorf("%+v", seen)
	}
}

// Others know an epoch and its loss at most 2 s after its end, however long the next one takes.
func TestOthersAreToldHowFarARunHasCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		db := openDB(t)
		c := small(t, "xor")
		c.Epochs = 20
		s := studyOf("s", 1, c)
		var seen []int
		_, err := Night(ctx, db, []Study{s}, Options{start: script(func(_ mlp.Config, _ mlp.Seeds, epoch int) {
			if epoch == 0 || epoch > c.Epochs {
				return
			}
			time.Sleep(300 * time.Millisecond)
			if epoch%8 != 0 {
				return
			}
			time.Sleep(2 * time.Second)
			row, err := db.Run(ctx, s.Runs[0].ID)
			check(t, err)
			if row.Epochs != epoch-1 || !row.Train.Loss.Valid {
				t.Errorf("in epoch %d: %d epochs, loss %v", epoch, row.Epochs, row.Train.Loss)
			}
			seen = append(seen, epoch)
		})})
		check(t, err)
		equal(t, "looked in", seen, []int{8, 16})
	})
}
