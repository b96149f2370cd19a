package runner

import (
	"math"

	"nightshift/internal/study"
)

// stops is what is known of where early stopping ends the runs of a cell.
type stops map[string]*stopped

// stopped sums up the shares of their epochs that runs were trained.
type stopped struct{ runs, sum, least, most float64 }

// see takes note of a run that is done.
func (s stops) see(cell string, c study.Config, epochs int) {
	if c.EarlyStop.Patience == 0 || c.Epochs == 0 {
		return
	}
	share := float64(epochs) / float64(c.Epochs)
	s.add(cell, stopped{1, share, share, share})
}

func (s stops) add(cell string, more stopped) {
	if s[cell] == nil {
		s[cell] = &stopped{least: 1}
	}
	t := s[cell]
	t.runs, t.sum, t.least, t.most = t.runs+more.runs, t.sum+more.sum, min(t.least, more.least), max(t.most, more.most)
}

// among fills in, for cells of the studies of which nothing is known, what is
// known of the others that they are in a study with.
func (s stops) among(studies []Study) stops {
	all := stops{}
	for _, st := range studies {
		together := stops{}
		seen := map[string]bool{}
		for i := range st.Runs {
			if cell := st.Runs[i].Cell; !seen[cell] {
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

// epochs is how many a run is trained: as many as those that are known. The range
// is theirs, and that of one more which does the least and the most possible.
// Where nothing is known, all epochs are expected.
func (s stops) epochs(r *study.Run) (low, mean, high int) {
	t, share := s[r.Cell], 1.0
	if t == nil {
		t = &stopped{}
	} else {
		share = t.sum / t.runs
	}
	shortest := min(1, float64(r.EarlyStop.Patience+1)/float64(r.Epochs))
	of := func(share float64) int { return int(math.Ceil(share * float64(r.Epochs))) }
	return of((t.runs*t.least + shortest) / (t.runs + 1)), of(share), of((t.runs*t.most + 1) / (t.runs + 1))
}

// basis says what early stopping is foreseen by.
func (s stops) basis() string {
	if len(s) == 0 {
		return ", with all epochs where early stopping may end runs"
	}
	return ", and early stopping from where it has ended past ones"
}
