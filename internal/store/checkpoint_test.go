package store

import (
	"errors"
	"testing"
	"time"
)

// running is the row of a run that has come to the given epoch.
func running(id string, epochs int) Run {
	r := planned(id, "0.1")
	r.Status, r.Epochs, r.Started = Running, epochs, evening
	r.Train = Metrics{Loss: is(float64(10 - epochs))}
	return r
}

func epoch(n int) Epoch {
	return Epoch{Epoch: n, Steps: 4 * n, LR: 0.1, Seconds: float64(n), Train: Metrics{Loss: is(float64(10 - n))}}
}

// whole checks that the database has run aa as its checkpoint after epoch 2 covers it.
func whole(t *testing.T, db *DB, last Checkpoint, when string) {
	t.Helper()
	c, ok, err := db.Checkpoint(ctx, "aa")
	check(t, err)
	equal(t, "there is a checkpoint "+when, ok, true)
	equal(t, "Checkpoint "+when, c, last)
	all, err := db.Checkpoints(ctx)
	check(t, err)
	equal(t, "Checkpoints "+when, all, map[string]int{"aa": 2})
	some, err := db.Checkpoints(ctx, "bb", "aa")
	check(t, err)
	equal(t, "Checkpoints of both "+when, some, all)
	none, err := db.Checkpoints(ctx, "bb")
	check(t, err)
	equal(t, "Checkpoints of another run "+when, none, map[string]int{})
	epochs, err := db.Epochs(ctx, "aa")
	check(t, err)
	equal(t, "Epochs "+when, epochs, []Epoch{epoch(0), epoch(1), epoch(2)})
	layers, err := db.Layers(ctx, "aa")
	check(t, err)
	equal(t, "Layers "+when, layers, []Layer{{Epoch: 0}, {Epoch: 1}, {Epoch: 2}})
	weights, err := db.Weights(ctx, "aa")
	check(t, err)
	equal(t, "Weights "+when, weights, []Snapshot{{0, []byte("w0")}})
}

func TestCheckpoint(t *testing.T) {
	db := open(t)
	plan(t, db, "aa", "bb")
	old := result(planned("aa", "0.1"))
	old.Run.Status = Pruned // an earlier attempt, of which nothing may stay
	check(t, db.Finish(ctx, old))
	check(t, db.Register(ctx, owner("me")))
	check(t, db.Register(ctx, owner("other")))
	_, err := db.Hold(ctx, "me", evening, "aa")
	check(t, err)
	if _, ok, err := db.Checkpoint(ctx, "aa"); ok || err != nil {
		t.Errorf("a checkpoint before the first: %v, %v", ok, err)
	}

	first := Checkpoint{RunID: "aa", Epoch: 1, State: []byte("one"), Seconds: 1.5}
	check(t, db.PutCheckpoint(ctx, "me", Result{
		Run: running("aa", 1), Epochs: []Epoch{epoch(0), epoch(1)}, Layers: []Layer{{Epoch: 0}, {Epoch: 1}},
		Weights: []Snapshot{{0, []byte("w0")}},
	}, first))
	second := Checkpoint{RunID: "aa", Epoch: 2, State: []byte("two"), Seconds: 2.5}
	more := Result{Run: running("aa", 2), Epochs: []Epoch{epoch(2)}, Layers: []Layer{{Epoch: 2}}}
	check(t, db.PutCheckpoint(ctx, "me", more, second))
	middle := Checkpoint{RunID: "aa", Epoch: 2, State: []byte("two and a half"), Seconds: 3}
	check(t, db.PutCheckpoint(ctx, "me", Result{Run: running("aa", 2)}, middle))

	for who, id := range map[string]string{"other": "aa", "nobody": "aa", "me": "bb"} {
		r := Result{Run: running(id, 9), Epochs: []Epoch{epoch(9)}}
		if err := db.PutCheckpoint(ctx, who, r, Checkpoint{RunID: id}); !errors.Is(err, ErrHoldLost) {
			t.Errorf("checkpoint of %s by %s: %v", id, who, err)
		}
	}
	whole(t, db, middle, "while it runs")
	r, err := db.Run(ctx, "aa")
	check(t, err)
	equal(t, "Run", r, running("aa", 2))

	stopped := running("aa", 0)
	stopped.Status, stopped.Reason, stopped.Finished, stopped.Train = Interrupted, "stopped", evening.Add(time.Minute), Metrics{}
	check(t, db.Finish(ctx, Result{Run: stopped}))
	whole(t, db, middle, "after an interruption")
	r, err = db.Run(ctx, "aa")
	check(t, err)
	want := running("aa", 2)
	want.Status, want.Reason, want.Finished = Interrupted, "stopped", evening.Add(time.Minute)
	equal(t, "interrupted Run", r, want)
	held, err := db.Hold(ctx, "other", evening, "aa")
	check(t, err)
	equal(t, "held after an interruption", held, []string{"aa"})

	check(t, db.Finish(ctx, result(planned("aa", "0.1"))))
	if n := count(t, db, `SELECT (SELECT count(*) FROM checkpoint) + (SELECT count(*) FROM claim)`); n != 0 {
		t.Errorf("%d checkpoints and holds of a finished run", n)
	}
	epochs, err := db.Epochs(ctx, "aa")
	check(t, err)
	equal(t, "Epochs of the result", epochs, result(planned("aa", "0.1")).Epochs)
}

// A run that has a result is held apart from others, and its checkpoints do
// not touch the result.
func TestCheckpointBesideAResult(t *testing.T) {
	db := open(t)
	done := result(planned("aa", "0.1"))
	check(t, db.Finish(ctx, done))
	plan(t, db, "bb")
	check(t, db.Register(ctx, owner("me")))
	held, err := db.HoldForBackfill(ctx, "me", evening, "aa", "bb")
	check(t, err)
	equal(t, "held for a backfill", held, []string{"aa"})
	content := func() []string {
		return column(t, db, `SELECT
			r.id || r.status || r.epochs || coalesce(r.train_loss, '') || count(e.epoch) || (SELECT count(*) FROM weight)
			FROM runs AS r LEFT JOIN progress AS e ON e.run_id = r.id GROUP BY r.id`)
	}
	before := content()
	want := Checkpoint{
		RunID: "aa", Epoch: 2, State: []byte("state"), Seconds: 2.5, By: Provenance{Version: "9"},
		Aside: []Snapshot{{1, []byte("w1")}, {2, []byte("w2")}},
	}
	for i, w := range want.Aside {
		c := Checkpoint{RunID: "aa", Epoch: i + 1, State: []byte("state"), Seconds: 1.5 + float64(i), By: want.By}
		check(t, db.PutCheckpoint(ctx, "me", Result{Run: running("aa", i+1), Epochs: []Epoch{epoch(9)},
			Weights: []Snapshot{w}}, c))
	}
	got, ok, err := db.Checkpoint(ctx, "aa")
	check(t, err)
	equal(t, "there is one", ok, true)
	equal(t, "Checkpoint", got, want)
	equal(t, "the result", content(), before)

	check(t, db.Finish(ctx, Result{Run: Run{ID: "aa", Status: Interrupted}}))
	equal(t, "the result of what was interrupted", content(), before)
	if err := db.DropCheckpoint(ctx, "me", running("aa", 0)); !errors.Is(err, ErrHoldLost) {
		t.Errorf("DropCheckpoint without a hold: %v", err)
	}
	_, err = db.HoldForBackfill(ctx, "me", evening, "aa")
	check(t, err)
	check(t, db.DropCheckpoint(ctx, "me", running("aa", 0)))
	equal(t, "set aside", count(t, db, `SELECT (SELECT count(*) FROM aside) + (SELECT count(*) FROM checkpoint)`), 0)
	equal(t, "the result without the checkpoint", content(), before)
	check(t, db.PutWeights(ctx, Result{Run: Run{ID: "aa"}}))
	equal(t, "holds", count(t, db, `SELECT count(*) FROM claim`), 0)
}

// What is not what was written is not gone on from.
func TestChangedCheckpoint(t *testing.T) {
	for _, damage := range []string{
		`UPDATE checkpoint SET state = x'00'`, `UPDATE checkpoint SET epoch = 1`, `UPDATE checkpoint SET seconds = 1`,
		`UPDATE aside SET tensors = x'00'`,
	} {
		db := open(t)
		check(t, db.Finish(ctx, result(planned("aa", "0.1"))))
		check(t, db.Register(ctx, owner("me")))
		_, err := db.HoldForBackfill(ctx, "me", evening, "aa")
		check(t, err)
		c := Checkpoint{RunID: "aa", Epoch: 2, State: []byte("state"), Seconds: 2.5}
		check(t, db.PutCheckpoint(ctx, "me", Result{Weights: []Snapshot{{1, []byte("w")}}}, c))
		if _, ok, err := db.Checkpoint(ctx, "aa"); !ok || err != nil {
			t.Fatalf("before: %v, %v", ok, err)
		}
		_, err = db.sql.Exec(damage)
		check(t, err)
		if _, _, err := db.Checkpoint(ctx, "aa"); !errors.Is(err, ErrChanged) {
			t.Errorf("%s: %v", damage, err)
		}
	}
}

func TestNights(t *testing.T) {
	db := open(t)
	plan(t, db, "aa")
	first := Night{Study: "s", Started: evening, Finished: evening.Add(time.Hour), Workers: 2, Trained: 7,
		Forecast: 3000, Low: 2000, High: 5000, Seconds: 3600}
	second := Night{Study: "s", Started: evening.Add(24 * time.Hour), Workers: 1}
	check(t, db.PutNight(ctx, second))
	check(t, db.PutNight(ctx, first))
	second.Trained = 3
	check(t, db.PutNight(ctx, second))
	got, err := db.Nights(ctx, "s")
	check(t, err)
	equal(t, "Nights", got, []Night{first, second})
	if err := db.PutNight(ctx, Night{Study: "another"}); !errors.Is(err, ErrNotFound) {
		t.Errorf("night of no study: %v", err)
	}
	equal(t, "nights", column(t, db, `SELECT study || started_at || trained FROM nights ORDER BY 1`),
		[]string{"s2026-03-01T21:30:00.123Z7", "s2026-03-02T21:30:00.123Z3"})
}
