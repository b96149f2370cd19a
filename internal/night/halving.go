package night

import (
	"context"
	"fmt"
	"slices"

	"nightshift/internal/cost"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// Halving says how far the runs of studies that prune are to be trained, from
// what is known of how they did at the rungs. What is known never changes and
// is never forgotten, so neither does what follows from it.
type Halving struct {
	brackets []*bracket
	full     map[string]bool // runs that a study wants to their end
}

func newHalving(studies []Study, wants func(study, id string) bool) *Halving {
	h := &Halving{full: map[string]bool{}}
	for _, s := range studies {
		if s.Prune != nil {
			h.brackets = append(h.brackets, newBracket(s))
		}
	}
	for _, s := range studies {
		if s.Prune != nil {
			continue
		}
		for i := range s.Runs {
			if id := s.Runs[i].ID; wants(s.Name, id) {
				h.WantFull(id)
			}
		}
	}
	return h
}

// WantFull notes that a study wants a run to its end.
func (h *Halving) WantFull(id string) {
	if h.Competes(id) {
		h.full[id] = true
	}
}

// Competes says whether a run belongs to a study that prunes.
func (h *Halving) Competes(id string) bool {
	return slices.ContainsFunc(h.brackets, func(b *bracket) bool { _, ok := b.of[id]; return ok })
}

// Read learns what the database knows of runs by now. A failure is no result
// where it is tried again. It says whether anything was new.
func (h *Halving) Read(ctx context.Context, db *store.DB, ids []string, retryFailed bool) (news bool, err error) {
	for _, b := range h.brackets {
		runs, err := b.atRungs(ctx, db, ids)
		if err != nil {
			return false, err
		}
		b.recordAll(runs, retryFailed)
	}
	return h.Decide(), nil
}

// Learn notes what the training of a run has come to; Decide draws the conclusions.
func (h *Halving) Learn(id string, status store.Status, epochs []store.Epoch) {
	for _, b := range h.brackets {
		if _, ok := b.of[id]; !ok {
			continue
		}
		s := store.AtRungs{Status: status, Last: -1, At: map[int]store.Number{}}
		for _, e := range epochs {
			s.Last = e.Epoch
			if slices.Contains(b.Rungs, e.Epoch) {
				s.At[e.Epoch] = validMetric(e, b.Metric)
			}
		}
		s.Epochs = s.Last // a diverged run's last epoch is measured
		b.record(id, s)
	}
}

// Decide draws the conclusions from what is known. It says whether anything was new.
func (h *Halving) Decide() bool {
	news := false
	for _, b := range h.brackets {
		news = b.decide() || news
	}
	return news
}

// Final says whether a run of this status will not be trained further, whoever wants it.
func Final(s store.Status) bool {
	return s == store.Done || s == store.Diverged || s == store.Failed
}

// Decision is what a run's studies want of it, all in all.
type Decision int

// The decisions.
const (
	Advance Decision = iota // up to the goal
	Wait                    // it is there, and may go on from it when others are
	Stop                    // it is there, and wanted no further
)

// Goal gives a run's goal, the furthest that one of its studies has for it
// (study.End for its last epoch), and what that means for the run where it is.
func (h *Halving) Goal(id string) (goal int, d Decision) {
	if h.full[id] || !h.Competes(id) {
		return study.End, Advance
	}
	decided := true
	last := -1
	for _, b := range h.brackets {
		if c, ok := b.of[id]; ok {
			goal = max(goal, b.goals[c].Epoch)
			decided = decided && b.goals[c].Decided
			last = b.last[id]
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

// rests says whether a run that waits at a rung has come to the end of its round.
func (h *Halving) rests(id string) bool {
	return slices.ContainsFunc(h.brackets, func(b *bracket) bool { _, ok := b.of[id]; return ok && b.ends > 0 })
}

// Reason says at which rung a run has lost that is wanted no further.
func (h *Halving) Reason(id string) string {
	text, furthest := "", 0
	for _, b := range h.brackets {
		c, ok := b.of[id]
		if !ok || b.goals[c].Epoch <= furthest {
			continue
		}
		furthest = b.goals[c].Epoch
		survivors := b.SurvivorsByRung(len(b.cells))
		k := slices.Index(b.Rungs, furthest)
		text = fmt.Sprintf("study %s: %d of %d cells went on after epoch %d, by %s", b.study, survivors[k+1], survivors[k],
			furthest, b.Metric)
	}
	return text
}

// Stages divides a run at the rungs of all its brackets.
func (h *Halving) Stages(run *study.Run) []cost.Stage {
	ends, last := []int{run.Epochs}, study.End
	for _, b := range h.brackets {
		if _, ok := b.of[run.ID]; ok {
			ends = append(ends, b.Rungs...)
			if b.ends > 0 {
				last = min(b.ends, max(b.goals[b.of[run.ID]].Epoch, 1))
			}
		}
	}
	slices.Sort(ends)
	var list []cost.Stage
	from := 0
	for _, to := range slices.Compact(ends) {
		if to > last { // another round
			break
		}
		list = append(list, cost.Stage{From: from, To: to, Chance: h.chance(run.ID, from)})
		from = to
	}
	return list
}

// chance is the probability that a run is trained beyond an epoch.
func (h *Halving) chance(id string, epoch int) float64 {
	if h.full[id] || !h.Competes(id) {
		return 1
	}
	p := 0.0
	for _, b := range h.brackets {
		if c, ok := b.of[id]; ok {
			p = max(p, b.chance(c, epoch))
		}
	}
	return p
}
