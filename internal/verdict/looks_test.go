package verdict

import (
	"context"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"nightshift/internal/store"
	"nightshift/internal/study"
)

const slower = "expect: ['train_loss(width=8) > train_loss(width=4)']\n"

// lossOf has a mean difference of half an SD between the widths.
func lossOf(cell string, s study.Seeds) ended {
	v := 10 + noise(cell, s)
	if cell == "width=8" {
		v += 0.7
	}
	return ended{error: v}
}

// Seeds that were added after a completed plan are a second look, whose verdict is
// valid however often one looks: it takes more than one at once would.
func TestAddedSeedsAreAnotherLook(t *testing.T) {
	once, twice, killed := newLab(t), newLab(t), newLab(t)
	once.says(two + "seeds: 30\n" + slower)
	once.trains(-1, lossOf)
	twice.says(two + "seeds: 5\n" + slower)
	twice.trains(-1, lossOf)
	if v := twice.verdicts()[0]; v.Looks != 1 {
		t.Errorf("looked at %d times after one plan", v.Looks)
	}
	twice.says(two + "seeds: 30\n" + slower)
	twice.trains(-1, lossOf)
	killed.says(two + "seeds: 5\n" + slower)
	killed.trains(3, lossOf) // in three nights
	killed.trains(4, lossOf)
	killed.says(two + "seeds: 30\n" + slower)
	killed.trains(10, lossOf)
	killed.trains(-1, lossOf)
	one, two, three := once.verdicts()[0], twice.verdicts()[0], killed.verdicts()[0]
	if one.Looks != 1 || two.Looks != 2 || one.Difference.Method != "paired" || two.Difference.Method != "anytime t" {
		t.Errorf("%d looks by %s, %d by %s", one.Looks, one.Difference.Method, two.Looks, two.Difference.Method)
	}
	if !(two.P > one.P) || math.Abs(one.Estimate-two.Estimate) > 1e-12 {
		t.Errorf("at once p %g, looked at twice %g", one.P, two.P)
	}
	twice.is(two, two.Outcome, "looked at 2 times")
	if two.P != three.P || two.Outcome != three.Outcome || two.Sentence != three.Sentence ||
		!slices.Equal(two.Warnings, three.Warnings) {
		t.Errorf("a killed night says %q, an undisturbed one %q", three.Sentence, two.Sentence)
	}
}

// A version that changes neither the seeds of a claim's cells nor the claim is no look.
func TestOtherChangesAreNoLook(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: 5\n" + slower)
	l.trains(-1, lossOf)
	l.says("question: Why?\n" + two + "seeds: 5\n" + slower)
	l.says("base: {epochs: 1}\ngrid: {width: [4, 8, 16]}\nseeds: 5\n" + slower)
	l.trains(-1, lossOf)
	if v := l.verdicts()[0]; v.Looks != 1 || v.Afterwards {
		t.Errorf("%d looks, afterwards %v", v.Looks, v.Afterwards)
	}
}

// Plans with fewer seeds than were looked at before are looks, too; the runs that they
// do not ask for stay with the study, and count.
func TestFewerSeedsAreALook(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: 20\n" + slower)
	l.trains(-1, lossOf)
	l.says(two + "seeds: 8\n" + slower)
	if v := l.verdicts()[0]; v.Looks != 2 || v.N != 20 {
		t.Errorf("%d looks of %d units", v.Looks, v.N)
	}
}

// A claim that was written or changed when its results were known says so; one that
// was there before does not, whatever stands beside it.
func TestWrittenAfterwards(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: 5\nexpect: ['train_loss(width=8) > train_loss(width=4)', 'train_loss(width=8) < 12']\n")
	l.trains(-1, lossOf)
	l.says(two + "seeds: 5\nexpect: ['train_loss(width=8)>train_loss(width=4)', 'train_loss(width=8) < 11', " +
		"'train_loss(width=4) > 9']\n")
	for i, want := range []bool{false, true, true} {
		if v := l.verdicts()[i]; v.Afterwards != want {
			t.Errorf("%s: afterwards %v", v.Claim, v.Afterwards)
		}
	}
	l.is(l.verdicts()[1], l.verdicts()[1].Outcome, "written afterwards")
}

// Forms without an anytime-valid version spend their alpha look by look.
func TestLooksOfShares(t *testing.T) {
	l := newLab(t)
	claim := "expect: ['share(train_loss(width=8) > 9) > 0.5']\n"
	l.says(two + "seeds: 12\n" + claim)
	what := func(cell string, s study.Seeds) ended {
		if s.Init%6 == 5 {
			return ended{error: 8 + 0.1*noise(cell, s)}
		}
		return ended{error: 10 + 0.1*noise(cell, s)}
	}
	l.trains(-1, what)
	first := l.verdicts()[0]
	l.says(two + "seeds: 18\n" + claim)
	l.trains(-1, what)
	second := l.verdicts()[0]
	l.is(second, Held, "looked at 2 times")
	if second.P <= 0.5*first.P/10 || second.Looks != 2 {
		t.Errorf("p %g, then %g at look %d", first.P, second.P, second.Looks)
	}
}

// Halves of a night that were trained in two databases give the verdict of the whole
// one, in either order of merging.
func TestVerdictsOfMergedHalves(t *testing.T) {
	yaml := two + "seeds: 10\n" + slower
	whole := newLab(t)
	whole.says(yaml)
	whole.trains(-1, lossOf)
	want := whole.verdicts()[0]
	for _, firstOdd := range []bool{false, true} {
		var paths []string
		for _, odd := range []bool{firstOdd, !firstOdd} {
			l := newLab(t)
			l.says(yaml)
			l.trains(-1, func(cell string, s study.Seeds) ended {
				e := lossOf(cell, s)
				if (s.Init%2 == 1) != odd {
					e.status = store.Interrupted
				}
				return e
			})
			path := filepath.Join(t.TempDir(), "half.db")
			into, err := store.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := store.Merge(context.Background(), into, l.path, nil); err != nil {
				t.Fatal(err)
			}
			into.Close()
			paths = append(paths, path)
		}
		l := newLab(t)
		l.says(yaml)
		for _, p := range paths {
			if _, err := store.Merge(context.Background(), l.db, p, nil); err != nil {
				t.Fatal(err)
			}
		}
		if got := l.verdicts()[0]; got.P != want.P || got.Outcome != want.Outcome || got.Looks != want.Looks || got.Afterwards {
			t.Errorf("merged p %g, %s, %d looks; want %g, %s", got.P, got.Outcome, got.Looks, want.P, want.Outcome)
		}
	}
}

// A setting that only leaves cells out takes nothing from what claims speak of; one
// that makes other cells does.
func TestFormerCells(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: 5\n")
	l.trains(-1, lossOf)
	for _, test := range []struct {
		set           []string
		cells, former int
	}{{nil, 2, 0}, {[]string{"grid.width=[8]"}, 2, 0}, {[]string{"grid.width=[8]", "base.epochs=2"}, 3, 2}, {nil, 2, 0}} {
		l.says(two+"seeds: 5\n", test.set...)
		r, err := Read(t.Context(), l.db, "lab")
		if err != nil {
			t.Fatal(err)
		}
		s, err := r.Given()
		if err != nil {
			t.Fatal(err)
		}
		former := 0
		for _, c := range r.Cells {
			if c.Former {
				former++
			}
		}
		if len(r.Cells) != test.cells || former != test.former || len(r.asGiven().Cells) != test.cells-test.former {
			t.Errorf("%v: %d cells, %d former ones; the file has %d", test.set, len(r.Cells), former, len(s.Cells))
		}
	}
}

// So far, a training set with several networks is one unit, with the examples of all of them.
func TestSoFarOfSetsWithSeveralNetworks(t *testing.T) {
	l := newLab(t)
	l.says("base: {epochs: 4}\ngrid: {width: [4, 8]}\nseeds: {data: 8, init: 2, nested: true}\nexpect: [test_nll(width=4) > test_nll(width=8)]\n")
	l.trains(24, func(cell string, s study.Seeds) ended {
		n := 20 + int(s.Data)
		if cell == "width=4" {
			n += 40 + int(s.Init)%2
		}
		return ended{wrong: some(n, testExamples)}
	})
	v := l.verdicts()[0]
	l.is(v, Undecided)
	// The difference of two mean losses: log(1+e) - log 2 for each example wrong in 200, 40 or 41 of them more.
	want := 40.5 / testExamples * (math.Log(1+math.E) - math.Log(2))
	if math.Abs(v.Estimate-want) > 1e-9 || !(v.Interval.Lo < want && want < v.Interval.Hi) {
		t.Errorf("%g in %v, want %g", v.Estimate, v.Interval, want)
	}
}

// So far, an interval from 0 to 1 says nothing, and none is said.
func TestSoFarOfFewUnits(t *testing.T) {
	l := newLab(t)
	l.says("base: {epochs: 4}\ngrid: {width: [4, 8]}\nseeds: 10\nexpect: [test_error(width=4) > test_error(width=8)]\n")
	l.trains(6, func(_ string, s study.Seeds) ended { return ended{wrong: some(20+int(s.Init), testExamples)} })
	for _, o := range l.verdicts()[0].Operands {
		if o.Own.N != 3 || o.Own.CI.Known() || o.Own.OverUnits.CI.Known() {
			t.Errorf("%s: %d units with %v", o.Cell.Label, o.Own.N, o.Own.CI)
		}
	}
}
