package runner

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// named is the study under another name, with or without pruning.
func named(s Study, name string, prune *study.Prune, runs []study.Run) Study {
	copied := *s.Study
	copied.Name, copied.Prune = name, prune
	return Study{Study: &copied, Runs: runs}
}

// statuses counts the runs of a study.
func statuses(t testing.TB, db *store.DB, name string) map[store.Status]int {
	t.Helper()
	rows, err := db.Runs(ctx, name)
	check(t, err)
	n := map[store.Status]int{}
	for _, r := range rows {
		n[r.Status]++
	}
	return n
}

// A run that several studies share is trained as far as any of them wants, in
// whatever order they come, and to the bits that it always has.
func TestSharedRunsOfStudiesThatPrune(t *testing.T) {
	contest := contest(t, 2)
	whole := full(t, contest)
	early := named(contest, "early", &study.Prune{Metric: "valid_loss", Rungs: []int{2}, Keep: 0.5}, contest.Runs)
	late := named(contest, "late", &study.Prune{Metric: "valid_error", Rungs: []int{3, 7}, Keep: 0.7}, contest.Runs)
	plain := named(contest, "plain", nil, contest.Runs[:6])
	end := func(r store.Run) int { // epoch where the run ends
		last := -1
		for _, s := range []Study{early, late} {
			e := ends(s, whole)[r.Cell]
			if e < 0 || slices.ContainsFunc(plain.Runs, func(p study.Run) bool { return p.ID == r.ID }) {
				return 9
			}
			last = max(last, e)
		}
		return last
	}
	var want contents
	for i, nights := range [][][]Study{
		{{early, late, plain}},
		{{plain}, {late}, {early}},
		{{early}, {late}, {plain}},
		{{late, early}, {plain, early}},
		{{early}, {plain, late}, {early}},
	} {
		db := openDB(t)
		for _, studies := range nights {
			sum, err := Night(ctx, db, studies, Options{Workers: 2})
			check(t, err)
			if sum.Remaining != 0 || sum.Failed != 0 || sum.Reused+sum.Done+sum.Diverged+sum.Pruned != sum.Total {
				t.Errorf("order %d: %+v", i, sum)
			}
		}
		nothingIsLeftOver(t, db)
		if n := statuses(t, db, "plain"); n[store.Done]+n[store.Diverged] != 6 {
			t.Errorf("order %d: of the study without pruning %v", i, n)
		}
		got := read(t, db)
		for j, r := range got.Runs {
			got.Runs[j].Reason = "" // names the study that pruned it
			if r.Status != store.Diverged && (r.Epochs != end(r) || (r.Status == store.Done) != (r.Epochs == 9)) {
				t.Errorf("order %d: %s is %s after %d epochs, want %d", i, r.Label, r.Status, r.Epochs, end(r))
			}
		}
		if i == 0 {
			want = got
			continue
		}
		equal(t, fmt.Sprint("order ", i), got, want)
	}
}

// A pruned run that is wanted in full is trained to what it would have been.
func TestWithoutPruningAgain(t *testing.T) {
	s := pruning(contest(t, 2), 0.4, 2, 5)
	whole := full(t, s)
	db := openDB(t)
	_, err := Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	sum, err := Night(ctx, db, []Study{named(s, s.Name, nil, s.Runs)}, Options{})
	check(t, err)
	if sum.Reopened != 10 || sum.Reused != 6 || sum.Done != 10 || sum.Remaining != 0 {
		t.Errorf("%+v", sum)
	}
	equal(t, "the database", read(t, db), whole)
	// And pruning again takes nothing away.
	sum, err = Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	if sum.Reused != 16 || sum.Trained != 0 {
		t.Errorf("%+v", sum)
	}
}

// More cells compete with those that are there; what was pruned and is among
// the best now is trained on, what has gone further stays.
func TestMoreCells(t *testing.T) {
	all := contest(t, 1)
	whole := full(t, all)
	all = pruning(all, 0.5, 2, 5)
	few := all
	few.Runs = []study.Run{all.Runs[1], all.Runs[4], all.Runs[5]} // of which one is left in the end
	db := openDB(t)
	_, err := Night(ctx, db, []Study{few}, Options{})
	check(t, err)
	before := read(t, db)
	pruned := statuses(t, db, "contest")[store.Pruned]
	sum, err := Night(ctx, db, []Study{all}, Options{Workers: 2})
	check(t, err)
	if sum.Remaining != 0 || sum.Reused+sum.Done+sum.Diverged+sum.Pruned != sum.Total {
		t.Errorf("%+v", sum)
	}
	end := ends(all, whole)
	reopened := 0
	rows, err := db.Runs(ctx, "contest")
	check(t, err)
	for _, r := range rows {
		want := end[r.Cell]
		if i := slices.IndexFunc(before.Runs, func(b store.Run) bool { return b.ID == r.ID }); i >= 0 {
			if was := before.Runs[i]; was.Status == store.Pruned && (want < 0 || want > was.Epochs) {
				reopened++
			} else if want > 0 {
				want = max(want, was.Epochs)
			}
		}
		switch {
		case r.Status == store.Diverged:
		case want < 0 || want == 9:
			if r.Status != store.Done {
				t.Errorf("%s is %s after %d epochs, want done", r.Label, r.Status, r.Epochs)
			}
		case r.Status != store.Pruned || r.Epochs != want:
			t.Errorf("%s is %s after %d epochs, want pruned after %d", r.Label, r.Status, r.Epochs, want)
		}
	}
	if sum.Reopened != reopened || reopened == 0 || reopened > pruned {
		t.Errorf("%d runs were reopened, want %d of %d", sum.Reopened, reopened, pruned)
	}
}

// A cell with a run that fails comes last. Where the failure has gone, it
// competes like the others.
func TestFailuresAtARung(t *testing.T) {
	s := pruning(contest(t, 2), 0.4, 2, 5)
	whole := full(t, s)
	best := -1 // cell that would win
	for i, r := range s.Runs {
		if ends(s, whole)[r.Cell] == -1 {
			best = i
			break
		}
	}
	fails := script(func(c mlp.Config, seeds mlp.Seeds, epoch int) {
		r := s.Runs[best]
		if c.LR == r.LR && c.BatchNorm == r.BatchNorm && c.Batch == r.Batch && seeds.Init == 0 && epoch == 1 {
			panic("broken")
		}
	})
	db := openDB(t)
	sum, err := Night(ctx, db, []Study{s}, Options{start: fails})
	check(t, err)
	if sum.Failed != 1 || sum.Remaining != 0 {
		t.Fatalf("%+v", sum)
	}
	rows, err := db.Runs(ctx, s.Name)
	check(t, err)
	for _, r := range rows {
		if r.Cell == s.Runs[best].Cell && r.Status != store.Failed && (r.Status != store.Pruned || r.Epochs != 2) {
			t.Errorf("the other run of the failed cell is %s after %d epochs", r.Status, r.Epochs)
		}
	}
	again, err := Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	if again.Trained != 0 || again.Failed != 1 {
		t.Errorf("the next night: %+v", again)
	}
	sum, err = Night(ctx, db, []Study{s}, Options{RetryFailed: true})
	check(t, err)
	if sum.Failed != 0 || sum.Remaining != 0 || sum.Reopened == 0 {
		t.Errorf("after a retry: %+v", sum)
	}
	for _, r := range s.Runs {
		row, err := db.Run(ctx, r.ID)
		check(t, err)
		if ends(s, whole)[r.Cell] == -1 && row.Status != store.Done && row.Status != store.Diverged {
			t.Errorf("%s is among the best and %s", row.Label, row.Status)
		}
	}
}

// Two machines have each done a part; brought together, the rest follows.
func TestHalvingOfMergedDatabases(t *testing.T) {
	s := pruning(contest(t, 2), 0.4, 2, 5)
	whole := openDB(t)
	_, err := Night(ctx, whole, []Study{s}, Options{})
	check(t, err)
	var paths []string
	for i := range 2 {
		paths = append(paths, filepath.Join(t.TempDir(), "part.db"))
		db, err := store.Open(paths[i])
		check(t, err)
		part := s
		part.Runs = nil
		for n, r := range s.Runs { // a part that does not know the others cannot prune
			if n%2 == i {
				part.Runs = append(part.Runs, r)
			}
		}
		known, err := night.Read(ctx, db, []Study{s}, time.Now(), night.Lease)
		check(t, err)
		agenda := known.Agenda(false, s)
		p, err := newPlan([]Study{part}, NewSources(nil))
		check(t, err)
		check(t, p.record(ctx, db, new(night.Snapshot).Agenda(false), time.Now()))
		todo := work{p.remaining(agenda), agenda.Halving, newRounds(p, agenda, nil)}
		o := Options{Workers: 2}.withDefaults()
		obs := newObserver(o, p.summary(agenda), todo.jobs, p.pace(agenda))
		_, err = runWorkers(ctx, db, todo, obs, o)
		check(t, err)
		if sum, _ := obs.close(); sum.Remaining == 0 || sum.Done > 0 {
			t.Errorf("part %d alone: %+v", i, sum)
		}
		check(t, db.Close())
	}
	db := openDB(t)
	for _, path := range paths {
		_, err := store.Merge(ctx, db, path, nil)
		check(t, err)
	}
	sum, err := Night(ctx, db, []Study{s}, Options{Workers: 2})
	check(t, err)
	if sum.Remaining != 0 {
		t.Errorf("%+v", sum)
	}
	equal(t, "the database", read(t, db), read(t, whole))
	nothingIsLeftOver(t, db)
}

// A night whose deadline leaves a competition open ends, and says so: the last that it
// begins are the runs that the others wait for.
func TestDeadlineAtARung(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := pruning(contest(t, 2), 0.4, 2, 5)
		db := openDB(t)
		long := s.Runs[5].Config
		of := func(c mlp.Config) string { return fmt.Sprint(c.LR, c.Batch, c.BatchNorm) }
		o := slowly(t, 2, map[string]time.Duration{of(long.Config): 2 * time.Hour}, of)
		judged := map[string]int{} // the first end that a run is judged by
		o.Deadline = time.Now().Add(time.Hour)
		o.estimate = func(j job) time.Duration {
			if judged[j.run.ID] == 0 {
				judged[j.run.ID] = j.to()
			}
			if j.run.Cell == s.Runs[5].Cell {
				return 2 * time.Hour
			}
			return 0
		}
		sum, err := Night(ctx, db, []Study{s}, o)
		check(t, err)
		if !sum.Deadline || sum.Remaining == 0 {
			t.Errorf("%+v", sum)
		}
		for id, to := range judged {
			if to != 2 {
				t.Errorf("run %.12s is judged by epoch %d", id, to)
			}
		}
		if n := statuses(t, db, s.Name); n[store.Running] > 0 || n[store.Interrupted] != sum.Remaining {
			t.Errorf("%v, %+v", n, sum)
		}
		sum, err = Night(ctx, db, []Study{s}, Options{})
		check(t, err)
		if sum.Remaining != 0 {
			t.Errorf("%+v", sum)
		}
		asPlayed(t, s, db, full(t, s))
	})
}

// Events of a competition: each run begins, waits, goes on and ends in an order that
// can be followed, and the work adds up at every moment.
func TestEventsOfACompetition(t *testing.T) {
	s := pruning(contest(t, 2), 0.4, 2, 5)
	other := studyOf("other", 3, small(t, "moons"))
	last := map[string]Event{}
	worked := 0.0
	sum, err := Night(ctx, openDB(t), []Study{s, other}, Options{Workers: 2, Observe: func(e Event) {
		before, known := last[e.Run.ID]
		switch {
		case e.Worked < worked-1e-6 || e.Worked > e.Work*(1+1e-9):
			t.Errorf("work went from %v to %v of %v", worked, e.Worked, e.Work)
		case e.Kind == Expected:
			return
		case e.Kind == Started && known && before.Kind != Waits, e.Kind == Waits && before.Kind != Trained:
			t.Errorf("%v after %v", e.Kind, before.Kind)
		case e.Kind == Finished && e.Status == store.Pruned &&
			(before.Kind != Waits || e.Epochs != before.Epochs || e.Worker != 0):
			t.Errorf("pruned: %+v after %+v", e, before)
		case e.Running < 0 || e.Running > 2+8: // the writer tells of those that are over a little later
			t.Errorf("%d are running", e.Running)
		}
		worked, last[e.Run.ID] = e.Worked, e
	}})
	check(t, err)
	for id, e := range last {
		if e.Kind != Finished {
			t.Errorf("run %s ended with %v", id, e.Kind)
		}
	}
	examples := 0
	for _, e := range last {
		examples += 40 * e.Epochs
	}
	if sum.Examples != examples || sum.Total != 19 || sum.Trained != 19 || sum.Running != 0 {
		t.Errorf("%d examples in all: %+v", examples, sum)
	}
}

// Verify trains a pruned run again as far as it went, its weights included.
func TestVerifyOfACompetition(t *testing.T) {
	s := pruning(contest(t, 1), 0.4, 2, 5)
	db := openDB(t)
	_, err := Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	n := 0
	for _, r := range s.Runs {
		v, err := Verify(ctx, db, r.ID, NewSources(nil), Options{})
		check(t, err)
		if v.Difference != nil {
			t.Errorf("%s: %v", v.Run.Label, v.Difference)
		}
		if v.Run.Status == store.Pruned {
			n++
			if !v.Digest || v.Epochs != v.Run.Epochs+1 {
				t.Errorf("%s: %+v", v.Run.Label, v)
			}
		}
	}
	if n != 5 {
		t.Errorf("%d were pruned", n)
	}
}

// Ctrl-C while cells compete ends the night at once, also where workers wait.
func TestStoppedInACompetition(t *testing.T) {
	s := pruning(contest(t, 2), 0.4, 2, 5)
	stopped, cancel := context.WithCancel(ctx)
	defer cancel()
	db := openDB(t)
	waited := 0
	sum, err := Night(stopped, db, []Study{s}, Options{Workers: 8, Observe: func(e Event) {
		if e.Kind == Waits {
			if waited++; waited == 5 {
				cancel()
			}
		}
	}})
	check(t, err)
	if sum.Remaining == 0 || sum.Trained < 5 {
		t.Errorf("%+v", sum)
	}
	_, err = Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	asPlayed(t, s, db, full(t, s))
}

// A run that has come further than its rung, for a study that is not trained
// tonight, keeps what it has when it is pruned.
func TestPrunedBeyondItsRung(t *testing.T) {
	s := pruning(contest(t, 1), 0.4, 2, 5)
	loser := s.Runs[3] // lr=0
	plain := named(s, "plain", nil, s.Runs[3:4])
	db := openDB(t)
	stopped, cancel := context.WithCancel(ctx)
	defer cancel()
	_, err := Night(stopped, db, []Study{plain}, Options{Workers: 1, start: script(func(_ mlp.Config, _ mlp.Seeds, epoch int) {
		if epoch == 8 {
			cancel()
		}
	})})
	check(t, err)
	sum, err := Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	row, err := db.Run(ctx, loser.ID)
	check(t, err)
	if sum.Remaining != 0 || row.Status != store.Pruned || row.Epochs != 7 || !row.Valid.Loss.Valid {
		t.Errorf("%+v, %+v", sum, row)
	}
	if v, err := Verify(ctx, db, loser.ID, NewSources(nil), Options{}); err != nil || v.Difference != nil || v.Epochs != 8 {
		t.Errorf("%+v, %v", v, err)
	}
	nothingIsLeftOver(t, db)
	_, err = Night(ctx, db, []Study{plain}, Options{})
	check(t, err)
	if row, err := db.Run(ctx, loser.ID); err != nil || row.Status != store.Done || row.Epochs != 9 {
		t.Errorf("wanted in full again: %+v, %v", row, err)
	}
}

// Workers that find nothing to train while a competition is open are there when it is decided.
func TestWorkersWaitForACompetition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := small(t, "xor")
		c.Epochs = 6
		s := pruning(studyOf("s", 2, withLR(c, 0.5), withLR(c, 0)), 0.5, 2)
		slowly := func(training mlp.Training, err error, c mlp.Config, seeds mlp.Seeds) (mlp.Training, error) {
			takes := 10 * time.Second
			if c.LR == 0 && seeds.Init == 1 { // the last to come to the rung
				takes = 25 * time.Second
			}
			return &slow{training, takes, func(bool, bool) {}}, err
		}
		sum, err := Night(ctx, openDB(t), []Study{s},
			Options{Workers: 2, period: context.WithCancel,
				start: func(c mlp.Config, d mlp.Data, seeds mlp.Seeds) (mlp.Training, error) {
					training, err := mlp.Start(c, d, seeds)
					return slowly(training, err, c, seeds)
				}, resume: func(c mlp.Config, d mlp.Data, seeds mlp.Seeds, state []byte) (mlp.Training, error) {
					training, err := mlp.Resume(c, d, seeds, state)
					return slowly(training, err, c, seeds)
				}})
		check(t, err)
		// One to the rung, the slow one behind it, then both winners beside each other; the writer takes a moment.
		if want := 30*time.Second + 75*time.Second + 50*time.Second; sum.Done != 2 || sum.Elapsed < want ||
			sum.Elapsed > want+time.Second {
			t.Errorf("took %v, want %v: %+v", sum.Elapsed, want, sum)
		}
	})
}
