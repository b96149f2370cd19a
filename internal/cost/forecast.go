package cost

import (
	"fmt"
	"math"
	"time"

	"nightshift/internal/study"
	"nightshift/mlp"
)

// Forecast says what a night will take.
type Forecast struct {
	Runs            int           // left to train, those included that may be pruned
	Wall, Low, High time.Duration // expected, and the interval that it is in with a probability of 90 %
	Memory          int64         // bytes in use at most
	Growth          int64         // bytes that the database grows by
	Basis           string        // what the times are taken from
}

// Job is a run of which a night trains what is left.
type Job struct {
	Run     *study.Run
	Shape   mlp.Shape
	Reached int     // epoch of its checkpoint; 0 for none
	Stages  []Stage // of the whole run
}

// Forecast forecasts the times and the memory of jobs. The interval is as if all
// cells were wrong in the same direction, so it is rather too wide where there are
// many. Basis says only what early stopping is forecast by, and Growth is left
// to those who know what is kept.
func (s Speed) Forecast(jobs []Job, stops EarlyStops, workers int) Forecast {
	fewest, expected, most := make([]float64, len(jobs)), make([]float64, len(jobs)), make([]float64, len(jobs))
	f := Forecast{Runs: len(jobs), Memory: Memory(jobs, workers)}
	stages := newStages()
	var total Work
	for i, j := range jobs {
		s.addStages(stages, j)
		low, mean, high := j.Run.Epochs, j.Run.Epochs, j.Run.Epochs
		if j.Run.EarlyStop.Patience > 0 {
			f.Basis = stops.basis()
			low, mean, high = stops.Epochs(j.Run)
		}
		work := j.Work(mean)
		total = total.Plus(work)
		expected[i] = s.Seconds(work)
		if fewest[i], most[i] = expected[i], expected[i]; low < high {
			fewest[i], most[i] = s.Seconds(j.Work(low)), s.Seconds(j.Work(high))
		}
	}
	within := math.Exp(math.Hypot(math.Log(s.Within(total)), stages.spread()))
	wall := func(times []float64) float64 { return max(schedule(times, workers), stages.schedule(workers)) }
	f.Wall, f.Low, f.High = Duration(wall(expected)), Duration(wall(fewest)/within), Duration(wall(most)*within)
	return f
}

// Work is what is expected to be left of the job if it ends after an epoch.
func (j Job) Work(end int) (total Work) {
	for _, stage := range j.Stages {
		if from, to := max(j.Reached, stage.From), min(stage.To, end); from < to {
			total = total.Plus(Training(j.Run.Config.Config, j.Shape, from, to).Times(stage.Chance))
		}
	}
	return total
}

// addStages adds the job to the stages, if it has more than one.
func (s Speed) addStages(stages *stages, j Job) {
	if len(j.Stages) == 1 {
		return
	}
	for i, stage := range j.Stages {
		if from := max(j.Reached, stage.From); from < stage.To {
			work := Training(j.Run.Config.Config, j.Shape, from, stage.To)
			stages.add(i, j.Run.Cell, stage.Chance, s.Seconds(work))
		}
	}
}

// Over is the error of a night that is forecast to take longer than its study's
// budget allows.
func (f Forecast) Over(s *study.Study) error {
	if s.Wall == 0 || f.Wall <= s.Wall {
		return nil
	}
	return fmt.Errorf("study %s: %d runs are forecast to take %s (%s to %s), but budget.wall is %s: "+
		"reduce epochs, seeds or the grid, give it more workers, or raise the budget",
		s.Name, f.Runs, rounded(f.Wall), rounded(f.Low), rounded(f.High), s.Wall)
}

// rounded is a duration without the digits that a forecast does not have.
func rounded(d time.Duration) time.Duration {
	switch {
	case d > time.Hour:
		return d.Round(time.Minute)
	case d > time.Minute:
		return d.Round(time.Second)
	}
	return d.Round(100 * time.Millisecond)
}

// Duration is a number of seconds, at most half of the longest duration.
func Duration(s float64) time.Duration {
	return time.Duration(min(s*float64(time.Second), math.MaxInt64/2))
}
