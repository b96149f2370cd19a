package runner

import "math"

// heats are the stretches of studies that prune, in their order: none begins
// before the one before it is over, and which cells are in it is not known.
type heats struct {
	stretches [][]*heat
	of        map[lap]*heat
}

// heat is a stretch of one cell.
type heat struct{ chance, runs, seconds float64 } // seconds of all its runs, if they are trained

type lap struct {
	stretch int
	cell    string
}

func newHeats() *heats { return &heats{of: map[lap]*heat{}} }

func (h *heats) add(stretch int, cell string, chance, seconds float64) {
	for len(h.stretches) <= stretch {
		h.stretches = append(h.stretches, nil)
	}
	one := h.of[lap{stretch, cell}]
	if one == nil {
		one = &heat{chance: chance}
		h.of[lap{stretch, cell}] = one
		h.stretches[stretch] = append(h.stretches[stretch], one)
	}
	one.runs++
	one.seconds += seconds
}

// schedule is how long they take one after the other, with as many runs in each
// as are expected, all of the same length.
func (h *heats) schedule(workers int) (wall float64) {
	for _, cells := range h.stretches {
		runs, seconds := 0.0, 0.0
		for _, c := range cells {
			runs += c.chance * c.runs
			seconds += c.chance * c.seconds
		}
		times := make([]float64, max(1, int(math.Round(runs))))
		for i := range times {
			times[i] = seconds / float64(len(times))
		}
		wall += schedule(times, workers)
	}
	return wall
}

// spread is the logarithm of the factor that the time is off by at most, with a
// probability of 90 %, because dear or cheap cells may go on: as if it were the
// same ones in all stretches, each a draw without replacement.
func (h *heats) spread() float64 {
	const quantile = 1.645 // 95 %, of a normal distribution
	sd, total := 0.0, 0.0
	for _, cells := range h.stretches {
		open, mean := 0.0, 0.0
		for _, c := range cells {
			total += c.chance * c.seconds
			if c.chance > 0 && c.chance < 1 {
				open++
				mean += c.seconds
			}
		}
		if open < 2 {
			continue
		}
		mean /= open
		variance := 0.0
		for _, c := range cells {
			variance += c.chance * (1 - c.chance) * (c.seconds - mean) * (c.seconds - mean)
		}
		sd += math.Sqrt(variance * open / (open - 1))
	}
	return math.Log1p(quantile * sd / max(total, math.SmallestNonzeroFloat64))
}
