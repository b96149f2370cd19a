package runner

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// Shares are a partition in the order of the members, whose costs differ by no more than the largest member. Members that all
// cost the same go to the shares in turn.
func TestShares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		costs := rapid.SliceOfN(rapid.SampledFrom([]int64{1, 2, 3, 50, 1000, 1_000_003}), 0, 60).Draw(t, "costs")
		n := rapid.IntRange(1, 20).Draw(t, "n")
		members, at, largest := make([]Member, len(costs)), map[string]int{}, int64(0)
		for i, cost := range costs {
			members[i] = Member{fmt.Sprint(i), cost}
			at[members[i].ID] = i
			largest = max(largest, cost)
		}
		shares := Shares(members, n)
		if len(shares) != n {
			t.Fatalf("%d shares, want %d", len(shares), n)
		}
		seen, loads := map[string]bool{}, []int64{}
		for k, share := range shares {
			if !slices.IsSortedFunc(share, func(a, b Member) int { return at[a.ID] - at[b.ID] }) {
				t.Errorf("share %d is not in the order of the members", k+1)
			}
			load := int64(0)
			for _, m := range share {
				if seen[m.ID] || m != members[at[m.ID]] {
					t.Errorf("%v is in two shares, or is no member", m)
				}
				seen[m.ID], load = true, load+m.Cost
			}
			loads = append(loads, load)
		}
		if len(seen) != len(members) {
			t.Errorf("%d of %d members are in a share", len(seen), len(members))
		}
		if slices.Max(loads)-slices.Min(loads) > largest {
			t.Errorf("costs of the shares %v differ by more than %d", loads, largest)
		}
		if len(slices.Compact(slices.Clone(costs))) != 1 {
			return
		}
		for k, share := range shares {
			for round, m := range share {
				if at[m.ID] != round*n+k {
					t.Errorf("share %d has member %s in its place %d", k+1, m.ID, round)
				}
			}
		}
	})
}

// Costs of six digits make sums that are exact, and leave what processors make of the last bits without effect.
func TestStaticCost(t *testing.T) {
	for seconds, want := range map[float64]int64{
		0: 1, 1e-9: 1, 0.25: 250_000, 0.1234564: 123_456, 1.2345674: 1_234_570, 98765.43: 98_765_400_000, 1e6: 1e12,
	} {
		if got := staticCost(seconds); got != want {
			t.Errorf("%v s: %d, want %d", seconds, got, want)
		}
		if a, b := staticCost(seconds), staticCost(seconds*(1+1e-15)); a != b {
			t.Errorf("%v s: %d or %d", seconds, a, b)
		}
	}
}

// Studies whose runs cost different times, one of which shares runs with another.
func shared(t testing.TB) []Study {
	t.Helper()
	return []Study{parsed(t, `study: first
data: {set: xor, train: 40, valid: 20, test: 20}
base: {epochs: 2, batch: 20}
grid: {width: [2, 8, 32]}
seeds: 3
keep: {weights: final}
`), parsed(t, `study: second
data: {set: xor, train: 40, valid: 20, test: 20}
base: {epochs: 2, batch: 20}
grid: {width: [8, 16]}
seeds: 4
`)}
}

// The shares of studies, each trained in a database of its own and typed twice, are merged in any order to what one night makes.
func TestSharesAreTheStudies(t *testing.T) {
	whole := openDB(t)
	_, err := Night(ctx, whole, shared(t), Options{})
	check(t, err)
	want := read(t, whole)
	const n = 4
	merged := openDB(t)
	total := 0
	for _, i := range []int{2, 0, 3, 1} {
		all, err := Members(shared(t), NewSources(nil))
		check(t, err)
		part := Share(shared(t), Shares(all, n)[i])
		path := newPath(t)
		db, err := store.Open(path)
		check(t, err)
		s, err := Night(ctx, db, part, Options{})
		check(t, err)
		again, err := Night(ctx, db, part, Options{})
		check(t, err)
		if s.Trained != s.Total || again.Trained != 0 || again.Total != s.Total {
			t.Errorf("share %d: %d of %d runs trained, and %d of %d more", i+1, s.Trained, s.Total, again.Trained, again.Total)
		}
		total += s.Total
		check(t, db.Close())
		_, err = store.Merge(ctx, merged, path, nil)
		check(t, err)
	}
	equal(t, "the database", read(t, merged), want)
	for _, of := range shared(t) {
		equal(t, "members of "+of.Name, members(t, merged, of.Name), members(t, whole, of.Name))
	}
	if total != len(want.Runs) {
		t.Errorf("the shares have %d runs, the studies %d", total, len(want.Runs))
	}
}

// members lists those of a study, in order.
func members(t testing.TB, db *store.DB, name string) []store.StudyRun {
	t.Helper()
	list, err := db.StudyRuns(ctx, name)
	check(t, err)
	return list
}

// The runs of a share come seed by seed, in the order in which it lists them.
func TestSharesGoSeedBySeed(t *testing.T) {
	members, err := Members(shared(t), NewSources(nil))
	check(t, err)
	runs := map[string]study.Run{}
	for _, s := range shared(t) {
		for _, r := range s.Runs {
			runs[r.ID] = r
		}
	}
	for k, share := range Shares(members, 3) {
		p, err := newPlan(Share(shared(t), share), NewSources(nil))
		check(t, err)
		if len(p.jobs) != len(share) {
			t.Fatalf("share %d has %d runs, its plan %d", k+1, len(share), len(p.jobs))
		}
		for i, j := range p.jobs {
			if j.run.ID != share[i].ID {
				t.Errorf("share %d: run %d of the plan is not that of the share", k+1, i)
			}
			if i > 0 && runs[p.jobs[i-1].run.ID].Seeds.Init > j.run.Seeds.Init {
				t.Errorf("share %d trains a later seed before seed %d", k+1, j.run.Seeds.Init)
			}
		}
	}
}
