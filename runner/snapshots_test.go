package runner

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// weightsAfter trains c for some epochs only and returns what it ends with.
func weightsAfter(t *testing.T, s Study, epochs int) []mlp.Tensor {
	t.Helper()
	r := s.Runs[0]
	lib := newLibrary(dataset.NewFiles(nil), []job{{run: &r}})
	d, err := lib.get(job{run: &r})
	check(t, err)
	r.Config.Config.EarlyStop = mlp.Default().EarlyStop
	training, err := mlp.Start(r.Config.Config, d.training, mlp.Seeds{Init: r.Seeds.Init, Order: r.Seeds.Order})
	check(t, err)
	for range epochs + 1 {
		_, _, err := training.Next(ctx)
		check(t, err)
	}
	return training.Weights()
}

func keeping(c study.Config, weights string, every int, metric string) Study {
	s := studyOf("s", 1, c)
	s.Keep, s.Select = study.Keep{Weights: weights, Every: every}, metric
	return s
}

// bestBy finds the best epoch by hand.
func bestBy(epochs []store.Epoch, value func(store.Epoch) float64) int {
	best := epochs[1]
	for _, e := range epochs[1:] {
		if value(e) < value(best) {
			best = e
		}
	}
	return best.Epoch
}

func validNLL(e store.Epoch) float64 { return e.Valid.NLL.V }

func TestKeptEpochs(t *testing.T) {
	c := small(t, "xor")
	c.Epochs, c.LR = 7, 3
	stopping := c
	stopping.Epochs, stopping.LR, stopping.EarlyStop = 300, 2, mlp.EarlyStop{Metric: "loss", Patience: 3}
	for _, test := range []struct {
		name string
		s    Study
		want func(last, final int, epochs []store.Epoch) []int
	}{
		{"every", keeping(c, "every", 3, "valid_error"), func(int, int, []store.Epoch) []int { return []int{0, 3, 6, 7} }},
		{"best", keeping(c, "best", 0, "valid_nll"), func(_, _ int, e []store.Epoch) []int { return []int{bestBy(e, validNLL)} }},
		{"early stop, final", keeping(stopping, "init+final", 0, "valid_error"),
			func(_, final int, _ []store.Epoch) []int { return []int{0, final} }},
		{"early stop, every", keeping(stopping, "every", 1, "valid_error"), func(last, _ int, _ []store.Epoch) []int {
			var all []int
			for e := range last { // the last epoch's weights are gone
				all = append(all, e)
			}
			return all
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			db := openDB(t)
			_, err := Night(ctx, db, []Study{test.s}, Options{})
			check(t, err)
			row, err := db.Run(ctx, test.s.Runs[0].ID)
			check(t, err)
			epochs, err := db.Epochs(ctx, row.ID)
			check(t, err)
			final := row.Epochs
			if test.s.Runs[0].EarlyStop.Patience > 0 {
				final = bestBy(epochs, func(e store.Epoch) float64 { return e.Valid.Loss.V })
				if final == row.Epochs {
					t.Fatal("it did not stop early")
				}
			}
			if got, ok := night.FinalEpoch(test.s.Runs[0].Config.Config, row, epochs); !ok || got != final {
				t.Errorf("the final epoch is %d, want %d", got, final)
			}
			weights, err := db.Weights(ctx, row.ID)
			check(t, err)
			var got []int
			for _, w := range weights {
				got = append(got, w.Epoch)
				equal(t, fmt.Sprintf("weights of epoch %d", w.Epoch), decodeTensors(t, w.Tensors),
					weightsAfter(t, test.s, w.Epoch))
			}
			equal(t, "epochs", got, test.want(row.Epochs, final, epochs))
			s, err := Night(ctx, db, []Study{test.s}, Options{})
			check(t, err)
			if s.Reused != 1 || s.Backfilled != 0 {
				t.Errorf("the second night: %+v", s)
			}
		})
	}
}

// A study that begins to keep weights has its runs trained once more; their
// results stay what they are.
func TestWeightsAreAddedToResults(t *testing.T) {
	db := openDB(t)
	c := small(t, "xor")
	s := studyOf("s", 2, c, withLR(c, 1e30)) // the second diverges
	_, err := Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	before := read(t, db)

	s.Keep.Weights = "init+final"
	stopped, cancel := context.WithCancel(ctx)
	cancel()
	sum, err := Night(stopped, db, []Study{s}, Options{})
	check(t, err)
	equal(t, "after an interrupted night", read(t, db), before)
	if sum.Backfilled != 4 || sum.Remaining != 4 || sum.Reused != 0 {
		t.Errorf("interrupted: %+v", sum)
	}

	sum, err = Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	if sum.Backfilled != 4 || sum.Remaining != 0 || sum.Failed != 0 {
		t.Errorf("night: %+v", sum)
	}
	after := read(t, db)
	for id, weights := range after.Weights {
		var epochs []int
		for _, w := range weights {
			epochs = append(epochs, w.Epoch)
		}
		run := after.Runs[slices.IndexFunc(after.Runs, func(r store.Run) bool { return r.ID == id })]
		want := []int{0, 3}
		if run.Status == store.Diverged {
			want = []int{0}
		}
		equal(t, "epochs of "+run.Label, epochs, want)
	}
	after.Weights = before.Weights
	equal(t, "results", after, before)
	sum, err = Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	if sum.Reused != 4 || sum.Backfilled != 0 {
		t.Errorf("third night: %+v", sum)
	}
}

// A second training that is stopped has a checkpoint and goes on from it; until
// it has come to its result again nothing of that is touched.
func TestSecondTrainingsGoOn(t *testing.T) {
	for name, again := range map[string]struct {
		version string
		goesOn  bool
	}{"same program": {"1", true}, "another": {"2", false}} {
		t.Run(name, func(t *testing.T) {
			db, whole := openDB(t), openDB(t)
			s := studyOf("s", 1, small(t, "xor"))
			_, err := Night(ctx, db, []Study{s}, Options{Provenance: store.Provenance{Version: "0"}})
			check(t, err)
			before := read(t, db)
			s.Keep = study.Keep{Weights: "every", Every: 1}
			_, err = Night(ctx, whole, []Study{s}, Options{Provenance: store.Provenance{Version: "0"}})
			check(t, err)

			stopped, cancel := context.WithCancel(ctx)
			sum, err := Night(stopped, db, []Study{s},
				Options{Provenance: store.Provenance{Version: "1"}, start: script(func(_ mlp.Config, _ mlp.Seeds, epoch int) {
					if epoch == 3 {
						cancel()
					}
				})})
			check(t, err)
			if sum.Backfilled != 1 || sum.Remaining != 1 || sum.Interrupted != 1 {
				t.Errorf("stopped: %+v", sum)
			}
			equal(t, "the result meanwhile", read(t, db), before)
			if checkpoints, err := db.Checkpoints(ctx); err != nil || checkpoints[s.Runs[0].ID] != 2 {
				t.Errorf("checkpoints %v, %v", checkpoints, err)
			}

			var from []int
			sum, err = Night(ctx, db, []Study{s}, Options{Provenance: store.Provenance{Version: again.version},
				Observe: func(e Event) {
					if e.Kind == Finished {
						from = append(from, e.From)
					}
				}})
			check(t, err)
			if sum.Remaining != 0 || sum.Failed != 0 || len(from) != 1 || (from[0] == 2) != again.goesOn {
				t.Errorf("went on from %v: %+v", from, sum)
			}
			equal(t, "the database", read(t, db), read(t, whole))
			nothingIsLeftOver(t, db)
		})
	}
}

// Several nights at once share second trainings, too.
func TestNightsShareSecondTrainings(t *testing.T) {
	path := newPath(t)
	c := small(t, "xor")
	s := studyOf("s", 20, c)
	var trained counting
	o := Options{Workers: 2, start: trained.start}
	together(t, 1, path, s, o)
	s.Keep.Weights = "init+final"
	for _, sum := range together(t, 4, path, s, o) {
		if sum.Remaining != 0 || sum.Failed != 0 {
			t.Errorf("%+v", sum)
		}
	}
	if len(trained.times) != 20 {
		t.Errorf("%d runs were trained", len(trained.times))
	}
	for run, n := range trained.times {
		if n != 2 {
			t.Errorf("run %s was trained %d times", run, n)
		}
	}
}

// Where the second training comes to something else, nothing is mixed.
func TestOtherWeightsAreNotAdded(t *testing.T) {
	db := openDB(t)
	s := studyOf("s", 1, small(t, "xor"))
	_, err := Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	before := read(t, db)
	s.Keep.Weights = "init+final"
	other := func(c mlp.Config, d mlp.Data, seeds mlp.Seeds) (mlp.Training, error) {
		c.LR *= 1 + 1e-6
		return mlp.Start(c, d, seeds)
	}
	sum, err := Night(ctx, db, []Study{s}, Options{start: other})
	check(t, err)
	if sum.Failed != 1 || len(sum.Failures) != 1 ||
		!strings.Contains(sum.Failures[0].Reason, "came to another result (epoch 1: ") {
		t.Errorf("night: %+v", sum)
	}
	equal(t, "database", read(t, db), before)
}
