package runner

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
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
	t.Parallel()
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
