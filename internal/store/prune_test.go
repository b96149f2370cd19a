package store

import (
	"math"
	"strings"
	"testing"
	"time"
)

// measured is an epoch with an error on the validation split.
func measured(n int, v float64) Epoch {
	e := epoch(n)
	e.Valid.Error = is(v)
	return e
}

// waits leaves a run interrupted at epoch 2, with a checkpoint and two snapshots.
func waits(t *testing.T, db *DB, id string) {
	t.Helper()
	_, err := db.Hold(ctx, "me", evening, id)
	check(t, err)
	r := running(id, 2)
	r.Status, r.Digest = Interrupted, "d2"
	check(t, db.PutCheckpoint(ctx, "me", Result{
		Run: r, Epochs: []Epoch{measured(0, 0.9), measured(1, 0.5), measured(2, math.NaN())}, Layers: []Layer{{Epoch: 0}},
		Weights: []Snapshot{{0, []byte("w0")}, {1, []byte("w1")}},
	}, Checkpoint{RunID: id, Epoch: 2, State: []byte("two")}))
}

func TestPrune(t *testing.T) {
	db := open(t)
	plan(t, db, "aa", "bb", "cc", "dd", "ee", "ff")
	check(t, db.Register(ctx, owner("me")))
	check(t, db.Register(ctx, owner("other")))
	for _, id := range []string{"aa", "bb", "cc", "dd"} {
		waits(t, db, id)
	}
	_, err := db.Hold(ctx, "other", evening, "bb") // given back by me, so it is free
	check(t, err)
	check(t, db.Finish(ctx, result(planned("ee", "0.1"))))
	cut := func(id string, epochs int) Result {
		r := running(id, epochs)
		r.Status, r.Reason, r.Digest, r.Finished = Pruned, "given up", "d2", evening.Add(time.Hour)
		return Result{Run: r, Epochs: []Epoch{measured(0, 0.9), measured(1, 0.5), measured(2, math.NaN())},
			Weights: []Snapshot{{1, []byte("w1")}}}
	}
	pruned, err := db.Prune(ctx, cut("aa", 2), cut("bb", 2), cut("cc", 1), cut("ee", 2), cut("ff", 2), cut("unknown", 2))
	check(t, err)
	equal(t, "pruned", pruned, []string{"aa"})
	late := cut("aa", 2)
	late.Run.Reason = "late"
	again, err := db.Prune(ctx, late)
	check(t, err)
	equal(t, "pruned again", again, []string(nil))

	got, err := db.Run(ctx, "aa")
	check(t, err)
	equal(t, "run", got, cut("aa", 2).Run)
	epochs, err := db.Epochs(ctx, "aa")
	check(t, err)
	equal(t, "epochs", len(epochs), 3)
	kept, err := db.WeightEpochs(ctx)
	check(t, err)
	equal(t, "weights", kept, map[string][]int{"aa": {1}, "bb": {0, 1}, "cc": {0, 1}, "dd": {0, 1}, "ee": {0, 1}})
	checkpoints, err := db.Checkpoints(ctx)
	check(t, err)
	equal(t, "checkpoints", checkpoints, map[string]int{"bb": 2, "cc": 2, "dd": 2})

	all, err := db.AtRungs(ctx, "valid_error", []int{1, 2, 7}, []string{"aa", "dd", "ff", "unknown"})
	check(t, err)
	at12 := map[int]Number{1: is(0.5), 2: is(math.NaN())}
	equal(t, "at rungs", all, map[string]AtRungs{
		"aa": {Pruned, 2, 2, at12}, "dd": {Interrupted, 2, 2, at12}, "ff": {Pending, 0, -1, map[int]Number{}},
	})
	_, err = db.AtRungs(ctx, "valid_error; DROP TABLE run", nil, nil)
	if err == nil || !strings.Contains(err.Error(), "no metric") {
		t.Errorf("an unknown metric: %v", err)
	}
}
