package runner

import (
	"math"
	"os"
	"testing"
	"time"

	"nightshift/internal/cost"
	"nightshift/internal/dataset"
	"nightshift/internal/night"
	"nightshift/internal/store"
)

// plant makes the study's runs done in the database, in so many times the seconds
// that they take at the reference speed.
func plant(t *testing.T, db *store.DB, s Study, m *Model, times float64, on store.Provenance) {
	t.Helper()
	p, err := newPlan([]Study{s}, NewSources(nil))
	check(t, err)
	check(t, p.record(ctx, db, new(night.Snapshot).Agenda(false), time.Unix(0, 0)))
	for _, j := range p.jobs {
		r := j.row()
		r.Status, r.Epochs, r.Provenance = store.Done, j.run.Epochs, on
		r.Seconds = times * cost.ReferenceSeconds(m.costJob(j, cost.Stage{To: j.run.Epochs, Chance: 1}).Work(j.run.Epochs))
		files := dataset.NewFiles(nil)
		data, err := files.Load(j.run.Data, 0)
		check(t, err)
		row, err := datasetRow(r.Data, files, j.run.Data, data)
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
	model, err := newModel(nil, past)
	check(t, err)

	db := openDB(t)
	const slow, fast = 50, 1.0 / 50
	plant(t, db, past, model, slow, Provenance())
	elsewhere := Provenance()
	elsewhere.CPU = "another"
	other := studyOf("elsewhere", 5, withLR(shorter, 0.25))
	plant(t, db, other, model, fast, elsewhere)

	m, err := newModel(db, tomorrow)
	check(t, err)
	one := slow * cost.ReferenceSeconds(cost.Training(long.Config, m.shapes[long.Data], 0, long.Epochs))
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
	m, err := newModel(db, s)
	check(t, err)
	all, err := newModel(nil, s)
	check(t, err)
	if f := m.Forecast(Options{}, half); f.Runs != 0 || f.Wall != 0 || f.Growth != 0 {
		t.Errorf("what is done is forecast to take %+v", f)
	}
	if left, total := m.Forecast(Options{}, s), all.Forecast(Options{}, s); left.Runs != 2 || total.Runs != 4 ||
		2*left.Growth != total.Growth {
		t.Errorf("left is %+v, in all %+v", left, total)
	}
}

// TestGrowthIsThatOfTheFile: forecast against a database that has grown.
func TestGrowthIsThatOfTheFile(t *testing.T) {
	c, r := small(t, "xor"), small(t, "sine1d")
	c.Data.Test, c.Epochs, c.Hidden = 500, 20, []int{16, 16}
	r.Epochs, r.Log.Layers = 50, false
	for name, s := range map[string]Study{"classes": studyOf("a", 60, c), "regression": studyOf("b", 60, r),
		"weights": studyOf("c", 60, c)} {
		if name == "weights" {
			s.Keep.Weights = "init+final"
		}
		path := newPath(t)
		db, err := store.Open(path)
		check(t, err)
		m, err := newModel(db, s)
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

// As many workers as memory is free for: what they have in use grows by the same
// with each of them.
func TestWorkersFitMemory(t *testing.T) {
	c := small(t, "xor")
	c.Hidden = []int{300, 300}
	s := studyOf("s", 6, c, small(t, "moons"))
	m, err := newModel(nil, s)
	check(t, err)
	for workers := 1; workers <= 12; workers++ {
		needs := cost.Memory(m.costJobs(m.snapshot.Agenda(false, m.snapshot.Studies...)), workers)
		for free, want := range map[int64]int{needs: workers, needs - 1: max(1, workers-1), 1: 1, needs * 100: 12} {
			if got := m.Workers(Options{Workers: 12}, free); got != want {
				t.Errorf("%d workers with %d bytes, of which %d need %d", got, free, workers, needs)
			}
		}
	}
}
