package report

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/report/figure"
)

// A caption explains what is drawn, and nothing that is not there.
func TestCaptionsAreOfWhatIsDrawn(t *testing.T) {
	t.Parallel()
	n := newNight("captions", "")
	for i, lr := range []float64{0.01, 0.1, 1, 10} { // two runs each: no interval, and no probability of ranks
		n.cellOf(lr, planned{init: 0, order: 0, err: 0.3 + 0.01*float64(i)}, planned{init: 1, order: 1, err: 0.31 + 0.01*float64(i)})
	}
	r := mustRead(t, n)
	two := plotOf(study.Epoch, "test_error", "test_nll")
	two.Lines = lrAxis
	key := buildAs(t, r, two)[0].Key
	if strings.Contains(key, "olid") {
		t.Errorf("panels of one measure each: %q", key)
	}
	dots := study.Figure{Kind: "dots", Measures: two.Measures[:1], By: lrAxis, Epoch: -1}
	if key := buildAs(t, r, dots)[0].Key; strings.Contains(key, "interval") {
		t.Errorf("dots of two runs each: %q", key)
	}
	two.Measures[1].Measure = "train_error"
	if key := buildAs(t, r, two)[0].Key; !strings.HasPrefix(key, "Solid: test, dashed: training. ") {
		t.Errorf("panels of two measures: %q", key)
	}
	key = buildAs(t, r, study.Figure{Kind: "leaderboard", Epoch: -1})[0].Key
	if strings.Contains(key, "bars") || !strings.Contains(key, "downwards; means over 2 runs") {
		t.Errorf("a ranking without intervals: %q", key)
	}
}

// Of two outcomes it is not said that a measure is them.
func TestTwoOutcomesInASentence(t *testing.T) {
	t.Parallel()
	n := newNight("sentence", "")
	for i, lr := range []float64{0.01, 0.1, 1, 10} {
		var all []planned
		for s, e := range []float64{0.02, 0.021, 0.022, 0.023, 0.024, 0.45, 0.451} {
			all = append(all, planned{init: uint64(s), order: uint64(s), err: e + 0.03*float64(i)})
		}
		n.cellOf(lr, all...)
	}
	for k := range n.members { // on a map, too
		lr := []string{"1", "1", "2", "2"}[k/7]
		n.members[k].Axes = fmt.Appendf(nil, `[{"axis":"l1","label":"%s","value":%s},{"axis":"l2","label":"%d","value":%d}]`, lr, lr, k/7%2, k/7%2)
	}
	r := mustRead(t, n)
	heat := study.Figure{Kind: "heat", Measures: []study.Term{at("test_error", 1)}, X: "l1", Y: "l2", Epoch: -1}
	heat.Measures[0].Where = nil
	said := buildAs(t, r, study.Figure{Kind: "leaderboard", Epoch: -1})[0].Statement + " " + strings.Join(r.facts(), " ") +
		buildAs(t, r, heat)[0].Key
	for _, want := range []string{"its test error has two outcomes, 5 of 7 near", ", test error with two outcomes, 5 of 7",
		"Where runs fall into two groups: their median."} {
		if !strings.Contains(said, want) {
			t.Errorf("not %q in %q", want, said)
		}
	}
}

// Cells of which no two differ in one axis alone are not joined by a line along it, and those with too few units for an interval
// are named together.
func TestNothingIsJoinedOrComparedWithoutGround(t *testing.T) {
	t.Parallel()
	n := newNight("drawn", "")
	for i, lr := range []float64{0.01, 0.1, 1} {
		n.cellOf(lr, planned{init: 0, order: 0, err: 0.3 - 0.02*float64(i)}, planned{init: 1, order: 1, err: 0.31 - 0.02*float64(i)})
		for k := len(n.members) - 2; k < len(n.members); k++ {
			n.members[k].Axes = fmt.Appendf(nil, `[{"axis":"lr","label":"%g","value":%g},{"axis":"width","label":"%d","value":%d}]`,
				lr, lr, 4<<i, 4<<i)
		}
	}
	f := buildAs(t, mustRead(t, n), study.Figure{Kind: "lr", Epoch: -1})[0]
	for _, s := range f.Panels[0].Series {
		if s.Line {
			t.Errorf("%q is a line", s.Label)
		}
	}
	if !strings.Contains(f.Key, "No two cells differ in learning rate alone, so no line joins them.") {
		t.Errorf("the caption is %q", f.Key)
	}
	if all := strings.Join(f.Warnings, " "); strings.Count(all, "not compared") != 1 || !strings.Contains(all, "; ") {
		t.Errorf("warned %q", f.Warnings)
	}
}

// A figure that a claim chose is left out and named where every run has the same value.
func TestFlatFiguresOfClaimsAreLeftOut(t *testing.T) {
	t.Parallel()
	for _, flat := range []bool{true, false} {
		n := newNight("flat", "")
		for i, lr := range []float64{0.01, 0.1, 1} {
			n.cellOf(lr, planned{init: 0, order: 0, err: 0.3 + 0.1*float64(i)}, planned{init: 1, order: 1, err: 0.31})
		}
		if !flat {
			n.results[3].Run.Status = store.Diverged
		}
		r := mustRead(t, n)
		r.declared.Expect = []study.Expectation{{Text: "e", Lhs: side(at("diverged", 1)), Rhs: side(value(0.5)), Relation: "<"}}
		all, err := r.build(t.Context())
		drawn := err == nil && slices.ContainsFunc(all, func(f figure.Figure) bool { return strings.Contains(f.Name, "diverged") })
		said := strings.Contains(plainSpaces(strings.Join(r.facts(), " ")), "share of runs that diverged: 0 % everywhere")
		if err != nil || drawn == flat || said != flat {
			t.Errorf("flat %t: drawn %t, said %t, %v", flat, drawn, said, err)
		}
	}
}

// Runs that diverged further than a logarithmic axis goes are said to lie at its end.
func TestCaptionOfRunsBeyondTheAxis(t *testing.T) {
	t.Parallel()
	for top, want := range map[float64]bool{1e38: true, 10: false} {
		panels := []figure.Panel{{Y: figure.Axis{Label: "loss", Log: true}, Series: []figure.Series{{Means: []figure.Point{{X: 0, Y: 1}},
			Repeats: []figure.Repeat{{Points: []figure.XY{{X: 0, Y: 1}, {X: 1, Y: top}}, Ended: figure.Diverged}}}}}}
		if got := beyondKey(panels) != ""; got != want {
			t.Errorf("up to %g: %t", top, got)
		}
	}
}

// Two claims that choose the same figure in other words get it once.
func TestClaimsChooseAFigureOnce(t *testing.T) {
	t.Parallel()
	n := newNight("once", "")
	for i, lr := range []float64{0.01, 0.1, 1} {
		for k, net := range []string{"a", "b"} {
			n.cellOf(lr*float64(1+k), planned{init: 0, order: 0, err: 0.3 + 0.1*float64(i)}, planned{init: 1, order: 1, err: 0.31})
			for k := len(n.members) - 2; k < len(n.members); k++ {
				n.members[k].Axes = fmt.Appendf(nil, `[{"axis":"lr","label":"%g","value":%g},{"axis":"net","label":"%s"}]`, lr, lr, net)
			}
		}
	}
	r := mustRead(t, n)
	trend := at("test_error", 1)
	trend.Stat, trend.Axis, trend.Where = "trend", "lr", []study.Place{{Axis: "net", Label: "a"}}
	low, high := at("test_error", 1), at("test_error", 1)
	low.Where, high.Where = append(low.Where, trend.Where...), append(high.Where, study.Place{Axis: "net", Label: "b"})
	r.declared.Expect = []study.Expectation{{Lhs: side(low), Rhs: side(high), Relation: "<"}, {Lhs: side(trend), Rhs: side(value(0)), Relation: "<"}}
	all, err := r.build(t.Context())
	count := 0
	for _, f := range all {
		if strings.HasPrefix(f.Name, "plot-test-error-lr") {
			count++
		}
	}
	if err != nil || count != 1 {
		t.Errorf("%d figures, %v", count, err)
	}
}

// Of drawn points, which differ in several axes, no line joins two along one of these, and no rate is chosen where there was one:
// also where two of the cells happen to agree in all but that axis.
func TestCellsThatDifferInMoreAreNotJoined(t *testing.T) {
	t.Parallel()
	n := newNight("points", "")
	for i, lr := range []float64{0.01, 0.1, 1, 10} {
		var runs []planned
		for s := range uint64(4) {
			runs = append(runs, planned{init: s, order: s, err: 0.5 - 0.1*float64(i) - 0.001*float64(int(s)*(i+2)%5)})
		}
		n.cellOf(lr, runs...)
		for k := len(n.members) - 4; k < len(n.members); k++ {
			width := []int{4, 4, 8, 16}[i]
			n.members[k].Axes = fmt.Appendf(nil, `[{"axis":"lr","label":"%g","value":%g},{"axis":"width","label":"%d","value":%d}]`,
				lr, lr, width, width)
		}
	}
	f := buildAs(t, mustRead(t, n), study.Figure{Kind: "lr", Epoch: -1})[0]
	for _, s := range f.Panels[0].Series {
		if s.Line {
			t.Errorf("%q is a line", s.Label)
		}
	}
	if !strings.Contains(f.Key, "Cells that differ in more than learning rate are not joined by a line.") ||
		strings.Contains(f.Title, "Best") || !strings.Contains(f.Statement, "lr 1 is the only one, ") {
		t.Errorf("%q, %q, %q", f.Title, f.Key, f.Statement)
	}
}

// Names of a figure of the words for errors stand in its legend, and on no bar, while colours tell its cells apart.
func TestJargonNamesAreInTheLegend(t *testing.T) {
	t.Parallel()
	f := build(t, mustRead(t, full()), "jargon")[0]
	for _, p := range f.Panels {
		named := 0
		for _, s := range p.Series {
			if strings.HasPrefix(s.Label, "width=") && len(s.Repeats) == 0 {
				named++
			}
		}
		if named != 6 {
			t.Errorf("%d of 6 cells are named", named)
		}
	}
}
