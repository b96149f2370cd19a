package report

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"nightshift/internal/dataset"
	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/stat"
)

// onePool has ways to resample one pool, and networks on fresh examples.
func onePool() *night { return onePoolOf(nil) }

// onePoolOf is onePool with the sizes of the test sets of some ways.
func onePoolOf(tests map[string]int) *night {
	n := newNight("resampled", "How well do a few examples tell?")
	n.glyphs(5, 0.1)
	c, err := study.ReadConfig(n.runs[0].Config)
	if err != nil {
		panic(err)
	}
	n.runs, n.members, n.results = nil, nil, nil
	for k, way := range []string{"holdout", "folds", "bootstrap", "fresh"} {
		one := c
		if one.Data.Resample = way; way == "fresh" {
			one.Data.Resample = ""
		}
		if size, given := tests[way]; given {
			one.Data.Test = dataset.Amount(size)
		}
		for seed := range uint64(6) {
			r := n.add([]study.AxisValue{{Axis: "way", Label: way}}, one, study.Seeds{Data: seed, Init: seed})
			n.finish(r, store.Done, n.learning(4, 1, 0.05+0.02*float64(k), 1, false), nil)
		}
	}
	return n
}

// The figure holds each way against fresh examples, and .632 weighs training and left-out error.
func TestEvaluation(t *testing.T) {
	r := mustRead(t, onePool())
	f := one(t, build(t, r, "evaluation"), "evaluation")
	b := r.blocks[0]
	m := b.quality()
	bootstrap, fresh := b.cells[2], b.cells[3]
	want := stat.Point632(bootstrap.estimate(train, m).Mean, bootstrap.estimate(test, m).Mean)
	points := f.Panels[0].Series[2].Means
	if len(points) != 1 || points[0].X != want || points[0].Y != 0.2 {
		t.Errorf("%v, want .632 at %v", points, want)
	}
	if at := f.Panels[0].References[0].At; at != fresh.estimate(test, m).Mean {
		t.Errorf("the truth is at %v", at)
	}
	if !strings.Contains(f.Statement, "it. Bootstrap: ") || strings.Contains(f.Statement, "Fresh: ") {
		t.Errorf("statement %q", f.Statement)
	}
}

// The coverage that the figure draws, of Wald's and Wilson's intervals of 100 and 1000 test examples, is the golden one; and
// whether single runs hold the truth is counted.
func TestEvaluationDrawsCoverage(t *testing.T) {
	t.Parallel()
	f := one(t, build(t, mustRead(t, onePoolOf(map[string]int{"holdout": 100, "folds": 1000})), "evaluation"), "evaluation")
	at := map[string]float64{}
	for _, s := range f.Panels[1].Series {
		for _, m := range s.Means {
			at[fmt.Sprintf("%s %.1f", s.Label, m.X)] = m.Y
		}
	}
	var golden map[string]map[string]float64
	goldenEntry(t, "coverage", &golden)
	for place, want := range map[string]float64{"Wald, 100 examples 3.0": golden["n100_p.97"]["wald"],
		"Wilson, 100 examples 3.0": golden["n100_p.97"]["wilson"], "Wald, 1000 examples 2.3": golden["n1000_p.977"]["wald"],
		"Wilson, 1000 examples 2.3": golden["n1000_p.977"]["wilson"]} {
		if got := at[place]; math.Abs(got-percent*want) > 1e-7 {
			t.Errorf("%s: %v %%, golden %v", place, got, percent*want)
		}
	}
	if !strings.Contains(f.Statement, "of a single run holds it in 6 of 6 (holdout)") {
		t.Error(f.Statement)
	}
}
