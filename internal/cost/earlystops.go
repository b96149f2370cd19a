package cost

import (
	"math"

	"nightshift/internal/study"
	"nightshift/mlp"
)

// EarlyStops is what is known of where early stopping ends the runs of a cell, by cell.
type EarlyStops map[string]*epochShares

// epochShares sums up the shares of their epochs that runs were trained.
type epochShares struct{ runs, sum, least, most float64 }

// Add learns from a run of a cell that is done after so many epochs.
func (s EarlyStops) Add(cell string, c mlp.Config, epochs int) {
	if c.EarlyStop.Patience == 0 || c.Epochs == 0 {
		return
	}
	share := float64(epochs) / float64(c.Epochs)
	s.add(cell, epochShares{1, share, share, share})
}

func (s EarlyStops) add(cell string, more epochShares) {
	if s[cell] == nil {
		s[cell] = &epochShares{least: 1}
	}
	t := s[cell]
	t.runs, t.sum, t.least, t.most = t.runs+more.runs, t.sum+more.sum, min(t.least, more.least), max(t.most, more.most)
}

// Among fills in, for cells of the studies of which nothing is known, what is
// known of the others that they are in a study with.
func (s EarlyStops) Among(studies ...[]study.Run) EarlyStops {
	all := EarlyStops{}
	for _, runs := range studies {
		together := EarlyStops{}
		seen := map[string]bool{}
		for i := range runs {
			if cell := runs[i].Cell; !seen[cell] {
				seen[cell] = true
				if t := s[cell]; t != nil {
					together.add("", *t)
				}
			}
		}
		for cell := range seen {
			if t := s[cell]; t != nil {
				all[cell] = t
			} else if t := together[""]; t != nil {
				all.add(cell, *t)
			}
		}
	}
	return all
}

// Epochs is how many a run is trained: as many as those that are known. The range
// is theirs, and that of one more which does the least and the most possible.
// Where nothing is known, all epochs are expected.
func (s EarlyStops) Epochs(r *study.Run) (low, mean, high int) {
	t, share := s[r.Cell], 1.0
	if t == nil {
		t = &epochShares{}
	} else {
		share = t.sum / t.runs
	}
	shortest := min(1, float64(r.EarlyStop.Patience+1)/float64(r.Epochs))
	of := func(share float64) int { return int(math.Ceil(share * float64(r.Epochs))) }
	return of((t.runs*t.least + shortest) / (t.runs + 1)), of(share), of((t.runs*t.most + 1) / (t.runs + 1))
}

// basis says what early stopping is forecast by.
func (s EarlyStops) basis() string {
	if len(s) == 0 {
		return ", with all epochs where early stopping may end runs"
	}
	return ", and early stopping from where it has ended past ones"
}
