package study_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"nightshift/internal/study"
)

// byHand is successive halving as a textbook has it: when all is known, round by round.
func byHand(p *study.Prune, cells int, mean func(cell, rung int) float64) []study.Goal {
	goals := make([]study.Goal, cells)
	var in []int
	for c := range cells {
		in = append(in, c)
	}
	for _, rung := range p.Rungs {
		// The better cells of each: those that beat it, by their mean or by coming first.
		var on []int
		for _, c := range in {
			better := 0
			for _, d := range in {
				a, b := mean(d, rung), mean(c, rung)
				if math.IsNaN(a) {
					a = math.Inf(1)
				}
				if math.IsNaN(b) {
					b = math.Inf(1)
				}
				if a < b || a == b && d < c {
					better++
				}
			}
			if better < p.Survivors(len(in)) {
				on = append(on, c)
			} else {
				goals[c] = study.Goal{rung, true}
			}
		}
		in = on
	}
	for _, c := range in {
		goals[c] = study.Goal{study.End, true}
	}
	return goals
}

func drawPrune(t *rapid.T) (p *study.Prune, cells int, means [][]float64) {
	p = &study.Prune{Keep: rapid.Float64Range(0.05, 0.95).Draw(t, "keep")}
	for range rapid.IntRange(1, 4).Draw(t, "rungs") {
		p.Rungs = append(p.Rungs, 1+len(p.Rungs)*3)
	}
	cells = rapid.IntRange(1, 20).Draw(t, "cells")
	means = make([][]float64, cells)
	value := rapid.SampledFrom([]float64{0, 0.25, 0.5, 0.5, 0.75, 1, math.Inf(1), math.NaN()}) // with ties
	for c := range means {
		means[c] = rapid.SliceOfN(value, len(p.Rungs), len(p.Rungs)).Draw(t, "means")
	}
	return p, cells, means
}

// Whatever the order in which results come, nothing that is decided is ever
// taken back, and in the end it is what all results together say. No cell has
// to be trained further than where it ends to get there.
func TestGoals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, cells, means := drawPrune(t)
		at := func(c, rung int) float64 { return means[c][slices.Index(p.Rungs, rung)] }
		want := byHand(p, cells, at)
		come := make([]int, cells) // how many rungs each has come to
		goals := func() []study.Goal {
			return p.Goals(cells, func(c, rung int) (float64, bool) {
				if slices.Index(p.Rungs, rung) >= come[c] {
					return 0, false
				}
				return at(c, rung), true
			})
		}
		for {
			got := goals()
			var next []int
			for c, g := range got {
				if g.Decided && g != want[c] || g.Epoch > want[c].Epoch {
					t.Fatalf("cell %d: %+v, in the end %+v", c, g, want[c])
				}
				if come[c] < len(p.Rungs) && p.Rungs[come[c]] <= g.Epoch {
					next = append(next, c)
				}
			}
			if len(next) == 0 {
				if !slices.Equal(got, want) {
					t.Fatalf("%+v, by hand %+v", got, want)
				}
				return
			}
			come[rapid.SampledFrom(next).Draw(t, "arrives")]++
		}
	})
}

// All but the last third of 60 have to come before anybody may go on, and the
// best of them do before all have.
func TestGoalsDoNotWaitForAll(t *testing.T) {
	p := &study.Prune{Rungs: []int{2}, Keep: 1.0 / 3}
	of := func(come int) (on, lost int) {
		for _, g := range p.Goals(60, func(c, _ int) (float64, bool) { return float64(c), c < come }) {
			if g.Epoch == study.End {
				on++
			} else if g.Decided {
				lost++
			}
		}
		return on, lost
	}
	for _, test := range []struct{ come, on, lost int }{{0, 0, 0}, {20, 0, 0}, {21, 0, 1}, {40, 0, 20}, {41, 1, 21}, {58, 18, 38},
		{60, 20, 40}} {
		if on, lost := of(test.come); on != test.on || lost != test.lost {
			t.Errorf("after %d cells %d go on and %d have lost, want %d and %d", test.come, on, lost, test.on, test.lost)
		}
	}
}

// Chances are probabilities that agree with what is decided and add up to what
// is known beforehand.
func TestChances(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, cells, means := drawPrune(t)
		come := rapid.SliceOfN(rapid.IntRange(0, len(p.Rungs)), cells, cells).Draw(t, "come")
		goals := p.Goals(cells, func(c, rung int) (float64, bool) {
			k := slices.Index(p.Rungs, rung)
			return means[c][k], k < come[c]
		})
		chances := p.Chances(goals)
		for k, left := range p.SurvivorsByRung(cells) {
			sum := 0.0
			for c := range cells {
				v := chances[c][k]
				sum += v
				certain := goals[c].Epoch == study.End || k == 0 || k > 0 && p.Rungs[k-1] < goals[c].Epoch
				if v < 0 || v > 1+1e-9 || certain && v != 1 || !certain && goals[c].Decided && v != 0 {
					t.Fatalf("cell %d: %v with %+v", c, chances[c], goals[c])
				}
			}
			if math.Abs(sum-float64(left)) > 1e-9 {
				t.Fatalf("stretch %d: %v cells are expected, %d are left", k, sum, left)
			}
		}
	})
}

func TestEpochsOfAStudy(t *testing.T) {
	s := parse(t, "study: s\ndata: {set: blobs}\nbase: {epochs: 20}\ngrid: {lr: {from: 1, to: 9, n: 9}}\nseeds: 2\n"+
		"prune: {rungs: [2, 6]}\n")
	// 9 cells for 2 epochs, 3 for 4 more, 1 for 14 more, each twice.
	if all, trained := s.Epochs(); all != 360 || trained != 2*(9*2+3*4+14) {
		t.Errorf("%d of %d epochs", trained, all)
	}
	if got := s.Prune.SurvivorsByRung(9); !slices.Equal(got, []int{9, 3, 1}) {
		t.Errorf("left are %v", got)
	}
	s.Prune = nil
	if all, trained := s.Epochs(); all != 360 || trained != 360 {
		t.Errorf("without pruning %d of %d epochs", trained, all)
	}
}
