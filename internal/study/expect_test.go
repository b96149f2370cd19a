package study_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nightshift/internal/study"
)

func TestExpect(t *testing.T) {
	s := parse(t, head+`
base: {depth: 2, epochs: 10}
grid:
  lr: [0.1, 0.25, 1000000, 0.12345678]
  optimizer.momentum: [0, 0.9]
  pair: {"a, b": {init: {normal: 0.1}}, c(d): {}}
expect:
  - test_error(lr=0.10, momentum=0.90, pair="a, b") < valid_nll(lr=1e-1, optimizer.momentum=9e-1, pair=c(d), epoch=3)
  - "-1.5 * best dead(momentum=0, layer=3) > -.5e1"
  - 2*best diverged(lr=1_000_000)=1e-1 within 0.01
  - best epochs(lr=0.12345678) < 2 * best epochs(lr=0.1235)
`)
	place := func(axis, label string) study.Place { return study.Place{Axis: axis, Label: label} }
	want := []study.Expectation{
		{
			Text:     `test_error(lr=0.10, momentum=0.90, pair="a, b") < valid_nll(lr=1e-1, optimizer.momentum=9e-1, pair=c(d), epoch=3)`,
			Relation: "<",
			Lhs: study.Expr{Terms: []study.Term{{Number: 1, Measure: "test_error", Epoch: -1,
				Where: []study.Place{place("lr", "0.1"), place("optimizer.momentum", "0.9"), place("pair", "a, b")}}}},
			Rhs: study.Expr{Terms: []study.Term{{Number: 1, Measure: "valid_nll", Epoch: 3,
				Where: []study.Place{place("lr", "0.1"), place("optimizer.momentum", "0.9"), place("pair", "c(d)")}}}},
		},
		{
			Text:     "-1.5 * best dead(momentum=0, layer=3) > -.5e1",
			Relation: ">",
			Lhs: study.Expr{Terms: []study.Term{{Number: -1.5, Measure: "dead", Layer: 3, Epoch: -1, Best: true,
				Where: []study.Place{place("optimizer.momentum", "0")}}}},
			Rhs: study.Expr{Constant: -5},
		},
		{
			Text:     "2*best diverged(lr=1_000_000)=1e-1 within 0.01",
			Relation: "=",
			Margin:   0.01,
			Lhs: study.Expr{Terms: []study.Term{{Number: 2, Measure: "diverged", Epoch: -1, Best: true,
				Where: []study.Place{place("lr", "1e6")}}}},
			Rhs: study.Expr{Constant: 0.1},
		},
		{
			Text:     "best epochs(lr=0.12345678) < 2 * best epochs(lr=0.1235)",
			Relation: "<",
			Lhs: study.Expr{Terms: []study.Term{{Number: 1, Measure: "epochs", Epoch: -1, Best: true,
				Where: []study.Place{place("lr", "0.1235")}}}},
			Rhs: study.Expr{Terms: []study.Term{{Number: 2, Measure: "epochs", Epoch: -1, Best: true,
				Where: []study.Place{place("lr", "0.1235")}}}},
		},
	}
	if diff := cmp.Diff(want, s.Expect); diff != "" {
		t.Error(diff)
	}
	for i, n := range []int{1, 8, 4, 4} {
		if got := len(s.Matching(s.Expect[i].Lhs.Terms[0])); got != n {
			t.Errorf("%s: %d cells match, want %d", s.Expect[i].Text, got, n)
		}
	}
}

// TestExpectOfBlocks: a cell without further axes goes before those with one.
func TestExpectOfBlocks(t *testing.T) {
	s := parse(t, head+"grid: {lr: [0.1, 1]}\nalso: [{grid: {width: [8]}}]\n"+
		"expect: [test_error(lr=1) < 0.2, 'test_error(lr=1, width=8) < 0.2']\n")
	for i, want := range []string{"lr=1", "lr=1, width=8"} {
		if got := s.Matching(s.Expect[i].Lhs.Terms[0]); len(got) != 1 || got[0].Label != want {
			t.Errorf("%s is of %v", s.Expect[i].Text, got)
		}
	}
}

func TestReportBudgetPrune(t *testing.T) {
	s := parse(t, head+"grid: {lr: [0.1, 1, 10]}\nreport: {figures: [seeds, curves]}\nbudget: {wall: 8h30m}\n"+
		"prune: {rungs: [2, 6]}\n")
	want := []study.Figure{{Kind: "seeds", Text: "seeds", Line: 4, Column: 20, Epoch: -1},
		{Kind: "curves", Text: "curves", Line: 4, Column: 27, Epoch: -1}}
	if diff := cmp.Diff(want, s.Figures); diff != "" {
		t.Error(diff)
	}
	if s.Wall != 8*time.Hour+30*time.Minute {
		t.Errorf("wall is %v", s.Wall)
	}
	if diff := cmp.Diff(&study.Prune{Metric: "valid_error", Rungs: []int{2, 6}, Keep: 1.0 / 3}, s.Prune); diff != "" {
		t.Error(diff)
	}
	if s := parse(t, head); s.Figures != nil || s.Wall != 0 || s.Prune != nil {
		t.Errorf("without words: %+v", s)
	}
}

func TestSurvivors(t *testing.T) {
	for _, c := range []struct {
		keep     float64
		of, want int
	}{{1.0 / 3, 9, 3}, {1.0 / 3, 10, 4}, {1.0 / 3, 1, 1}, {0.07, 100, 7}, {0.7, 10, 7}, {0.5, 3, 2}, {0.01, 3, 1}} {
		if got := (&study.Prune{Keep: c.keep}).Survivors(c.of); got != c.want {
			t.Errorf("%v of %d are %d, want %d", c.keep, c.of, got, c.want)
		}
	}
}
