package cost

import "math"

// Stage is a part of a run, between two rungs of a study that prunes, or all of it.
type Stage struct {
	From, To int     // epochs
	Chance   float64 // probability that it is trained
}

// stages are the stages of studies that prune, in their order: none starts
// before the one before it is over, and which cells are in it is not known.
type stages struct {
	cells [][]*cellStage // of each stage
	at    map[stageKey]*cellStage
}

// cellStage is a stage of one cell: the seconds are those of all its runs, if
// they are trained.
type cellStage struct{ chance, runs, seconds float64 }

type stageKey struct {
	stage int
	cell  string
}

func newStages() *stages { return &stages{at: map[stageKey]*cellStage{}} }

// add adds a run of a cell to a stage.
func (s *stages) add(stage int, cell string, chance, seconds float64) {
	for len(s.cells) <= stage {
		s.cells = append(s.cells, nil)
	}
	key := stageKey{stage, cell}
	if s.at[key] == nil {
		s.at[key] = &cellStage{chance: chance}
		s.cells[stage] = append(s.cells[stage], s.at[key])
	}
	s.at[key].runs++
	s.at[key].seconds += seconds
}

// schedule is the time that the stages take one after the other, with as many
// runs in each as are expected, all of the same length.
func (s *stages) schedule(workers int) (wall float64) {
	for _, cells := range s.cells {
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
// same ones in all stages, each a draw without replacement.
func (s *stages) spread() float64 {
	const quantile = 1.645 // 95 %, of a normal distribution
	sd, total := 0.0, 0.0
	for _, cells := range s.cells {
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
