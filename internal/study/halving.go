package study

import (
	"cmp"
	"math"
	"slices"
)

// End is the goal of a cell that is trained to its last epoch.
const End = math.MaxInt

// Goal is how far a cell is to be trained.
type Goal struct {
	Epoch   int  // a rung, or End
	Decided bool // whether that is final; otherwise it may go on from the rung when more is known
}

// Goals says how far each cell is to be trained, of which mean tells the metric
// at a rung, or false where not all of its runs have come there. Of equal cells
// the first goes on; NaN comes last. Knowing more never changes what is decided:
// a cell goes on as soon as all those that are still unknown could be better,
// and has lost as soon as enough are.
func (p *Prune) Goals(cells int, mean func(cell, rung int) (float64, bool)) []Goal {
	goals := make([]Goal, cells)
	type place struct {
		cell int
		mean float64
	}
	sure := make([]int, cells) // that they come to the rung
	for i := range sure {
		sure[i] = i
	}
	remaining := cells
	for _, rung := range p.Rungs {
		on := p.Survivors(remaining)
		var known []place
		for _, c := range sure {
			goals[c] = Goal{Epoch: rung}
			if m, ok := mean(c, rung); ok {
				if math.IsNaN(m) {
					m = math.Inf(1)
				}
				known = append(known, place{c, m})
			}
		}
		slices.SortFunc(known, func(a, b place) int { return cmp.Or(cmp.Compare(a.mean, b.mean), cmp.Compare(a.cell, b.cell)) })
		unknown := remaining - len(known)
		sure = sure[:0]
		for i, k := range known {
			switch {
			case i+unknown < on:
				sure = append(sure, k.cell)
			case i >= on:
				goals[k.cell].Decided = true
			}
		}
		slices.Sort(sure)
		remaining = on
	}
	for _, c := range sure {
		goals[c] = Goal{End, true}
	}
	return goals
}

// Chances gives, for every cell, the probability that it is trained up to the
// first rung, from there to the second, and so on to the end, where nothing
// tells apart those that are not decided. Each sums up to the cells that are
// known to go on then.
func (p *Prune) Chances(goals []Goal) [][]float64 {
	chances := make([][]float64, len(goals))
	for i := range chances {
		chances[i] = make([]float64, len(p.Rungs)+1)
		chances[i][0] = 1
	}
	remaining := len(goals)
	for k, rung := range p.Rungs {
		remaining = p.Survivors(remaining)
		slots, open := float64(remaining), 0.0
		for i, g := range goals {
			switch {
			case g.Epoch > rung:
				chances[i][k+1] = 1
				slots--
			case !g.Decided:
				open += chances[i][k]
			}
		}
		for i, g := range goals {
			if g.Epoch <= rung && !g.Decided && open > 0 {
				chances[i][k+1] = chances[i][k] * max(0, slots) / open
			}
		}
	}
	return chances
}

// SurvivorsByRung is how many cells there are before the first rung, between it and the
// second, and so on to the end.
func (p *Prune) SurvivorsByRung(cells int) []int {
	list := []int{cells}
	for range p.Rungs {
		list = append(list, p.Survivors(list[len(list)-1]))
	}
	return list
}

// Epochs counts those that all runs of the study have, and those that are
// expected to be trained of them. The latter is exact where all cells have as
// many epochs and seeds.
func (s *Study) Epochs() (all, trained int) {
	if s.Prune == nil {
		for _, c := range s.Cells {
			all += c.Config.Epochs * len(c.Seeds)
		}
		return all, all
	}
	expected := 0.0
	remaining := s.Prune.SurvivorsByRung(len(s.Cells))
	for _, c := range s.Cells {
		all += c.Config.Epochs * len(c.Seeds)
		from := 0
		for k, to := range append(slices.Clone(s.Prune.Rungs), c.Config.Epochs) {
			expected += float64((to-from)*len(c.Seeds)) * float64(remaining[k]) / float64(len(s.Cells))
			from = to
		}
	}
	return all, int(math.Round(expected))
}

// Survivors is how many of so many cells go on after a rung.
func (p *Prune) Survivors(cells int) int {
	return int(math.Ceil(p.Keep*float64(cells) - 1e-9)) // 0.07 of 100 is 7
}
