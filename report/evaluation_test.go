package report

import (
	"strings"
	"testing"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/stat"
)

// onePool has ways to resample one pool, and networks on fresh examples.
func onePool() *night {
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
