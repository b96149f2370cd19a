package runner

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"nightshift/internal/cost"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// halving says how far the runs of studies that prune are to be trained, from
// what is known of how they did at the rungs. What is known never changes and
// is never forgotten, so neither does what follows from it.
type Halving struct {
	brackets []*bracket
	full     map[string]bool // runs that a study wants to their end
}

// bracket is the competition of the cells of one study.
type bracket struct {
	*study.Prune
	study  string
	cells  [][]string     // the runs of each, in the order of the study
	of     map[string]int // the cell of a run
	scores map[string][]score
	last   map[string]int // measured epoch of each run, as it was read last
	goals  []study.Goal
	stale  bool // whether more is known than the goals go by
}

// score is the metric of a run at a rung; +Inf for one that has come to nothing.
type score struct {
	value float64
	known bool
}

func newHalving(studies []Study) *Halving {
	h := &Halving{full: map[string]bool{}}
	for _, s := range studies {
		if s.Prune != nil {
			h.brackets = append(h.brackets, newBracket(s))
		}
	}
	h.addFull(studies)
	return h
}

// addFull notes the runs that studies without pruning have in common with brackets.
func (h *Halving) addFull(studies []Study) {
	for _, s := range studies {
		if s.Prune != nil {
			continue
		}
		for i := range s.Runs {
			if h.Competes(s.Runs[i].ID) {
				h.full[s.Runs[i].ID] = true
			}
		}
	}
}

// only is the halving of some of its studies.
func (h *Halving) only(studies []Study) *Halving {
	some := &Halving{full: map[string]bool{}}
	for _, s := range studies {
		for _, r := range h.brackets {
			if s.Prune != nil && s.Name == r.study {
				some.brackets = append(some.brackets, r)
			}
		}
	}
	some.addFull(studies)
	return some
}

func newBracket(s Study) *bracket {
	r := &bracket{Prune: s.Prune, study: s.Name, of: map[string]int{}, scores: map[string][]score{}, last: map[string]int{}, stale: true}
	place := map[string]int{}
	for i := range s.Runs {
		run := &s.Runs[i]
		c, ok := place[run.Cell]
		if !ok {
			c = len(r.cells)
			place[run.Cell] = c
			r.cells = append(r.cells, nil)
		}
		r.cells[c] = append(r.cells[c], run.ID)
		r.of[run.ID] = c
		r.scores[run.ID] = make([]score, len(r.Rungs))
		r.last[run.ID] = -1
	}
	return r
}

func (h *Halving) Competes(id string) bool {
	return slices.ContainsFunc(h.brackets, func(r *bracket) bool { _, ok := r.of[id]; return ok })
}

// runs lists all that compete.
func (h *Halving) runs() []string {
	ids := map[string]bool{}
	for _, r := range h.brackets {
		for id := range r.of {
			ids[id] = true
		}
	}
	return slices.Sorted(maps.Keys(ids))
}

// read learns what the database knows of runs. A failure is no result where it
// is tried again.
func (h *Halving) Read(ctx context.Context, db *store.DB, ids []string, retryFailed bool) error {
	for _, r := range h.brackets {
		var own []string
		for _, id := range ids {
			if _, ok := r.of[id]; ok {
				own = append(own, id)
			}
		}
		if len(own) == 0 {
			continue
		}
		standings, err := db.Standings(ctx, r.Metric, r.Rungs, own)
		if err != nil {
			return err
		}
		for id, s := range standings {
			if s.Status == store.Failed && retryFailed {
				s.Status = store.Pending
			}
			r.record(id, s)
		}
	}
	return nil
}

// record learns how a run stands.
func (r *bracket) record(id string, s store.Standing) {
	r.last[id] = s.Last
	for k, rung := range r.Rungs {
		v, measured := s.At[rung]
		now := score{v.V, true}
		switch {
		case s.Status == store.Diverged && s.Epochs <= rung, measured && !v.Valid, !measured && isFinal(s.Status):
			now.value = math.Inf(1)
		case !measured:
			continue
		}
		if old := &r.scores[id][k]; !old.known {
			*old = now
			r.stale = true
		}
	}
}

// isFinal says whether a run of this status will not be trained further, whoever wants it.
func isFinal(s store.Status) bool {
	return s == store.Done || s == store.Diverged || s == store.Failed
}

// learn notes what the training of a run has come to.
func (h *Halving) Learn(id string, status store.Status, epochs []store.Epoch) {
	for _, r := range h.brackets {
		if _, ok := r.of[id]; !ok {
			continue
		}
		s := store.Standing{Status: status, Last: -1, At: map[int]store.Number{}}
		for _, e := range epochs {
			s.Last = e.Epoch
			if slices.Contains(r.Rungs, e.Epoch) {
				s.At[e.Epoch] = ValidMetric(e, r.Metric)
			}
		}
		s.Epochs = s.Last // a diverged run's last epoch is measured
		r.record(id, s)
	}
}

// decide draws the conclusions from what is known. It says whether anything was new.
func (h *Halving) Decide() bool {
	changed := false
	for _, r := range h.brackets {
		if !r.stale {
			continue
		}
		r.stale, changed = false, true
		r.goals = r.Goals(len(r.cells), r.mean)
	}
	return changed
}

// mean of a cell at a rung over its runs; false where not all are known.
func (r *bracket) mean(cell, rung int) (float64, bool) {
	k := slices.Index(r.Rungs, rung)
	sum := 0.0
	for _, id := range r.cells[cell] {
		s := r.scores[id][k]
		if !s.known {
			return 0, false
		}
		sum += s.value
	}
	return sum / float64(len(r.cells[cell])), true
}

// decision is what a run's studies want of it, all in all.
type Decision int

const (
	Advance Decision = iota // up to the goal
	Wait                    // it is there, and may go on from it when others are
	Stop                    // it is there, and wanted no further
)

// goal gives a run's goal, the furthest that one of its studies has for it
// (study.End for its last epoch), and what that means for the run where it is.
func (h *Halving) Goal(id string) (goal int, v Decision) {
	if h.full[id] || !h.Competes(id) {
		return study.End, Advance
	}
	decided := true
	last := -1
	for _, r := range h.brackets {
		if c, ok := r.of[id]; ok {
			goal = max(goal, r.goals[c].Epoch)
			decided = decided && r.goals[c].Decided
			last = r.last[id]
		}
	}
	switch {
	case last < goal:
		return goal, Advance
	case !decided:
		return goal, Wait
	}
	return goal, Stop
}

// last measured epoch of a run that competes.
func (h *Halving) Last(id string) int {
	for _, r := range h.brackets {
		if last, ok := r.last[id]; ok {
			return last
		}
	}
	return -1
}

// reason says at which rung a run has lost that is settled.
func (h *Halving) Reason(id string) string {
	text, furthest := "", 0
	for _, r := range h.brackets {
		c, ok := r.of[id]
		if !ok || r.goals[c].Epoch <= furthest {
			continue
		}
		furthest = r.goals[c].Epoch
		survivors := r.Left(len(r.cells))
		k := slices.Index(r.Rungs, furthest)
		text = fmt.Sprintf("study %s: %d of %d cells went on after epoch %d, by %s", r.study, survivors[k+1], survivors[k], furthest, r.Metric)
	}
	return text
}

// chances gives those of the cells of every bracket.
func (h *Halving) Chances() [][][]float64 {
	all := make([][][]float64, len(h.brackets))
	for i, r := range h.brackets {
		all[i] = r.Chances(r.goals)
	}
	return all
}

// stages divides a run at the rungs of all its brackets.
func (h *Halving) Stages(run *study.Run, chances [][][]float64) []cost.Stage {
	ends := []int{run.Epochs}
	for _, r := range h.brackets {
		if _, ok := r.of[run.ID]; ok {
			ends = append(ends, r.Rungs...)
		}
	}
	slices.Sort(ends)
	var list []cost.Stage
	from := 0
	for _, to := range slices.Compact(ends) {
		list = append(list, cost.Stage{From: from, To: to, Chance: h.chance(run.ID, chances, from)})
		from = to
	}
	return list
}

// chance is the probability that a run is trained beyond an epoch.
func (h *Halving) chance(id string, chances [][][]float64, epoch int) float64 {
	if h.full[id] || !h.Competes(id) {
		return 1
	}
	p := 0.0
	for i, r := range h.brackets {
		if c, ok := r.of[id]; ok {
			k, exact := slices.BinarySearch(r.Rungs, epoch)
			if exact {
				k++
			}
			p = max(p, chances[i][c][k])
		}
	}
	return p
}
