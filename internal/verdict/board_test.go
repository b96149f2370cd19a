package verdict

import (
	"context"
	"math"
	"testing"

	"nightshift/internal/study"
	"nightshift/report/stat"
)

// board ranks the cells of the lab's study.
func (l *lab) board(first int) Board {
	l.t.Helper()
	r, err := Read(context.Background(), l.db, "lab")
	if err != nil {
		l.t.Fatal(err)
	}
	boards, err := r.Boards(context.Background(), first)
	if err != nil || len(boards) != 1 {
		l.t.Fatalf("%d boards, %v", len(boards), err)
	}
	return boards[0]
}

// Boards rank on validation, however many are shown, and compare on test over common
// training sets: the numbers are those of the tests that they name.
func TestBoard(t *testing.T) {
	l := newLab(t)
	l.says("base: {epochs: 1}\ngrid: {width: [1, 2, 4, 8]}\nseeds: {data: 8, init: 1, nested: true}\n")
	count := func(cell string, s study.Seeds) int {
		return map[string]int{"width=1": 90, "width=2": 40, "width=4": 48, "width=8": 60}[cell] + int(3*noise(cell, s)) +
			int(10*noise(s.Data))
	}
	l.trains(-1, func(cell string, s study.Seeds) ended { return ended{wrong: some(count(cell, s), testExamples)} })
	b := l.board(3)
	var labels []string
	for _, s := range b.Standings {
		labels = append(labels, s.Cell.Label)
	}
	if b.Ranked != 4 || b.Select != "valid_error" || b.Reported != "test_error" || len(labels) != 3 || labels[0] != "width=2" ||
		labels[1] != "width=4" || labels[2] != "width=8" {
		t.Fatalf("%v of %d by %s", labels, b.Ranked, b.Select)
	}
	var x [][]float64
	var behind []float64
	for d := range uint64(8) {
		var row []float64
		for _, cell := range labels {
			row = append(row, float64(count(cell, study.Seeds{Data: d, Init: d}))/testExamples)
		}
		x, behind = append(x, row), append(behind, row[1]-row[0])
	}
	if want := stat.Friedman(x); b.Sets != 8 || b.Friedman == nil || math.Abs(b.Friedman.P-want.P) > 1e-12 {
		t.Errorf("Friedman %+v over %d sets, want %+v", b.Friedman, b.Sets, want)
	}
	if want := stat.Describe(behind).Mean; math.Abs(b.RunnerUp.Mean-want) > 1e-9 || b.RunnerUp.Examples != testExamples {
		t.Errorf("the runner-up is behind by %v over %d examples, want %v", b.RunnerUp.Mean, b.RunnerUp.Examples, want)
	}
	ps := stat.BenjaminiHochberg([]float64{b.Standings[1].Behind.P, b.Standings[2].Behind.P})
	if b.Standings[1].P != ps[0] || b.Standings[2].P != ps[1] || !math.IsNaN(b.Standings[0].P) {
		t.Errorf("p values %v %v, want %v", b.Standings[1].P, b.Standings[2].P, ps)
	}
	// Validation moves the optimism as much as so many examples of test would.
	rows := stat.Wrong{Examples: testExamples}
	for d := range uint64(8) {
		rows.Rows = append(rows.Rows, stat.Pack(some(count("width=2", study.Seeds{Data: d, Init: d}), testExamples)))
	}
	o, z := b.Optimism, 1.959963984540054
	variance := stat.Combine([]float64{1}, rows).ExampleVariance() * (1 + testExamples/float64(o.Validation))
	if want := math.Hypot(o.OverUnits.Half(alpha), z*math.Sqrt(variance)); math.Abs(o.Half(alpha)-want) > 1e-9 ||
		o.Examples != testExamples {
		t.Errorf("optimism ±%g over %d test and %d validation examples, want ±%g", o.Half(alpha), o.Examples, o.Validation, want)
	}
	if b.Standings[0].First < 0.9 || b.Optimism.N != 8 || b.Cochran != nil {
		t.Errorf("probability of the first rank %v, optimism over %d units", b.Standings[0].First, b.Optimism.N)
	}
}

// Cells of one network each are compared over the test examples alone.
func TestBoardOfOneNetworkEach(t *testing.T) {
	l := newLab(t)
	l.says("base: {epochs: 1}\ngrid: {width: [1, 2, 4]}\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		return ended{wrong: some(map[string]int{"width=1": 30, "width=2": 12, "width=4": 20}[cell], testExamples)}
	})
	b := l.board(3)
	row := func(n int) []uint64 { return stat.Pack(some(n, testExamples)) }
	want := stat.CochranQ(stat.Wrong{Examples: testExamples, Rows: [][]uint64{row(12), row(20), row(30)}})
	if b.Cochran == nil || b.Cochran.P != want.P || b.McNemar.P != stat.McNemar(0, 8).P || b.Friedman != nil {
		t.Errorf("%+v and %+v, want %+v", b.Cochran, b.McNemar, want)
	}
}

// The best cell has the best mean over units: a training set counts once, however many
// of its runs came in.
func TestChooseByUnits(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: {data: 4, init: 2, nested: true}\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		e := ended{error: 0.3}
		if cell == "width=8" { // better in both runs of one set, worse in the only one of the others
			if e.error = 0.1; s.Data > 0 {
				e.error = 0.35
			}
			if s.Data > 0 && s.Init%2 == 1 {
				e.status = "failed"
			}
		}
		return e
	})
	// Over runs 0.25, over sets 0.2875: still below 0.3; with one more bad set it is not.
	if b := l.board(2); b.Standings[0].Cell.Label != "width=8" || math.Abs(b.Standings[0].Valid.Mean-0.2875) > 1e-12 {
		t.Errorf("%s with %v", b.Standings[0].Cell.Label, b.Standings[0].Valid.Mean)
	}
	l = newLab(t)
	l.says(two + "seeds: {data: 4, init: 2, nested: true}\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		e := ended{error: 0.3}
		if cell == "width=8" { // over runs 0.28, over sets 0.325
			if e.error = 0.1; s.Data > 0 {
				e.error = 0.4
			}
			if s.Data > 0 && s.Init%2 == 1 {
				e.status = "failed"
			}
		}
		return e
	})
	if b := l.board(2); b.Standings[0].Cell.Label != "width=4" {
		t.Errorf("%s is the best, with %v", b.Standings[0].Cell.Label, b.Standings[0].Valid.Mean)
	}
}

// TestBoardCountsLooks: seeds that were added after a look make the winner's lead less sure than the same seeds at once, by as
// much as a claim about the two; so does a study that goes on until its claims are decided.
func TestBoardCountsLooks(t *testing.T) {
	const grid = "base: {epochs: 1}\ngrid: {width: [1, 2]}\n"
	const claim = "expect: ['test_error(width=1) > test_error(width=2)']\n"
	missed := func(cell string, s study.Seeds) ended {
		return ended{wrong: some(map[string]int{"width=1": 60, "width=2": 50}[cell]+int(8*noise(cell, s)), testExamples)}
	}
	once, twice, sequential := newLab(t), newLab(t), newLab(t)
	once.says(grid + "seeds: 10\n" + claim)
	once.trains(-1, missed)
	twice.says(grid + "seeds: 6\n" + claim)
	twice.trains(-1, missed)
	twice.says(grid + "seeds: 10\n" + claim)
	twice.trains(-1, missed)
	sequential.says(grid + "seeds: {min: 10, max: 20, until: decided}\n" + claim)
	sequential.trains(-1, missed)
	for _, c := range []struct {
		lab   *lab
		looks int
		words string
		seeds string
	}{{once, 1, "", ""}, {twice, 2, "looked at 2 times, which interval and p allow for", "2 times"},
		{sequential, 1, "looked at after every seed, which interval and p allow for", "after every seed"}} {
		r, err := Read(t.Context(), c.lab.db, "lab")
		if err != nil {
			t.Fatal(err)
		}
		if words, err := r.LookedWords(t.Context()); err != nil || words != c.seeds {
			t.Errorf("seeds looked at %q, %v; want %q", words, err, c.seeds)
		}
		b, v := c.lab.board(2), c.lab.verdicts()[0]
		if b.Looks != c.looks || b.LooksWords() != c.words {
			t.Errorf("%d looks, %q; want %d, %q", b.Looks, b.LooksWords(), c.looks, c.words)
		}
		if math.Abs(b.RunnerUp.P-v.P) > 1e-9 || math.Abs(b.RunnerUp.CI.Lo-v.Interval.Lo) > 1e-9 {
			t.Errorf("%s: the runner-up has p %g from %g, the claim about the two p %g from %g", c.words, b.RunnerUp.P, b.RunnerUp.CI.Lo,
				v.P, v.Interval.Lo)
		}
		if c.words != "" && !(b.RunnerUp.P > b.Standings[1].Behind.P) {
			t.Errorf("%s: p %g, at one look %g", c.words, b.RunnerUp.P, b.Standings[1].Behind.P)
		}
	}
}
