package night

import (
	"context"
	"math"
	"slices"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// bracket is the competition of the cells of one study.
type bracket struct {
	*study.Prune
	study   string
	known   []int          // rungs that are decided by: all, unless it is one round
	ends    int            // epoch where the round ends; 0 where it is not one
	cells   [][]string     // the runs of each, in the order of the study
	of      map[string]int // the cell of a run
	scores  map[string][]score
	last    map[string]int // measured epoch of each run, as it was read last
	goals   []study.Goal
	stale   bool        // whether more is known than the goals go by
	chances [][]float64 // that follow from the goals; nil where nobody has asked yet
}

// score is the metric of a run at a rung; +Inf for one that has come to nothing.
type score struct {
	value float64
	known bool
}

func newBracket(s Study) *bracket {
	b := &bracket{Prune: s.Prune, study: s.Name, known: s.Prune.Rungs, of: map[string]int{}, scores: map[string][]score{},
		last: map[string]int{}, stale: true}
	cellAt, whole := map[string]int{}, s.Whole()
	for i := range whole {
		run := &whole[i]
		c, ok := cellAt[run.Cell]
		if !ok {
			c = len(b.cells)
			cellAt[run.Cell] = c
			b.cells = append(b.cells, nil)
		}
		b.cells[c] = append(b.cells[c], run.ID)
		b.of[run.ID] = c
		b.scores[run.ID] = make([]score, len(b.Rungs))
		b.last[run.ID] = -1
	}
	if s.Round != nil {
		s.Round.restrict(b)
		b.ends = s.Round.to
	}
	return b
}

// atRungs reads how far those of the runs are that compete in the bracket.
func (b *bracket) atRungs(ctx context.Context, db *store.DB, ids []string) (map[string]store.AtRungs, error) {
	ids = slices.DeleteFunc(slices.Clone(ids), func(id string) bool { _, ok := b.of[id]; return !ok })
	if len(ids) == 0 {
		return nil, nil
	}
	return db.AtRungs(ctx, b.Metric, b.Rungs, ids)
}

// recordAll learns how far runs are. A failure is no result where it is tried again.
func (b *bracket) recordAll(runs map[string]store.AtRungs, retryFailed bool) {
	for id, s := range runs {
		if s.Status == store.Failed && retryFailed {
			s.Status = store.Pending
		}
		b.record(id, s)
	}
}

// record learns how far a run is.
func (b *bracket) record(id string, s store.AtRungs) {
	b.last[id] = s.Last
	for k, rung := range b.known {
		v, measured := s.At[rung]
		now := score{v.V, true}
		switch {
		case s.Status == store.Diverged && s.Epochs <= rung, measured && !v.Valid, !measured && Final(s.Status):
			now.value = math.Inf(1)
		case !measured:
			continue
		}
		if old := &b.scores[id][k]; !old.known {
			*old = now
			b.stale = true
		}
	}
}

// decide draws the conclusions from what is known. It says whether anything was new.
func (b *bracket) decide() bool {
	if !b.stale {
		return false
	}
	b.stale, b.chances = false, nil
	b.goals = b.Goals(len(b.cells), b.mean)
	return true
}

// mean of a cell at a rung over its runs; false where not all are known.
func (b *bracket) mean(cell, rung int) (float64, bool) {
	k := slices.Index(b.Rungs, rung)
	sum := 0.0
	for _, id := range b.cells[cell] {
		s := b.scores[id][k]
		if !s.known {
			return 0, false
		}
		sum += s.value
	}
	return sum / float64(len(b.cells[cell])), true
}

// chance is the probability that the runs of a cell are trained beyond an epoch.
func (b *bracket) chance(cell, epoch int) float64 {
	if b.chances == nil {
		b.chances = b.Chances(b.goals)
	}
	k, exact := slices.BinarySearch(b.Rungs, epoch)
	if exact {
		k++
	}
	return b.chances[cell][k]
}
