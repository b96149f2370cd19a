package verdict

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"nightshift/internal/study"
)

const two = "base: {epochs: 1}\ngrid: {width: [4, 8]}\n"

// Thirty training sets with the same two initialisations are no sixty repeats: a
// difference that sixty would decide is undecided.
func TestCrossedSetsAreNotCountedTwice(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: {data: 30, init: 2}\nexpect: ['train_loss(width=8) > train_loss(width=4)']\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		v := 10 + 0.05*noise(cell, s)
		if cell == "width=8" {
			v += 0.29 + (float64(s.Data)-14.5)/8.8 // SD 1 over training sets: t is 1.6 of thirty, 2.3 of sixty
		}
		return ended{error: v}
	})
	v := l.verdicts()[0]
	l.is(v, Undecided, "30 training sets × 2 initialisations, crossed")
	if asSixty := v.Estimate * math.Sqrt(60); asSixty < 2.1 {
		t.Fatalf("the difference %g would tempt nobody", v.Estimate)
	}
	if v.SeedsNeeded != 0 && v.SeedsNeeded <= 30 {
		t.Errorf("%d seeds are needed", v.SeedsNeeded)
	}
}

// Ten copies of one network are one: nothing is larger or smaller by them, but
// theory may predict them.
func TestCopiesAreOneNetwork(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: 10\nexpect: ['train_loss(width=8) > 0.4', 'train_loss(width=8) = 0.5 within 0.01', " +
		"'train_loss(width=8) = 0.6 within 0.01', 'train_loss(width=8) > train_loss(width=4)', " +
		"'share(train_loss(width=8) > 0.4) > 0.5']\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		if cell == "width=8" {
			return ended{error: 0.5, digest: "the one"}
		}
		return ended{error: 0.3 + 0.01*noise(s)}
	})
	all := l.verdicts()
	l.is(all[0], Undecided, "no repeat")
	l.is(all[1], Held, "no repeat")
	l.is(all[2], NotHeld)
	l.is(all[3], Undecided, "no repeat")
	l.is(all[4], Undecided, "no repeat")
}

// What theory says of networks that no seed changes is true or not of one of each; of networks that were drawn one of each says
// nothing.
func TestTheoryOfNetworksThatAreNotDrawn(t *testing.T) {
	for text, want := range map[string]Outcome{
		"batch: full, init: zeros":                                 Held,
		"batch: full, init: {constant: 1}, dropout: {hidden: 0.5}": Undecided,
		"batch: 10, init: zeros":                                   Undecided,
		"batch: full":                                              Undecided,
	} {
		l := newLab(t)
		l.says("base: {epochs: 1, " + text + "}\ngrid: {width: [4, 8]}\nseeds: 1\nexpect:\n" +
			"  - train_loss(width=8) = 2 * train_loss(width=4) within 0.01\n" +
			"  - train_loss(width=8) = 3 * train_loss(width=4) within 0.01 because \"it is wrong\"\n" +
			"  - train_loss(width=8) > train_loss(width=4)\n")
		l.trains(-1, func(cell string, s study.Seeds) ended {
			return ended{error: map[string]float64{"width=8": 0.5, "width=4": 0.25}[cell]}
		})
		all := l.verdicts()
		l.is(all[0], want)
		l.is(all[1], map[Outcome]Outcome{Held: NotHeld, Undecided: Undecided}[want])
		l.is(all[2], Undecided, "interval")
	}
}

// The best of three is told from that of one by the choice, too.
func TestMoreToChooseFrom(t *testing.T) {
	l := newLab(t)
	l.says("base: {epochs: 4}\ngrid: {lr: [0.1, 0.2, 0.3], width: [4, 8]}\nexclude: [{width: 4, lr: {gt: 0.1}}]\nseeds: " +
		"8\nexpect:\n  - best test_error(width=8) < best test_error(width=4)\n" +
		"  - best test_error(lr=0.3) < best test_error(lr=0.2)\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		return ended{wrong: some(30+int(s.Init)+len(cell), testExamples)}
	})
	all := l.verdicts()
	const uneven = "the left side is the best of 3 configurations, the right of 1: more to choose from is an advantage of its own"
	l.is(all[0], all[0].Outcome, uneven)
	if slices.ContainsFunc(all[1].Warnings, func(w string) bool { return strings.Contains(w, "to choose from") }) {
		t.Errorf("%q", all[1].Warnings)
	}
}

// Copies among other runs count once.
func TestCopiesCountOnce(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: 10\nexpect: ['train_loss(width=8) > 0.45']\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		e := ended{error: 0.5 + 0.01*noise(cell, s)}
		if s.Init >= 4 {
			e = ended{error: 0.5 + 0.01*noise(cell, study.Seeds{}), digest: cell + " again"}
		}
		return e
	})
	if v := l.verdicts()[0]; v.N != 5 || !strings.Contains(v.Unit, "copies counted once") {
		t.Errorf("%d units, %s", v.N, v.Unit)
	}
}

// No error on few test examples is not "below 0.1 %", whatever the number of seeds.
func TestNoErrorOnFewExamples(t *testing.T) {
	l := newLab(t)
	d := l.data["set"]
	d.TestLabels = make([]int32, 20)
	l.data["set"] = d
	l.says(two + "seeds: 25\nexpect: ['test_error(width=8) < 0.001', 'test_error(width=8) < 0.3', " +
		"'test_error(width=8) - test_error(width=4) < 0.001']\n")
	l.trains(-1, func(string, study.Seeds) ended { return ended{wrong: some(0, 20)} })
	all := l.verdicts()
	l.is(all[0], Undecided, "0 to 16")
	l.is(all[1], Held)
	l.is(all[2], Undecided, "may be unseen")

	l.says(two + "seeds: 30\nexpect: ['test_error(width=8) < 0.001']\n") // a second look
	l.trains(-1, func(string, study.Seeds) ended { return ended{wrong: some(0, 20)} })
	l.is(l.verdicts()[0], Undecided, "looked at 2 times")
}

// The test examples are a sample, too: of two cells that differ on two of 200
// examples in every run nothing is decided, though seeds alone would.
func TestTestExamplesAreASample(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: 10\nexpect: ['test_error(width=8) > test_error(width=4)', 'train_error(width=8) > train_error(width=4)', " +
		"'test_nll(width=8) > test_nll(width=4)']\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		wrong := some(20, testExamples)
		if cell == "width=8" {
			wrong = some(22, testExamples)
		}
		wrong[100+s.Init], wrong[150+s.Init] = cell == "width=8" && s.Init%2 == 0, cell == "width=8" && s.Init%3 == 0
		return ended{wrong: wrong}
	})
	all := l.verdicts()
	l.is(all[0], Undecided, "with the 200 test examples")
	l.is(all[1], Held, "on this split")
	l.is(all[2], Undecided, "with the 200 test examples")
	if nll, scale := all[2], math.Log(1+math.E)-math.Log(2); math.Abs(nll.HalfExamples-scale*all[0].HalfExamples) > 1e-6 {
		t.Errorf("NLL of two values has ±%g, errors ±%g times %g", nll.HalfExamples, all[0].HalfExamples, scale)
	}
	if v := all[0]; !(v.HalfExamples > 3*v.HalfUnits) {
		t.Errorf("over seeds ±%g, with examples ±%g", v.HalfUnits, v.HalfExamples)
	}
}

// One p value of thirteen below 5 % decides nothing.
func TestThirteenNullsAreAFamily(t *testing.T) {
	l := newLab(t)
	var widths, claims []string
	for w := range 13 {
		widths = append(widths, fmt.Sprint(w+2))
		claims = append(claims, fmt.Sprintf("'train_loss(width=%d) > 10'", w+2))
	}
	l.says("base: {epochs: 1}\ngrid: {width: [" + strings.Join(widths, ", ") +
		"]}\nseeds: 10\nexpect: [" + strings.Join(claims, ", ") + "]\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		v := 10 + float64(s.Init) - 4.5 // SD 3.03, mean 10
		if cell == "width=5" {
			v += 2.8 * 3.03 / math.Sqrt(10)
		}
		return ended{error: v}
	})
	all := l.verdicts()
	for _, v := range all {
		l.is(v, Undecided)
	}
	if v := all[3]; !(v.P < 0.05 && v.Corrected > 0.05) {
		t.Errorf("p %g, corrected %g: nothing tempts", v.P, v.Corrected)
	}
	l.is(all[3], Undecided, "corrected for a list of 13 claims")
}

// A mean of stuck and solved runs is true of neither; their share can be claimed.
func TestTwoOutcomes(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: 40\nexpect: ['train_loss(width=8) < 0.5', 'share(train_loss(width=8) < 0.5) > 0.6', " +
		"'sd(train_loss(width=8)) > 0.01']\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		v := 0.1 + 0.01*noise(cell, s)
		if s.Init%10 == 3 {
			v += 1
		}
		return ended{error: v}
	})
	all := l.verdicts()
	l.is(all[0], Undecided, "two outcomes")
	l.is(all[1], Held)
	l.is(all[2], Undecided, "two outcomes")
}

// A margin of more than a quarter of what is compared means nothing without a reason.
func TestWideMargins(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: 10\nexpect: ['train_loss(width=8) = train_loss(width=4) within 0.3', " +
		"'train_loss(width=8) = train_loss(width=4) within 0.3 because \"losses of 1 are usual\"', " +
		"'train_loss(width=8) = train_loss(width=4) within 0.2']\n")
	l.trains(-1, func(cell string, s study.Seeds) ended { return ended{error: 1 + 0.01*noise(cell, s)} })
	all := l.verdicts()
	l.is(all[0], Undecided, "wider than a quarter")
	l.is(all[1], Held)
	l.is(all[2], Held)
}
