package night

import (
	"time"

	"nightshift/internal/cost"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// Work is what a run costs from its start to its last epoch: seconds at the
// reference speed, whatever the machine.
func Work(c mlp.Config, s mlp.Shape) float64 {
	return cost.ReferenceSeconds(cost.Training(c, s, 0, c.Epochs))
}

// Part is that of a run's work which so many of its epochs are.
func Part(work float64, run *study.Run, epochs float64) float64 {
	return work * epochs / float64(max(1, run.Epochs))
}

// Pace is how long work has taken so far: it judges what the rest takes, for the
// process that trains as well as for others that look at its database.
type Pace struct{ Work, Seconds float64 }

// Add learns that so much more work has taken so many seconds of a worker.
func (p *Pace) Add(work, seconds float64) { p.Work, p.Seconds = p.Work+work, p.Seconds+seconds }

// Left is the time that work takes so many workers; 0 where nothing is known yet.
func (p Pace) Left(work float64, workers int) time.Duration {
	if p.Work <= 0 || p.Seconds <= 0 || work <= 0 {
		return 0
	}
	return cost.Duration(work * p.Seconds / p.Work / float64(max(1, workers)))
}

// Pace learns from all that was trained of the agenda's runs, given the work of each.
func (a *Agenda) Pace(work func(*study.Run) float64) (p Pace) {
	a.eachRun(func(r *study.Run) {
		if s := a.states[r.ID]; s.Epochs > 0 && s.Seconds > 0 {
			p.Add(Part(work(r), r, float64(s.Epochs)), s.Seconds)
		}
	})
	return p
}

// TimeLeft is the time that the runs which remain are expected to take those who
// are training now, given the work of each run; 0 where nobody is, or nothing is known yet.
func (a *Agenda) TimeLeft(work func(*study.Run) float64, now time.Time) time.Duration {
	pace, running := a.Pace(work), 0
	left := time.Duration(0)
	a.eachRun(func(r *study.Run) {
		if !a.Need(r.ID).Remains() {
			return
		}
		rest := pace.Left(Part(work(r), r, a.Epochs(r)), 1)
		if a.Status(r.ID) == store.Running {
			running++
			if row, ok := a.rows[r.ID]; ok && a.reached(r.ID) == 0 {
				rest = max(0, rest-now.Sub(row.Started))
			}
		}
		left += rest
	})
	if running == 0 {
		return 0
	}
	return left / time.Duration(running)
}

// eachRun calls f once for every run of the agenda's studies.
func (a *Agenda) eachRun(f func(*study.Run)) {
	seen := map[string]bool{}
	for _, s := range a.studies {
		for i := range s.Runs {
			if r := &s.Runs[i]; !seen[r.ID] {
				seen[r.ID] = true
				f(r)
			}
		}
	}
}
