package report

import (
	"math"
	"strings"
	"testing"
	"time"

	"nightshift/internal/cost"
	"nightshift/internal/store"
)

// Runs whose time follows their work are forecast from the other cells, one that took five times as long lies off the line,
// and nights stand beside them.
func TestTimeAgainstForecast(t *testing.T) {
	t.Parallel()
	n := crossing([]string{"relu", "tanh"}, []int{16, 64, 256}, 3, func(_, _, _ int) float64 { return 0.1 })
	for _, c := range mustRead(t, n).cells {
		for i := range n.results {
			if one := &n.results[i].Run; one.Cell == c.Runs[0].Cell {
				one.Seconds = 3 * cost.ReferenceSeconds(c.timings()[0].Work)
			}
		}
	}
	n.results[0].Run.Seconds *= 5
	db := n.save(t)
	start := time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)
	if err := db.PutNight(t.Context(), store.Night{Study: n.study.Study, Started: start, Finished: start.Add(time.Minute),
		Workers: 1, Trained: 18,
		Forecast: 50, Low: 40, High: 70, Seconds: 60}); err != nil {
		t.Fatal(err)
	}
	r, err := read(t.Context(), db, n.study.Study, Inputs{})
	if err != nil {
		t.Fatal(err)
	}
	f := build(t, r, "time")[0]
	off := 0
	for _, dot := range f.Panels[0].Series[0].Repeats {
		ratio := dot.Points[0].Y / dot.Points[0].X
		switch {
		case ratio > 4:
			off++
		case ratio > 1.25 || ratio < 0.8:
			t.Errorf("%s took %v times the forecast", dot.Name, ratio)
		}
	}
	if off != 1 {
		t.Errorf("%d runs are far off their forecast, want one", off)
	}
	night := f.Panels[1].Series
	if m := night[0].Means[0]; m.X != 50 || m.Interval.Lo != 40 || m.Interval.Hi != 70 || night[1].Means[0].X != 60 {
		t.Errorf("night %v, took %v", m, night[1].Means[0])
	}
	if !strings.Contains(f.Title, "within a factor of 1.") || math.IsNaN(f.Panels[0].Series[1].Means[1].X) {
		t.Error(f.Title)
	}
}
