package runner

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

func TestScheduleByHand(t *testing.T) {
	for _, c := range []struct {
		times   []float64
		workers int
		want    float64
	}{
		{nil, 2, 0},
		{[]float64{3}, 4, 3},
		{[]float64{1, 2, 3}, 1, 6},
		{[]float64{4, 1, 1, 1, 3}, 2, 6},   // 4 beside 1 1 1, then 3 after them
		{[]float64{1, 1, 10, 1, 1}, 2, 11}, // the longest bounds it
		{[]float64{2, 2, 2, 2, 2, 2}, 3, 4},
	} {
		if got := schedule(c.times, c.workers); got != c.want {
			t.Errorf("%v on %d workers take %g, by hand %g", c.times, c.workers, got, c.want)
		}
	}
}

func TestScheduleIsBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		times := rapid.SliceOf(rapid.Float64Range(0, 100)).Draw(t, "times")
		workers := rapid.IntRange(1, 9).Draw(t, "workers")
		sum, longest := 0.0, 0.0
		for _, s := range times {
			sum += s
			longest = max(longest, s)
		}
		got, least := schedule(times, workers), max(longest, sum/float64(workers))
		// Graham 1966.
		if got < least*(1-1e-9) || got > least*(2-1/float64(workers))*(1+1e-9) {
			t.Errorf("%g is not between %g and about twice that", got, least)
		}
	})
}

// plant makes the study's runs done in the database, with the times of a machine.
func plant(t *testing.T, db *store.DB, s Study, m *Model, each [study.Kinds]float64, on store.Provenance) {
	t.Helper()
	p, err := newPlan([]Study{s}, NewSources(nil))
	check(t, err)
	check(t, p.record(ctx, db, nil, time.Unix(0, 0)))
	for _, j := range p.jobs {
		r := j.row()
		r.Status, r.Epochs, r.Provenance = store.Done, j.run.Epochs, on
		r.Seconds = m.remainingWork(j).Seconds(each)
		data, err := dataset.NewFiles(nil).Load(j.run.Data, 0)
		check(t, err)
		row, err := datasetRow(r.Data, j.run.Data, data)
		check(t, err)
		check(t, db.PutDataset(ctx, row))
		check(t, db.Finish(ctx, store.Result{Run: r}))
	}
}

func TestForecastLearnsFromPastRunsOfThisMachine(t *testing.T) {
	long := small(t, "xor")
	long.Epochs, long.Data.Train, long.Hidden = 1000, 2000, []int{64}
	tomorrow := studyOf("tomorrow", 4, long, withLR(long, 0.5), withLR(long, 1))
	shorter := long
	shorter.Epochs = 10
	past := studyOf("past", 20, shorter, withLR(shorter, 0.5))
	model, err := NewModel(ctx, nil, []Study{past}, NewSources(nil))
	check(t, err)

	db := openDB(t)
	slow, fast := usual, usual
	for k := range slow {
		slow[k] *= 50
		fast[k] /= 50
	}
	plant(t, db, past, model, slow, Provenance())
	elsewhere := Provenance()
	elsewhere.CPU = "another"
	other := studyOf("elsewhere", 5, withLR(shorter, 0.25))
	plant(t, db, other, model, fast, elsewhere)

	m, err := NewModel(ctx, db, []Study{tomorrow}, NewSources(nil))
	check(t, err)
	one := long.Work(m.shapes[long.Data], 0, long.Epochs).Seconds(slow)
	for _, c := range []struct {
		workers int
		want    float64
	}{{1, 12 * one}, {2, 6 * one}, {5, 3 * one}, {100, one}} {
		f := m.Forecast(Options{Workers: c.workers}, tomorrow)
		if f.Runs != 12 || math.Abs(f.Wall.Seconds()/c.want-1) > 0.01 || f.Low >= f.Wall || f.High <= f.Wall {
			t.Errorf("%d workers: %+v, want %.3g s", c.workers, f, c.want)
		}
	}
	if f := m.Forecast(Options{}, tomorrow); f.Basis != "40 past runs on this machine" {
		t.Errorf("basis is %s", f.Basis)
	}
	mean, high := m.Seconds(long, 0, long.Epochs)
	if math.Abs(mean/one-1) > 0.01 || high <= mean {
		t.Errorf("a run takes %g (up to %g), want %g", mean, high, one)
	}
}

func TestRunsWithAResultCostNothing(t *testing.T) {
	c := small(t, "xor")
	s := studyOf("half", 4, c)
	half := studyOf("half", 2, c)
	db := openDB(t)
	_, err := Night(ctx, db, []Study{half}, Options{Workers: 1})
	check(t, err)
	m, err := NewModel(ctx, db, []Study{s}, NewSources(nil))
	check(t, err)
	all, err := NewModel(ctx, nil, []Study{s}, NewSources(nil))
	check(t, err)
	if f := m.Forecast(Options{}, half); f.Runs != 0 || f.Wall != 0 || f.Growth != 0 {
		t.Errorf("what is done is forecast to take %+v", f)
	}
	if left, total := m.Forecast(Options{}, s), all.Forecast(Options{}, s); left.Runs != 2 || total.Runs != 4 || 2*left.Growth != total.Growth {
		t.Errorf("left is %+v, in all %+v", left, total)
	}
}

// TestGrowthIsThatOfTheFile: forecast against a database that has grown.
func TestGrowthIsThatOfTheFile(t *testing.T) {
	c, r := small(t, "xor"), small(t, "sine1d")
	c.Data.Test, c.Epochs, c.Hidden = 500, 20, []int{16, 16}
	r.Epochs, r.Log.Layers = 50, false
	for name, s := range map[string]Study{"classes": studyOf("a", 60, c), "regression": studyOf("b", 60, r), "weights": studyOf("c", 60, c)} {
		if name == "weights" {
			s.Keep.Weights = "init+final"
		}
		path := filepath.Join(t.TempDir(), "nightshift.db")
		db, err := store.Open(path)
		check(t, err)
		m, err := NewModel(ctx, db, []Study{s}, NewSources(nil))
		check(t, err)
		want := m.Forecast(Options{}, s).Growth
		_, err = Night(ctx, db, []Study{s}, Options{Workers: 2})
		check(t, err)
		check(t, db.Close())
		file, err := os.Stat(path)
		check(t, err)
		const empty = 25 * 4096 // tables and indices without rows
		if grown := file.Size() - empty; float64(grown) > 1.4*float64(want) || float64(grown) < 0.7*float64(want) {
			t.Errorf("%s: the database has grown by %d bytes, forecast were %d", name, grown, want)
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

// TestProbe trains pieces of cells that nothing is known of.
func TestProbe(t *testing.T) {
	c, r := small(t, "xor"), small(t, "sine1d")
	stopping := withLR(c, 1e9)
	stopping.EarlyStop.Patience, stopping.EarlyStop.Metric, stopping.Batch = 1, "loss", 0
	r.Precision = "float64"
	s := studyOf("s", 2, c, r, stopping)
	m, err := NewModel(ctx, nil, []Study{s}, NewSources(nil))
	check(t, err)
	timings, err := m.probe(ctx, m.plan.jobs)
	check(t, err)
	cells := map[string]bool{}
	for _, p := range timings {
		cells[p.cell] = true
		if p.seconds <= 0 || p.work[study.Steps] == 0 {
			t.Errorf("%+v", p)
		}
	}
	if len(cells) != 3 {
		t.Errorf("%d cells are timed", len(cells))
	}
}

// As many workers as memory is free for: what they have in use grows by the same
// with each of them.
func TestWorkersFitMemory(t *testing.T) {
	c := small(t, "xor")
	c.Hidden = []int{300, 300}
	s := studyOf("s", 6, c, small(t, "moons"))
	m, err := NewModel(ctx, nil, []Study{s}, NewSources(nil))
	check(t, err)
	for workers := 1; workers <= 12; workers++ {
		needs := m.memory(m.plan.jobs, workers) - m.base
		for free, want := range map[int64]int{needs: workers, needs - 1: max(1, workers-1), 1: 1, needs * 100: 12} {
			if got := m.Workers(Options{Workers: 12}, free); got != want {
				t.Errorf("%d workers with %d bytes, of which %d need %d", got, free, workers, needs)
			}
		}
	}
}
