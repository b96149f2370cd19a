package report

import (
	"strings"
	"testing"

	"nightshift/report/figure"
)

// Counts by class add up to the splits, sheets have a picture for each class, and data that are others now are left out.
func TestDataSheets(t *testing.T) {
	t.Parallel()
	all := build(t, mustRead(t, again(trainedGlyphs())()), "data")
	if len(all) != 2 {
		t.Fatalf("%d figures", len(all))
	}
	want := map[string]float64{"training": 60, "validation": 30, "test": 40}
	for _, s := range all[0].Panels[0].Series {
		sum := 0.0
		for _, m := range s.Means {
			sum += m.X
		}
		if sum != want[s.Label] || len(s.Means) != 10 {
			t.Errorf("%s: %v examples of %d classes", s.Label, sum, len(s.Means))
		}
	}
	for _, p := range all[1].Panels {
		if len(p.Pictures) != 10 || p.Pictures[9].Image == nil || !strings.HasPrefix(p.Pictures[9].Caption, "9\n") {
			t.Errorf("%s: %d pictures", p.Title, len(p.Pictures))
		}
	}
	shown := 0
	for _, f := range build(t, mustRead(t, again(trainedXOR())()), "data") {
		for _, p := range f.Panels {
			if p.X.Label == "x1" || p.X.Label == "input 1" {
				shown += dotsOf(p)
			}
		}
	}
	if shown != 2*(60+30+40) {
		t.Errorf("%d examples of two inputs are drawn", shown)
	}
	n := full() // whose data have a name that says nothing of them
	r := mustRead(t, n)
	if all := build(t, r, "data"); len(all) > 0 || !strings.Contains(strings.Join(r.warnings, " "), "The figure data is left out") {
		t.Errorf("%d figures; %v", len(all), r.warnings)
	}
}

func dotsOf(p figure.Panel) (n int) {
	for _, s := range p.Series {
		n += len(s.Repeats)
	}
	return n
}
