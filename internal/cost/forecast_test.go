package cost

import (
	"math"
	"strings"
	"testing"
	"time"

	"nightshift/internal/dataset"
	"nightshift/internal/study"
	"nightshift/mlp"
)

// jobOf is a run of a cell of 12 epochs, with stages that are trained with the
// given chances: epochs 0 to 4, 4 to 8, 8 to 12.
func jobOf(cell string, hidden int, chances ...float64) Job {
	c := study.Config{Data: dataset.Spec{Set: "xor"}, Config: mlp.Default()}
	c.Hidden, c.Epochs = []int{hidden}, 12
	j := Job{Run: &study.Run{Cell: cell, Config: c}, Shape: mlp.Shape{In: 2, Out: 2, Train: 1000, Test: 100, Nonzero: 1}}
	for i, chance := range chances {
		j.Stages = append(j.Stages, Stage{From: 4 * i, To: 4 * (i + 1), Chance: chance})
	}
	return j
}

// TestForecastByHand: two of four cells go on at epoch 4, one of them at epoch 8.
func TestForecastByHand(t *testing.T) {
	var jobs []Job
	for _, cell := range []string{"a", "b", "c", "d"} {
		jobs = append(jobs, jobOf(cell, 8, 1, 0.5, 0.25))
	}
	at := func(from, to int) float64 {
		return ReferenceSeconds(Training(jobs[0].Run.Config.Config, jobs[0].Shape, from, to))
	}
	for workers, want := range map[int]float64{
		1: 4*at(0, 4) + 2*at(4, 8) + at(8, 12),
		2: 2*at(0, 4) + at(4, 8) + at(8, 12),
		9: at(0, 4) + at(4, 8) + at(8, 12),
	} {
		f := Fit(nil).Forecast(jobs, nil, workers)
		if f.Runs != 4 || math.Abs(f.Wall.Seconds()/want-1) > 1e-4 || f.Low >= f.Wall || f.Wall >= f.High || f.Basis != "" {
			t.Errorf("%d workers: %+v, want %.4g s", workers, f, want)
		}
	}
	// What a checkpoint has is not trained again.
	jobs[0].Stages, jobs[0].Reached = []Stage{{0, 12, 1}}, 9
	if f, want := Fit(nil).Forecast(jobs[:1], nil, 1), at(9, 12); math.Abs(f.Wall.Seconds()/want-1) > 1e-3 {
		t.Errorf("behind a checkpoint %v are left, want %.4g s", f.Wall, want)
	}
}

// TestUnequalCellsWidenTheInterval: where it is open whether a dear cell goes on.
func TestUnequalCellsWidenTheInterval(t *testing.T) {
	factor := func(hidden int) float64 {
		jobs := []Job{jobOf("a", hidden, 1, 0.5, 0.5), jobOf("b", 8, 1, 0.5, 0.5)}
		f := Fit(nil).Forecast(jobs, nil, 1)
		return f.High.Seconds() / f.Wall.Seconds()
	}
	if equal, unequal := factor(8), factor(4096); unequal < 1.1*equal {
		t.Errorf("off by a factor of %.3g, with equal cells %.3g", unequal, equal)
	}
}

// TestEarlyStopsByHand: runs of a cell that ended after 30, 40 and 50 of 100 epochs.
func TestEarlyStopsByHand(t *testing.T) {
	c := mlp.Default()
	c.Epochs, c.EarlyStop.Patience = 100, 3
	known := &study.Run{Cell: "known", Config: study.Config{Config: c}}
	beside := &study.Run{Cell: "beside", Config: study.Config{Config: c}}
	alone := &study.Run{Cell: "alone", Config: study.Config{Config: c}}
	stops := EarlyStops{}
	for _, epochs := range []int{30, 40, 50} {
		stops.Add("known", c, epochs)
	}
	stops = stops.Among([]study.Run{*known, *beside}, []study.Run{*alone})
	for run, want := range map[*study.Run][3]int{
		known:  {24, 40, 63}, // (3*30+4)/4 and (3*50+100)/4, rounded up
		beside: {24, 40, 63},
		alone:  {4, 100, 100}, // patience and one
	} {
		if low, mean, high := stops.Epochs(run); [3]int{low, mean, high} != want {
			t.Errorf("%s: %d, %d, %d epochs, want %v", run.Cell, low, mean, high, want)
		}
	}
}

// TestMemoryByHand: two data sets, one after the other, and what they share in
// between; the largest network counts for every worker, twice, and what is measured of a run once.
func TestMemoryByHand(t *testing.T) {
	jobs := []Job{jobOf("a", 8, 1), jobOf("b", 64, 1), jobOf("c", 8, 1), jobOf("d", 8, 1)}
	for i := range jobs[2:] {
		jobs[2+i].Run.Seeds.Data = 1
	}
	cost := func(i int) mlp.Cost { return jobs[i].Run.Cost(jobs[i].Shape) }
	const measured = (1 + 12) * (500 + 2*150) // epochs with their two layers
	if got, want := Memory(jobs, 2), cost(0).Inputs+2*(2*cost(1).Memory+measured); got != want {
		t.Errorf("one data set at a time: %d bytes, want %d", got, want)
	}
	jobs[1], jobs[2] = jobs[2], jobs[1]
	if got, want := Memory(jobs, 9), 2*cost(0).Inputs+4*(2*cost(2).Memory+measured); got != want {
		t.Errorf("both at once, as many workers as jobs: %d bytes, want %d", got, want)
	}
	for free, want := range map[int64]int{Memory(jobs, 3): 3, Memory(jobs, 3) - 1: 2, 0: 1, 1 << 40: 4} {
		if got := Workers(jobs, 4, free); got != want {
			t.Errorf("%d bytes are enough for %d workers, want %d", free, got, want)
		}
	}
}

func TestBudgetOfTime(t *testing.T) {
	s := &study.Study{Name: "x"}
	f := Forecast{Runs: 7, Wall: 2 * time.Hour, Low: time.Hour, High: 4 * time.Hour}
	if err := f.Over(s); err != nil {
		t.Errorf("without a budget: %v", err)
	}
	s.Wall = 2 * time.Hour
	if err := f.Over(s); err != nil {
		t.Errorf("within the budget: %v", err)
	}
	s.Wall--
	err := f.Over(s)
	if err == nil || !strings.Contains(err.Error(), "7 runs are forecast to take 2h0m0s (1h0m0s to 4h0m0s)") {
		t.Errorf("over the budget: %v", err)
	}
}
