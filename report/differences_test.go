package report

import (
	"math"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
	"nightshift/report/stat"
)

// Pairing takes the runs that both cells have, all of them or some, else there is
// Welch's t; below three there is nothing.
func TestDifferences(t *testing.T) {
	t.Parallel()
	n := newNight("pairs", "")
	runs := func(first uint64, errs ...float64) (all []planned) {
		for i, e := range errs {
			all = append(all, planned{init: first + uint64(i), err: e})
		}
		return all
	}
	n.cellOf(0.1, runs(0, 0.10, 0.11, 0.13, 0.12, 0.17)...)
	n.cellOf(1, runs(1, 0.09, 0.12, 0.10, 0.13, 0.20)...) // shares seeds 1 to 4
	n.cellOf(2, runs(3, 0.30, 0.31)...)                   // shares seeds 3 and 4
	n.cellOf(3, runs(50, 0.09, 0.12, 0.10)...)            // shares none
	r := mustRead(t, n)
	for _, c := range []struct {
		other int
		want  stat.Difference
	}{
		{1, paired([]float64{11, 13, 12, 17}, []float64{9, 12, 10, 13})},
		{2, paired([]float64{12, 17}, []float64{30, 31})},
		{3, stat.Welch([]float64{10, 11, 13, 12, 17}, []float64{9, 12, 10})},
	} {
		d, err := r.difference(t.Context(), r.cells[0], r.cells[c.other], measures["error"])
		if err != nil || math.Abs(d.Mean-c.want.Mean) > 1e-9 || d.CI.Known() != c.want.CI.Known() ||
			d.CI.Known() && math.Abs(d.CI.Hi-c.want.CI.Hi) > 1e-9 || d.Method != c.want.Method {
			t.Errorf("against %s: %+v, want %+v (%v)", r.cells[c.other].Label, d.Difference, c.want, err)
		}
	}
}

// paired is the mean of the differences of pairs, by Student's t.
func paired(x, y []float64) stat.Difference {
	of := make([]float64, len(x))
	for i := range x {
		of[i] = x[i] - y[i]
	}
	d := stat.Over(of, 0)
	d.Method = "paired"
	return d
}

// What had more configurations to choose from is not compared as tuned.
func TestUnfairTuning(t *testing.T) {
	t.Parallel()
	n := newNight("unfair", "")
	n.glyphs(5, 0.1, 1)
	drop := func(label string) bool { return label == "softmax+ce, lr=1" }
	n.members = slices.DeleteFunc(n.members, func(m store.StudyRun) bool { return drop(m.CellLabel) })
	n.runs = slices.DeleteFunc(n.runs, func(r store.Run) bool { return drop(r.Label) })
	n.results = slices.DeleteFunc(n.results, func(r store.Result) bool { return drop(r.Run.Label) })
	r := mustRead(t, n)
	const want = "Not compared as tuned: softmax+ce had 1 configuration to choose from, sigmoid+mse 2."
	for _, kind := range []string{"pairs", "lr"} {
		r.declared.Figures = []study.Figure{{Kind: kind}} // alone, so that it does not leave the comparison to the other
		for _, f := range build(t, r, kind) {
			if !strings.Contains(f.Statement, want) || strings.Contains(f.Statement, " minus ") || strings.HasPrefix(f.Title, "Tuned") {
				t.Errorf("%s: %s: %s", f.Name, f.Title, f.Statement)
			}
			for _, p := range f.Panels {
				if strings.HasPrefix(p.Title, "Tuned") {
					t.Errorf("%s: a panel %q", f.Name, p.Title)
				}
			}
		}
	}
}

// Where one pair lacks a learning rate, both choose among the rates that both have; a choice on the edge is not called tuned.
func TestSameConfigurationsToChooseFrom(t *testing.T) {
	t.Parallel()
	n := newNight("alike", "")
	n.glyphs(5, 0.01, 0.1, 1)
	n.members = slices.DeleteFunc(n.members, func(m store.StudyRun) bool { return m.CellLabel == "sigmoid+mse, lr=1" })
	n.runs = slices.DeleteFunc(n.runs, func(r store.Run) bool { return r.Label == "sigmoid+mse, lr=1" })
	n.results = slices.DeleteFunc(n.results, func(r store.Result) bool { return r.Run.Label == "sigmoid+mse, lr=1" })
	r := mustRead(t, n)
	best := study.Term{Number: 1, Measure: "test_error", Epoch: -1, Best: true}
	figures := buildAs(t, r, study.Figure{Kind: "plot", X: "pair", Epoch: -1, Measures: []study.Term{best}})
	const note = "Each is chosen among the 2 configurations that all have; up to 1 more, which some lack, are left out."
	if len(figures) != 1 || !slices.Contains(figures[0].Warnings, note) || len(figures[0].Panels[0].Series[0].Means) != 2 {
		t.Errorf("%d figures: %+v", len(figures), figures)
	}
	dots := buildAs(t, r, study.Figure{Kind: "dots", By: "pair", Against: "softmax+ce", Epoch: -1, Measures: []study.Term{best}})
	const title = "Test error: sigmoid+mse above softmax+ce, among the 2 configurations that all have"
	if dots[0].Title != title {
		t.Errorf("title %q, want %q", dots[0].Title, title)
	}

	// As many configurations each are a fair choice, whichever they are.
	other := newNight("as many", "")
	other.glyphs(5, 0.01, 0.1, 1, 3)
	gone := func(label string) bool { return label == "sigmoid+mse, lr=3" || label == "softmax+ce, lr=0.01" }
	other.members = slices.DeleteFunc(other.members, func(m store.StudyRun) bool { return gone(m.CellLabel) })
	other.runs = slices.DeleteFunc(other.runs, func(r store.Run) bool { return gone(r.Label) })
	other.results = slices.DeleteFunc(other.results, func(r store.Result) bool { return gone(r.Run.Label) })
	figures = buildAs(t, mustRead(t, other), study.Figure{Kind: "plot", X: "pair", Epoch: -1, Measures: []study.Term{best}})
	if len(figures) != 1 || slices.ContainsFunc(figures[0].Warnings, func(w string) bool { return strings.Contains(w, "chosen among") }) {
		t.Errorf("%d figures: %+v", len(figures), figures)
	}

	edge := newNight("edge", "")
	edge.glyphs(5, 0.1, 1)
	f := one(t, build(t, mustRead(t, edge), "pairs"), "pairs")
	if !strings.HasPrefix(f.Title, "In this grid, softmax+ce ends ") || len(f.Warnings) < 2 {
		t.Errorf("%s: %q", f.Title, f.Warnings)
	}
}

// Two cells whose errors lie far apart have sure ranks, two equal ones have not; and
// the optimism is the point that test lies above validation.
func TestRanksAndOptimism(t *testing.T) {
	t.Parallel()
	n := newNight("ranks", "")
	errs := []float64{0.10, 0.11, 0.13, 0.12}
	for i, e := range errs {
		s := uint64(i)
		n.cellOf(0.1, planned{init: s, err: e})
		n.cellOf(1, planned{init: s, err: e + 0.5})
		n.cellOf(2, planned{init: s, err: errs[(i+1)%4]})
	}
	r := mustRead(t, n)
	c := r.cells
	ranks := func(a, b *cell) ([][]float64, error) {
		p, _, err := r.Ranks(t.Context(), []*verdict.Cell{a.Cell, b.Cell}, "test_error")
		return p, err
	}
	p, err := ranks(c[0], c[1])
	if err != nil || p[0][0] != 1 || p[1][0] != 0 {
		t.Errorf("far apart: %v, %v", p, err)
	}
	if p, err = ranks(c[0], c[2]); err != nil || math.Abs(p[0][0]-0.5) > 0.1 {
		t.Errorf("the same values in another order: %v", p)
	}
	text, _, err := compare(t.Context(), r, []*cell{c[0], c[1]}, []string{"a", "b"}, measures["error"])
	for _, words := range []string{"B minus a: 50.0 points", "Probability of the lowest test error: a above 99 %, b below 1 %",
		"Optimism of the choice, test minus validation of a: 1.00 points"} {
		if err != nil || !strings.Contains(plainSpaces(text), words) {
			t.Errorf("%q is not said: %s (%v)", words, text, err)
		}
	}
}
