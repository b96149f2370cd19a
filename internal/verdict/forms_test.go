package verdict

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"nightshift/internal/study"
	"nightshift/report/stat"
)

const four = "base: {epochs: 1}\ngrid: {width: [4, 8], lr: [0.1, 1]}\n"

// fourLosses are 1, 2, 4 and 8 over the four cells, plus what the seed does.
func fourLosses(cell string, s study.Seeds) ended {
	v := map[string]float64{"width=4, lr=0.1": 1, "width=4, lr=1": 2, "width=8, lr=0.1": 4, "width=8, lr=1": 8}[cell]
	return ended{error: v + 0.1*(float64(s.Init)-3.5)} // the same in all cells
}

func TestSums(t *testing.T) {
	l := newLab(t)
	l.says(four + `seeds: 8
expect:
  - train_loss(width=8, lr=1) - train_loss(width=8, lr=0.1) > train_loss(width=4, lr=1) - train_loss(width=4, lr=0.1)
  - train_loss(width=8, lr=1) - 2 * train_loss(width=8, lr=0.1) + 1 = 1 within 0.2 because "losses are of the order of 1"
  - 4 * train_loss(width=4, lr=1) < train_loss(width=8, lr=1)
  - everywhere train_loss(lr=0.1) < train_loss(lr=1)
  - everywhere train_loss(lr=0.1) < 0.3 * train_loss(lr=1)
`)
	l.trains(-1, fourLosses)
	all := l.verdicts()
	l.is(all[0], Held)
	if v := all[0]; math.Abs(v.Estimate-3) > 1e-9 || v.N != 8 {
		t.Errorf("8 - 4 - (2 - 1) is %g over %d units", v.Estimate, v.N)
	}
	// 8+e - 2(4+e) = -e, with e of mean 0 and SD 0.245
	l.is(all[1], Undecided, "minus 2 × training loss", "corrected for a list of 5 claims")
	if v := all[1]; math.Abs(v.Interval.Hi-0.2048) > 1e-3 {
		t.Errorf("the interval is %v", v.Interval)
	}
	l.is(all[2], Undecided) // 4(2+e) - (8+e) = 3e
	l.is(all[3], Held, "weakest of 2 places")
	l.is(all[4], NotHeld)
}

func TestShares(t *testing.T) {
	l := newLab(t)
	l.says(two + `seeds: 60
expect:
  - share(train_loss(width=8) < 0.5) > 0.9
  - share(train_loss(width=8) < 0.5) > share(train_loss(width=4) < 0.5)
  - share(train_loss(width=4) < 0.5) < 0.62
`)
	l.trains(-1, func(cell string, s study.Seeds) ended {
		if cell == "width=4" && s.Init%2 == 0 {
			return ended{error: 1}
		}
		return ended{error: 0.1}
	})
	all := l.verdicts()
	l.is(all[0], Held) // Wilson of 60 of 60 is 0.940 to 1
	if want := stat.Wilson(60, 60); math.Abs(all[0].Interval.Lo+0.9-want.Lo) > 1e-12 {
		t.Errorf("share %v, want %v", all[0].Interval, want)
	}
	want := stat.PairedShares{Both: 30, OnlyX: 30}.Difference()
	l.is(all[1], Held)
	if all[1].Interval != want.CI {
		t.Errorf("difference %v, want %v", all[1].Interval, want.CI)
	}
	l.is(all[2], Undecided, "38 to 62")
}

// Two runs on each training set are no independent trials of a share.
func TestSharesOfSets(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: {data: 20, init: 2, nested: true}\nexpect: [share(train_loss(width=8) < 0.5) > 0.3]\n")
	l.trains(-1, func(_ string, s study.Seeds) ended { return ended{error: float64(s.Data % 2)} })
	v := l.verdicts()[0]
	l.is(v, Undecided, "20 training sets")
	if sets := stat.Wilson(10, 20); math.Abs(v.Interval.Lo+0.3-sets.Lo) > 0.02 {
		t.Errorf("%v, as twenty trials %v", v.Interval, sets)
	}
}

func TestSpreads(t *testing.T) {
	l := newLab(t)
	l.says(two + `seeds: 30
expect:
  - sd(train_loss(width=8)) > 2 * sd(train_loss(width=4))
  - sd(train_loss(width=4)) < sd(train_loss(width=8))
  - sd(train_loss(width=8)) < 0.4
`)
	l.trains(-1, func(cell string, s study.Seeds) ended {
		v := (float64((s.Init*7)%30) - 14.5) / 8.8 // SD 1
		if cell == "width=4" {
			v /= 8
		}
		return ended{error: 5 + v}
	})
	all := l.verdicts()
	l.is(all[0], Held)
	l.is(all[1], Held)
	l.is(all[2], NotHeld)
	if v := all[0]; math.Abs(v.Estimate-6) > 1e-9 { // a ratio of 8 against 2
		t.Errorf("the ratio is %g above what is claimed", v.Estimate)
	}
	if v := all[2]; math.Abs(v.Estimate-0.6) > 0.01 {
		t.Errorf("the spread is %g above what is claimed", v.Estimate)
	}
}

func TestTrends(t *testing.T) {
	l := newLab(t)
	l.says("base: {epochs: 1}\ngrid: {width: [2, 4, 8, 16]}\nseeds: 12\nexpect: ['trend(train_loss, width) < 0', " +
		"'trend(train_loss, width) > 0.5', 'trend(train_loss, width) < -0.99']\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		v := map[string]float64{"width=2": 4, "width=4": 3, "width=8": 2, "width=16": 1}[cell]
		if s.Init%4 == 0 && cell == "width=16" {
			v = 2.5 // ranks 4 3 1 2: -0.8
		}
		return ended{error: v}
	})
	all := l.verdicts()
	l.is(all[0], Held)
	l.is(all[1], NotHeld)
	l.is(all[2], Undecided)
	if v := all[0]; math.Abs(v.Estimate+0.95) > 1e-12 || v.Interval.Lo < -1 {
		t.Errorf("trend %g in %v", v.Estimate, v.Interval)
	}
	l = newLab(t) // over crossed seeds t alone would go below -1
	l.says("base: {epochs: 1}\ngrid: {width: [2, 4, 8, 16]}\nseeds: {data: 6, init: 4}\nexpect: ['trend(train_loss, width) < 0']\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		v := map[string]float64{"width=2": 4, "width=4": 3, "width=8": 2, "width=16": 1}[cell]
		if cell == "width=16" && (s.Data == 2 || s.Data == 4 && s.Init > 1) {
			v = 3.5 // ranks 4 2 1 3: -0.4
		}
		return ended{error: v}
	})
	if v := l.verdicts()[0]; v.Interval.Lo != -1 || !(v.Interval.Hi < 0) {
		t.Errorf("trend %g in %v over crossed seeds", v.Estimate, v.Interval)
	}
}

func TestReproduces(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: 8\nexpect: ['train_loss(width=8) reproduces 1.2', 'train_loss(width=8) reproduces 1.8']\n")
	l.trains(-1, fourOf)
	all := l.verdicts()
	l.is(all[0], Held, "prediction interval")
	l.is(all[1], NotHeld)
	few := newLab(t)
	few.says(two + "seeds: 6\nexpect: ['train_loss(width=8) reproduces 1.2']\n")
	few.trains(-1, func(cell string, s study.Seeds) ended {
		if e := fourOf(cell, s); s.Init > 2 {
			return e
		}
		return ended{error: 1, digest: "copy of " + cell}
	})
	few.is(few.verdicts()[0], Undecided, "no prediction interval")
}

// A published number outside of the interval is reproduced by no list of further claims: what their correction leaves open is
// undecided. Of an error nothing below 0 is predicted.
func TestReproducesInAFamily(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: 8\nexpect: ['test_error(width=8) reproduces 0.1', 'train_loss(width=8) reproduces 0.035', " +
		"'train_loss(width=4) reproduces 0.035']\n")
	l.trains(-1, func(_ string, s study.Seeds) ended { return ended{error: 0.01 * float64(s.Init)} })
	v := l.verdicts()[0]
	l.is(v, Undecided, "outside of the interval", "contradicts nothing in a list of 3 claims")
	if v.P >= alpha || v.Corrected < alpha || v.Interval.Lo+0.1 < -1e-12 {
		t.Errorf("p %g, corrected %g, interval from %g", v.P, v.Corrected, v.Interval.Lo+0.1)
	}
}

// Of validation there are no outputs: the page says for which examples an interval over seeds alone is.
func TestOnThisSplit(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: 8\nexpect: ['valid_error(width=8) < 0.9', 'test_error(width=8) < 0.9', 'train_loss(width=8) < 0.9']\n")
	l.trains(-1, func(_ string, s study.Seeds) ended { return ended{error: 0.01 * float64(s.Init)} })
	for i, v := range l.verdicts() {
		// no outputs of test here
		if on := strings.Contains(strings.Join(v.Warnings, "; "), "over seeds alone, for these"); on != (i < 2) {
			t.Errorf("%s: %q", v.Claim, v.Warnings)
		}
	}
}

func fourOf(_ string, s study.Seeds) ended { return ended{error: 1 + 0.1*(float64(s.Init)-3.5)} }

// What is decided about bias and variance is what stat decomposes, crossed or nested.
func TestDecompositions(t *testing.T) {
	for seeds, kind := range map[string]stat.Kind{
		"{data: 12, init: 2}": stat.Crossed, "{data: 12, init: 2, nested: true}": stat.Nested,
	} {
		l := newLab(t)
		l.says(two + "seeds: " + seeds + "\nexpect: ['variance(width=8) > variance(width=4)', 'bias2(width=8) < 0.4']\n")
		l.trains(-1, func(cell string, s study.Seeds) ended {
			e := ended{wrong: make([]bool, testExamples)}
			every := map[string]int{"width=4": 50, "width=8": 3}[cell]
			for i := range e.wrong {
				e.wrong[i] = (i+int(s.Data)+2*int(s.Init))%every == 0
			}
			return e
		})
		all := l.verdicts()
		l.is(all[0], Held)
		if all[0].Operands[0].Own.Design.Kind != kind || all[0].N != 12 {
			t.Errorf("%s: %s, %d units", seeds, all[0].Operands[0].Own.Design.Kind, all[0].N)
		}
	}
}

// A verdict is JSON in lower case, and what there is not is null.
func TestJSON(t *testing.T) {
	l := newLab(t)
	l.says(two + "seeds: 8\nexpect: ['train_loss(width=8) > 0.5', 'train_loss(width=8) > train_loss(width=4)']\n")
	l.trains(-1, func(cell string, s study.Seeds) ended {
		e := fourOf(cell, s)
		if cell == "width=4" && s.Init == 0 {
			e.status = "diverged"
		}
		return e
	})
	text, err := json.Marshal(l.verdicts())
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{
		`"claim":"train_loss(width=8) \u003e 0.5","words":"training loss at width=8 is above 0.5","verdict":"held"`,
		`"p_corrected":`, `"n":8`, `"looks":1`,
		`"half_width_with_examples":null`, `"verdict":"undecided","because":"of the 8 runs of width=4, 1 diverged`} {
		if !strings.Contains(string(text), words) {
			t.Errorf("no %s in %s", words, text)
		}
	}
}
