package report

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/store"
	"nightshift/internal/study"
	"nightshift/internal/verdict"
)

// A page about one training set says so, once, and how to widen it; one with several
// does not.
func TestOneTrainingSet(t *testing.T) {
	t.Parallel()
	if page := pageOf(t, mustRead(t, oneSeed())); strings.Count(page, "All cells were trained on one training set,") != 1 ||
		!strings.Contains(page, "seeds: {data: 5, init: 1, nested: true}") {
		t.Error("a page about one training set does not say so")
	}
	if page := pageOf(t, mustRead(t, nested())); strings.Contains(page, "trained on one training set") {
		t.Error("a page about several training sets speaks of one")
	}
	if page := pageOf(t, mustRead(t, full())); strings.Count(page, "All cells of glyphs were trained on one training set,") != 1 {
		t.Error("a page about both does not say which cells have one training set")
	}
}

// Axes that change together, runs that diverged and equal values on validation are said, and no title says more.
func TestTitlesSayNoMoreThanTheCells(t *testing.T) {
	t.Parallel()
	// Errors fall from cell to cell by so much; at one learning rate a run diverges where that is asked for.
	made := func(step float64, width, diverges bool) *night {
		n := newNight("said", "")
		for i, lr := range []float64{0.01, 0.1, 1} {
			var all []planned
			for s := range uint64(8) {
				all = append(all, planned{init: s, order: s, err: 0.3 - step*float64(i)*float64(8+s%3)/8})
			}
			n.cellOf(lr, all...)
			for k := len(n.members) - 8; k < len(n.members) && width; k++ {
				n.members[k].Axes = fmt.Appendf(nil, `[{"axis":"lr","label":"%g","value":%g},{"axis":"width","label":"%d","value":%d}]`, lr,
					lr, 4<<i, 4<<i)
			}
		}
		if diverges {
			n.results[9].Run.Status = store.Diverged
		}
		return n
	}
	title := func(n *night) string {
		r := mustRead(t, n)
		all, err := plots(t.Context(), r, r.blocks[0], plotOf("lr", "test_error"))
		if err != nil || len(all) != 1 {
			t.Fatal(len(all), err)
		}
		return all[0].Title
	}
	if got := title(made(0.05, false, false)); !strings.Contains(got, "falls") {
		t.Errorf("with nothing against it the title is %q", got)
	}
	if got := title(made(0.05, false, true)); strings.Contains(got, "falls") {
		t.Errorf("of survivors it is %q", got)
	}
	together := made(0.05, true, false)
	if got := title(together); strings.Contains(got, "falls") {
		t.Errorf("of axes that change together it is %q", got)
	}
	for words, n := range map[string]*night{
		"No two cells differ in learning rate or in width alone: they change together": together,
		"The same validation error: lr=0.1; lr=1; the one that stands first":           made(0, false, false),
	} {
		if page := pageOf(t, mustRead(t, n)); !strings.Contains(page, words) {
			t.Errorf("the page does not say: %s", words)
		}
	}
}

// A mean of two outcomes is true of neither, so no title is about it.
func TestTitlesAreNotOfTwoOutcomes(t *testing.T) {
	t.Parallel()
	title := func(first ...float64) string {
		n := newNight("outcomes", "")
		for i, errs := range [][]float64{first, {0.30, 0.31, 0.32, 0.33, 0.34, 0.35}, {0.02, 0.021, 0.022, 0.023, 0.024, 0.025}} {
			var all []planned
			for s, e := range errs {
				all = append(all, planned{init: uint64(s), order: uint64(s), err: e})
			}
			n.cellOf(math.Pow10(i-2), all...)
		}
		return buildAs(t, mustRead(t, n), plotOf(lrAxis, "test_error"))[0].Title
	}
	if got := title(0.6, 0.61, 0.62, 0.63, 0.64, 0.65); !strings.Contains(got, "falls") {
		t.Errorf("of one outcome each it is %q", got)
	}
	if got := title(0.4, 0.401, 0.402, 0.803, 0.804, 0.805); got != "Test error has two outcomes at learning rate 0.01" {
		t.Errorf("of two outcomes it is %q", got)
	}
	if got := shapeTests([]shape{{method: "trend"}, {word: "has two outcomes"}}); strings.Contains(got, "Holm") {
		t.Errorf("of one line that is tested and one that is not: %q", got)
	}
}

// A title does not say what a claim of the same page leaves undecided: by itself the fall of errors has p = 0.0052, which a list
// of twenty claims corrects to 0.052.
func TestTitlesLeaveOpenWhatClaimsDo(t *testing.T) {
	t.Parallel()
	n := newNight("open", "")
	for i, errs := range [][]float64{{0.35, 0.36, 0.38, 0.33, 0.35}, {0.33, 0.31, 0.32, 0.34, 0.3}, {0.3, 0.3, 0.3, 0.3, 0.3}} {
		var all []planned
		for s, e := range errs {
			all = append(all, planned{init: uint64(s), order: uint64(s), err: e})
		}
		n.cellOf(math.Pow10(i-2), all...)
	}
	hopeless := study.Expectation{Lhs: side(at("test_error", 0.1)), Rhs: side(value(0.32)), Relation: "<"}
	falls := study.Expectation{Lhs: side(at("test_error", 1)), Rhs: side(at("test_error", 0.01)), Relation: "<"}
	for claims, want := range map[int][2]string{
		1:  {"Test error falls from learning rate 0.01 to 1", "Test error: lr=1 below lr=0.01; lr=0.1 not told apart"},
		20: {"Test error by learning rate", "Test error: none of 2 is told apart from lr=0.01"},
	} {
		r := mustRead(t, n)
		r.declared.Expect = append([]study.Expectation{falls}, slices.Repeat([]study.Expectation{hopeless}, claims-1)...)
		verdicts, err := r.judge(t.Context())
		if err != nil || (verdicts[0].Outcome == verdict.Undecided) != (claims > 1) {
			t.Fatalf("of %d claims: %+v, %v", claims, verdicts[0], err)
		}
		if got := buildAs(t, r, plotOf(lrAxis, "test_error"))[0].Title; got != want[0] {
			t.Errorf("of %d claims the title is %q, want %q", claims, got, want[0])
		}
		dots := study.Figure{Kind: "dots", Measures: []study.Term{at("test_error", 1)}, By: lrAxis, Against: "0.01", Epoch: -1}
		dots.Measures[0].Where = nil
		if got := buildAs(t, r, dots)[0].Title; got != want[1] {
			t.Errorf("of %d claims the title of dots is %q, want %q", claims, got, want[1])
		}
	}
}

// Six units, of which one rises a little in the middle, cannot tell a trend of two lines, whose p value is 2·2·2^(1-6) at least: the ends do.
func TestTitlesOfFewUnits(t *testing.T) {
	t.Parallel()
	n := newNight("few", "")
	for i, base := range []float64{0.5, 0.3, 0.1} {
		for _, width := range []int{4, 8} {
			var all []planned
			for s := range uint64(6) {
				e := base + 0.01*float64(s%3) + 0.003*float64(s)*float64(i)
				if s == 5 && i == 1 {
					e = 0.55 // above the first: ranks 2 3 1
				}
				all = append(all, planned{init: s, order: s, err: e})
			}
			n.cellOf(math.Pow10(i-2), all...)
			for k := len(n.members) - 6; k < len(n.members); k++ {
				n.members[k].Axes = fmt.Appendf(nil, `[{"axis":"lr","label":"%g","value":%g},{"axis":"width","label":"%d","value":%d}]`,
					math.Pow10(i-2), math.Pow10(i-2), width, width)
			}
		}
	}
	if got, want := buildAs(t, mustRead(t, n), plotOf(lrAxis, "test_error"))[0].Title,
		"Test error falls from learning rate 0.01 to 1"; got != want {
		t.Errorf("the title is %q, want %q", got, want)
	}
}

// Lines that fall by a trend and by their ends fall all the same.
func TestShapesInOneWord(t *testing.T) {
	t.Parallel()
	shapes := []shape{{word: "falls"}, {word: "falls from width 1 to 8"}, {word: "rises from width 1 to 8"}}
	got := inOneWord(shapes)
	if got[0].word != "falls" || got[1].word != "falls" || got[2].word != shapes[2].word || shapes[1].word == "falls" {
		t.Errorf("%+v of %+v", got, shapes)
	}
}
