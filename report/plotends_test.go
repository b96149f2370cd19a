package report

import (
	"strings"
	"testing"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

// TestEndsThatHaveNoValue: where all runs at an end of an axis were pruned or diverged, the sentence is about the first and
// the last place that have a value.
func TestEndsThatHaveNoValue(t *testing.T) {
	t.Parallel()
	made := func(status map[string]store.Status) *results {
		n := newNight("ends", "")
		n.glyphs(5, 0.1)
		c, err := study.ReadConfig(n.runs[0].Config)
		if err != nil {
			t.Fatal(err)
		}
		n.runs, n.members, n.results = nil, nil, nil
		for k, label := range []string{"0.001", "0.01", "0.1", "1", "1e30"} {
			c.LR = []float64{0.001, 0.01, 0.1, 1, 1e30}[k]
			for seed := range uint64(4) {
				r := n.add([]study.AxisValue{{Axis: "lr", Label: label, Value: c.LR}}, c, study.Seeds{Init: seed, Order: seed})
				n.finish(r, status[label], n.learning(4, 1, 0.05+0.02*float64(k), 1, false), nil)
			}
		}
		return mustRead(t, n)
	}
	wanted := plotOf(lrAxis, "test_error")
	said := func(r *results) string {
		all := buildAs(t, r, wanted)
		if len(all) != 1 {
			t.Fatalf("%d figures", len(all))
		}
		return all[0].Statement
	}
	some := said(made(map[string]store.Status{"0.001": store.Pruned, "0.01": store.Done, "0.1": store.Diverged,
		"1": store.Done, "1e30": store.Diverged}))
	if !strings.Contains(some, "at learning rate 0.01, ") || !strings.Contains(some, "at learning rate 1.") {
		t.Errorf("statement %q", some)
	}
	one := said(made(map[string]store.Status{"0.001": store.Pruned, "0.01": store.Pruned, "0.1": store.Done,
		"1": store.Pruned, "1e30": store.Diverged}))
	if !strings.Contains(one, "at learning rate 0.1. Over ") || strings.Count(one, "learning rate") != 1 {
		t.Errorf("statement %q", one)
	}
}
