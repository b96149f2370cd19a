package report

import (
	"math"
	"strings"
	"testing"

	"nightshift/report/stat"
)

// The ranking follows validation; what is said of test are the numbers of the table.
func TestLeaderboardFigure(t *testing.T) {
	r := mustRead(t, full())
	f := one(t, build(t, r, "leaderboard"), "leaderboard-glyphs")
	b := r.blocks[0]
	best := r.choose(b.cells)
	rows := f.Panels[0].Y.Categories
	if top := rows[len(rows)-1]; top != b.where(best) {
		t.Errorf("%s is on top, and %s is the best on validation", top, b.where(best))
	}
	if !strings.Contains(f.Statement, best.quality().words(best.tested)) || !strings.Contains(f.Statement, "Optimism") {
		t.Errorf("statement %q", f.Statement)
	}
	sums := map[float64]float64{}
	for _, c := range f.Panels[1].Cells {
		sums[c.X] += c.Value
	}
	for rank, sum := range sums {
		if math.Abs(sum-100) > 1e-6 {
			t.Errorf("probabilities of rank %v sum to %v", rank, sum)
		}
	}
}

// The best of all configurations ends where the best has its mean, and begins at their average.
func TestBestOfN(t *testing.T) {
	r := mustRead(t, manyCells())
	f := build(t, r, "best-of-n")[0]
	m := r.selection(r.blocks[0])
	var values []float64
	for _, c := range r.blocks[0].cells {
		values = append(values, c.estimate(valid, m).Mean)
	}
	means := f.Panels[0].Series[0].Means
	if want := stat.Describe(values).Mean; len(means) != len(values) || math.Abs(means[0].Y-want) > 1e-9 {
		t.Errorf("%d points from %v on, want %v", len(means), means[0].Y, want)
	}
	for i := range means[1:] {
		if means[i+1].Y > means[i].Y {
			t.Errorf("more configurations are worse: %v after %v", means[i+1].Y, means[i].Y)
		}
	}
	if few := build(t, mustRead(t, oneSeed()), "best-of-n"); len(few) != 0 {
		t.Error("drawn of a few cells")
	}
}
