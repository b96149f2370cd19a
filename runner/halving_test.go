package runner

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// pruning gives a study rungs.
func pruning(s Study, keep float64, rungs ...int) Study {
	copied := *s.Study
	copied.Prune = &study.Prune{Metric: "valid_loss", Rungs: rungs, Keep: keep}
	s.Study = &copied
	return s
}

// contest is a study of eight cells, of which two are equal and one diverges.
func contest(t testing.TB, seeds int) Study {
	c := small(t, "xor")
	c.Epochs = 9
	var configs []study.Config
	for _, lr := range []float64{1e30, 0.5, 0.01, 0, 2, 0.1} {
		configs = append(configs, withLR(c, lr))
	}
	dropping, idle := withLR(c, 0.5), withLR(c, 0)
	dropping.Dropout.Hidden, dropping.BatchNorm = 0.25, true
	idle.Batch = 20
	s := studyOf("contest", seeds, append(configs, dropping, idle)...)
	s.Keep.Weights = "best"
	return s
}

// full gives everything that the study would measure without pruning.
func full(t testing.TB, s Study) contents {
	t.Helper()
	copied := *s.Study
	copied.Prune = nil
	db := openDB(t)
	_, err := Night(ctx, db, []Study{{Study: &copied, Runs: s.Runs}}, Options{})
	check(t, err)
	return read(t, db)
}

// ends plays successive halving on full trainings: the epoch where each cell
// ends, -1 for those that are trained to their end.
func ends(s Study, whole contents) map[string]int {
	var in []string
	runs := map[string][]string{}
	for _, r := range s.Runs {
		if !slices.Contains(in, r.Cell) {
			in = append(in, r.Cell)
		}
		runs[r.Cell] = append(runs[r.Cell], r.ID)
	}
	end := map[string]int{}
	for _, rung := range s.Prune.Rungs {
		mean := func(cell string) float64 {
			sum := 0.0
			for _, id := range runs[cell] {
				epochs := whole.Epochs[id]
				i := slices.IndexFunc(epochs, func(e store.Epoch) bool { return e.Epoch == rung })
				if i < 0 || epochs[i].Train.Loss.V-epochs[i].Train.Loss.V != 0 { // not finite
					return math.Inf(1)
				}
				if s.Prune.Metric == "valid_error" {
					sum += epochs[i].Valid.Error.V
				} else {
					sum += epochs[i].Valid.Loss.V
				}
			}
			return sum / float64(len(runs[cell]))
		}
		best := slices.Clone(in)
		slices.SortStableFunc(best, func(a, b string) int {
			switch x, y := mean(a), mean(b); {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		})
		on := best[:s.Prune.Survivors(len(in))]
		in = slices.DeleteFunc(in, func(cell string) bool {
			if slices.Contains(on, cell) {
				return false
			}
			end[cell] = rung
			return true
		})
	}
	for _, cell := range in {
		end[cell] = -1
	}
	return end
}

// asPlayed checks that the runs of the study are what the game on their full trainings says.
func asPlayed(t testing.TB, s Study, db *store.DB, whole contents) {
	t.Helper()
	end := ends(s, whole)
	rows, err := db.Runs(ctx, s.Name)
	check(t, err)
	wholeRuns := map[string]store.Run{}
	for _, r := range whole.Runs {
		wholeRuns[r.ID] = r
	}
	for _, r := range rows {
		want := wholeRuns[r.ID]
		epochs, err := db.Epochs(ctx, r.ID)
		check(t, err)
		last := end[r.Cell]
		if last < 0 || want.Status == store.Diverged {
			if r.Status != want.Status || r.Epochs != want.Epochs || len(epochs) != len(whole.Epochs[r.ID]) {
				t.Errorf("%s is %s after %d epochs, want %s after %d", r.Label, r.Status, r.Epochs, want.Status, want.Epochs)
			}
			continue
		}
		if r.Status != store.Pruned || r.Epochs != last || r.Finished.IsZero() || r.Digest == "" ||
			!strings.Contains(r.Reason, fmt.Sprintf("went on after epoch %d", last)) {
			t.Errorf("%s is %s after %d epochs (%s), want pruned after %d", r.Label, r.Status, r.Epochs, r.Reason, last)
			continue
		}
		for i := range epochs {
			epochs[i].Seconds = 0
		}
		if want := whole.Epochs[r.ID][:last+1]; fmt.Sprint(epochs) != fmt.Sprint(want) {
			t.Errorf("%s measured %v, want %v", r.Label, epochs, want)
		}
		if final := whole.Epochs[r.ID][last]; fmt.Sprint(r.Train, r.Valid, r.Test) != fmt.Sprint(final.Train, final.Valid,
			final.Test) {
			t.Errorf("%s: final metrics are not those of its rung", r.Label)
		}
		best := night.Lowest{Metric: "valid_error"}
		for _, e := range epochs {
			best.See(e)
		}
		if weights, err := db.Weights(ctx, r.ID); err != nil || s.Keep.Weights == "best" &&
			(len(weights) != 1 || weights[0].Epoch != best.Epoch) {
			t.Errorf("%s: weights of %v, want those of epoch %d, %v", r.Label, weights, best.Epoch, err)
		}
	}
}

func TestHalving(t *testing.T) {
	t.Parallel()
	s := pruning(contest(t, 2), 0.4, 2, 5)
	whole := full(t, s)
	var want contents
	for workers := 1; workers <= 8; workers++ {
		db := openDB(t)
		sum, err := Night(ctx, db, []Study{s}, Options{Workers: workers})
		check(t, err)
		if sum.Done != 4 || sum.Diverged != 2 || sum.Pruned != 10 || sum.Remaining != 0 || sum.Interrupted != 0 ||
			sum.Trained != 16 || sum.Running != 0 {
			t.Errorf("%d workers: %+v", workers, sum)
		}
		if math.Abs(sum.Work-sum.Worked) > 1e-9*sum.Work {
			t.Errorf("%d workers: work %v of %v", workers, sum.Worked, sum.Work)
		}
		nothingIsLeftOver(t, db)
		got := read(t, db)
		if workers == 1 {
			want = got
			asPlayed(t, s, db, whole)
			continue
		}
		equal(t, fmt.Sprintf("%d workers", workers), got, want)
	}
}

// often is how many examples of a game are played.
func often() int {
	if os.Getenv("NIGHTSHIFT_LONG") != "" {
		return 100
	}
	return 4
}

// Whatever the shares and the rungs: the night is the game.
func TestHalvingIsTheGame(t *testing.T) {
	t.Parallel()
	contestants := contest(t, 3)
	whole := full(t, contestants)
	random := rand.New(rand.NewPCG(1, 2))
	for range often() {
		s := contestants
		s.Runs = s.Runs[:8*(1+random.IntN(3))]
		var rungs []int
		for rung := 1; rung < 9; rung++ {
			if random.IntN(3) == 0 {
				rungs = append(rungs, rung)
			}
		}
		if rungs == nil {
			rungs = []int{8}
		}
		s = pruning(s, 0.05+0.85*random.Float64(), rungs...)
		db := openDB(t)
		sum, err := Night(ctx, db, []Study{s}, Options{Workers: 1 + random.IntN(4)})
		check(t, err)
		if sum.Remaining != 0 || sum.Done+sum.Diverged+sum.Pruned != sum.Total {
			t.Errorf("%+v", sum)
		}
		if asPlayed(t, s, db, whole); t.Failed() {
			t.Fatalf("%+v", s.Prune)
		}
	}
}
