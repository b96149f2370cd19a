package runner

import (
	"math"
	"strings"
	"testing"
	"time"

	"nightshift/internal/cost"
	"nightshift/internal/night"
	"nightshift/internal/store"
	"nightshift/internal/study"
)

// A study that prunes is forecast to take what the cells left at each rung take,
// on one worker all of it, on many one stage after the other.
func TestForecastOfACompetition(t *testing.T) {
	c := small(t, "xor")
	c.Epochs, c.Data.Train = 18, 2000
	var configs []study.Config
	for i := range 9 {
		configs = append(configs, withLR(c, 0.1*float64(i+1)))
	}
	s := pruning(studyOf("s", 2, configs...), 1.0/3, 2, 6)
	m, err := newModel(nil, s)
	check(t, err)
	at := func(from, to int) float64 {
		return m.speed.Seconds(cost.Training(c.Config, m.shapes[c.Data], from, to))
	}
	first, second, third := at(0, 2), at(2, 6), at(6, 18)
	for _, test := range []struct {
		workers int
		want    float64
	}{{1, 18*first + 6*second + 2*third}, {2, 9*first + 3*second + third}, {100, first + second + third}} {
		f := m.Forecast(Options{Workers: test.workers}, s)
		if f.Runs != 18 || math.Abs(f.Wall.Seconds()/test.want-1) > 1e-6 || f.Low >= f.Wall || f.High <= f.Wall {
			t.Errorf("%d workers: %+v, want %.4g s", test.workers, f, test.want)
		}
	}
	plain := named(s, "plain", nil, s.Runs)
	both, err := newModel(nil, s, plain)
	check(t, err)
	all := both.Forecast(Options{Workers: 1}, plain)
	if f := both.Forecast(Options{Workers: 1}, s, plain); f.Wall != all.Wall &&
		math.Abs(f.Wall.Seconds()/all.Wall.Seconds()-1) > 0.1 {
		t.Errorf("with a study that wants all runs in full it takes %v, that alone %v", f.Wall, all.Wall)
	}
	if f := both.Forecast(Options{Workers: 1}, s); f.Wall > all.Wall/2 || f.Growth >= all.Growth {
		t.Errorf("pruning takes %v and %d bytes of %v and %d", f.Wall, f.Growth, all.Wall, all.Growth)
	}

	db := openDB(t)
	_, err = Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	m, err = newModel(db, s, plain)
	check(t, err)
	if f := m.Forecast(Options{}, s); f.Runs != 0 || f.Wall != 0 || reopened(m, s) != 0 {
		t.Errorf("when it is over: %+v", f)
	}
	if f := m.Forecast(Options{}, plain); f.Runs != 16 || reopened(m, plain) != 16 {
		t.Errorf("without pruning: %+v", f)
	}
}

// Where some cells are dear, which ones go on is a part of what is not known.
func TestForecastOfUnequalCells(t *testing.T) {
	c := small(t, "xor")
	c.Epochs, c.Data.Train = 18, 2000
	var configs []study.Config
	for _, width := range []int{4, 4, 4, 400} {
		d := withLR(c, 0.1*float64(len(configs)+1))
		d.Hidden = []int{width}
		configs = append(configs, d)
	}
	s := pruning(studyOf("s", 1, configs...), 0.25, 2)
	m, err := newModel(nil, s)
	check(t, err)
	total := func(last study.Config) (sum float64) {
		for _, d := range configs {
			sum += m.speed.Seconds(cost.Training(d.Config, m.shapes[c.Data], 0, 2))
		}
		return sum + m.speed.Seconds(cost.Training(last.Config, m.shapes[c.Data], 2, 18))
	}
	f := m.Forecast(Options{Workers: 1}, s)
	if mean := (3*total(configs[0]) + total(configs[3])) / 4; math.Abs(f.Wall.Seconds()/mean-1) > 1e-6 {
		t.Errorf("%v, want the mean, %.4g s", f.Wall, mean)
	}
	if f.Low.Seconds() > total(configs[0]) || f.High.Seconds() < total(configs[3]) {
		t.Errorf("%v to %v does not hold %.4g and %.4g s", f.Low, f.High, total(configs[0]), total(configs[3]))
	}
}

// reopened counts the runs of a study that were pruned and are wanted further.
func reopened(m *Model, s Study) (n int) {
	agenda := m.snapshot.Agenda(false, s)
	for _, r := range s.Runs {
		if agenda.Need(r.ID) == night.Reopened {
			n++
		}
	}
	return n
}

// epochsAhead is how many epochs of a study are expected to be trained.
func epochsAhead(t *testing.T, db *store.DB, s Study) (epochs float64) {
	known, err := night.Read(ctx, db, []Study{s}, time.Now(), night.Lease)
	check(t, err)
	agenda := known.Agenda(false, s)
	for i := range s.Runs {
		if r := &s.Runs[i]; agenda.Need(r.ID).Remains() {
			epochs += agenda.Epochs(r)
		}
	}
	return epochs
}

// Epochs ahead are those of the cells that are left, none when it is over.
func TestAhead(t *testing.T) {
	s := pruning(contest(t, 2), 0.4, 2, 5)
	db := openDB(t)
	_, err := Night(ctx, db, []Study{s}, Options{})
	check(t, err)
	if n := epochsAhead(t, db, s); n != 0 {
		t.Errorf("when it is over, %v", n)
	}

	none := openDB(t)
	recorded(t, none, s)
	sum := epochsAhead(t, none, s)
	// 8 cells for 2 epochs, 4 for 3, 2 for 4, and each twice.
	if math.Abs(sum-2*(8*2+4*3+2*4)) > 1e-9 {
		t.Errorf("%v epochs are ahead", sum)
	}
}

// Early stopping is foreseen from where it has ended past runs, of the cell or
// else of the study; otherwise all epochs are the most.
func TestForecastOfEarlyStops(t *testing.T) {
	c := small(t, "xor")
	c.Epochs, c.Data.Train, c.EarlyStop.Metric, c.EarlyStop.Patience = 100, 2000, "loss", 3
	s := studyOf("s", 4, c, withLR(c, 0.5))
	m, err := newModel(nil, s)
	check(t, err)
	at := func(m *Model, to int) float64 {
		return 8 * m.speed.Seconds(cost.Training(c.Config, m.shapes[c.Data], 0, to))
	}
	f := m.Forecast(Options{Workers: 1}, s)
	if math.Abs(f.Wall.Seconds()/at(m, 100)-1) > 1e-6 || f.Low.Seconds() > at(m, 4) || !strings.Contains(f.Basis, "all epochs") {
		t.Errorf("unknown: %+v", f)
	}

	db := openDB(t)
	past := studyOf("s", 9, c)
	past.Runs = past.Runs[4:]
	plant(t, db, past, m, 1, Provenance())
	for i, r := range past.Runs {
		row, err := db.Run(ctx, r.ID)
		check(t, err)
		row.Epochs, row.Status = 30+5*i, store.Done // 40 on average
		row.Seconds = cost.ReferenceSeconds(cost.Training(c.Config, m.shapes[c.Data], 0, row.Epochs))
		check(t, db.Finish(ctx, store.Result{Run: row}))
	}
	m, err = newModel(db, s)
	check(t, err)
	low, mean, high := m.stops.Among(s.Runs).Epochs(&s.Runs[0])
	if low != 26 || mean != 40 || high != 59 { // (5*30+4)/6, (5*50+100)/6
		t.Errorf("%d to %d, %d expected", low, high, mean)
	}
	f = m.Forecast(Options{Workers: 1}, s)
	if math.Abs(f.Wall.Seconds()/at(m, 40)-1) > 0.02 || f.Low.Seconds() > at(m, 26) || f.High.Seconds() < at(m, 59) ||
		!strings.Contains(f.Basis, "past ones") {
		t.Errorf("%+v, want %.4g s", f, at(m, 40))
	}
}
