package runner

import (
	"slices"
	"strings"
	"testing"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// roundIn is a round of a study by what a database knows of those before it.
func roundIn(t testing.TB, db *store.DB, s Study, number int) (*Round, error) {
	t.Helper()
	known, err := night.Read(ctx, db, []Study{s}, time.Now(), night.Lease)
	check(t, err)
	return known.Round(s, number)
}

// byRounds trains a study in shares, round by round, and merges each into one database, until there is nothing more to train.
// Of each round one share is stopped and started again, and its set is looked at when half of it is merged.
func byRounds(t *testing.T, s Study, n int) (merged *store.DB, rounds int) {
	t.Helper()
	all := newPath(t)
	merged, err := store.Open(all)
	check(t, err)
	t.Cleanup(func() { merged.Close() })
	for {
		r, err := NextRound(ctx, merged, s)
		check(t, err)
		if r == nil {
			return merged, rounds
		}
		rounds++
		if later, err := roundIn(t, merged, s, r.Number+1); r.Number < r.Of && err == nil && len(later.Runs) > 0 {
			t.Errorf("round %d can begin before round %d is over", later.Number, r.Number)
		}
		members, err := RoundMembers(s, r, NewSources(nil))
		check(t, err)
		if len(members) != len(r.Runs) {
			t.Errorf("%v has %d runs and %d members", r, len(r.Runs), len(members))
		}
		for k, share := range Shares(members, n) {
			again, err := roundIn(t, merged, s, r.Number)
			check(t, err)
			equal(t, "members of the round, however far it is", membersOf(t, s, again), members)
			in, ids := map[string]bool{}, []string{}
			for _, m := range share {
				in[m.ID], ids = true, append(ids, m.ID)
			}
			path := newPath(t)
			for night := range 2 {
				db, err := store.Open(path)
				check(t, err)
				_, err = store.MergeRuns(ctx, db, all, ids)
				check(t, err)
				sum, err := Night(ctx, db, []Study{again.Share(s, func(id string) bool { return in[id] })}, Options{Workers: 2})
				check(t, err)
				if sum.Remaining != 0 || sum.Total != len(share) || night > 0 && sum.Trained > 0 {
					t.Errorf("%v, share %d, night %d: %+v", r, k+1, night+1, sum.Progress)
				}
				check(t, db.Close())
			}
			_, err = store.Merge(ctx, merged, path, nil)
			check(t, err)
		}
		if rounds > r.Of {
			t.Fatalf("%v is the %d.", r, rounds)
		}
	}
}

func membersOf(t testing.TB, s Study, r *Round) []Member {
	t.Helper()
	list, err := RoundMembers(s, r, NewSources(nil))
	check(t, err)
	return list
}

// pruned is a study that prunes twice, in which one cell diverges and two are equal at the first rung.
const pruned = `study: pruned
data: {set: xor, train: 40, valid: 20, test: 20}
base: {epochs: 8, batch: 20, init: he_normal}
grid: {lr: [0, 0.05, 0.1, 0.5, 1, 1e30], width: [2, 4]}
seeds: 2
prune: {keep: 0.4, rungs: [2, 5]}
keep: {weights: best}
`

// A study that prunes, one that goes on until its claims are decided and a plain one are the same in rounds and shares as in
// one night.
func TestRoundsAreTheNight(t *testing.T) {
	plain := studyOf("plain", 3, small(t, "xor"), withLR(small(t, "xor"), 0.5))
	for name, c := range map[string]struct {
		study  Study
		rounds int
	}{
		"prune": {parsed(t, pruned), 3},
		"until": {parsed(t, undecided), 0},
		"plain": {plain, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			whole := openDB(t)
			_, err := Night(ctx, whole, []Study{c.study}, Options{})
			check(t, err)
			merged, rounds := byRounds(t, c.study, 3)
			if c.rounds > 0 && rounds != c.rounds || rounds > night.Rounds(c.study.Study) || name == "until" && rounds < 4 {
				t.Errorf("%d rounds", rounds)
			}
			equal(t, "the database", read(t, merged), read(t, whole))
			equal(t, "members", members(t, merged, c.study.Name), members(t, whole, c.study.Name))
			nothingIsLeftOver(t, merged)
			sum, err := Night(ctx, merged, []Study{c.study}, Options{})
			check(t, err)
			if sum.Trained != 0 || sum.Remaining != 0 {
				t.Errorf("one night more: %+v", sum.Progress)
			}
		})
	}
}

// What a round needs has to be there, and rounds that a study has not are said.
func TestRoundsThatCannotBegin(t *testing.T) {
	s := pruning(contest(t, 2), 0.4, 2, 5)
	db := openDB(t)
	recorded(t, db, s)
	for number, says := range map[int]string{
		0: "has rounds 1 to 3, and no round 0", 4: "has rounds 1 to 3, and no round 4",
		2: "round 2 of study " + s.Name + " cannot begin",
		3: "with --round 2",
	} {
		if _, err := roundIn(t, db, s, number); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("round %d: %v", number, err)
		}
	}
	r, err := NextRound(ctx, nil, s)
	check(t, err)
	over := func(run study.Run) bool { return !r.Remains(run.ID) }
	if r.Number != 1 || r.Open != len(s.Runs) || slices.ContainsFunc(s.Runs, over) {
		t.Errorf("without a database %v has %d runs", r, r.Open)
	}
	from, to := r.Epochs(&s.Runs[0])
	if from != 0 || to != 2 {
		t.Errorf("round 1 is from epoch %d to %d", from, to)
	}
}
