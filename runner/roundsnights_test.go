package runner

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"nightshift/internal/race"
	"nightshift/internal/store"
	"nightshift/mlp"
)

// Nights that are stopped again and again leave what an undisturbed one leaves.
func TestUntilDecidedGoesOn(t *testing.T) {
	t.Parallel()
	s := parsed(t, undecided)
	rule := ruled(t, s)
	undisturbed := openDB(t)
	_, err := Night(ctx, undisturbed, []Study{s}, Options{})
	check(t, err)
	db := openDB(t)
	nights := nightsUntilDone(t, db, s, 7, 5)
	if nights < 20 {
		t.Errorf("the nights were stopped %d times only", nights)
	}
	equal(t, "the database", read(t, db), read(t, undisturbed))
	asRuled(t, s, db, rule)
}

// Several processes come to the same conclusions.
func TestUntilDecidedTogether(t *testing.T) {
	t.Parallel()
	s := parsed(t, undecided)
	rule := ruled(t, s)
	path := newPath(t)
	for _, sum := range together(t, 4, path, s, Options{Workers: 2}) {
		if sum.Remaining != 0 || sum.Claims.Decided != 3 || sum.Done+sum.Diverged+sum.Reused != sum.Total {
			t.Errorf("%+v", sum)
		}
	}
	db, err := store.Open(path)
	check(t, err)
	defer db.Close()
	asRuled(t, s, db, rule)
}

// Whatever the numbers of nights and workers, and whatever the times that runs take
// and nights are stopped at: in the end all is as ruled.
func TestUntilDecidedOfManyNights(t *testing.T) {
	t.Parallel()
	s := parsed(t, undecided)
	rule := ruled(t, s)
	random := rand.New(rand.NewPCG(5, 6))
	n := often() / 2
	if race.Enabled {
		n = 2
	}
	for range n {
		takes := map[string]time.Duration{} // an epoch, by cell
		for _, r := range s.Runs {
			takes[fmt.Sprint(r.LR, r.Hidden)] = time.Duration(1+random.IntN(25_000)) * time.Millisecond
		}
		var stops []time.Duration
		for range 1 + random.IntN(3) {
			stops = append(stops, time.Duration(random.IntN(3000))*time.Second)
		}
		workers := 1 + random.IntN(3)
		synctest.Test(t, func(t *testing.T) {
			path := newPath(t)
			o := slowly(t, workers, takes, func(c mlp.Config) string { return fmt.Sprint(c.LR, c.Hidden) })
			atOnce(t, path, s, o, stops...)
			db, err := store.Open(path)
			check(t, err)
			defer db.Close()
			sum, err := Night(ctx, db, []Study{s}, o)
			check(t, err)
			if sum.Remaining != 0 || sum.Reused+sum.Done+sum.Diverged != sum.Total {
				t.Errorf("%+v", sum)
			}
			asRuled(t, s, db, rule)
		})
		if t.Failed() {
			t.Fatalf("%d workers, nights of %v, epochs of %v", workers, stops, takes)
		}
	}
}

// Claims about epochs and layers have what later seeds measured, also where another
// study has left it.
func TestUntilDecidedByEpochs(t *testing.T) {
	for _, claim := range []string{
		"train_loss(lr=0.5, epoch=4) < train_loss(lr=0, epoch=4)", "weight(lr=0.5, layer=1) > weight(lr=0, layer=1)",
	} {
		s := parsed(t, `study: epochs
data: {set: xor, train: 40, valid: 20, test: 20}
base: {epochs: 6, batch: 20, init: he_normal, log: {layers: true}}
grid: {lr: [0, 0.5]}
seeds: {min: 3, max: 24, until: decided}
expect: ["`+claim+`"]
`)
		plain := named(s, "plain", nil, s.Runs[:8])
		plain.Until = nil
		var totals []int
		for _, before := range [][]Study{{s}, {plain}} {
			db := openDB(t)
			_, err := Night(ctx, db, before, Options{})
			check(t, err)
			sum, err := Night(ctx, db, []Study{s}, Options{Workers: 2})
			check(t, err)
			if sum.Claims.Decided != 1 || sum.Remaining != 0 || sum.Total <= 8 || sum.Total >= 48 {
				t.Errorf("%s: %+v", claim, sum)
			}
			totals = append(totals, sum.Total)
		}
		if totals[0] != totals[1] {
			t.Errorf("%s: %v runs are wanted", claim, totals)
		}
	}
}

// A training set is the unit of a study whose data seeds go on.
func TestUntilDecidedNested(t *testing.T) {
	text := strings.Replace(undecided, "{min: 4, max: 16, until: decided}",
		"{data: {min: 4, max: 11}, init: 2, nested: true, until: decided}", 1)
	s := parsed(t, text)
	rule := ruled(t, s)
	db := openDB(t)
	sum, err := Night(ctx, db, []Study{s}, Options{Workers: 3})
	check(t, err)
	if sum.Remaining != 0 || len(slices.Compact(slices.Sorted(maps.Values(rule.rounds)))) < 3 {
		t.Errorf("%+v, %v", sum, rule.rounds)
	}
	asRuled(t, s, db, rule)
}

// A night whose deadline comes before the claims are decided says so, and another
// goes on.
func TestUntilDecidedDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := parsed(t, undecided)
		late := map[mlp.Seeds]bool{}
		for _, r := range s.Runs {
			if r.Round == 6 {
				late[mlp.Seeds{Init: r.Seeds.Init, Order: r.Seeds.Order}] = true
			}
		}
		db := openDB(t)
		sum, err := Night(ctx, db, []Study{s}, Options{Workers: 2, Deadline: time.Now().Add(time.Hour),
			estimate: func(j job) time.Duration {
				if j.run.Round == 6 {
					return 2 * time.Hour
				}
				return 0
			},
			start: script(func(_ mlp.Config, seeds mlp.Seeds, epoch int) {
				if late[seeds] && epoch == 1 {
					time.Sleep(2 * time.Hour)
				}
			})})
		check(t, err)
		if !sum.Deadline || sum.Remaining == 0 || sum.Claims.Open == 0 {
			t.Errorf("%+v", sum)
		}
		sum, err = Night(ctx, db, []Study{s}, Options{})
		check(t, err)
		if sum.Remaining != 0 || sum.Claims.Open != 0 {
			t.Errorf("%+v", sum)
		}
		asRuled(t, s, db, ruled(t, s))
	})
}

// Workers that find nothing to train before a look at the claims are there when more
// runs are wanted.
func TestWorkersWaitForALook(t *testing.T) {
	s := parsed(t, `study: two
data: {set: xor, train: 40, valid: 20, test: 20}
base: {epochs: 1, batch: 20}
grid: {width: [2, 4]}
seeds: {min: 3, max: 5, until: decided}
expect: ["train_loss(width=2) < train_loss(width=4)"]
`)
	synctest.Test(t, func(t *testing.T) {
		sum, err := Night(ctx, openDB(t), []Study{s}, Options{Workers: 2, period: context.WithCancel,
			start: func(c mlp.Config, d mlp.Data, seeds mlp.Seeds) (mlp.Training, error) {
				training, err := mlp.Start(c, d, seeds)
				takes := 10 * time.Second // three times in a run
				if c.Hidden[0] == 2 {
					takes = 25 * time.Second
				}
				return &slow{training, takes, func(bool, bool) {}}, err
			}})
		check(t, err)
		// Three seeds of both on two workers, then twice one of both beside each other; the writer takes a moment.
		if want := 180*time.Second + 2*75*time.Second; sum.Done != 10 || sum.Elapsed < want || sum.Elapsed > want+time.Second {
			t.Errorf("took %v, want %v: %+v", sum.Elapsed, want, sum)
		}
	})
}
