package report

import (
	"math"
	"os"
	"strings"
	"testing"

	"nightshift/internal/study"
	"nightshift/report/figure"
	"nightshift/report/stat"
)

// along makes a night of one line over learning rates: the mean error at each, with eight seeds around it.
func along(errs ...float64) *night {
	n := newNight("line", "")
	for i, e := range errs {
		var runs []planned
		for seed := range uint64(8) {
			off := 0.01 * (float64(seed) - 3.5) / 3.5
			runs = append(runs, planned{init: seed, order: seed, err: e + off*float64(1+i%2)})
		}
		n.cellOf(math.Pow10(i-2), runs...)
	}
	return n
}

// trainError is what along has of the training split, whose smallest value anyone may name.
var trainError = study.Term{Number: 1, Measure: "train_error", Epoch: -1}

// TestTitlesNameShapes: lines of known shape, and what a title may say of them. On test no place is named.
func TestTitlesNameShapes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		of   *night
		want string
	}{
		{"rises", along(0.10, 0.15, 0.20, 0.25), "Training error rises"},
		{"falls", along(0.25, 0.20, 0.15, 0.10), "Training error falls"},
		{"peaks", along(0.10, 0.30, 0.30001, 0.10), "Training error peaks at learning rate 1"},
		{"dips", along(0.30, 0.10, 0.10, 0.30), "Training error first falls, then rises with learning rate"},
		{"ends on a plateau", along(0.20, 0.10, 0.30, 0.30), "Training error first falls, then rises with learning rate"},
		{"flat", along(0.20, 0.20, 0.20, 0.20), "Training error"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := buildAs(t, mustRead(t, c.of), study.Figure{Kind: "plot", X: lrAxis, Epoch: -1, Measures: []study.Term{trainError}})
			if len(f) != 1 || !strings.HasPrefix(f[0].Title, c.want) {
				t.Fatalf("title %q, want %q", f[0].Title, c.want)
			}
			if c.name == "flat" && (strings.Contains(f[0].Title, "rises") || strings.Contains(f[0].Title, "falls")) {
				t.Errorf("title %q of a line that does not change", f[0].Title)
			}
		})
	}
	onTest := plotOf(lrAxis, "test_error")
	if f := buildAs(t, mustRead(t, along(0.10, 0.30, 0.30001, 0.10)), onTest); strings.Contains(f[0].Title, " at ") {
		t.Errorf("title %q names a place by its test error", f[0].Title)
	}
}

// TestPlotHasTheValuesOfClaims: means and intervals of hand-made cells, by closed forms: of independent runs, of crossed
// seeds, of shares, and none of two outcomes.
func TestPlotHasTheValuesOfClaims(t *testing.T) {
	t.Parallel()
	n := newNight("values", "")
	values := []float64{0.10, 0.12, 0.14, 0.16, 0.18}
	var runs, crossed, stuck []planned
	for i, v := range values {
		runs = append(runs, planned{init: uint64(i), order: uint64(i), err: v})
	}
	for d, set := range []float64{0.10, 0.12, 0.17, 0.13} {
		for i, off := range []float64{-0.01, 0, 0.01} {
			crossed = append(crossed, planned{data: uint64(d), init: uint64(i), err: set + off})
		}
	}
	for i, v := range []float64{0.05, 0.051, 0.052, 0.053, 0.9, 0.901, 0.902, 0.903} {
		stuck = append(stuck, planned{init: uint64(i), order: uint64(i), err: v})
	}
	n.cellOf(0.1, runs...)
	n.cellOf(1, crossed...)
	n.cellOf(10, stuck...)
	r := mustRead(t, n)
	means := func(f study.Figure) []figure.Point {
		all := buildAs(t, r, f)
		if len(all) != 1 || len(all[0].Panels) != 1 {
			t.Fatalf("%d figures", len(all))
		}
		return all[0].Panels[0].Series[0].Means
	}
	near := func(what string, got, want float64) {
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s is %g, want %g", what, got, want)
		}
	}
	points := means(plotOf(lrAxis, "test_error"))
	half := 2.7764451051977987 * math.Sqrt(0.001/5) // t of 4 degrees; the variance of five values 0.02 apart is 0.001
	near("mean of runs", points[0].Y, 14)
	near("its interval", points[0].Interval.Hi, 14+100*half)
	near("mean of crossed seeds", points[1].Y, 13)
	if points[0].N != 5 || !strings.Contains(points[1].Unit, "crossed") {
		t.Errorf("%d units, %q", points[0].N, points[1].Unit)
	}
	if !points[2].Median || points[2].Interval.Known() {
		t.Errorf("two outcomes are drawn as %+v", points[2])
	}
	sd := plotOf(lrAxis, "test_error")
	sd.Measures[0].Stat = "sd"
	f := buildAs(t, r, sd)[0]
	if label := f.Panels[0].Y.Label; label != "SD of test error (points)" || f.Title != "SD of test error by learning rate" {
		t.Errorf("spreads are drawn as %q under %q", label, f.Title)
	}
	share := study.Term{Number: 1, Stat: "share", Measure: "test_error", Relation: "<", Bound: 0.15, Epoch: -1}
	points = means(study.Figure{Kind: "plot", X: lrAxis, Epoch: -1, Measures: []study.Term{share}})
	wilson := stat.Wilson(3, 5)
	near("share", points[0].Y, 60)
	near("its interval", points[0].Interval.Lo, 100*wilson.Lo)
}

// TestDotsCompare: differences are paired, corrected by Holm, and the title says no more.
func TestDotsCompare(t *testing.T) {
	t.Parallel()
	n := newNight("ranked", "")
	for lr, mean := range map[float64]float64{0.1: 0.30, 1: 0.20, 10: 0.2001} {
		var runs []planned
		for seed := range uint64(6) {
			runs = append(runs, planned{init: seed, order: seed, err: mean + 0.02*float64(seed) + 0.001*lr*float64(seed%2)})
		}
		n.cellOf(lr, runs...)
	}
	f := study.Figure{Kind: "dots", By: lrAxis, Against: "1", Epoch: -1,
		Measures: []study.Term{{Number: 1, Measure: "test_error", Epoch: -1}}}
	all := buildAs(t, mustRead(t, n), f)
	if len(all) != 1 || len(all[0].Panels) != 2 {
		t.Fatalf("%d figures", len(all))
	}
	if want := "Test error: lr=0.1 above lr=1; lr=10 not told apart"; all[0].Title != want {
		t.Errorf("title %q, want %q", all[0].Title, want)
	}
	names := all[0].Panels[0].Y.Categories
	if names[0] != "lr=0.1" || names[2] != "lr=1" { // from below: the lowest stands on top
		t.Errorf("rows %q", names)
	}
	if d := all[0].Panels[1].Series[0].Means; len(d) != 2 || math.Abs(d[1].X-9.955) > 1e-9 {
		t.Errorf("differences %+v", d)
	}
}

// TestManyRuns: of 10,000 runs, 50 learning rates with 200 seeds each, the measures have known answers: a line, its shape, ranks.
// Training errors of this night are half of the test errors.
func TestManyRuns(t *testing.T) {
	if os.Getenv("NIGHTSHIFT_LONG") == "" {
		t.Skip("set NIGHTSHIFT_LONG=1 to write 10,000 runs")
	}
	t.Parallel()
	n := newNight("ten thousand", "")
	for i := range 50 {
		runs := make([]planned, 200)
		for seed := range runs {
			runs[seed] = planned{init: uint64(seed), order: uint64(seed), err: 0.1 + 0.01*float64(i) + 1e-4*(float64(seed)-99.5)}
		}
		n.cellOf(0.001*float64(1+i), runs...)
	}
	r := mustRead(t, n)
	f := buildAs(t, r, study.Figure{Kind: "plot", X: lrAxis, Epoch: -1, Measures: []study.Term{trainError}})
	if len(f) != 1 || !strings.HasPrefix(f[0].Title, "Training error rises from learning rate 0.001") {
		t.Fatalf("%d figures, %q", len(f), f[0].Title)
	}
	line := f[0].Panels[0].Series[0]
	// t of 199 degrees; points, 0.005 apart, of a uniform spread
	half := 1.9719565442 * math.Sqrt(200*201/12.0) * 0.005 / math.Sqrt(200)
	for i, m := range line.Means {
		if want := (10 + float64(i)) / 2; math.Abs(m.Y-want) > 1e-9 || math.Abs(m.Interval.Hi-want-half) > 1e-6 || m.N != 200 {
			t.Fatalf("place %d: %+v, want %g ± %g", i, m, want, half)
		}
	}
	if len(line.Means) != 50 || len(line.Repeats) != 10_000 {
		t.Errorf("%d places, %d runs", len(line.Means), len(line.Repeats))
	}
	ranked := buildAs(t, r, study.Figure{Kind: "dots", By: lrAxis, Epoch: -1, Measures: []study.Term{trainError}})
	if names := ranked[0].Panels[0].Y.Categories; len(names) != mostDots || names[len(names)-1] != "lr=0.001" {
		t.Errorf("%d rows, the lowest %q", len(names), names[len(names)-1])
	}
}

// TestKindsOfManyRuns builds every kind from 10,000 runs: words and panels are as those of few runs.
func TestKindsOfManyRuns(t *testing.T) {
	if os.Getenv("NIGHTSHIFT_LONG") == "" {
		t.Skip("set NIGHTSHIFT_LONG=1 to write 10,000 runs")
	}
	t.Parallel()
	n := newNight("ten thousand", "")
	n.glyphs(500, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300)
	for i := range n.results { // the night's units die the faster the larger the seed
		for j, l := range n.results[i].Layers {
			n.results[i].Layers[j].Dead = min(1, l.Dead)
		}
	}
	r := mustRead(t, n)
	drawn := 0
	for _, k := range figureKinds {
		for _, f := range buildAs(t, r, asked(r, k)) {
			checkWords(t, f)
			checkPanels(t, f)
			drawn++
		}
	}
	if drawn < 10 {
		t.Errorf("%d figures of 10,000 runs", drawn)
	}
}
