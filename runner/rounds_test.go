package runner

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"testing"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
)

// undecided is a study that goes on until its claims are decided: one of them soon,
// some late, one never, and one of a cell that diverges.
const undecided = `study: undecided
data: {set: xor, train: 40, valid: 20, test: 20}
base: {epochs: 6, batch: 20, init: he_normal}
grid: {width: [2, 4], lr: [0, 0.1, 0.5, 1e30]}
seeds: {min: 4, max: 16, until: decided}
keep: {weights: best}
expect:
  - train_loss(width=4, lr=0.5) < train_loss(width=4, lr=0)
  - train_loss(width=2, lr=0.5) < train_loss(width=2, lr=0.1)
  - train_loss(width=4, lr=0.1) < train_loss(width=2, lr=0.1)
  - train_error(width=4, lr=0) > train_error(width=2, lr=0)
  - train_loss(width=2, lr=1e30) < train_loss(width=4, lr=0.5)
  - share(train_error(width=4, lr=0.1) < 0.9) > 0.5
`

// parsed reads a study with its runs.
func parsed(t testing.TB, text string) Study {
	t.Helper()
	s, err := study.Parse("test.yaml", []byte(text), nil)
	check(t, err)
	runs, err := s.Runs(NewSources(nil).Fingerprint)
	check(t, err)
	return Study{Study: s, Runs: runs}
}

// ruling is what the rule makes of full trainings.
type ruling struct {
	whole  *store.DB
	rounds map[string]int // that each cell has
	claims []verdict.Stage
}

// ruled trains all that the study could, and plays the rule on it.
func ruled(t testing.TB, s Study) ruling {
	t.Helper()
	plain := *s.Study
	plain.Until = nil
	whole := openDB(t)
	_, err := Night(ctx, whole, []Study{{Study: &plain, Runs: s.Runs}}, Options{})
	check(t, err)
	rounds := map[string]int{}
	for _, r := range s.Runs {
		rounds[r.Cell] = s.Until.Min
	}
	stages := make([]verdict.Stage, len(s.Expect))
	for n := s.Until.Min; ; n++ {
		results, err := verdict.Planned(t.Context(), whole, s.Study, s.Runs)
		check(t, err)
		var known []string
		for _, r := range s.Runs {
			if r.Round < rounds[r.Cell] {
				known = append(known, r.ID)
			}
		}
		check(t, results.Learn(ctx, known))
		claims, err := results.Progress(ctx, s.Study, n)
		check(t, err)
		open := false
		for i, c := range claims {
			if stages[i] == verdict.Open || c.Stage == verdict.Decided {
				stages[i] = c.Stage
			}
			if stages[i] == verdict.Open && n < s.Until.Max {
				open = true
				for _, cell := range c.Cells {
					rounds[cell] = n + 1
				}
			}
		}
		if !open {
			return ruling{whole, rounds, stages}
		}
	}
}

// asRuled checks that the study has the runs that the rule asks for, no others, and
// that they are what they always are.
func asRuled(t testing.TB, s Study, db *store.DB, rule ruling) {
	t.Helper()
	var want []string
	for _, r := range s.Runs {
		if r.Round < rule.rounds[r.Cell] {
			want = append(want, r.ID)
		}
	}
	var got []string
	members, err := db.StudyRuns(ctx, s.Name)
	check(t, err)
	for _, m := range members {
		got = append(got, m.RunID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the study has %d runs, want %d: %v, want %v", len(got), len(want), cells(s, got), cells(s, want))
	}
	for _, id := range want {
		now, err := db.Run(ctx, id)
		check(t, err)
		then, err := rule.whole.Run(ctx, id)
		check(t, err)
		if now.Status != then.Status || now.Digest != then.Digest ||
			fmt.Sprint(now.Train, now.Test) != fmt.Sprint(then.Train, then.Test) {
			t.Errorf("%s is %s, want %s: %v, want %v", now.Label, now.Status, then.Status, now.Train, then.Train)
		}
	}
	nothingIsLeftOver(t, db)
}

// cells counts runs by cell.
func cells(s Study, ids []string) map[string]int {
	n := map[string]int{}
	for _, r := range s.Runs {
		if slices.Contains(ids, r.ID) {
			n[r.Label]++
		}
	}
	return n
}

func TestUntilDecided(t *testing.T) {
	t.Parallel()
	s := parsed(t, undecided)
	rule := ruled(t, s)
	if len(slices.Compact(slices.Sorted(maps.Values(rule.rounds)))) < 4 || rule.claims[4] != verdict.Undecidable {
		t.Fatalf("the study is too simple: %v, %v", rule.rounds, rule.claims)
	}
	var want contents
	for _, workers := range []int{1, 2, 3, 6} {
		db := openDB(t)
		sum, err := Night(ctx, db, []Study{s}, Options{Workers: workers})
		check(t, err)
		asRuled(t, s, db, rule)
		if sum.Remaining != 0 || sum.Failed != 0 || sum.Done+sum.Diverged != sum.Total || sum.Total != sum.ToTrain ||
			sum.Trained != sum.Total {
			t.Errorf("%d workers: %+v", workers, sum)
		}
		if sum.Claims.String() != "3 of 6 claims decided, 3 not decidable" {
			t.Errorf("%d workers: %s", workers, sum.Claims)
		}
		if math.Abs(sum.Work-sum.Worked) > 1e-9*sum.Work {
			t.Errorf("%d workers: work %v of %v", workers, sum.Worked, sum.Work)
		}
		if got := read(t, db); workers == 1 {
			want = got
		} else {
			equal(t, fmt.Sprintf("%d workers", workers), got, want)
		}
		sum, err = Night(ctx, db, []Study{s}, Options{Workers: workers})
		check(t, err)
		if sum.Trained != 0 || sum.Remaining != 0 || sum.Reused != sum.Total || sum.Claims.Decided != 3 {
			t.Errorf("again with %d workers: %+v", workers, sum)
		}
	}
}
