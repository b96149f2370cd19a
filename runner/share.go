package runner

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"nightshift/internal/night"
	"nightshift/internal/store"
)

// Member is a run of a plan with what its share is chosen by: its identity, and the cost of training it completely, in
// thousandths of a millisecond at the reference speed, the same on any machine.
type Member struct {
	ID   string
	Cost int64
}

// Members lists the runs of studies, each once, in the order in which a night trains them: the first seed of every cell before
// the second of any. The list depends neither on a database nor on this machine.
func Members(studies []Study, sources *Sources) ([]Member, error) {
	p, err := newPlan(studies, sources)
	if err != nil {
		return nil, err
	}
	list := make([]Member, len(p.jobs))
	for i, j := range p.jobs {
		list[i] = Member{j.run.ID, staticCost(j.work())}
	}
	return list, nil
}

// RoundMembers lists the runs of a round of a study in the order in which a night trains them. The cost of each is that of the
// round alone.
func RoundMembers(s Study, r *Round, sources *Sources) ([]Member, error) {
	p, err := newPlan([]Study{s}, sources)
	if err != nil {
		return nil, err
	}
	in := make(map[string]bool, len(r.Runs))
	for i := range r.Runs {
		in[r.Runs[i].ID] = true
	}
	var list []Member
	for _, j := range p.jobs {
		if in[j.run.ID] {
			from, to := r.Epochs(j.run)
			list = append(list, Member{j.run.ID, staticCost(j.part(float64(to - from)))})
		}
	}
	return list, nil
}

// Round is a part of a study that can be divided between machines although what is trained depends on results.
type Round = night.Round

// NextRound returns the first round of a study that a database (nil for none yet) does not have completely; nil where it has
// all of them.
func NextRound(ctx context.Context, db *store.DB, s Study) (*Round, error) {
	known, err := night.Read(ctx, db, []Study{s}, time.Now(), night.Lease)
	if err != nil {
		return nil, err
	}
	return known.NextRound(s)
}

// staticCost is work in seconds as a whole number, so that sums of it are exact. Six digits count: what processors make of
// the last bits of a fraction decides over no share.
func staticCost(seconds float64) int64 {
	us := seconds * 1e6
	if us < 1e6 {
		return max(1, int64(math.Round(us)))
	}
	unit := math.Pow(10, math.Floor(math.Log10(us))-5)
	return int64(math.Round(us/unit)) * int64(math.Round(unit))
}

// Shares splits members into n shares whose costs differ by at most that of the most expensive member. It is a function of
// the members and n, so that machines that know nothing of each other agree. The members of a share are in the order that
// they had, and of those that cost the same every share has as many of the first as any.
func Shares(members []Member, n int) [][]Member {
	order := make([]int, len(members))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(members[b].Cost, members[a].Cost) })
	loads := make(loads, n)
	for k := range loads {
		loads[k].share = k
	}
	shareOf := make([]int, len(members))
	for _, i := range order { // the most expensive first, each to the share that has least
		shareOf[i] = loads[0].share
		loads[0].cost += members[i].Cost
		loads.sink()
	}
	shares := make([][]Member, n)
	for i, m := range members {
		shares[shareOf[i]] = append(shares[shareOf[i]], m)
	}
	return shares
}

// loads are shares with what they cost so far: a heap, the cheapest and of those the first at its top.
type loads []struct {
	cost  int64
	share int
}

// sink restores the heap when its top has become more expensive.
func (l loads) sink() {
	less := func(i, j int) bool {
		return cmp.Or(cmp.Compare(l[i].cost, l[j].cost), cmp.Compare(l[i].share, l[j].share)) < 0
	}
	for at := 0; ; {
		child := 2*at + 1
		if child >= len(l) {
			return
		}
		if child+1 < len(l) && less(child+1, child) {
			child++
		}
		if !less(child, at) {
			return
		}
		l[at], l[child] = l[child], l[at]
		at = child
	}
}

// Share gives the studies with those of their runs that are among the members; all others belong to other processes, which
// have databases of their own.
func Share(studies []Study, members []Member) []Study {
	in := make(map[string]bool, len(members))
	for _, m := range members {
		in[m.ID] = true
	}
	list := make([]Study, len(studies))
	for k, s := range studies {
		list[k] = Study{Study: s.Study, Planned: s.Runs}
		for _, r := range s.Runs {
			if in[r.ID] {
				list[k].Runs = append(list[k].Runs, r)
			}
		}
	}
	return list
}

// Choose gives those of the members that have the given identities, in the order of the members. An identity that no member
// has is an error.
func Choose(members []Member, ids []string) ([]Member, error) {
	wanted := make(map[string]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	var list []Member
	for _, m := range members {
		if wanted[m.ID] {
			list = append(list, m)
			delete(wanted, m.ID)
		}
	}
	for _, id := range ids {
		if wanted[id] {
			return nil, fmt.Errorf("run %s is none of the study: its file, what --set says or the data were others when the list was made",
				id)
		}
	}
	return list, nil
}
