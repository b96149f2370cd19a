package runner

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// Runs that another study has, too, which wants them all or prunes them, take part
// where the rule asks for them and nowhere else, in whatever order the nights come.
func TestUntilDecidedShares(t *testing.T) {
	t.Parallel()
	s := parsed(t, undecided)
	rule := ruled(t, s)
	part := func(cell int) (runs []study.Run) {
		for _, r := range s.Runs {
			if r.Cell == s.Runs[cell].Cell {
				r.Round = 0
				runs = append(runs, r)
			}
		}
		return runs
	}
	plain := named(s, "plain", nil, part(0))
	plain.Until = nil
	prunes := named(s, "prunes", &study.Prune{Metric: "valid_loss", Rungs: []int{2, 4}, Keep: 0.4},
		slices.Concat(part(1), part(5), part(6)))
	prunes.Until = nil
	wanted := func(r store.Run) bool { // to its end
		i := slices.IndexFunc(s.Runs, func(p study.Run) bool { return p.ID == r.ID })
		return s.Runs[i].Round < rule.rounds[r.Cell] || r.Cell == plain.Runs[0].Cell
	}
	var want contents
	orders := [][][]Study{
		{{s, plain, prunes}},
		{{prunes, plain, s}},
		{{plain}, {prunes}, {s}},
		{{s}, {plain}, {prunes}},
		{{prunes, s}, {plain}},
		{{prunes}, {s}, {plain, prunes}},
	}
	if os.Getenv("NIGHTSHIFT_LONG") == "" {
		orders = orders[2:5]
	}
	for i, nights := range orders {
		db := openDB(t)
		for _, studies := range nights {
			sum, err := Night(ctx, db, studies, Options{Workers: 2})
			check(t, err)
			if sum.Remaining != 0 || sum.Failed != 0 || sum.Reused+sum.Done+sum.Diverged+sum.Pruned != sum.Total {
				t.Errorf("order %d: %+v", i, sum)
			}
		}
		asRuled(t, s, db, rule)
		got := read(t, db)
		for j, r := range got.Runs {
			got.Runs[j].Reason = ""
			if wanted(r) && r.Status != store.Done && r.Status != store.Diverged {
				t.Errorf("order %d: %s is %s", i, r.Label, r.Status)
			}
		}
		if i == 0 {
			want = got
			continue
		}
		equal(t, fmt.Sprint("order ", i), got, want)
	}
}

// A claim whose run fails is given up, and the night ends. Where the failure has gone,
// all is as ruled.
func TestUntilDecidedFails(t *testing.T) {
	s := parsed(t, undecided)
	rule := ruled(t, s)
	fails := script(func(c mlp.Config, seeds mlp.Seeds, epoch int) {
		if c.LR == 0.5 && c.Hidden[0] == 4 && seeds.Init == 4 && epoch == 1 {
			panic("broken")
		}
	})
	db := openDB(t)
	sum, err := Night(ctx, db, []Study{s}, Options{start: fails})
	check(t, err)
	if sum.Failed != 1 || sum.Remaining != 0 || sum.Claims.Open != 0 || sum.Claims.Decided != 2 {
		t.Fatalf("%+v, %s", sum, sum.Claims)
	}
	runs, err := db.Runs(ctx, s.Name)
	check(t, err)
	broken := 0
	for _, r := range runs {
		if r.Cell == s.Runs[6].Cell {
			broken++
		}
	}
	if s.Runs[6].LR != 0.5 || broken != 5 || rule.rounds[s.Runs[6].Cell] <= 5 {
		t.Errorf("the cell with the failure has %d runs, and %d without", broken, rule.rounds[s.Runs[6].Cell])
	}
	again, err := Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	if again.Trained != 0 || again.Failed != 1 || again.Remaining != 0 {
		t.Errorf("the next night: %+v", again)
	}
	sum, err = Night(ctx, db, []Study{s}, Options{RetryFailed: true})
	check(t, err)
	if sum.Failed != 0 || sum.Remaining != 0 || sum.Claims.Decided != 3 {
		t.Errorf("after a retry: %+v", sum)
	}
	asRuled(t, s, db, rule)
}

// A run of another study's that has failed is a failure of this one when it comes to be
// wanted, and is not tried again.
func TestUntilDecidedFailedElsewhere(t *testing.T) {
	s := parsed(t, undecided)
	plain := named(s, "plain", nil, s.Runs[4*8+6:4*8+7]) // the fifth seed of a cell
	plain.Until = nil
	db := openDB(t)
	sum, err := Night(ctx, db, []Study{plain}, Options{start: script(func(mlp.Config, mlp.Seeds, int) { panic("broken") })})
	check(t, err)
	if sum.Failed != 1 {
		t.Errorf("%+v", sum)
	}
	sum, err = Night(ctx, db, []Study{s}, Options{Workers: 2})
	check(t, err)
	if sum.Failed != 1 || len(sum.Failures) != 1 || sum.Failures[0].Reason == "" || sum.Remaining != 0 || sum.Claims.Decided != 2 ||
		sum.Done+sum.Diverged+sum.Failed != sum.Total {
		t.Errorf("%+v", sum)
	}
}

// Two machines have each done a part; brought together, the rest follows.
func TestUntilDecidedMerged(t *testing.T) {
	s := parsed(t, undecided)
	rule := ruled(t, s)
	undisturbed := openDB(t)
	_, err := Night(ctx, undisturbed, []Study{s}, Options{})
	check(t, err)
	db := openDB(t)
	for i := range 2 {
		path := filepath.Join(t.TempDir(), "part.db")
		part, err := store.Open(path)
		check(t, err)
		stopped, cancel := context.WithCancel(ctx)
		defer cancel()
		sum, err := Night(stopped, part, []Study{s}, Options{Workers: 1, Observe: func(e Event) {
			if e.Kind == Finished && e.Run.Round == 4+3*i {
				cancel()
			}
		}})
		check(t, err)
		if sum.Remaining == 0 {
			t.Errorf("part %d: %+v", i, sum)
		}
		check(t, part.Close())
		_, err = store.Merge(ctx, db, path, nil)
		check(t, err)
	}
	sum, err := Night(ctx, db, []Study{s}, Options{Workers: 2})
	check(t, err)
	if sum.Remaining != 0 || sum.Reused == 0 {
		t.Errorf("%+v", sum)
	}
	equal(t, "the database", read(t, db), read(t, undisturbed))
	asRuled(t, s, db, rule)
}

// A night that is stopped while the last run of a round ends has runs left, as long as
// claims go on.
func TestUntilDecidedStoppedBetweenRounds(t *testing.T) {
	t.Parallel()
	s := parsed(t, undecided)
	rule := ruled(t, s)
	db := openDB(t)
	for nights := 1; ; nights++ {
		ctx, stop := context.WithCancel(ctx)
		start := func(c mlp.Config, d mlp.Data, seeds mlp.Seeds) (mlp.Training, error) {
			t, err := mlp.Start(c, d, seeds)
			return stopsAtEnd{t, stop}, err
		}
		sum, err := Night(ctx, db, []Study{s}, Options{Workers: 1, start: start})
		stop()
		check(t, err)
		if (sum.Remaining == 0) != (sum.Claims.Open == 0) || nights == 1000 {
			t.Fatalf("night %d: %+v", nights, sum)
		}
		if sum.Remaining == 0 {
			break
		}
	}
	asRuled(t, s, db, rule)
}

// stopsAtEnd is a training that stops the night when its outputs are asked for, at its end.
type stopsAtEnd struct {
	mlp.Training
	stop func()
}

func (s stopsAtEnd) Logits(e mlp.Examples) []float32 {
	s.stop()
	return s.Training.Logits(e)
}

// A study that may have more seeds, or has other claims, goes on from what there is.
func TestUntilDecidedEdited(t *testing.T) {
	few := parsed(t, strings.Replace(undecided, "max: 16", "max: 12", 1))
	more := parsed(t, undecided)
	db := openDB(t)
	sum, err := Night(ctx, db, []Study{few}, Options{})
	check(t, err)
	before := sum.Total
	if sum.Remaining != 0 || sum.Claims.Open != 0 {
		t.Errorf("%+v", sum)
	}
	sum, err = Night(ctx, db, []Study{more}, Options{})
	check(t, err)
	if sum.Remaining != 0 || sum.Reused == 0 || sum.Done == 0 || sum.Reused > before {
		t.Errorf("%+v", sum)
	}
	rule := ruled(t, more)
	members := func() (n int) {
		runs, err := db.Runs(ctx, more.Name)
		check(t, err)
		for _, r := range more.Runs {
			if r.Round < rule.rounds[r.Cell] && !slices.ContainsFunc(runs, func(m store.Run) bool { return m.ID == r.ID }) {
				t.Errorf("%s of round %d is no member", r.Label, r.Round)
			}
		}
		return len(runs)
	}
	n := members()
	// A claim less wants fewer runs; what there is stays.
	i := strings.LastIndex(undecided, "  - share")
	sum, err = Night(ctx, db, []Study{parsed(t, undecided[:i])}, Options{})
	check(t, err)
	if sum.Trained != 0 || sum.Remaining != 0 || members() != n {
		t.Errorf("%+v, %d members of %d", sum, members(), n)
	}
}

// Weights that are kept later are those of the runs that are wanted.
func TestUntilDecidedBackfills(t *testing.T) {
	s := parsed(t, strings.Replace(undecided, "keep: {weights: best}", "keep: {weights: none}", 1))
	db := openDB(t)
	plain := named(s, "plain", nil, s.Runs)
	plain.Until = nil
	_, err := Night(ctx, db, []Study{plain}, Options{})
	check(t, err)
	keeps := parsed(t, undecided)
	sum, err := Night(ctx, db, []Study{keeps}, Options{Workers: 2})
	check(t, err)
	undisturbed := openDB(t)
	want, err := Night(ctx, undisturbed, []Study{keeps}, Options{})
	check(t, err)
	if sum.Remaining != 0 || sum.Total != want.Total || sum.Backfilled+sum.Reused != sum.Total || sum.Backfilled == 0 {
		t.Errorf("%+v, want %d runs", sum, want.Total)
	}
	for _, r := range keeps.Runs {
		now, err := db.Weights(ctx, r.ID)
		check(t, err)
		then, err := undisturbed.Weights(ctx, r.ID)
		check(t, err)
		if len(now) != len(then) {
			t.Errorf("%s, round %d: %d weights are kept, want %d", r.Label, r.Round, len(now), len(then))
		}
	}
}
